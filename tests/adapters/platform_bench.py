"""A platform under test, seen with people's eyes and used with their hands, and what is sent to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from bot.domain.messages import Button, Buttons, Form, Message, PeopleField, Say, TextField
from bot.ports import ChatPlatform, Sent
from tests.fakes.inbox import ScriptedInbox

PLAIN = Message((Say("sample.plain"),))
CHOICE = Message(
    (
        Say("sample.plain"),
        Buttons((Button("met:42", Say("sample.button"), "primary"), Button("not:42", Say("sample.other")))),
    )
)
SMALL_FORM = Form(
    "sample:1",
    Say("sample.title"),
    Say("sample.submit"),
    (TextField("words", Say("sample.field"), long=True),),
)
FORM_WITH_INTRO = Form(
    "sample:2",
    Say("sample.title"),
    Say("sample.submit"),
    (PeopleField("to", Say("sample.other"), many=True), TextField("words", Say("sample.field"), long=True)),
    intro=Say("sample.plain"),
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

WORDS = {
    "markup": "<b>bold</b> & *stars* _lines_ `ticks` ~waves~ > quotes\n# no heading",
    "mass mentions": "hello @everyone, @here and <!channel>",
    "emoji": "well done 🌿👩‍🚀 :tada:",
    "right to left": "שלום עליכם and مرحبا",
    "links": "see https://example.org/?a=1&b=2",
    "long": "word " * 500 + "end",
}


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as people read it on the platform."""

    text: str  # everything that can be read, people's words undone of any escaping
    actions: Sequence[str] = ()  # of its buttons
    files: Mapping[str, bytes] | None = None  # None where the platform's server keeps no content


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as somebody sees it."""

    action: str
    text: str  # everything that can be read in it, in order: its title, its intro, its fields' labels, its button
    fields: Sequence[str]  # their names


class Bench(Protocol):
    """A started platform, and its server seen with people's eyes and used with their hands."""

    platform: ChatPlatform
    inbox: ScriptedInbox
    workspace: str
    channel: str  # a reference to a channel that exists
    unknown_channel: str
    people: Sequence[str]  # accounts of three people in it

    async def arrived(self, sent: Sent) -> Arrived:
        """The message as it stands now."""

    async def count(self, conversation: str) -> int:
        """How many messages of the bot stand in the conversation."""

    def gone(self, sent: Sent) -> Sent:
        """The ids of a message that is not there, in the same conversation."""

    async def pinged(self, sent: Sent) -> set[str]:
        """Whom the message itself calls, by account; "everybody" where it calls a whole channel."""

    async def close_door(self, account: str) -> None:
        """From now on no private message reaches this person."""

    async def command(self, account: str, name: str, text: str) -> None:
        """The person types a slash command."""

    async def press(self, account: str, sent: Sent, action: str, *, times: int = 1) -> None:
        """The person presses a button; more than once means a click that the platform hands over again."""

    async def shortcut(self, account: str, name: str, person: str) -> None:
        """The person picks an entry of the menu of somebody, or of a message that one wrote."""

    async def submit(self, account: str, form: Form, values: Mapping[str, str]) -> None:
        """The person sends a form that they were shown."""

    async def shown(self, account: str) -> Shown | None:
        """The form that the person was shown last; None if they were shown none."""

    async def replies(self, account: str) -> Sequence[str]:
        """What this person alone can read besides the conversations' messages."""
