"""The frame of the playground's page in a real browser: clock, panels, keyboard, contrast, narrow screens."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from bot.domain.messages import (
    Message,
    Quote,
    Say,
)
from bot.ports import ToChannel
from tests.adapters.playground.conftest import Served
from tests.adapters.playground.on_page import CHANNEL, CHOICE, CONTRASTS, choose, type_and_send

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_clock_can_be_moved(page: Page, served: Served) -> None:
    await expect(page.get_by_text("next: Mon 30 Nov, 11:00")).to_be_visible()
    await page.get_by_role("button", name="Next event").click()
    await expect(page.locator(".clock time")).to_have_text(re.compile(r"Mon,? 30 Nov 2026, 11:00"))
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.locator(".clock time")).to_have_text(re.compile(r"Mon,? 7 Dec 2026, 11:00"))
    await expect(page.get_by_role("status")).to_contain_text("It is now Mon")
    assert served.clock.journeys[0] is None
    served.clock.fails = "the coffee is cold"
    await page.get_by_role("button", name="+1 day").click()
    await expect(page.get_by_role("alert")).to_contain_text("the coffee is cold")


async def test_switches_of_people_and_colleagues(page: Page, served: Served) -> None:
    await page.get_by_role("button", name="People and settings").first.click()
    panel = page.get_by_role("complementary", name="People and settings")
    reach = panel.get_by_role("switch", name="Ben Brandt: cannot be reached by DM")
    await reach.click()
    await expect(reach).to_be_checked()
    answer = panel.get_by_role("switch", name="Colleagues answer by themselves")
    await answer.click()
    await expect(answer).not_to_be_checked()
    await expect(panel.get_by_text("simulated", exact=True)).to_have_count(0)
    ben = served.playground.service.person("ben")
    assert ben is not None
    assert ben.closed
    assert not served.playground.colleagues.answering
    await page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()
    await expect(page.get_by_role("button", name="People and settings")).to_be_focused()


async def test_the_first_steps_lead_on_are_ticked_off_and_can_be_closed(page: Page, served: Served) -> None:
    steps = page.get_by_role("region", name="New here? Try this")
    await expect(steps.get_by_role("listitem")).to_have_count(6)
    await steps.get_by_role("button", name="Run /coffee why").click()
    await expect(page.get_by_label("Your message")).to_have_value("/coffee why")
    await page.keyboard.press("Enter")
    await expect(steps.locator(".done", has_text="Run")).to_be_visible()
    await page.get_by_role("button", name="Close the first steps").click()
    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text("Good morning.")
    await expect(steps).to_be_hidden()
    await page.get_by_role("button", name="First steps").click()
    await expect(steps.locator(".done", has_text="Run")).to_be_visible()


async def test_everything_has_a_name_and_its_place(page: Page, served: Served) -> None:
    await served.playground.send(ToChannel(CHANNEL), CHOICE, key="d1")
    await page.get_by_role("button", name="People and settings").first.click()
    await expect(page.get_by_role("button", name="Press me")).to_be_visible()
    for role in ("banner", "navigation", "main", "log", "complementary"):
        await expect(page.get_by_role(role).first).to_be_visible()
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, select, textarea")]
            .filter((e) => e.checkVisibility())
            .filter((e) => !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length))
            .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    ids = await page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))


async def test_the_keyboard_reaches_everything_and_the_skip_link_comes_first(
    page: Page, served: Served
) -> None:
    await served.playground.send(ToChannel(CHANNEL), CHOICE, key="d1")
    await expect(page.get_by_role("button", name="Press me")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the messages")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Press me")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Only you can see this")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
async def test_it_fits_and_can_be_read(browser: Browser, served: Served, scheme: str, width: int) -> None:
    served.playground.service.set_setting("you", "ana")
    await served.playground.send(ToChannel(CHANNEL), CHOICE, key="d1")
    long_word = Message((Say("sample.plain"), Quote("W" * 400)))
    await served.playground.send(ToChannel(CHANNEL), long_word, key="d2")
    context = await browser.new_context(
        viewport={"width": width, "height": 740},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(served.address)
    await type_and_send(page, "/coffee why")
    await expect(page.get_by_text("Only you can see this")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate(CONTRASTS) == []
    drawer = page.get_by_role("button", name="Conversations")
    if width < 700:
        await expect(page.get_by_role("navigation")).to_be_hidden()
        await drawer.click()
        await choose(page, "Kinkeeper")
        await expect(page.get_by_role("navigation")).to_be_hidden()
        await expect(page.get_by_role("heading", name="Kinkeeper", level=2)).to_be_visible()
        await drawer.click()
        await page.keyboard.press("Escape")
        await expect(drawer).to_be_focused()
    else:
        await expect(drawer).to_be_hidden()
        await expect(page.get_by_role("navigation")).to_be_visible()
    await context.close()
