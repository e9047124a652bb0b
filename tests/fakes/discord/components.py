"""What Discord takes as the components of a message or of a modal.

https://docs.discord.com/developers/components/reference
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.fakes.discord.records import Json
from tests.fakes.discord.refusals import Problems

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT = 1, 2, 3, 4, 5
TEXT_DISPLAY, LABEL, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 10, 18, 21, 22, 23
SELECTS = (3, 5, 6, 7, 8)
_ONLY_V2 = (9, 10, 11, 12, 13, 14, 17)
_IN_LABELS = (*SELECTS, TEXT_INPUT, 19, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)


def check_components(problems: Problems, components: list[Json], *, v2: bool = False) -> None:
    """Those of a message: rows of five buttons or one select; with `v2` texts, containers and the like too."""
    if len(components) > (40 if v2 else 5):
        problems.add("components", "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
    for where, component in _each("components", components):
        kind = component.get("type")
        if kind == ROW:
            _check_row(problems, where, component)
        elif kind == BUTTON:
            _check_button(problems, where, component)
        elif kind in SELECTS:
            _check_select(problems, where, component)
        elif kind not in _ONLY_V2 or not v2:
            _bad_kind(problems, where, kind)
    top = [c for c in components if c.get("type") not in (ROW, *_ONLY_V2)]
    if top:
        _bad_kind(problems, "components", top[0].get("type"))
    _check_unique(problems, components)
    _check_texts(problems, components)


def check_modal(said: Json) -> None:
    """https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal"""
    problems = Problems()
    components = said.get("components") or []
    problems.length("data.title", said.get("title") or "", 45, least=1)
    problems.length("data.custom_id", said.get("custom_id") or "", 100, least=1)
    if not 1 <= len(components) <= 5:
        problems.add("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for number, component in enumerate(components):
        where = f"data.components.{number}"
        match component.get("type"):
            case 1:
                for place, inner in enumerate(component.get("components", ())):
                    if inner.get("type") != TEXT_INPUT:
                        _bad_kind(problems, f"{where}.components.{place}", inner.get("type"))
                    problems.length(
                        f"{where}.components.{place}.label", inner.get("label") or "", 45, least=1
                    )
                    _check_input(problems, f"{where}.components.{place}", inner)
            case 10:
                problems.length(f"{where}.content", component.get("content") or "", 2000, least=1)
            case 18:
                problems.length(f"{where}.label", component.get("label") or "", 45, least=1)
                problems.length(f"{where}.description", component.get("description"), 100)
                _check_input(problems, f"{where}.component", component.get("component") or {})
            case other:
                _bad_kind(problems, where, other)
    _check_unique(problems, components)
    problems.complain()


def _check_input(problems: Problems, where: str, field: Json) -> None:
    kind = field.get("type")
    if kind not in _IN_LABELS:
        _bad_kind(problems, where, kind)
    elif kind in SELECTS:
        _check_select(problems, where, field)
        least, most = field.get("min_values", 1), field.get("max_values", 1)
        if field.get("required", True) and least == 0 and most > 0:
            problems.add(
                f"{where}.min_values", "NUMBER_TYPE_MIN", "A required select asks for at least one value."
            )
    elif kind == TEXT_INPUT:
        problems.length(f"{where}.value", field.get("value"), min(4000, field.get("max_length") or 4000))
        problems.length(f"{where}.placeholder", field.get("placeholder"), 100)
        if field.get("style") not in (1, 2):
            problems.required(f"{where}.style")
    problems.length(f"{where}.custom_id", field.get("custom_id") or "", 100, least=1)


def _check_row(problems: Problems, where: str, row: Json) -> None:
    inner = row.get("components") or []
    selects = [c for c in inner if c.get("type") in SELECTS]
    if not 1 <= len(inner) <= 5 or (selects and len(inner) > 1):
        problems.add(f"{where}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for place, component in enumerate(inner):
        if component.get("type") not in (BUTTON, *SELECTS):
            _bad_kind(problems, f"{where}.components.{place}", component.get("type"))


def _check_button(problems: Problems, where: str, button: Json) -> None:
    problems.length(f"{where}.label", button.get("label"), 80)
    if not button.get("label") and not button.get("emoji"):
        problems.add(where, "BUTTON_COMPONENT_INVALID_LABEL", "A button must have a label or emoji.")
    if button.get("style") == 5:
        if not button.get("url"):
            problems.add(where, "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
    elif button.get("style") in (1, 2, 3, 4):
        problems.length(f"{where}.custom_id", button.get("custom_id") or "", 100, least=1)
    else:
        problems.required(f"{where}.style")


def _check_select(problems: Problems, where: str, select: Json) -> None:
    problems.length(f"{where}.placeholder", select.get("placeholder"), 150)
    problems.length(f"{where}.custom_id", select.get("custom_id") or "", 100, least=1)
    if select.get("type") != STRING_SELECT:
        return
    options = select.get("options") or []
    if not 1 <= len(options) <= 25:
        problems.add(f"{where}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
    values = [o.get("value") for o in options]
    for place, option in enumerate(options):
        problems.length(f"{where}.options.{place}.label", option.get("label") or "", 100, least=1)
        problems.length(f"{where}.options.{place}.value", option.get("value") or "", 100, least=1)
        problems.length(f"{where}.options.{place}.description", option.get("description"), 100)
        if values.index(option.get("value")) != place:
            problems.add(
                f"{where}.options.{place}.value",
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )


def _check_unique(problems: Problems, components: list[Json]) -> None:
    seen: set[str] = set()
    for where, component in _each("components", components):
        if custom_id := component.get("custom_id"):
            if custom_id in seen:
                problems.add(
                    f"{where}.custom_id",
                    "COMPONENT_CUSTOM_ID_DUPLICATED",
                    "Component custom id cannot be duplicated",
                )
            seen.add(custom_id)


def _check_texts(problems: Problems, components: list[Json]) -> None:
    found = list(_each("components", components))
    if sum(len(c.get("content") or "") for _, c in found if c.get("type") == TEXT_DISPLAY) > 4000:
        problems.add(
            "components",
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            "Total displayable text size exceeds maximum of 4000",
        )
    if len(found) > 40:
        problems.add("components", "BASE_TYPE_MAX_LENGTH", "Must be 40 or fewer in length.")


def _bad_kind(problems: Problems, where: str, kind: Any) -> None:
    problems.add(f"{where}.type", "BASE_TYPE_CHOICES", f"A component of type {kind} cannot stand here.")


def _each(where: str, components: Iterable[Json]) -> Iterable[tuple[str, Json]]:
    """All components with where they stand, however deep."""
    for number, component in enumerate(components):
        yield f"{where}.{number}", component
        yield from _each(f"{where}.{number}.components", component.get("components") or ())
        for name in ("accessory", "component"):
            if component.get(name):
                yield f"{where}.{number}.{name}", component[name]
