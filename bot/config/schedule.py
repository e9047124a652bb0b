"""Whether the keys that say when a ritual happens go together, also when some of them are unreadable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from bot.domain.cadence import Cadence, cadence_problems
from bot.domain.calendar import Calendar
from bot.domain.when import Every, On


class Contradiction(NamedTuple):
    """Keys of one table that do not go together: where, a sentence, and the keys it follows from."""

    key: str
    sentence: str
    depends_on: tuple[str, ...]


class Parts(NamedTuple):
    """How often and on which days, taken from their texts."""

    every: Every | None
    on: On | None


_FOLLOWS_FROM = {
    "every": ("every", "cron"),
    "starts": ("starts", "every", "cron"),
    "at": ("at", "cron"),
}


def parts(*, every: str | None, on: str | int | tuple[str, ...] | None) -> Parts:
    """The values of a readable schedule's texts; ValueError if they are not readable."""
    return Parts(
        Every.parse(every) if every is not None else None,
        On.parse(list(on) if isinstance(on, tuple) else on) if on is not None else None,
    )


def interval(every: str | None) -> timedelta | None:
    """The shortest time between two rounds `every` so often; None without `every`."""
    if every is None:
        return None
    how_often = Every.parse(every)
    return timedelta(days={"day": 1, "week": 7, "month": 28}[how_often.unit] * how_often.count)


def contradictions(
    *,
    every: str | None,
    on: str | int | tuple[str, ...] | None,
    at: time | None,
    starts: date | None,
    cron: str | None,
    wrong: frozenset[str],
) -> Iterator[Contradiction]:
    """What does not go together. `wrong` keys are there but unreadable: something harmless stands in."""
    readable = parts(every=every, on=on)
    found = cadence_problems(
        zone="UTC",  # the time zone is checked by itself
        at=time(10) if "at" in wrong else at,
        every=Every(1, "week") if "every" in wrong else readable.every,
        on=On(weekdays=(0,)) if "on" in wrong else readable.on,
        starts=date(2026, 1, 1) if "starts" in wrong else starts,
        cron="0 10 * * 1" if "cron" in wrong else cron,
    )
    by_cron = cron is not None or "cron" in wrong
    for problem in found:
        depends_on = () if by_cron else _FOLLOWS_FROM.get(problem.key, ("on", "every", "starts"))
        yield Contradiction(problem.key, problem.sentence, depends_on)
    if cron is not None and _never(cron):
        sentence = (
            "No such day ever comes, so this would never happen. Expected a date that the calendar has."
        )
        yield Contradiction("cron", sentence, ())


def _never(cron: str) -> bool:
    any_day = Calendar(frozenset(range(7)))
    try:
        cadence = Cadence(
            zone="UTC",
            at=None,
            every=None,
            on=None,
            starts=None,
            cron=cron,
            on_holiday="skip",
            calendar=any_day,
        )
    except ValueError:
        return False  # it is not readable, which is said already
    return cadence.next_after(datetime(2026, 1, 1, tzinfo=UTC)) is None
