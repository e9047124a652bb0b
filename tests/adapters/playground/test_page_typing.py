"""Typing on the playground's page in a real browser: the composer and the forms."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.domain.interactions import Ask, Command, Interaction, Refused, Reply, Submit
from bot.domain.messages import (
    Form,
    Say,
)
from bot.ports import ToChannel
from tests.adapters.playground.conftest import Served
from tests.adapters.playground.on_page import CHANNEL, CHOICE, FORM, PLAIN, type_and_send

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_form_shows_its_errors_keeps_what_was_typed_and_is_accepted(
    page: Page, served: Served
) -> None:
    def judge(happened: Interaction) -> Reply | Refused:
        assert isinstance(happened, Submit)
        short = len(happened.values["words"]) < 5
        return Refused({"words": Say("sample.wrong")}) if short else Reply(PLAIN)

    served.inbox.forms["met:42"] = FORM
    served.inbox.answers["thank"] = judge
    await served.playground.send(ToChannel(CHANNEL), CHOICE, key="d1")
    await page.get_by_role("button", name="Press me").click()
    dialog = page.get_by_role("dialog", name="A small form")
    words = dialog.get_by_label("Your words")
    await words.fill("Hm")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog.get_by_text("Please choose at least one person.")).to_be_visible()
    await dialog.get_by_label("Ben Brandt").check()
    await dialog.get_by_label("Chloe Chen").check()
    await dialog.get_by_label("A calendar entry.").fill("2026-12-24")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog.get_by_text("Please say a little more.")).to_be_visible()
    await expect(words).to_be_focused()
    await expect(words).to_have_value("Hm")
    await expect(words).to_have_attribute("aria-invalid", "true")
    await words.fill("Thank you @dev, and <b>all</b>")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("Only you can see this")).to_be_visible()
    happened = served.inbox.received[-1]
    assert isinstance(happened, Submit)
    assert happened.values == {
        "to": "<@ben> <@chloe>",
        "words": "Thank you <@dev>, and <b>all</b>",
        "value": "",
        "until": "2026-12-24",
    }
    await expect(page.get_by_role("button", name="Press me")).to_be_focused()


async def test_a_form_can_be_left_with_escape(page: Page, served: Served) -> None:
    served.inbox.forms["/coffee"] = FORM
    await type_and_send(page, "/coffee join")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert served.inbox.received == []


async def test_one_form_can_lead_to_the_next(page: Page, served: Served) -> None:
    second = Form("second", Say("sample.field"), Say("sample.submit"), FORM.fields[1:2])
    first = Form("first", Say("sample.title"), Say("sample.submit"), FORM.fields[1:2])
    served.inbox.forms["met:42"] = first
    served.inbox.answers["first"] = Ask(second)
    await served.playground.send(ToChannel(CHANNEL), CHOICE, key="d1")
    await page.get_by_role("button", name="Press me").click()
    for title in ("A small form", "Your words"):
        dialog = page.get_by_role("dialog", name=title)
        await expect(dialog.get_by_label("Your words").last).to_be_focused()
        await page.keyboard.type("some words")
        await dialog.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert [h.action for h in served.inbox.received if isinstance(h, Submit)] == ["first", "second"]


async def test_a_command_is_completed_by_keyboard(page: Page, served: Served) -> None:
    served.inbox.lines = ["/coffee join", "/coffee pause ", "/coffee plan"]
    box = page.get_by_role("combobox", name="Your message")
    await box.press_sequentially("/coffee p")
    options = page.locator("#completions").get_by_role("option")
    await expect(options).to_have_text(["/coffee pause", "/coffee plan"])
    await expect(box).to_have_attribute("aria-expanded", "true")
    await box.press("ArrowDown")
    await box.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await box.press("Tab")
    await expect(box).to_have_value("/coffee plan")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await box.press("Enter")
    await expect(box).to_have_value("")
    await box.press("ArrowUp")
    await expect(box).to_have_value("/coffee plan")
    await box.press("ArrowDown")
    await expect(box).to_have_value("")
    (happened,) = served.inbox.received
    assert isinstance(happened, Command)
    assert (happened.name, happened.text) == ("coffee", "plan")


async def test_escape_closes_the_completions_and_keeps_the_text(page: Page, served: Served) -> None:
    served.inbox.lines = ["/coffee join"]
    box = page.get_by_role("combobox", name="Your message")
    await box.press_sequentially("/coffee j")
    await expect(page.locator("#completions").get_by_role("option")).to_have_count(1)
    await box.press("Escape")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await expect(box).to_have_value("/coffee j")


async def test_names_are_completed(page: Page, served: Served) -> None:
    box = page.get_by_role("combobox", name="Your message")
    await box.press_sequentially("thanks @ch")
    await expect(page.locator("#completions").get_by_role("option")).to_have_text(["thanks @chloe"])
    await box.press("Tab")
    await expect(box).to_have_value("thanks @chloe ")


async def test_an_unknown_command_is_answered_and_kept(page: Page, served: Served) -> None:
    await type_and_send(page, "/cofee why")
    await expect(page.get_by_role("alert")).to_contain_text("Did you mean /coffee?")
    await expect(page.get_by_label("Your message")).to_have_value("/cofee why")


async def test_a_failure_on_the_other_side_loses_nothing(page: Page, complaints: list[str]) -> None:
    await page.route("**/playground/say", lambda route: route.abort())
    await type_and_send(page, "a long thought")
    await expect(page.get_by_role("alert")).to_contain_text("does not answer")
    await expect(page.get_by_label("Your message")).to_have_value("a long thought")
    await page.unroute("**/playground/say")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log").get_by_text("a long thought")).to_be_visible()
    assert len(complaints) == 1
    complaints.clear()
