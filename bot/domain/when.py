"""The words in which a config says when: `every` (an interval) and `on` (its days)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self

from bot.domain.commands import nearest

Unit = Literal["day", "week", "month"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
UNITS: tuple[Unit, ...] = ("day", "week", "month")
MOST = 366  # units between two occurrences: more is a slip of the keyboard

_EVERY = 'Expected "day", "week", "month" or a number of them, such as "2 weeks".'
_ON = (
    'Expected a weekday, a list of weekdays, "first monday" (also second, third, fourth, last), '
    "or a day of the month from 1 to 31."
)


@dataclass(frozen=True, slots=True)
class Every:
    """How often: every `count` days, weeks or months."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "week" or "2 weeks"; ValueError with a sentence otherwise."""
        *number, word = text.lower().split() or [""]
        unit = next((u for u in UNITS if word in (u, u + "s")), None)
        if unit is None:
            raise ValueError(f"{text!r} is not an interval.{meant(word, UNITS)} {_EVERY}")
        if not number:
            return cls(1, unit)
        if len(number) > 1 or not number[0].isdecimal() or not 1 <= int(number[0]) <= MOST:
            raise ValueError(f"{text!r} is not an interval: the number is 1 to {MOST}. {_EVERY}")
        return cls(int(number[0]), unit)


@dataclass(frozen=True, slots=True)
class On:
    """On which days: some weekdays (0 is Monday), the n-th such weekday of a month, or a day of the month.

    `nth` is 1 to 4, or -1 for the last, and goes with one weekday; `day` is 1 to 31 and stands alone. In a
    month too short for it, the last day is meant.
    """

    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, value: str | int | list[str]) -> Self:
        """Read `on` of the config; ValueError with a sentence otherwise."""
        match value:
            case bool():
                raise ValueError(f"{value!r} is not a day. {_ON}")
            case int() if 1 <= value <= 31:
                return cls(day=value)
            case int():
                raise ValueError(f"No month has a day {value}. {_ON}")
            case str():
                return cls._word(value)
            case []:
                raise ValueError(f"The list of weekdays is empty. {_ON}")
            case _:
                return cls(weekdays=tuple(sorted({_weekday(word) for word in value})))

    @classmethod
    def _word(cls, text: str) -> Self:
        match text.lower().split():
            case [word] if word.isdecimal():
                return cls.parse(int(word))
            case [word]:
                return cls(weekdays=(_weekday(word),))
            case [ordinal, word] if ordinal in ORDINALS:
                return cls(weekdays=(_weekday(word),), nth=ORDINALS[ordinal])
            case [ordinal, word]:
                raise ValueError(f"{ordinal!r} is not known here.{meant(ordinal, ORDINALS)} {_ON}")
            case _:
                raise ValueError(f"{text!r} is not a day. {_ON}")


def _weekday(word: str) -> int:
    name = str(word).strip().lower()
    for number, full in enumerate(WEEKDAYS):
        if name in (full, full[:3]):
            return number
    raise ValueError(f"{word!r} is not a weekday.{meant(name, WEEKDAYS)} {_ON}")


def meant(word: str, known: Iterable[str]) -> str:
    """A sentence with the nearest spelling, after a space; "" if none is near."""
    near = nearest(word, known)
    return f" Did you mean {near!r}?" if near else ""
