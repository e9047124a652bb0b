"""Reading a length of time as a config or a person writes it: "3 days"."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.commands import nearest

UNITS: dict[str, timedelta] = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
LONGEST = timedelta(days=3660)  # ten years: anything longer is a slip of the keyboard

_SPAN = re.compile(r"(?:(\d{1,7})\s*)?([a-z]+)")


def parse_span(text: str) -> timedelta:
    """A length of time: a whole number (left out: one) of minutes, hours, days or weeks.

    A day is 24 hours. ValueError with a sentence for the reader when the text is anything else.
    """
    matched = _SPAN.fullmatch(text.strip().lower())
    if matched is None:
        raise ValueError(f"{text!r} is not a length of time. {_EXPECTED}")
    count, unit = matched.groups()
    size = UNITS.get(unit) or UNITS.get(unit.removesuffix("s"))
    if size is None:
        known = nearest(unit, [name + "s" for name in UNITS])
        meant = f" Did you mean {known!r}?" if known else ""
        raise ValueError(f"{unit!r} is not a unit of time.{meant} {_EXPECTED}")
    span = int(count or 1) * size
    if span > LONGEST:
        raise ValueError(f"{text!r} is longer than ten years. {_EXPECTED}")
    return span


_EXPECTED = 'Expected a whole number of minutes, hours, days or weeks, such as "3 days" or "12 hours".'
