"""What the tests of the page send to it, and the two things they do on it over and over."""

from __future__ import annotations

from playwright.async_api import Page

from bot.domain.messages import (
    Button,
    Buttons,
    ChoiceField,
    DateField,
    Form,
    Message,
    Option,
    PeopleField,
    Say,
    TextField,
)

CHANNEL = "channel-coffee"
PLAIN = Message((Say("sample.plain"),))
CHOICE = Message(
    (
        Say("sample.plain"),
        Buttons((Button("met:42", Say("sample.button"), "primary"), Button("not:42", Say("sample.other")))),
    )
)
FORM = Form(
    "thank",
    Say("sample.title"),
    Say("sample.submit"),
    (
        PeopleField("to", Say("sample.plain"), many=True),
        TextField("words", Say("sample.field"), long=True),
        ChoiceField("value", Say("sample.other"), (Option("care", Say("sample.button")),), required=False),
        DateField("until", Say("sample.alt"), required=False),
    ),
)


async def choose(page: Page, name: str) -> None:
    """Open a conversation by its name in the list."""
    await page.get_by_role("navigation").get_by_role("button", name=name).click()


async def type_and_send(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")
