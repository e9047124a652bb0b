"""A week of the demo by hand, in a real browser in front of the real program: thanks, a pulse, hosting, caring."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot import demo
from bot.clock import ShiftedClock
from bot.config.settings import Settings
from tests.adapters.playground.on_page import choose, type_and_send

pytestmark = pytest.mark.asyncio(loop_scope="module")
TUESDAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
AT_MOST = 60  # events until something comes


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, tmp_path: Path, complaints: list[str]) -> AsyncIterator[Page]:
    """The demo's page as somebody new finds it; the colleagues do nothing by themselves."""
    clock = ShiftedClock(TUESDAY - datetime.now(UTC))
    settings = Settings.from_environment({"PORT": "0"})
    async with demo.page(settings, demo.Choices(), folder=tmp_path / "demo", clock=clock) as address:
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        opened = await context.new_page()
        opened.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.set_default_timeout(10_000)
        await opened.goto(f"{address}/playground/")
        await opened.get_by_role("button", name="People and settings").click()
        answering = opened.get_by_role("switch", name="Colleagues answer by themselves")
        await expect(answering).to_be_checked()
        await answering.uncheck()
        await opened.keyboard.press("Escape")
        yield opened
        await context.close()
    assert complaints == []


def button(page: Page, verb: str) -> Locator:
    """The newest of the buttons in the open conversation that carry a verb."""
    return page.locator(f'#log [data-action^="{verb}:"]').last


async def wait_for(page: Page, place: str, verb: str) -> Locator:
    """Let time pass from event to event until there is a button with this verb."""
    await choose(page, place)
    for _ in range(AT_MOST):
        if await button(page, verb).count():
            return button(page, verb)
        await page.get_by_role("button", name="Next event").click()
        await expect(page.locator("#journey")).to_be_hidden()
    raise AssertionError(f"no button {verb!r} came")


async def be(page: Page, name: str, place: str) -> None:
    """Be somebody else, and look at a conversation of theirs."""
    await page.get_by_label("You are").select_option(name)
    await expect(page.locator("#residents li", has=page.locator(".badge.bot"))).to_contain_text(name)
    await expect(page.get_by_role("log")).not_to_have_attribute("aria-busy", "true")
    await choose(page, place)


def replies(page: Page) -> Locator:
    return page.locator(".only-you")


async def test_it_begins_with_an_introduction_and_everything_else_is_still_to_come(page: Page) -> None:
    await expect(page.locator("#now")).to_have_text(re.compile("^Mon,? 7 Dec 2026, 10:01"))
    await expect(page.get_by_role("log")).to_contain_text("having coffee this time")
    for channel in ("coffee", "team", "thanks"):
        await choose(page, channel)
        await expect(page.get_by_role("log")).to_contain_text("Hello! I am Kinkeeper")
        await expect(page.get_by_role("log").locator("[data-action]")).to_have_count(0)
    await choose(page, "Kinkeeper")
    await expect(page.get_by_role("log")).to_contain_text("This is your own conversation")


async def test_two_are_thanked_privately_then_in_the_channel_and_one_takes_it_out(page: Page) -> None:
    await (await wait_for(page, "thanks", "thanks")).click()
    dialog = page.get_by_role("dialog", name="Say thanks")
    for name in ("Ben Brandt", "Chloe Chen", "care"):
        await dialog.get_by_label(name).check()
    await dialog.get_by_label("Your words").fill("For the <b>calm</b> yesterday. @everyone")
    await dialog.get_by_role("button", name="Send").click()
    await expect(replies(page)).to_contain_text("will get it first")
    words = page.locator("blockquote", has_text="For the <b>calm</b> yesterday. @everyone")
    await expect(words).to_be_visible()
    await be(page, "Ben Brandt", "Kinkeeper")
    await expect(page.get_by_role("log")).to_contain_text("@Ana Alves thanks you:")
    await expect(words).to_be_visible()
    await page.get_by_role("button", name="Take it out of the channel").click()
    await expect(replies(page)).to_have_count(1)
    await be(page, "Chloe Chen", "thanks")
    await expect(button(page, "thanks")).to_be_visible()
    await expect(words).to_have_count(0)
    await choose(page, "Kinkeeper")
    await expect(words).to_be_visible()


async def test_a_word_of_thanks_for_what_somebody_said(page: Page) -> None:
    await be(page, "Ben Brandt", "team")
    await type_and_send(page, "I have mended the importer.")
    await expect(page.locator(".words")).to_have_text("I have mended the importer.")
    await be(page, "Ana Alves", "team")
    await page.get_by_role("log").get_by_role("button", name="Say thanks to Ben Brandt").click()
    dialog = page.get_by_role("dialog", name="Say thanks")
    await expect(dialog.get_by_label("Ben Brandt")).to_be_checked()
    await dialog.get_by_label("Your words").fill("That importer was a pest.")
    await dialog.get_by_label("Privately").check()
    await dialog.get_by_role("button", name="Send").click()
    await expect(replies(page)).to_contain_text("privately")
    await be(page, "Ben Brandt", "Kinkeeper")
    await expect(page.locator("blockquote")).to_have_text("That importer was a pest.")


async def test_by_one_line_too_and_what_was_wrong_in_it_is_kept(page: Page) -> None:
    await type_and_send(page, "/thanks @ben for the calm #caer")
    await expect(replies(page)).to_contain_text("#care")
    await page.get_by_role("button", name="Open the form").click()
    dialog = page.get_by_role("dialog", name="Say thanks")
    await expect(dialog.get_by_label("Ben Brandt")).to_be_checked()
    await expect(dialog.get_by_label("care", exact=True)).to_be_checked()
    await expect(dialog.get_by_label("Your words")).to_have_value(re.compile("^for the calm"))


async def test_the_pulse_is_answered_with_a_receipt_that_deletes_it(page: Page) -> None:
    await (await wait_for(page, "Kinkeeper", "answer")).click()
    dialog = page.get_by_role("dialog", name="weekly-pulse")
    await expect(dialog.locator(".intro")).to_contain_text("without your name")
    await dialog.get_by_role("radiogroup").get_by_label("4").check()
    await dialog.get_by_label("What would make it better?").fill("A longer lunch.")
    await dialog.get_by_role("button", name="Send").click()
    await expect(replies(page)).to_contain_text("Only you have this receipt:")
    command = await replies(page).locator("code", has_text="/checkin delete").inner_text()
    await expect(page.locator(".done", has_text="Answer a check-in")).to_be_visible()
    await type_and_send(page, command)
    await expect(replies(page)).to_have_count(2)


async def test_who_hosts_passes_and_the_announcement_names_another(page: Page) -> None:
    await wait_for(page, "team", "pass")
    announced = page.locator("article", has=page.locator('[data-action^="pass:"]')).last
    host = (await announced.locator(".mention").first.inner_text()).removeprefix("@")
    await be(page, host, "team")
    await button(page, "pass").click()
    await expect(replies(page)).to_have_count(1)
    await expect(announced).not_to_contain_text(host)
    await expect(announced).to_contain_text("(edited)")


async def test_who_cares_for_somebody_says_it_is_done(page: Page) -> None:
    await (await wait_for(page, "Kinkeeper", "done")).click()
    await expect(replies(page)).to_have_count(1)
    await be(page, "Ben Brandt", "Kinkeeper")
    await expect(button(page, "done")).to_be_visible()
    await expect(replies(page)).to_have_count(0)
