"""What stands on a page of one's own elsewhere, the playground has under `/presence me`: its buttons and forms."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot import demo
from bot.clock import ShiftedClock
from bot.config.settings import Settings
from tests.adapters.playground.on_page import choose, type_and_send

pytestmark = pytest.mark.asyncio(loop_scope="module")
TUESDAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, tmp_path: Path, complaints: list[str]) -> AsyncIterator[Page]:
    """The demo's page as somebody new finds it."""
    clock = ShiftedClock(TUESDAY - datetime.now(UTC))
    settings = Settings.from_environment({"PORT": "0"})
    async with demo.page(settings, demo.Choices(), folder=tmp_path / "demo", clock=clock) as address:
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        opened = await context.new_page()
        opened.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.set_default_timeout(10_000)
        await opened.goto(f"{address}/playground/")
        yield opened
        await context.close()
    assert complaints == []


async def test_settings_are_changed_in_a_dialog_that_keeps_what_was_typed_when_it_is_refused(
    page: Page,
) -> None:
    await choose(page, "coffee")
    await type_and_send(page, "/presence me")
    reply = page.locator(".only-you").last
    await reply.get_by_role("button", name="Settings").click()
    dialog = page.get_by_role("dialog", name="Your settings")
    zone = dialog.get_by_label("Your time zone")
    await expect(zone).not_to_have_value("")
    await zone.fill("Lisbon")
    await dialog.get_by_label("Your quiet hours").fill("20-8")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("Did you mean Europe/Lisbon?")
    await expect(dialog.get_by_label("Your quiet hours")).to_have_value("20-8")
    await zone.fill("europe/lisbon")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    noted = page.locator(".only-you").last
    await expect(noted).to_contain_text("your time zone is Europe/Lisbon")
    await expect(noted).to_contain_text("your quiet hours are 20:00-08:00")


async def test_a_round_is_skipped_and_a_break_taken_from_presence_me(page: Page) -> None:
    await choose(page, "coffee")
    await type_and_send(page, "/presence me")
    reply = page.locator(".only-you").first
    await reply.get_by_role("button", name=re.compile("^Skip")).first.click()
    await expect(page.locator(".only-you").last).to_contain_text("You skip the next round of")
    await reply.get_by_role("button", name=re.compile("^Pause")).first.click()
    dialog = page.get_by_role("dialog", name="Take a break")
    await expect(dialog).to_contain_text("It ends by itself.")
    await dialog.get_by_label("Until which day?").fill("2027-01-04")
    await dialog.get_by_role("button", name="Pause").click()
    await expect(page.locator(".only-you").last).to_contain_text("You are on a break from")
