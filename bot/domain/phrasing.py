"""Turns a `Say` into text: the catalogue's template with its values shown the way a platform shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot import wording
from bot.domain.messages import (
    Code,
    Day,
    Given,
    Message,
    Moment,
    People,
    Person,
    Place,
    Say,
    Span,
    Unknown,
    Value,
)

_NAME = re.compile(r"\{(\w+)\}")
_ASIDE = re.compile("\0([0-9]+)\0")

T = TypeVar("T")


class Style(Protocol):
    """How one platform shows values; each method returns text in the platform's own syntax."""

    def literal(self, text: str) -> str:
        """A template's own words, safe in the platform's syntax."""

    def person(self, person: Person) -> str: ...

    def unknown(self, somebody: Unknown) -> str:
        """Shown like a name that was typed ("@Zoe", or "@" and their id), never as a mention."""

    def place(self, place: Place) -> str: ...

    def moment(self, moment: Moment) -> str: ...

    def given(self, text: str) -> str:
        """Words somebody typed: shown letter for letter, never as markup or a mention."""

    def code(self, text: str) -> str: ...


class Plain:
    """No markup at all: for notifications, terminals and logs."""

    def literal(self, text: str) -> str:
        return text

    def person(self, person: Person) -> str:
        return person.name or "somebody"

    def unknown(self, somebody: Unknown) -> str:
        return f"@{somebody.account}"

    def place(self, place: Place) -> str:
        return f"#{place.name}"

    def moment(self, moment: Moment) -> str:
        return moment_text(moment.at, moment.zone)

    def given(self, text: str) -> str:
        return text

    def code(self, text: str) -> str:
        return text


class Aside(Generic[T]):
    """What a `Style` sets aside while a sentence is phrased, leaving its number, so that no text can pose as another.

    For platforms that show a sentence as a list of things rather than as one text.
    """

    def __init__(self) -> None:
        self._kept: list[T] = []

    def put(self, thing: T) -> str:
        """What stands for it in the phrased sentence."""
        self._kept.append(thing)
        return f"\0{len(self._kept) - 1}\0"

    def read(self, phrased: str) -> Iterator[T | str]:
        """The things of a phrased sentence in order, and the text between them."""
        for i, piece in enumerate(_ASIDE.split(phrased)):
            if i % 2:
                yield self._kept[int(piece)]
            elif piece:
                yield piece


def phrase(say: Say, style: Style, *, language: str = "en") -> str:
    """The sentence as text; KeyError if the catalogue lacks it or it lacks a value."""
    count = say.values.get("count")
    template = wording.template(say.key, count=count if isinstance(count, int) else None, language=language)
    pieces = _NAME.split(template)
    return "".join(
        show(say.values[piece], style, language=language) if i % 2 else style.literal(piece)
        for i, piece in enumerate(pieces)
        if piece
    )


def show(value: Value | Say, style: Style, *, language: str = "en") -> str:
    """One value as text."""
    match value:
        case Say():
            return phrase(value, style, language=language)
        case Person():
            return style.person(value)
        case People():
            return list_text([style.person(p) for p in value.people], language=language)
        case Unknown():
            return style.unknown(value)
        case Place():
            return style.place(value)
        case Moment():
            return style.moment(value)
        case Day():
            return day_text(value.on, language=language)
        case Span():
            return span_text(value.seconds, language=language)
        case Given():
            return style.given(value.text)
        case Code():
            return style.code(value.text)
        case int():
            return str(value)


def plain(say: Say, *, language: str = "en") -> str:
    """The sentence without markup."""
    return phrase(say, Plain(), language=language)


def plain_message(message: Message) -> str:
    """A whole message without markup, a part a line: what `plan` prints and a notification says."""
    from bot.domain.messages import Asked, Buttons, File, Line, Quote

    lines: list[str] = []
    for part in message.parts:
        match part:
            case Say():
                lines.append(plain(part))
            case Line():
                lines.append(f"• {plain(part.say)}")
            case Quote():
                lines.append(f"{part.by.name}: {part.words}" if part.by else part.words)
            case Asked():
                lines.append(part.text)
            case Buttons():
                lines.append(" ".join(f"[{plain(b.label)}]" for b in part.buttons))
            case File():
                lines.append(f"({part.name}: {plain(part.alt)})")
    return "\n".join(lines)


def list_text(items: Sequence[str], *, language: str = "en") -> str:
    """Items as a list in words ("Ana, Ben and Chloe")."""
    if len(items) < 2:
        return "".join(items)
    if language == "en":
        return f"{', '.join(items[:-1])} and {items[-1]}"
    from babel.lists import format_list

    return str(format_list(list(items), locale=language))


def day_text(day: date, *, language: str = "en") -> str:
    """A day with its weekday ("Monday, 30 November"); the reader knows the year."""
    if language == "en":
        return f"{day:%A}, {day.day} {day:%B}"
    from babel.dates import format_skeleton

    return str(format_skeleton("MMMMEEEEd", day, locale=language))


def moment_text(at: datetime, zone: str, *, language: str = "en") -> str:
    """An instant in a zone, and the zone's short name ("Monday, 30 November at 10:00 CET")."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day_text(local.date(), language=language)} at {local:%H:%M %Z}"


def span_text(seconds: int, *, language: str = "en") -> str:
    """A length of time in its largest whole unit ("3 days")."""
    for unit, size in (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % size == 0 and seconds >= size:
            count = seconds // size
            return wording.template(f"span.{unit}", count=count, language=language).format(count=count)
    return wording.template("span.second", count=seconds, language=language).format(count=seconds)
