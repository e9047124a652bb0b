"""A real browser, a served playground, and a page of it that must stay free of errors."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from adapters.playground.platform import Playground
from adapters.web.app import build, serve
from bot.clock import StillClock
from tests.fakes.inbox import ScriptedInbox

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class StepClock(StillClock):
    """A clock that the page can move: one hour to the next event."""

    def __init__(self) -> None:
        super().__init__(MONDAY)
        self.journeys: list[datetime | None] = []
        self.fails = ""

    async def next_event(self) -> datetime | None:
        return self.now() + timedelta(hours=1)

    async def travel(self, *, to: datetime | None) -> int:
        self.journeys.append(to)
        if self.fails:
            raise ValueError(self.fails)
        self.set(to or self.now() + timedelta(hours=1))
        return 1


@dataclass
class Served:
    """A playground with its page's address."""

    playground: Playground
    inbox: ScriptedInbox
    clock: StepClock
    address: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        reason = "there is no Chromium on this computer, so the page is not tried in a browser"
        if os.environ.get("KINKEEPER_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def served() -> AsyncIterator[Served]:
    async def healthy() -> Mapping[str, str]:
        return {}

    clock = StepClock()
    playground = Playground(path=":memory:", clock=clock, travel=clock)
    inbox = ScriptedInbox()
    await playground.start(inbox)
    await playground.find_channel("#coffee")
    runner = await serve(build(health=healthy, mounts=[playground.routes]), "127.0.0.1", 0)
    host, port = runner.addresses[0][:2]
    yield Served(playground, inbox, clock, f"http://{host}:{port}/playground/")
    await runner.cleanup()
    await playground.stop()


@pytest.fixture
def complaints() -> list[str]:
    """What the page wrote to its console; a test that provokes something empties it."""
    return []


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, served: Served, complaints: list[str]) -> AsyncIterator[Page]:
    """The page, on a desktop, in daylight; anything on its console fails the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    opened = await context.new_page()
    opened.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.set_default_timeout(10_000)
    await opened.goto(served.address)
    yield opened
    await context.close()
    assert complaints == []
