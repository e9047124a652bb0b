"""Forms on the playground's page in a real browser: intros, scales, several people, long texts, menus."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from adapters.playground.residents import residents
from bot.domain.interactions import Ask, Reply, Shortcut, Submit
from bot.domain.messages import (
    ChoiceField,
    Code,
    Form,
    Message,
    Option,
    PeopleField,
    Person,
    Quote,
    Say,
    TextField,
)
from bot.ports import ToChannel
from tests.adapters.playground.conftest import Served
from tests.adapters.playground.on_page import CHANNEL, CHOICE, CONTRASTS, PLAIN, type_and_send

pytestmark = pytest.mark.asyncio(loop_scope="module")


def scale(greatest: int) -> tuple[Option, ...]:
    return tuple(
        Option(str(n), Say("sample.hello", {"person": Code(str(n))})) for n in range(1, greatest + 1)
    )


PULSE = Form(
    "answer:7:k3f9",
    Say("sample.title"),
    Say("sample.submit"),
    (
        ChoiceField("q0", Say("sample.when", {"when": Code("now")}), scale(3)),
        TextField("q1", Say("sample.field"), long=True, max_length=50, required=False),
    ),
    intro=Say("sample.hello", {"person": Person(2, "Ben Brandt", "ben")}),
)
THANKS = Form(
    "thanks:3",
    Say("sample.title"),
    Say("sample.submit"),
    (
        PeopleField("to", Say("sample.plain"), many=True),
        TextField("words", Say("sample.field"), long=True),
    ),
)


async def opened(page: Page, served: Served, form: Form) -> None:
    served.inbox.forms["met:42"] = form
    served.inbox.answers[form.action] = Reply(PLAIN)
    await served.playground.send(ToChannel(CHANNEL), CHOICE, key="form")
    await page.get_by_role("button", name="Press me").click()


async def test_what_has_to_be_read_first_stands_above_and_is_told_with_the_dialog(
    page: Page, served: Served
) -> None:
    await opened(page, served, PULSE)
    dialog = page.get_by_role("dialog", name="A small form")
    await expect(dialog.locator(".intro")).to_have_text("Hello @Ben Brandt.")
    await expect(dialog).to_have_accessible_description("Hello @Ben Brandt.")


async def test_a_scale_is_a_row_to_choose_from_by_pointer_or_arrow_keys(page: Page, served: Served) -> None:
    await opened(page, served, PULSE)
    row = page.get_by_role("radiogroup", name="See you now.")
    await expect(row.get_by_role("radio")).to_have_count(3)
    await expect(row.get_by_role("radio").first).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(row.get_by_label("Hello 2.")).to_be_checked()
    await row.get_by_label("Hello 3.").check()
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    (sent,) = served.inbox.received
    assert isinstance(sent, Submit)
    assert sent.values == {"q0": "3", "q1": ""}


async def test_near_the_limit_a_text_says_how_much_may_follow(page: Page, served: Served) -> None:
    await opened(page, served, PULSE)
    dialog = page.get_by_role("dialog")
    words = dialog.get_by_label("Your words")
    await words.fill("x" * 30)
    await expect(dialog.locator(".left")).to_have_text("")
    await words.fill("x" * 41)
    await expect(dialog.locator(".left")).to_have_text("9 characters left")
    await words.fill("x" * 49)
    await expect(dialog.locator(".left")).to_have_text("1 character left")


async def test_several_are_chosen_and_one_is_taken_out_by_keyboard(page: Page, served: Served) -> None:
    await opened(page, served, THANKS)
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Ana Alves")).to_have_count(0)
    await expect(dialog.get_by_label("Ben Brandt")).to_be_focused()
    for key in ("Space", "Tab", "Space", "Tab", "Space", "Shift+Tab", "Space"):
        await page.keyboard.press(key)
    await dialog.get_by_label("Your words").fill("for the calm")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    (sent,) = served.inbox.received
    assert isinstance(sent, Submit)
    assert sent.values["to"] == "<@ben> <@dev>"


async def test_among_many_people_one_is_found_by_name_and_the_chosen_are_named(
    page: Page, served: Served
) -> None:
    served.playground.service.settle(residents(40))
    await opened(page, served, THANKS)
    dialog = page.get_by_role("dialog")
    find = dialog.get_by_role("textbox", name="Good morning.: find by name")
    await expect(find).to_be_focused()
    for name, stays in (("priya", ""), ("an", "an")):  # several are called something with "an"
        await find.fill(name)
        await page.keyboard.press("Enter")
        await expect(find).to_have_value(stays)
    await find.fill("nobody at all")
    await expect(dialog.get_by_text("Nobody is called that.")).to_be_visible()
    await find.fill("")
    chosen = dialog.get_by_role("button", name="Take ")
    await expect(chosen).to_have_count(1)
    await dialog.get_by_label("Quinn Quist").check()
    await expect(chosen).to_have_count(2)
    await dialog.get_by_role("button", name="Take Priya Patel out").click()
    await expect(dialog.get_by_label("Priya Patel")).not_to_be_checked()
    await expect(dialog.get_by_label("Priya Patel")).to_be_focused()
    await dialog.get_by_label("Your words").fill("for the calm")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    (sent,) = served.inbox.received
    assert isinstance(sent, Submit)
    assert sent.values["to"] == "<@quinn>"


async def test_thanks_begin_at_what_somebody_said(page: Page, served: Served) -> None:
    served.inbox.answers["menu:thanks"] = Ask(THANKS.filled({"to": "<@ben>"}))
    served.inbox.answers["thanks:3"] = Reply(PLAIN)
    await page.get_by_label("You are").select_option("Ben Brandt")
    await type_and_send(page, "good morning all")
    await expect(page.get_by_role("log").get_by_text("good morning all")).to_be_visible()
    await expect(page.get_by_role("log").get_by_role("button", name="Say thanks to")).to_have_count(0)
    await page.get_by_label("You are").select_option("Ana Alves")
    say = page.get_by_role("log").get_by_role("button", name="Say thanks to Ben Brandt")
    await say.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Ben Brandt")).to_be_checked()
    await expect(dialog.get_by_label("Your words")).to_be_focused()
    await page.keyboard.type("for the calm")
    await dialog.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Only you can see this")).to_be_visible()
    await expect(say).to_be_focused()
    picked, _ = served.inbox.received
    assert isinstance(picked, Shortcut)
    assert (picked.name, picked.person, picked.actor.account) == ("thanks", "ben", "ana")
    await expect(page.locator(".done", has_text="Say thanks to somebody")).to_be_visible()


async def test_thanks_begin_at_quoted_words_and_in_the_list_of_people(page: Page, served: Served) -> None:
    served.inbox.forms["menu:thanks"] = THANKS.filled({"to": "<@ben>"})
    ben, ana = Person(2, "Ben Brandt", "ben"), Person(1, "Ana Alves", "ana")
    quotes = Message((Quote("We shipped it.", by=ben), Quote("And I am glad.", by=ana)))
    await served.playground.send(ToChannel(CHANNEL), quotes, key="d1")
    say = page.get_by_role("log").get_by_role("button", name="Say thanks to")
    await expect(say).to_have_count(1)
    await page.get_by_role("button", name="People and settings").first.click()
    panel = page.get_by_role("complementary", name="People and settings")
    await expect(panel.get_by_role("button", name="Say thanks to")).to_have_count(8)
    for button in (say, panel.get_by_role("button", name="Say thanks to Ben Brandt")):
        await button.click()
        await expect(page.get_by_role("dialog").get_by_label("Ben Brandt")).to_be_checked()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_what_was_taken_away_leaves_nothing_behind(page: Page, served: Served) -> None:
    log = page.get_by_role("log")
    sent = [await served.playground.send(ToChannel(CHANNEL), PLAIN, key=f"d{n}") for n in range(2)]
    await expect(log.get_by_role("article")).to_have_count(2)
    await expect(log.locator(".continued")).to_have_count(1)
    await served.playground.remove(sent[0])
    await expect(log.get_by_role("article")).to_have_count(1)
    await expect(log.locator(".continued")).to_have_count(0)
    await expect(log.locator(".day")).to_have_count(1)
    await served.playground.remove(sent[1])
    await expect(log.get_by_role("article")).to_have_count(0)
    await expect(log.locator(".day")).to_have_count(0)
    await expect(log).to_contain_text("Nothing has been said here yet")
    await page.reload()
    await expect(log).to_contain_text("Nothing has been said here yet")
    await expect(page.get_by_role("navigation")).not_to_contain_text("unread")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
async def test_a_form_fits_and_can_be_read(browser: Browser, served: Served, scheme: str, width: int) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": 740},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(served.address)
    await opened(page, served, PULSE)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Hello 2.").check()
    await dialog.get_by_label("Your words").fill("x" * 45)
    frame = await dialog.bounding_box()
    assert frame is not None
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= width
    assert await dialog.evaluate("(dialog) => dialog.scrollWidth <= dialog.clientWidth")
    assert await page.evaluate(CONTRASTS) == []
    await context.close()
