"""When a person may be disturbed: their working hours and quiet hours, in their own zone, as UTC intervals.

An hour that the clocks repeat in autumn belongs to the span that its first occurrence belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from bot.domain.cadence import as_utc, resolve
from bot.domain.calendar import LONGEST_CLOSURE, Calendar

Interval = tuple[datetime, datetime]  # UTC instants; the second is exclusive

MIDNIGHT = 24 * 60

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_EXPECTED = 'Expected two times of day, such as "09:00-17:30" or, across midnight, "22:00-07:00".'


@dataclass(frozen=True, slots=True)
class DailySpan:
    """A part of every day, in minutes of wall-clock time after midnight; `end` is exclusive.

    `start` is under 1440 and `end` at most 1440; an `end` before the `start` is on the following day.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < MIDNIGHT or not 0 < self.end <= MIDNIGHT:
            raise ValueError(f"There is no such time of day. {_EXPECTED}")
        if self.start == self.end:
            raise ValueError(f"The two times are the same. {_EXPECTED}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "09:00-17:30"; "24:00" may be the end. ValueError with a sentence otherwise."""
        matched = _SPAN.fullmatch(text.strip())
        if matched is None:
            raise ValueError(f"{text!r} is not a part of the day. {_EXPECTED}")
        hour, minute, last_hour, last_minute = map(int, matched.groups())
        if minute > 59 or last_minute > 59:
            raise ValueError(f"{text!r} has a minute over 59. {_EXPECTED}")
        start, end = hour * 60 + minute, last_hour * 60 + last_minute
        if start == end == 0:
            raise ValueError(f'The two times are the same. For the whole day, say "00:00-24:00". {_EXPECTED}')
        return cls(start, end or MIDNIGHT)

    @property
    def crosses_midnight(self) -> bool:
        """Whether it ends on the day after it began."""
        return self.end < self.start

    def contains(self, at: time) -> bool:
        """Whether that wall-clock time lies in it."""
        minute = at.hour * 60 + at.minute
        if self.crosses_midnight:
            return minute >= self.start or minute < self.end
        return self.start <= minute < self.end


@dataclass(frozen=True, slots=True)
class Hours:
    """One person's hours, in their zone (IANA). `quiet` None: everything outside `working` is quiet.

    Work that crosses midnight belongs to the day on which it begins; quiet hours are the same every day, and
    a day that is no working day is quiet altogether. ValueError if no time of day would be left.
    """

    zone: str
    calendar: Calendar
    working: DailySpan
    quiet: DailySpan | None = None

    def __post_init__(self) -> None:
        if self.quiet == DailySpan(0, MIDNIGHT):
            raise ValueError("Quiet hours cannot fill the whole day: leave some time for messages.")

    def is_working(self, instant: datetime) -> bool:
        """Whether they are at work then, by plan."""
        instant = as_utc(instant)
        return any(start <= instant < end for start, end in self.working_between(instant, instant))

    def is_quiet(self, instant: datetime) -> bool:
        """Whether no message may reach them then: quiet hours, or no working day."""
        instant = as_utc(instant)
        return self.first_welcome(instant, days=1) != instant

    def next_welcome(self, instant: datetime) -> datetime:
        """The first instant from `instant` on that is not quiet, in UTC; ValueError if a year has none."""
        welcome = self.first_welcome(instant, days=LONGEST_CLOSURE)
        if welcome is None:
            raise ValueError("There is no hour in the whole year that is not quiet.")
        return welcome

    def first_welcome(self, instant: datetime, *, days: int) -> datetime | None:
        """The same, looked for on so many local days at least; None if they have none."""
        instant = as_utc(instant)
        day = self._local_day(instant) - timedelta(days=1)
        for ahead in range(days + 2):
            for start, end in self._welcome_of(day + timedelta(days=ahead)):
                if instant < end:
                    return max(start, instant)
        return None

    def working_between(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """Working time that touches the span from `start` to `end`, ascending; not cut off at its ends."""
        start, end = as_utc(start), as_utc(end)
        day = self._local_day(start) - timedelta(days=1)  # a night's work may have begun the day before
        last = self._local_day(end)
        while day <= last:
            if self.calendar.is_working_day(day):
                begin, finish = self._interval(day, self.working)
                if begin < finish and finish > start and begin <= end:
                    yield begin, finish
            day += timedelta(days=1)

    def _welcome_of(self, day: date) -> Iterator[Interval]:
        """The intervals of a local day that are not quiet, ascending; empty ones left out."""
        if not self.calendar.is_working_day(day):
            return
        if self.quiet is None:
            spans = [(self.working.start, self.working.end)]
        elif self.quiet.crosses_midnight:
            spans = [(self.quiet.end, self.quiet.start)]
        else:
            spans = [(0, self.quiet.start), (self.quiet.end, MIDNIGHT)]
        for span in spans:
            if span[0] != span[1]:
                begin, finish = self._interval(day, DailySpan(*span))
                if begin < finish:  # the clocks of spring may skip all of it
                    yield begin, finish

    def _interval(self, day: date, span: DailySpan) -> Interval:
        last = day + timedelta(days=1) if span.crosses_midnight else day
        return self._instant(day, span.start), self._instant(last, span.end)

    def _instant(self, day: date, minute: int) -> datetime:
        midnight = datetime.combine(day, time())
        return resolve(midnight + timedelta(minutes=minute), self.zone)

    def _local_day(self, instant: datetime) -> date:
        return instant.astimezone(ZoneInfo(self.zone)).date()


def first_common_welcome(everyone: Sequence[Hours], start: datetime, *, within: timedelta) -> datetime | None:
    """The first instant from `start` to `start + within` that is quiet for nobody, in UTC; or None."""
    instant = as_utc(start)
    latest = instant + within
    while instant <= latest:
        common = instant
        for hours in everyone:
            welcome = hours.first_welcome(common, days=within.days + 2)
            if welcome is None:
                return None
            common = welcome
        if common == instant:
            return instant
        instant = common
    return None
