"""Refuses buttons, menus and inputs that Slack would refuse.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from tests.fakes.slack.checking_parts import (
    Check,
    Problems,
    confirm,
    items,
    known,
    member,
    number,
    option,
    optional,
    plain,
    required,
    string,
)
from tests.fakes.slack.records import Json

_PLAIN = ("plain_text",)
_EITHER = ("plain_text", "mrkdwn")


def element(allowed: Collection[str]) -> Check:
    """An element of one of these types."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, dict) or value.get("type") not in ELEMENTS.keys() & {*allowed}:
            kind = value.get("type") if isinstance(value, dict) else value
            yield f"[ERROR] unsupported type: {kind} [json-pointer:{at}]"
            return
        yield from string(value, "action_id", most=255, at=at)
        yield from optional(value, "confirm", confirm, at)
        yield from member(value, "focus_on_load", {True, False}, at)
        yield from ELEMENTS[value["type"]](value, at)

    return check


def _own(value: Json, names: Collection[str], at: str) -> Problems:
    yield from known(value, {"action_id", "confirm", "focus_on_load", *names}, at)


def _button(value: Json, at: str) -> Problems:
    yield from _own(value, {"text", "url", "value", "style", "accessibility_label"}, at)
    yield from required(value, "text", plain(75), at)
    yield from string(value, "url", most=3000, at=at)
    yield from string(value, "value", most=2000, at=at)
    yield from string(value, "accessibility_label", most=75, at=at)
    yield from member(value, "style", {"primary", "danger"}, at)


def _static_select(value: Json, at: str) -> Problems:
    yield from _own(value, {"placeholder", "options", "initial_option"}, at)
    yield from optional(value, "placeholder", plain(150), at)
    yield from items(value, "options", option(_PLAIN), least=1, most=100, at=at)
    yield from _initial(value, "initial_option", at)


def _radio_buttons(value: Json, at: str) -> Problems:
    yield from _own(value, {"options", "initial_option"}, at)
    yield from items(value, "options", option(_EITHER), least=1, most=10, at=at)
    yield from _initial(value, "initial_option", at)


def _checkboxes(value: Json, at: str) -> Problems:
    yield from _own(value, {"options", "initial_options"}, at)
    yield from items(value, "options", option(_EITHER), least=1, most=10, at=at)
    for chosen in value.get("initial_options", []):
        if chosen not in value.get("options", []):
            yield f"[ERROR] must be one of the options [json-pointer:{at}/initial_options]"


def _overflow(value: Json, at: str) -> Problems:
    yield from _own(value, {"options"}, at)
    yield from items(value, "options", option(_PLAIN), least=1, most=5, at=at)


def _users_select(value: Json, at: str) -> Problems:
    yield from _own(value, {"placeholder", "initial_user"}, at)
    yield from optional(value, "placeholder", plain(150), at)
    yield from string(value, "initial_user", least=1, at=at)


def _multi_users_select(value: Json, at: str) -> Problems:
    yield from _own(value, {"placeholder", "initial_users", "max_selected_items"}, at)
    yield from optional(value, "placeholder", plain(150), at)
    yield from number(value, "max_selected_items", least=1, most=100, at=at)
    if "initial_users" in value:
        yield from items(value, "initial_users", _id, at=at, most=value.get("max_selected_items"))


def _datepicker(value: Json, at: str) -> Problems:
    yield from _own(value, {"placeholder", "initial_date"}, at)
    yield from optional(value, "placeholder", plain(150), at)
    yield from _pattern(value, "initial_date", r"\d{4}-\d\d-\d\d", at)


def _timepicker(value: Json, at: str) -> Problems:
    yield from _own(value, {"placeholder", "initial_time", "timezone"}, at)
    yield from optional(value, "placeholder", plain(150), at)
    yield from _pattern(value, "initial_time", r"\d\d:\d\d", at)


def _text_input(value: Json, at: str) -> Problems:
    names = {
        "placeholder",
        "initial_value",
        "multiline",
        "min_length",
        "max_length",
        "dispatch_action_config",
    }
    yield from _own(value, names, at)
    yield from optional(value, "placeholder", plain(150), at)
    yield from member(value, "multiline", {True, False}, at)
    yield from number(value, "min_length", least=0, most=3000, at=at)
    yield from number(value, "max_length", least=1, most=3000, at=at)
    longest = value.get("max_length", 3000)
    yield from string(value, "initial_value", most=longest if isinstance(longest, int) else 3000, at=at)


def _short_input(value: Json, at: str) -> Problems:
    yield from _own(
        value, {"placeholder", "initial_value", "is_decimal_allowed", "min_value", "max_value"}, at
    )
    yield from optional(value, "placeholder", plain(150), at)
    yield from string(value, "initial_value", at=at)


def _image(value: Json, at: str) -> Problems:
    yield from known(value, {"image_url", "slack_file", "alt_text"}, at)
    yield from string(value, "image_url", most=3000, at=at)
    yield from string(value, "alt_text", least=1, most=2000, at=at, needed=True)


ELEMENTS: Mapping[str, Callable[[Json, str], Problems]] = {
    "button": _button,
    "static_select": _static_select,
    "radio_buttons": _radio_buttons,
    "checkboxes": _checkboxes,
    "overflow": _overflow,
    "users_select": _users_select,
    "multi_users_select": _multi_users_select,
    "datepicker": _datepicker,
    "timepicker": _timepicker,
    "plain_text_input": _text_input,
    "email_text_input": _short_input,
    "url_text_input": _short_input,
    "number_input": _short_input,
    "image": _image,
}
INPUTS = {*ELEMENTS} - {"button", "overflow", "image"}


def _initial(value: Json, name: str, at: str) -> Problems:
    if name in value and value[name] not in value.get("options", []):
        yield f"[ERROR] must be one of the options [json-pointer:{at}/{name}]"


def _id(value: Any, at: str) -> Problems:
    if not isinstance(value, str) or not value:
        yield f"[ERROR] must be an id [json-pointer:{at}]"


def _pattern(value: Json, name: str, pattern: str, at: str) -> Problems:
    if name in value and not (isinstance(value[name], str) and re.fullmatch(pattern, value[name])):
        yield f"[ERROR] must match {pattern} [json-pointer:{at}/{name}]"
