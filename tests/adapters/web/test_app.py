"""The one web application tells how the program is, and serves nothing without passwords to other computers."""

from __future__ import annotations

import socket
from collections.abc import Mapping

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from adapters.playground.platform import Playground
from adapters.web.app import NotLoopback, build, is_loopback, serve
from bot.clock import SystemClock
from tests.fakes.inbox import ScriptedInbox


async def well() -> Mapping[str, str]:
    return {"database": "ok", "slack": "connected"}


async def unwell() -> Mapping[str, str]:
    return {"database": "ok", "slack": "the token was revoked"}


async def test_alive_and_ready() -> None:
    async with TestClient(TestServer(build(health=well))) as client:
        alive = await client.get("/healthz")
        assert (alive.status, await alive.text()) == (200, "ok")
        ready = await client.get("/readyz")
        assert ready.status == 200
        assert await ready.json() == {"ready": True, "parts": {"database": "ok", "slack": "connected"}}
        assert ready.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in ready.headers["Content-Security-Policy"]


async def test_alive_but_not_ready_says_why() -> None:
    async with TestClient(TestServer(build(health=unwell))) as client:
        assert (await client.get("/healthz")).status == 200
        ready = await client.get("/readyz")
        assert ready.status == 503
        assert (await ready.json())["parts"]["slack"] == "the token was revoked"


async def test_a_page_that_is_not_there_is_a_404_with_the_same_headers() -> None:
    async with TestClient(TestServer(build(health=well))) as client:
        missing = await client.get("/nothing")
        assert missing.status == 404
        assert missing.headers["X-Frame-Options"] == "DENY"
        assert (await client.get("/")).status == 200


async def test_the_root_leads_to_the_playground_where_there_is_one() -> None:
    playground = Playground(path=":memory:", clock=SystemClock())
    await playground.start(ScriptedInbox())
    async with TestClient(TestServer(build(health=well, mounts=[playground.routes]))) as client:
        response = await client.get("/", allow_redirects=False)
        assert response.status == 302
        assert response.headers["Location"] == "/playground/"
        assert (await client.get("/playground", allow_redirects=True)).status == 200
    await playground.stop()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]", "LOCALHOST."])
def test_this_computer(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.7", "example.org", "localhost.example.org"])
def test_not_this_computer_alone(host: str) -> None:
    assert not is_loopback(host)


async def test_the_playground_is_refused_to_other_computers() -> None:
    playground = Playground(path=":memory:", clock=SystemClock())
    app = build(health=well, mounts=[playground.routes])
    with pytest.raises(NotLoopback, match="no passwords"):
        await serve(app, "0.0.0.0", 0)
    await playground.stop()


async def test_a_port_in_use_is_said_clearly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"127.0.0.1:{port} is in use by another program"):
            await serve(build(health=well), "127.0.0.1", port)


async def test_serves_until_it_is_cleaned_up() -> None:
    runner = await serve(build(health=well), "127.0.0.1", 0)
    host, port = runner.addresses[0][:2]
    async with ClientSession() as session, session.get(f"http://{host}:{port}/healthz") as response:
        assert response.status == 200
    await runner.cleanup()
