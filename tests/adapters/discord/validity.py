"""Whether Discord would take what is rendered for it: by the limits it documents, and by its published schemas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from adapters.discord import forms, render
from bot.domain.messages import Form, Message
from tests.fakes.discord.checking import request_problems
from tests.fakes.discord.components import check_modal
from tests.fakes.discord.contents import check_message as check_content
from tests.fakes.discord.markdown import as_seen
from tests.fakes.discord.records import Json
from tests.fakes.platform import FakePlatform

_CALLED = re.compile(r"<@!?(\d+)>")
_MARKS = 10  # characters at most that a line takes besides its words


def as_read(content: str) -> str:
    """A message's words as they are read; people and channels by their ids."""
    return as_seen(content, name_of=str)


def as_read_together(contents: Sequence[str]) -> str:
    """The words of a message that needed several of Discord's: a torn line is whole again."""
    text, before = "", ""
    for content in contents:
        if before:
            text += _between(before, content)
        text, before = text + as_read(content), content
    return text


def body(payload: render.Payload) -> Json:
    """The message as it is sent."""
    return {
        "content": payload.content,
        "components": payload.components,
        "allowed_mentions": {"parse": [], "users": list(payload.pings)},
    }


def check_valid(payload: render.Payload) -> None:
    """Fails, saying why, if Discord would refuse a message, or call somebody else than is meant."""
    _taken(payload)
    assert request_problems("POST", "/channels/{channel_id}/messages", {}, body(payload)) == []


def check_form(form: Form) -> None:
    """Fails, saying why, if Discord would refuse a modal of a form."""
    _can_be_opened(form)
    for modal in forms.modals(form):
        response = {"type": 9, "data": modal}
        path = "/interactions/{interaction_id}/{interaction_token}/callback"
        assert request_problems("POST", path, {}, response) == []


def check_message(message: Message, *, names: Mapping[str, str] | None = None) -> None:
    """Fails if Discord would refuse what a neutral message becomes."""
    for payload in render.payloads(message, names=names or {}):
        check_valid(payload)


def check_all(seen: FakePlatform) -> None:
    """Fails if Discord would have refused anything that a journey sent, changed, answered or asked on a platform.

    Journeys say much the same, so each message is looked at once; the schemas are left to the tests of rendering.
    """
    names = {person.id: person.name for person in seen.people}
    for _, message in [*seen.versions, *seen.replies]:
        if (known := hash(repr(message))) not in _looked_at:
            for payload in render.payloads(message, names=names):
                _taken(payload)
            _looked_at.add(known)
    for _, form in seen.forms:
        if (known := hash(repr(form))) not in _looked_at:
            _can_be_opened(form)
            _looked_at.add(known)


_looked_at: set[int] = set()


def _taken(payload: render.Payload) -> None:
    assert payload.content or payload.components, "an empty message"
    assert payload.content == payload.content.strip(), "Discord takes this space away"
    assert set(payload.pings) <= set(_CALLED.findall(payload.content)), "it names fewer than it calls"
    assert len(payload.pings) <= 100
    ids = [button["custom_id"] for row in payload.components for button in row["components"]]
    assert len(ids) == len(set(ids)), "two buttons with one meaning"
    check_content(body(payload))


def _can_be_opened(form: Form) -> None:
    made = forms.modals(form)
    assert made, "a form without a modal"
    for modal in made:
        check_modal(modal)
        texts = [each["content"] for each in modal["components"] if each["type"] == 10]
        assert sum(map(len, texts)) <= 4000


def _between(before: str, after: str) -> str:
    """What stood where one message ended and the next begins: a space, an end of line, or nothing within a word."""
    begins = re.sub(r"^(?:> |- |-# |  |\*\*)", "", after).split(" ", 1)[0].split("\n", 1)[0]
    if len(before) + 1 + len(begins) + _MARKS <= render.LONGEST:
        return "\n"
    ended = before.rsplit("\n", 1)[-1].rsplit(" ", 1)[-1]
    return "" if len(ended) + len(begins) + _MARKS > render.LONGEST else " "
