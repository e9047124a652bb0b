"""The fields of a form as components of a modal, and what was typed into them.

https://docs.discord.com/developers/components/reference#label
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.discord.mentions import from_discord
from adapters.discord.pieces import Json
from adapters.discord.texts import NOTHING, label
from adapters.discord.words import Atom, lines, words, written
from adapters.texts import cut
from bot.domain.commands import MENTION
from bot.domain.messages import ChoiceField, DateField, FormField, PeopleField, Say, TextField
from bot.domain.phrasing import plain

ROW, STRING_SELECT, TEXT_INPUT, USER_SELECT, TEXT_DISPLAY, LABEL = 1, 3, 4, 5, 10, 18
SHORT, LONG = 1, 2  # https://docs.discord.com/developers/components/reference#text-input-text-input-styles

LONGEST_LABEL = 45
LONGEST_DESCRIPTION = LONGEST_PLACEHOLDER = LONGEST_OPTION = 100
LONGEST_INPUT = 4000
LONGEST_DATE = 100
LONGEST_TEXT = (
    1300  # of a text among the fields: three fit, and Discord takes 4000 characters of all together
)
MOST_OPTIONS = MOST_PEOPLE = 25

ID = re.compile(r"[0-9]{1,19}")  # Discord refuses a whole form for what cannot be one

_GOES_ON = "…"


def components(field: FormField, *, custom_id: str) -> list[Json]:
    """The input with its label; above it the whole question, where that is longer than Discord takes.

    A question somewhat too long for a label goes on below it, where a hint would stand.
    """
    question = " ".join(plain(field.label).split())
    hint = field.hint if isinstance(field, TextField | DateField) else None
    said = cut(" ".join(plain(hint).split()), LONGEST_DESCRIPTION) if hint is not None else ""
    above: list[Json] = []
    if len(question) > LONGEST_LABEL:
        short = cut(question, LONGEST_LABEL)
        rest = _GOES_ON + question[len(short) - 1 :].strip()
        if not said and len(rest) <= LONGEST_DESCRIPTION:
            said = rest
        else:
            above = [text(words(plain(field.label), names={}))]
    made: Json = {"type": LABEL, "label": label(question, LONGEST_LABEL)}
    if said:
        made["description"] = said
    made["component"] = {**_input(field), "custom_id": custom_id, "required": field.required}
    return [*above, made]


def text(atoms: Iterator[Atom] | Sequence[Atom]) -> Json:
    """Something to read among the fields; what is too long ends with "…"."""
    kept: list[str] = []
    room = LONGEST_TEXT - len(_GOES_ON)
    for line in lines(atoms):
        begun: list[Atom] = []
        room -= len("\n\\")
        for atom in line:
            room -= len(atom.text)
            if room < 0:
                return _display("\n".join([*kept, written(begun).rstrip() + _GOES_ON]))
            begun.append(atom)
        kept.append(written(begun))
    return _display("\n".join(kept))


def typed_in(component: Mapping[str, Any], *, roles: Mapping[str, str] | None = None) -> str:
    """What was typed into an input, or chosen there, as neutral text; "" where nothing was. `roles`: names by id."""
    match component:
        case {"type": 4, "value": str(value)}:
            return from_discord(value, roles=roles)
        case {"type": 3, "values": [str(value), *_]}:
            return value
        case {"type": 5, "values": list(accounts)}:
            return " ".join(f"<@{account}>" for account in accounts)
        case _:
            return ""


def _display(content: str) -> Json:
    return {"type": TEXT_DISPLAY, "content": content.strip() or NOTHING}


def _input(field: FormField) -> Json:
    match field:
        case TextField():
            most = max(1, min(field.max_length, LONGEST_INPUT))
            return _text_input(field.value, style=LONG if field.long else SHORT, most=most)
        case DateField():
            example = cut(plain(Say("discord.date")), LONGEST_PLACEHOLDER)
            return {**_text_input(field.value, style=SHORT, most=LONGEST_DATE), "placeholder": example}
        case ChoiceField():
            return _menu(field)
        case PeopleField():
            return _people(field)


def _text_input(value: str, *, style: int, most: int) -> Json:
    if style == SHORT:
        value = re.sub(r"\s*[\r\n]+\s*", " ", value)
    return {"type": TEXT_INPUT, "style": style, "max_length": most} | (
        {"value": value[:most]} if value else {}
    )


def _menu(field: ChoiceField) -> Json:
    """https://docs.discord.com/developers/components/reference#string-select"""
    options: dict[str, Json] = {}
    for option in field.options[:MOST_OPTIONS]:
        shown = {"label": label(plain(option.label), LONGEST_OPTION), "value": option.value}
        options.setdefault(option.value, shown | ({"default": True} if option.value == field.value else {}))
    least = 1 if field.required else 0
    return {"type": STRING_SELECT, "options": list(options.values()), "min_values": least, "max_values": 1}


def _people(field: PeopleField) -> Json:
    """https://docs.discord.com/developers/components/reference#user-select"""
    most = MOST_PEOPLE if field.many else 1
    chosen = [each for each in dict.fromkeys(MENTION.findall(field.value)) if ID.fullmatch(each)][:most]
    made: Json = {"type": USER_SELECT, "min_values": 1 if field.required else 0, "max_values": most}
    if chosen:
        made["default_values"] = [{"id": account, "type": "user"} for account in chosen]
    return made
