"""The playground's page in a real browser: what people see there, and press."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from bot.domain.interactions import Press, Said
from bot.domain.messages import (
    Asked,
    File,
    Message,
    Moment,
    Person,
    Quote,
    Say,
)
from bot.ports import ToChannel, ToChat, ToPerson
from tests.adapters.playground.conftest import MONDAY, Served
from tests.adapters.playground.on_page import CHANNEL, CHOICE, PLAIN, choose, type_and_send

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_message_appears_while_the_page_is_open(page: Page, served: Served) -> None:
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Nothing has been said here yet")
    await served.playground.send(ToChannel(CHANNEL), PLAIN, key="d1")
    await expect(log.get_by_text("Good morning.")).to_be_visible()
    await expect(log).not_to_contain_text("Nothing has been said")
    await expect(log.locator("article")).to_contain_text("bot")
    await expect(log.get_by_role("heading")).to_have_text("Monday 30 November")


async def test_an_edit_appears_too_and_keeps_the_focus(page: Page, served: Served) -> None:
    sent = await served.playground.send(ToChannel(CHANNEL), CHOICE, key="d1")
    button = page.get_by_role("button", name="Press me")
    await button.focus()
    more = Message((*CHOICE.parts, Say("sample.count", {"count": 2})))
    await served.playground.edit(sent, more)
    await expect(page.get_by_role("log")).to_contain_text("2 things")
    await expect(page.get_by_role("log")).to_contain_text("(edited)")
    await expect(page.get_by_role("button", name="Press me")).to_be_focused()


async def test_a_press_is_one_event_and_its_reply_is_for_oneself(page: Page, served: Served) -> None:
    await served.playground.send(ToChannel(CHANNEL), CHOICE, key="d1")
    await page.get_by_role("button", name="Press me").dblclick()
    await expect(page.get_by_text("Only you can see this").first).to_be_visible()
    assert all(isinstance(h, Press) and h.action == "met:42" for h in served.inbox.received)
    await page.reload()
    await expect(page.get_by_text("Only you can see this").first).to_be_visible()


async def test_one_can_be_somebody_else(page: Page, served: Served) -> None:
    await served.playground.send(ToPerson("ben", "direct"), PLAIN, key="d1")
    await page.get_by_label("You are").select_option("Ben Brandt")
    await expect(page.locator("#residents li", has=page.locator(".badge.bot"))).to_contain_text("Ben Brandt")
    await expect(page.get_by_role("log")).not_to_have_attribute("aria-busy", "true")
    await choose(page, "Kinkeeper")
    await expect(page.get_by_role("log").get_by_text("Good morning.")).to_be_visible()
    await type_and_send(page, "hello there")
    await expect(page.get_by_role("log").locator("article", has_text="Ben Brandt")).to_be_visible()
    (happened,) = served.inbox.received
    assert isinstance(happened, Said)
    assert happened.actor.account == "ben"


async def test_what_one_person_alone_was_told_the_next_does_not_see(page: Page, served: Served) -> None:
    await type_and_send(page, "/coffee why")
    await expect(page.get_by_text("Only you can see this")).to_be_visible()
    await expect(page.get_by_role("log").locator("code")).to_have_text("/coffee why")
    await page.get_by_label("You are").select_option("Ben Brandt")
    await expect(page.get_by_text("Only you can see this")).to_be_hidden()


async def test_peoples_words_are_never_markup(page: Page, served: Served) -> None:
    words = '<img src=x onerror="document.title=1"> <b>bold</b> @everyone\nשלום 🌿'
    ben = Person(2, "Ben Brandt", "ben")
    message = Message((Say("sample.plain"), Quote(words, by=ben), Asked("<i>Why?</i>")))
    await served.playground.send(ToChannel(CHANNEL), message, key="d1")
    quote = page.locator("blockquote")
    await expect(quote).to_contain_text("<b>bold</b> @everyone")
    assert await quote.inner_text() == words
    await expect(page.get_by_role("figure")).to_contain_text("Ben Brandt")
    await expect(page.get_by_role("figure")).to_contain_text("simulated")
    await expect(page.get_by_text("<i>Why?</i>")).to_be_visible()


async def test_moments_are_told_in_the_readers_zone(page: Page, served: Served) -> None:
    await served.playground.send(
        ToChannel(CHANNEL), Message((Say("sample.when", {"when": Moment(MONDAY)}),)), key="d1"
    )
    await expect(page.get_by_text("See you Monday, 30 November at 10:00 CET.")).to_be_visible()
    await expect(page.locator(".clock time")).to_have_text(re.compile(r"30 Nov 2026, 10:00"))
    await page.get_by_label("You are").select_option("Dev Desai")
    await expect(page.get_by_text("See you Monday, 30 November at 14:30 IST.")).to_be_visible()
    await expect(page.locator(".clock time")).to_have_text(re.compile(r"30 Nov 2026, 14:30"))


async def test_files_can_be_fetched_and_pictures_have_words(page: Page, served: Served) -> None:
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c626001000000050001a5f645400000000049454e44ae426082"
    )
    message = Message(
        (
            Say("sample.plain"),
            File("coffee.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n", Say("sample.alt")),
            File("team.png", "image/png", pixel, Say("sample.alt")),
        )
    )
    await served.playground.send(ToChannel(CHANNEL), message, key="d1")
    await expect(page.get_by_role("img", name="A calendar entry.")).to_be_visible()
    async with page.expect_download() as fetched:
        await page.get_by_role("link", name="coffee.ics").click()
    assert (await (await fetched.value).path()).read_bytes() == b"BEGIN:VCALENDAR\r\n"


async def test_unread_is_marked_until_it_is_opened(page: Page, served: Served) -> None:
    await expect(page.get_by_role("heading", name="#coffee", level=2)).to_be_visible()
    chat = await served.playground.open_chat(["ana", "ben"], near=CHANNEL, key="match:1")
    await served.playground.send(ToChat(chat), PLAIN, key="d1")
    listed = page.get_by_role("navigation").get_by_role("button", name="Ben Brandt")
    await expect(listed).to_contain_text("1 unread")
    await listed.click()
    await expect(page.get_by_role("log").get_by_text("Good morning.")).to_be_visible()
    await expect(listed).not_to_contain_text("unread")
    await served.playground.close_chat(chat)
    await expect(page.get_by_text("Earlier ones")).to_be_visible()


async def test_earlier_messages_can_be_fetched(page: Page, served: Served) -> None:
    for i in range(230):
        message = Message((Say("sample.count", {"count": i}),))
        await served.playground.send(ToChannel(CHANNEL), message, key=f"d{i}")
    await page.reload()
    await expect(page.get_by_text("229 things")).to_be_in_viewport()
    await page.get_by_role("button", name="Show earlier messages").click()
    await expect(page.get_by_role("article")).to_have_count(230)
    await expect(page.get_by_role("button", name="Show earlier messages")).to_be_hidden()
