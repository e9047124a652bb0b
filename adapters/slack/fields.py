"""The fields of a form as Slack's inputs, and what was typed into them.

https://docs.slack.dev/reference/block-kit/blocks/input-block
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from adapters.slack.texts import plain_text
from adapters.slack.words import words
from adapters.texts import cut
from bot.domain.commands import MENTION
from bot.domain.messages import ChoiceField, DateField, FormField, PeopleField, Say, TextField
from bot.domain.phrasing import plain

Json = dict[str, Any]

TYPED = "typed"  # the action id of every input
LONGEST_LABEL = LONGEST_HINT = 2000
LONGEST_INPUT = 3000  # https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
LONGEST_OPTION = 75  # https://docs.slack.dev/reference/block-kit/composition-objects/option-object
AT_A_GLANCE = 5  # options that stand below each other rather than in a menu
LONGEST_QUESTION = 6000  # characters that are shown of one
SHORT_LABEL = 150  # characters that stand for a question too long to be a label


def field_blocks(field: FormField) -> Iterator[Json]:
    """The input of a field; above it its whole label, where that is longer than Slack takes."""
    label = plain(field.label)
    if len(label) > LONGEST_LABEL:
        section = {"type": "rich_text_section", "elements": words(cut(label, LONGEST_QUESTION), names={})}
        yield {"type": "rich_text", "elements": [section]}
        label = cut(label, SHORT_LABEL)
    element, hint = _element(field)
    block: Json = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(label, LONGEST_LABEL),
        "element": {**element, "action_id": TYPED},
        "optional": not field.required,
    }
    if hint is not None and (shown := plain(hint)).strip():
        block["hint"] = plain_text(shown, LONGEST_HINT)
    yield with_value(block, field.value)


def _element(field: FormField) -> tuple[Json, Say | None]:
    """The empty element of a field, and what is said below it."""
    match field:
        case TextField():
            most = max(1, min(field.max_length, LONGEST_INPUT))
            return {"type": "plain_text_input", "multiline": field.long, "max_length": most}, field.hint
        case DateField():
            return {"type": "datepicker"}, field.hint
        case PeopleField():
            return {"type": "multi_users_select" if field.many else "users_select"}, None
        case ChoiceField():
            options = {
                option.value: {
                    "text": plain_text(plain(option.label), LONGEST_OPTION),
                    "value": option.value,
                }
                for option in field.options
            }
            glance = field.required and len(options) <= AT_A_GLANCE  # what is chosen there stays chosen
            kind = "radio_buttons" if glance else "static_select"
            return {"type": kind, "options": list(options.values())}, None


def with_value(block: Json, value: str) -> Json:
    """The input with this value in it, as far as it can hold it; "" empties it."""
    kept = {name: given for name, given in block["element"].items() if not name.startswith("initial_")}
    return {**block, "element": {**kept, **_initial(kept, value)}}


def _initial(element: Mapping[str, Any], value: str) -> Json:
    if not value:
        return {}
    match element["type"]:
        case "plain_text_input":
            return {"initial_value": value[: element.get("max_length", LONGEST_INPUT)]}
        case "datepicker":
            return {"initial_date": value} if _is_day(value) else {}
        case "users_select":
            people = MENTION.findall(value)
            return {"initial_user": people[0]} if people else {}
        case "multi_users_select":
            people = list(dict.fromkeys(MENTION.findall(value)))
            return {"initial_users": people} if people else {}
        case _:
            chosen = [option for option in element["options"] if option["value"] == value]
            return {"initial_option": chosen[0]} if chosen else {}


def value_of(state: Mapping[str, Any]) -> str:
    """What stands in an input, as neutral text; "" where nothing does."""
    match state:
        case {"type": "plain_text_input", "value": str(text)}:
            return text
        case {"type": "datepicker", "selected_date": str(day)}:
            return day
        case {"type": "users_select", "selected_user": str(account)}:
            return f"<@{account}>"
        case {"type": "multi_users_select", "selected_users": list(accounts)}:
            return " ".join(f"<@{account}>" for account in accounts)
        case {"selected_option": {"value": str(value)}}:
            return value
        case _:
            return ""


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
