"""What somebody new to the playground's page meets first, in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from bot.domain.messages import Asked, Message, Quote, Say
from bot.ports import ToChannel, ToChat
from tests.adapters.playground.conftest import MONDAY, Served
from tests.adapters.playground.on_page import CHANNEL, CHOICE, FORM, PLAIN, choose, type_and_send

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_unread_introduction_is_opened_first_and_ticked_after_a_moment(
    page: Page, served: Served
) -> None:
    await expect(page.get_by_role("button", name="Read the bot’s hello")).to_be_visible()
    chat = await served.playground.open_chat(["ana", "ben"], near=CHANNEL, key="match:1")
    await served.playground.send(ToChat(chat), PLAIN, key="d1")
    await expect(page.get_by_role("navigation")).to_contain_text("1 unread")
    await page.goto("about:blank")
    await page.goto(served.address)
    await expect(page.get_by_role("heading", name="Ben Brandt", level=2)).to_be_visible()
    await expect(page.get_by_text("since 30 Nov")).to_be_visible()
    step = page.get_by_role("button", name="Read the introduction")
    await expect(step).not_to_have_class(re.compile("done"))
    await expect(step).to_have_class(re.compile("done"))


async def test_a_journey_says_what_it_brought(page: Page, served: Served) -> None:
    await page.get_by_role("button", name="Next event").click()
    news = page.locator("#news")
    await expect(news).to_have_text("Nothing for you since Mon 10:00")

    travel = served.clock.travel

    async def eventful(*, to: object) -> int:
        chat = await served.playground.open_chat(["ana", "ben"], near=CHANNEL, key="match:1")
        await served.playground.send(ToChat(chat), PLAIN, key="d1")
        await served.playground.send(ToChannel(CHANNEL), PLAIN, key="d2")
        return await travel(to=None)

    served.clock.travel = eventful  # type: ignore[method-assign]
    await page.get_by_role("button", name="Next event").click()
    await expect(news).to_have_text("2 new messages for you")


async def test_what_was_pressed_stays_in_view(page: Page, served: Served) -> None:
    long = Message((*(Say("sample.plain") for _ in range(12)), *CHOICE.parts))
    await served.playground.send(ToChannel(CHANNEL), long, key="d1")
    reply = Message((Quote("a line\n" * 30),))
    await page.get_by_role("button", name="Press me").click()
    await expect(page.get_by_text("Only you can see this")).to_be_visible()
    await served.playground.send(ToChannel(CHANNEL), reply, key="d2")
    await expect(page.locator("blockquote")).to_contain_text("a line")
    await expect(page.get_by_role("button", name="Press me")).to_be_in_viewport()
    await type_and_send(page, "hello there")
    await expect(page.get_by_text("hello there")).to_be_in_viewport()
    await expect(page.get_by_role("button", name="Press me")).not_to_be_in_viewport()


async def test_the_box_is_one_key_or_two_away(page: Page) -> None:
    box = page.get_by_role("combobox", name="Your message")
    await expect(page.get_by_role("heading", name="#coffee", level=2)).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the message box")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(box).to_be_focused()
    for key in ("/", "Control+/"):
        await page.get_by_role("button", name="Next event").focus()
        await page.keyboard.press(key)
        await expect(box).to_be_focused()
        await expect(box).to_have_value("")
    await page.keyboard.press("/")
    await expect(box).to_have_value("/")


async def test_a_complaint_goes_when_the_text_is_edited(page: Page) -> None:
    await type_and_send(page, "/cofee why")
    await expect(page.get_by_role("alert")).to_contain_text("Did you mean /coffee?")
    await page.keyboard.press("Backspace")
    await expect(page.locator("#notice")).to_be_hidden()
    await expect(page.locator("#notice")).to_have_text("")


async def test_a_form_takes_days_to_come_and_an_old_error_goes(page: Page, served: Served) -> None:
    served.inbox.forms["/coffee"] = FORM
    await type_and_send(page, "/coffee join")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("A calendar entry.")).to_have_attribute("min", "2026-12-01")
    await dialog.get_by_label("Your words").fill("Thank you")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog.get_by_text("Please choose at least one person.")).to_be_visible()
    await dialog.get_by_label("Ben Brandt").check()
    await expect(dialog.get_by_text("Please choose at least one person.")).to_be_hidden()
    await expect(dialog.locator("[aria-invalid]")).to_have_count(0)


async def test_addresses_are_links_and_nothing_else_is(page: Page, served: Served) -> None:
    words = (
        "see (https://meet.example/a_(b)?x=1), http://b.example. javascript:alert(1) https:// <a href=x>y</a>"
    )
    await served.playground.send(ToChannel(CHANNEL), Message((Quote(words), Asked("ftp://no"))), key="d1")
    links = page.get_by_role("log").get_by_role("link")
    await expect(links).to_have_text(["https://meet.example/a_(b)?x=1", "http://b.example"])
    for link in await links.all():
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
        await expect(link).to_have_attribute("target", "_blank")
    assert await page.locator("blockquote").inner_text() == words


async def test_two_groups_of_the_same_people_are_told_apart(page: Page, served: Served) -> None:
    for number in range(2):
        chat = await served.playground.open_chat(["ana", "ben"], near=CHANNEL, key=f"match:{number}")
        await served.playground.send(ToChat(chat), PLAIN, key=f"d{number}")
        served.clock.set(MONDAY + timedelta(days=7))
    groups = page.locator("#groups .name")
    await expect(groups).to_have_text(["Ben Brandt · 7 Dec", "Ben Brandt · 30 Nov"])


async def test_the_zone_has_one_name(page: Page) -> None:
    await page.get_by_label("You are").select_option("Emeka Eze")
    await expect(page.locator(".clock time")).to_have_text(re.compile(r"10:00 WAT$"))


async def test_a_message_after_one_with_buttons_has_its_own_head(page: Page, served: Served) -> None:
    await served.playground.send(ToChannel(CHANNEL), PLAIN, key="d1")
    await served.playground.send(ToChannel(CHANNEL), CHOICE, key="d2")
    await served.playground.send(ToChannel(CHANNEL), PLAIN, key="d3")
    await expect(page.locator(".message")).to_have_count(3)
    await expect(page.locator(".message header")).to_have_count(2)


async def test_on_a_narrow_screen_the_drawer_closes_and_one_step_is_shown(
    browser: Browser, served: Served
) -> None:
    context = await browser.new_context(viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await page.goto(served.address)
    drawer = page.get_by_role("button", name="Conversations", exact=True)
    await drawer.click()
    await page.get_by_role("button", name="Close the list of conversations").click()
    await expect(page.get_by_role("navigation")).to_be_hidden()
    await drawer.click()
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("navigation")).to_be_hidden()
    await expect(drawer).to_be_focused()
    await expect(page.locator("#help button[data-step]:visible")).to_have_count(1)
    head = await page.locator("#log").bounding_box()
    assert head is not None
    assert head["y"] < 225
    await drawer.click()
    await choose(page, "Kinkeeper")
    await expect(page.get_by_role("navigation")).to_be_hidden()
    await context.close()
