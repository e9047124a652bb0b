"""Nobody but this computer's browser on the playground's own page gets anything from its server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.playground.guard import LARGEST_BODY
from adapters.playground.platform import Playground
from adapters.web.app import build
from bot.clock import SystemClock
from bot.domain.messages import File, Message, Say
from bot.ports import ToPerson
from tests.fakes.inbox import ScriptedInbox

Client = TestClient[web.Request, web.Application]
SAY = {"event_id": "e1", "conversation": "direct-ana", "text": "hello"}


async def healthy() -> Mapping[str, str]:
    return {}


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    made = Playground(path=":memory:", clock=SystemClock())
    await made.start(ScriptedInbox())
    yield made
    await made.stop()


@pytest.fixture
async def client(playground: Playground) -> AsyncIterator[Client]:
    async with TestClient(TestServer(build(health=healthy, mounts=[playground.routes]))) as made:
        yield made


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.7"])
async def test_a_foreign_host_name_is_refused(client: Client, host: str) -> None:
    for path in ("", "state", "events", "page/page.js"):
        response = await client.get(f"/playground/{path}", headers={"Host": host})
        assert response.status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_sites_request_is_refused(
    client: Client, playground: Playground, headers: dict[str, str]
) -> None:
    response = await client.post("/playground/say", json=SAY, headers=headers)
    assert response.status == 403
    assert playground.service.messages("direct-ana", reader="ana") == []


async def test_the_pages_own_origin_is_taken(client: Client) -> None:
    origin = f"http://127.0.0.1:{client.port}"
    response = await client.post("/playground/say", json=SAY, headers={"Origin": origin})
    assert response.status == 200


async def test_what_a_plain_html_form_could_send_is_refused(client: Client) -> None:
    assert (await client.post("/playground/say", data=SAY)).status == 415
    sent_as_text = await client.post(
        "/playground/say", data='{"text": "x"}', headers={"Content-Type": "text/plain"}
    )
    assert sent_as_text.status == 415


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"text": 5}', '{"event_id": "e", "conversation": "direct-ana", "text": "  "}']
)
async def test_nonsense_is_a_400_in_a_sentence(client: Client, body: str) -> None:
    response = await client.post("/playground/say", data=body, headers={"Content-Type": "application/json"})
    assert response.status == 400
    assert len(await response.text()) > 10


async def test_too_large_a_body_is_refused(client: Client) -> None:
    response = await client.post("/playground/say", json={**SAY, "text": "x" * LARGEST_BODY})
    assert response.status == 413


async def test_only_the_pages_own_files_are_served(client: Client) -> None:
    assert (await client.get("/playground/page/page.css")).status == 200
    for name in ("..%2fplatform.py", "platform.py", "nothing.js", "page.js%00.css"):
        assert (await client.get(f"/playground/page/{name}")).status in {400, 404}


async def test_the_page_may_load_and_reach_nothing_else(client: Client) -> None:
    response = await client.get("/playground/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_a_file_cannot_run_as_a_page(client: Client, playground: Playground) -> None:
    page = File('x"\r\n.html', "text/html", b"<script>alert(1)</script>", Say("sample.alt"))
    await playground.send(ToPerson("ana", "direct"), Message((page,)), key="d1")
    response = await client.get("/playground/file/1")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert (await client.get("/playground/file/2")).status == 404


async def test_the_clock_of_the_real_world_cannot_be_moved(client: Client) -> None:
    state = await (await client.get("/playground/state")).json()
    assert state["travel"]["possible"] is False
    assert (await client.post("/playground/travel", json={"by": "day"})).status == 404
