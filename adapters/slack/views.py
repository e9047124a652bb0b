"""Forms, replies to forms, and the home page as Slack's views.

https://docs.slack.dev/reference/views
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.fields import field_blocks, value_of, with_value
from adapters.slack.render import blocks
from adapters.slack.sentences import told
from adapters.slack.texts import plain_text
from bot.domain.messages import Form, Message, Say
from bot.domain.phrasing import plain

View = dict[str, Any]

FORM = "form"  # the callback id of every form
MOST_BLOCKS = 100  # of a view
LONGEST_TITLE = 24  # of a view, and of its buttons
LONGEST_ERROR = 2000
WRONG = "wrong:"  # begins the id of a block that says what is wrong with the field above it


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form, by field name; "" where nothing was."""

    action: str
    channel: str | None
    values: Mapping[str, str]


def modal(form: Form, *, channel: str | None = None, prefix: str = "") -> View:
    """The form; `channel` is where its answer belongs. A title that is too long stands in full at the top."""
    title = plain(form.title)
    above: list[Say] = [form.title] if len(title) > LONGEST_TITLE else []
    if form.intro is not None:
        above.append(form.intro)
    carried = {"action": form.action} | ({"channel": channel} if channel else {})
    fields = [block for field in form.fields for block in field_blocks(field)]
    room = max(1, MOST_BLOCKS - 2 * len(fields))  # each field may get a sentence on what is wrong
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": json.dumps(carried),
        "title": plain_text(title, LONGEST_TITLE),
        "submit": plain_text(plain(form.submit), LONGEST_TITLE),
        "blocks": [*blocks(Message(tuple(above)), most=room, prefix=prefix), *fields],
    }


def typed(view: Mapping[str, Any]) -> Typed:
    """What a form that was sent holds: every field it has, typed letter for letter.

    https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
    """
    carried = json.loads(view.get("private_metadata") or "{}")
    states = (view.get("state") or {}).get("values") or {}
    names = dict.fromkeys([*_inputs(view), *states])
    values = {name: next(map(value_of, (states.get(name) or {}).values()), "") for name in names}
    return Typed(str(carried.get("action", "")), carried.get("channel"), values)


def errors(
    wrong: Mapping[str, Say], view: Mapping[str, Any], *, names: Mapping[str, str] = {}, prefix: str = ""
) -> dict[str, str]:
    """What is wrong, by the id of the input where it is shown; what is about no field is shown at the first.

    https://docs.slack.dev/surfaces/modals#displaying_errors
    """
    inputs = _inputs(view)
    said: dict[str, list[str]] = {}
    for name, sentence in wrong.items():
        if inputs:
            said.setdefault(name if name in inputs else inputs[0], []).append(
                told(sentence, names=names, prefix=prefix)
            )
    return {name: plain_text(" ".join(texts), LONGEST_ERROR)["text"] for name, texts in said.items()}


def refused(view: Mapping[str, Any], values: Mapping[str, str], said: Mapping[str, str]) -> View:
    """The form once more, with what was typed, and below each field what is wrong with it (see `errors`)."""
    shown: list[View] = []
    for block in view["blocks"]:
        name = str(block.get("block_id", ""))
        if name.startswith(WRONG):
            continue
        is_input = block["type"] == "input"
        shown.append(with_value(block, values.get(name, "")) if is_input else dict(block))
        if is_input and name in said:
            note = plain_text(said[name], LONGEST_ERROR)
            shown.append({"type": "context", "block_id": WRONG + name, "elements": [note]})
    return {**_shell(view), "submit": view["submit"], "blocks": shown}


def waiting(view: Mapping[str, Any]) -> View:
    """The form while what was typed is being handled for longer than Slack waits."""
    return {**_shell(view), "close": _close(), "blocks": blocks(Message((Say("slack.working"),)), most=1)}


def result(message: Message, *, names: Mapping[str, str] = {}, prefix: str = "") -> View:
    """What became of a form, in the place of the form; with its buttons, and nothing to send."""
    shown = blocks(message, most=MOST_BLOCKS, names=names, prefix=prefix)
    return {
        "type": "modal",
        "callback_id": "result",
        "title": plain_text(plain(Say("slack.bot")), LONGEST_TITLE),
        "close": _close(),
        "blocks": shown or blocks(Message((Say("slack.done"),)), most=1),
    }


def home(
    page: Message, *, notice: Message | None = None, names: Mapping[str, str] = {}, prefix: str = ""
) -> View:
    """Somebody's own page; a `notice` stands above it. https://docs.slack.dev/surfaces/app-home"""
    above: list[View] = []
    if notice is not None and (said := blocks(notice, most=MOST_BLOCKS // 4, names=names, prefix=prefix)):
        above = [*said, {"type": "divider"}]
    shown = [*above, *blocks(page, most=MOST_BLOCKS - len(above), names=names, prefix=prefix)]
    return {"type": "home", "blocks": shown or blocks(Message((Say("slack.bot"),)), most=1)}


def _inputs(view: Mapping[str, Any]) -> list[str]:
    """The names of a form's fields."""
    return [str(block["block_id"]) for block in view.get("blocks") or () if block.get("type") == "input"]


def _shell(view: Mapping[str, Any]) -> View:
    """What a form keeps whatever stands in it."""
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": view.get("private_metadata") or "",
        "title": view["title"],
    }


def _close() -> View:
    return plain_text(plain(Say("slack.close")), LONGEST_TITLE)
