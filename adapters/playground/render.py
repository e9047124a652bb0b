"""A message as the page shows it: a list of parts, whose sentences are *runs* of text that are never markup.

What depends on who reads (moments in their zone) is filled in by `for_reader`; the rest is fixed when sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.playground.records import Parts
from bot.domain.commands import MENTION
from bot.domain.messages import (
    Asked,
    Buttons,
    ChoiceField,
    DateField,
    File,
    Form,
    Line,
    Message,
    Moment,
    PeopleField,
    Person,
    Place,
    Quote,
    Say,
    TextField,
    Unknown,
)
from bot.domain.phrasing import Aside, moment_text, phrase, plain

Run = dict[str, str]
Keep = Callable[[str, str, bytes], int]

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Runs:
    """A phrasing `Style` whose values are runs."""

    def __init__(self) -> None:
        self._aside: Aside[Run] = Aside()

    def literal(self, text: str) -> str:
        return self._aside.put({"kind": "text", "text": text})

    def person(self, person: Person) -> str:
        if not person.handle:
            return self._aside.put({"kind": "text", "text": person.name or "somebody"})
        return self._aside.put({"kind": "person", "text": f"@{person.name}", "person": person.handle})

    def unknown(self, somebody: Unknown) -> str:
        return self._aside.put({"kind": "given", "text": f"@{somebody.account}"})

    def place(self, place: Place) -> str:
        return self._aside.put({"kind": "place", "text": f"#{place.name}", "conversation": place.channel})

    def moment(self, moment: Moment) -> str:
        return self._aside.put(
            {
                "kind": "moment",
                "text": moment_text(moment.at, moment.zone),
                "at": moment.at.astimezone(UTC).isoformat(),
            }
        )

    def given(self, text: str) -> str:
        return self._aside.put({"kind": "given", "text": text})

    def code(self, text: str) -> str:
        return self._aside.put({"kind": "code", "text": text})

    def read(self, phrased: str) -> list[Run]:
        """The runs of a phrased sentence, in order; neighbouring plain ones joined."""
        made: list[Run] = []
        for found in self._aside.read(phrased):
            run = {"kind": "text", "text": found} if isinstance(found, str) else found
            if run["kind"] == "text" and made and made[-1]["kind"] == "text":
                made[-1] = {"kind": "text", "text": made[-1]["text"] + run["text"]}
            elif run["text"]:
                made.append(run)
        return made


def runs(say: Say) -> list[Run]:
    """A sentence as runs."""
    style = Runs()
    return style.read(phrase(say, style))


def words(text: str, *, names: Mapping[str, str]) -> list[Run]:
    """What a person wrote, letter for letter; mentions of people who are known are shown by name."""
    made: list[Run] = []
    for i, piece in enumerate(MENTION.split(text)):
        if i % 2 == 0:
            made.append({"kind": "text", "text": piece})
        elif piece in names:
            made.append({"kind": "person", "text": f"@{names[piece]}", "person": piece})
        else:
            made.append({"kind": "text", "text": f"<@{piece}>"})
    return [run for run in made if run["text"]]


def said(text: str, *, names: Mapping[str, str]) -> Parts:
    """A person's own message."""
    return [{"kind": "words", "runs": words(text, names=names)}]


def parts(message: Message, *, names: Mapping[str, str], keep: Keep) -> Parts:
    """The bot's message; `keep` stores a file (name, media type, content) and tells its id."""
    made: Parts = []
    for part in message.parts:
        match part:
            case Say():
                made.append({"kind": "say", "runs": runs(part)})
            case Line():
                if not made or made[-1]["kind"] != "list":
                    made.append({"kind": "list", "items": []})
                made[-1]["items"].append(runs(part.say))
            case Quote():
                by = {"name": part.by.name, "person": part.by.handle} if part.by else None
                made.append(
                    {"kind": "quote", "runs": words(part.words, names=names), "words": part.words, "by": by}
                )
            case Asked():
                made.append({"kind": "asked", "text": part.text})
            case Buttons():
                row = [{"action": b.action, "label": runs(b.label), "style": b.style} for b in part.buttons]
                made.append({"kind": "buttons", "buttons": row})
            case File():
                made.append(
                    {
                        "kind": "picture" if part.media_type in PICTURES else "file",
                        "name": part.name,
                        "file": keep(part.name, part.media_type, part.content),
                        "alt": plain(part.alt),
                    }
                )
    return made


def for_reader(document: Any, zone: str) -> Any:
    """The same document with every moment told in the reader's zone."""
    match document:
        case {"kind": "moment", "at": str(at)}:
            return {**document, "text": moment_text(datetime.fromisoformat(at), zone)}
        case dict():
            return {name: for_reader(value, zone) for name, value in document.items()}
        case list():
            return [for_reader(value, zone) for value in document]
        case _:
            return document


def form(asked: Form) -> dict[str, Any]:
    """A form as the page's dialog."""
    return {
        "action": asked.action,
        "title": plain(asked.title),
        "submit": plain(asked.submit),
        "intro": runs(asked.intro) if asked.intro else [],
        "fields": [_field(f) for f in asked.fields],
    }


def _field(field: TextField | DateField | ChoiceField | PeopleField) -> dict[str, Any]:
    shared: dict[str, Any] = {
        "name": field.name,
        "label": plain(field.label),
        "value": field.value,
        "required": field.required,
    }
    match field:
        case TextField():
            hint = plain(field.hint) if field.hint else ""
            limits = {"long": field.long, "max_length": field.max_length}
            return {**shared, **limits, "kind": "text", "hint": hint}
        case DateField():
            return {**shared, "kind": "date", "hint": plain(field.hint) if field.hint else ""}
        case ChoiceField():
            options = [{"value": o.value, "label": plain(o.label)} for o in field.options]
            return {**shared, "kind": "choice", "options": options}
        case PeopleField():
            return {**shared, "kind": "people", "many": field.many, "value": MENTION.findall(field.value)}
