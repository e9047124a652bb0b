"""How a person fills in a modal: what they typed becomes the state that Slack hands over.

https://docs.slack.dev/reference/views#handling_view_state
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.fakes.slack.records import Json, View

_MENTION = re.compile(r"<@([A-Z0-9]+)>")


class CannotSubmit(Exception):
    """Slack's own dialog does not let one submit this: something needed is missing, or is too long."""


def state(view: View, typed: Mapping[str, str]) -> Json:
    """The values of all inputs, by block and action; what is not in `typed` stays as the app prefilled it.

    People are typed as `<@U1> <@U2>`, an option by its value, a day as YYYY-MM-DD, "" to leave it empty.
    """
    inputs = {block["block_id"]: block for block in view.inputs()}
    if unknown := typed.keys() - inputs.keys():
        raise CannotSubmit(f"there is no field {sorted(unknown)}; there are {sorted(inputs)}")
    values: Json = {}
    for name, block in inputs.items():
        element = block["element"]
        words = typed.get(name)
        value = _prefilled(element) if words is None else _value(element, words)
        if not block.get("optional") and next(iter(value.values())) in (None, "", []):
            raise CannotSubmit(f"{name} has to be filled in")
        values[name] = {element["action_id"]: {"type": element["type"], **value}}
    return values


def _prefilled(element: Json) -> Json:
    match element["type"]:
        case "datepicker":
            return {"selected_date": element.get("initial_date")}
        case "timepicker":
            return {"selected_time": element.get("initial_time")}
        case "static_select" | "radio_buttons":
            return {"selected_option": element.get("initial_option")}
        case "checkboxes":
            return {"selected_options": element.get("initial_options", [])}
        case "users_select":
            return {"selected_user": element.get("initial_user")}
        case "multi_users_select":
            return {"selected_users": element.get("initial_users", [])}
    return {"value": element.get("initial_value") or None}


def _value(element: Json, words: str) -> Json:
    match element["type"]:
        case "datepicker":
            if words and not re.fullmatch(r"\d{4}-\d\d-\d\d", words):
                raise CannotSubmit(f"a day is picked in a calendar, it cannot be {words!r}")
            return {"selected_date": words or None}
        case "timepicker":
            return {"selected_time": words or None}
        case "static_select" | "radio_buttons":
            return {"selected_option": _option(element, words) if words else None}
        case "checkboxes":
            return {"selected_options": [_option(element, word) for word in words.split()]}
        case "users_select":
            people = _MENTION.findall(words)
            return {"selected_user": people[0] if people else None}
        case "multi_users_select":
            people = list(dict.fromkeys(_MENTION.findall(words)))
            if len(people) > element.get("max_selected_items", 100):
                raise CannotSubmit("so many people cannot be picked")
            return {"selected_users": people}
    if len(words) > element.get("max_length", 3000):
        raise CannotSubmit(f"no more than {element.get('max_length', 3000)} characters can be typed")
    if words and len(words) < element.get("min_length", 0):
        raise CannotSubmit("that is too short")
    return {"value": words or None}


def _option(element: Json, value: str) -> Json:
    for option in element["options"]:
        if option["value"] == value:
            found: Json = option
            return found
    raise CannotSubmit(f"there is no option {value!r}")
