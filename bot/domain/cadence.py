"""When a ritual happens: wall-clock recurrence in a named zone, resolved to UTC instants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, rrule, weekday

from bot.domain.calendar import LONGEST_CLOSURE, Calendar
from bot.domain.when import WEEKDAYS, Every, On, Unit, meant

__all__ = ["Cadence", "Every", "On", "Problem", "as_utc", "cadence_problems", "resolve"]

OnHoliday = Literal["next-working-day", "skip"]

GIVEN_UP = timedelta(days=50 * 366)  # a schedule without a day in fifty years never happens
_FIELDS = {
    "minute": "0 to 59",
    "hour": "0 to 23",
    "day-of-month": "1 to 31, or L for the last",
    "month": "1 to 12, or jan to dec",
    "day-of-week": "0 (Sunday) to 6, or sun to sat",
}
_CRON_EXAMPLE = 'for example "0 15 * * fri" is every Friday at 15:00'
_SOME_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 cronsim wants one even to read an expression


class Problem(NamedTuple):
    """Why a schedule cannot be kept: the config key at fault, and a sentence for its author."""

    key: str
    sentence: str


def cadence_problems(
    *,
    zone: str,
    at: time | None,
    every: Every | None,
    on: On | None,
    starts: date | None,
    cron: str | None,
) -> list[Problem]:
    """Everything that is wrong with a schedule's parts taken together; empty if it can be kept."""
    found: list[Problem] = []
    if not _is_zone(zone):
        guess = meant(zone, available_timezones())
        found.append(Problem("timezone", f"{zone!r} is not a time zone.{guess} Expected an IANA name."))
    if cron is not None:
        if every is not None:
            found.append(Problem("cron", 'There are both "cron" and "every". Expected one of the two.'))
        for key, part in (("at", at), ("on", on)):
            if part is not None:
                found.append(Problem(key, f'"cron" says by itself when: "{key}" goes with "every" only.'))
        if sentence := _cron_problem(cron):
            found.append(Problem("cron", sentence))
        return found
    if every is None:
        sentence = 'It does not say when. Expected "every" with "at" (such as "week" and "10:00"), or "cron".'
        return [*found, Problem("every", sentence)]
    if at is None:
        found.append(Problem("at", 'The time is missing. Expected "at" with "every", such as "10:00".'))
    elif at.tzinfo is not None:
        found.append(
            Problem("at", 'The time has a zone of its own. Expected wall-clock time such as "10:00".')
        )
    if every.count > 1 and starts is None:
        sentence = f'"{every.count} {every.unit}s" needs "starts", the date from which they are counted.'
        found.append(Problem("starts", sentence))
    if sentence := _on_problem(every.unit, on, starts):
        found.append(Problem("on", sentence))
    return found


def _on_problem(unit: Unit, on: On | None, starts: date | None) -> str | None:
    if on is None:
        if unit == "day" or starts is not None:
            return None
        example = "monday" if unit == "week" else "first monday"
        return (
            f'The day is missing. Expected "on", such as "{example}", or "starts", whose day is then taken.'
        )
    if unit == "day":
        return 'Every day has no "on". For some days of the week, say every = "week" and list them.'
    if unit == "week" and (on.nth or on.day):
        return 'A day of the month does not go with weeks. Expected a weekday, or every = "month".'
    if unit == "month" and on.weekdays and not on.nth:
        name = WEEKDAYS[on.weekdays[0]]
        return f'Which {name} of the month? Expected "first" to "fourth" or "last" before it.'
    return None


@dataclass(frozen=True, slots=True)
class Cadence:
    """A schedule: wall-clock time in `zone` (IANA), by interval (`every`, `on`, `at`) or by `cron`.

    Nothing happens before `starts` (a local date), from which two weeks and more are counted. A holiday's
    occurrence moves or is left out, as `on_holiday` says. ValueError with the first of `cadence_problems`.
    """

    zone: str
    at: time | None
    every: Every | None
    on: On | None
    starts: date | None
    cron: str | None
    on_holiday: OnHoliday
    calendar: Calendar

    def __post_init__(self) -> None:
        for problem in cadence_problems(
            zone=self.zone, at=self.at, every=self.every, on=self.on, starts=self.starts, cron=self.cron
        ):
            raise ValueError(problem.sentence)

    def next_after(self, after: datetime) -> datetime | None:
        """The first occurrence strictly after an aware instant, in UTC; None if there is none, ever."""
        return next(self.occurrences(after=after), None)

    def occurrences(self, *, after: datetime) -> Iterator[datetime]:
        """Occurrences strictly after an aware instant: distinct, ascending, in UTC; mostly without end."""
        last = as_utc(after)
        # Two days back: a zone that crosses the date line may miss out a whole day.
        start = last.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=2)
        # What fell on a closed day before may have moved on to here.
        start = start - timedelta(days=_closed_before(start, self.calendar))
        for day in self._days(start):
            for at in self._times():
                instant = resolve(datetime.combine(day, at), self.zone)
                if instant > last:
                    last = instant
                    yield instant

    def _days(self, start: date) -> Iterator[date]:
        """Local dates from `start` on as they are kept (moved or left out for holidays), ascending."""
        moved: set[date] = set()
        kept = max(start, self.starts or start)
        for day in self._nominal(start):
            if day - kept > GIVEN_UP:
                break
            yield from sorted(m for m in moved if m < day)
            moved = {m for m in moved if m >= day}
            target = self._placed(day)
            if target is not None:
                kept = day
            if target == day:
                moved.discard(day)
                yield day
            elif target is not None:
                moved.add(target)
        yield from sorted(moved)

    def _placed(self, day: date) -> date | None:
        """The day on which an occurrence due on `day` is kept; None if it is left out."""
        if self.every and self.every.unit == "day":
            return day if self.calendar.is_working_day(day) else None  # the next day has its own
        if self.cron is None and self._day().day:
            free = self.calendar.is_working_day(day)
        else:
            free = self.calendar.holiday_name(day) is None  # whoever says saturday means saturday
        if free:
            return day
        return None if self.on_holiday == "skip" else self.calendar.next_working_day(day)

    def _nominal(self, start: date) -> Iterator[date]:
        """Local dates from `start` (and `starts`) on as the schedule names them, holidays or not."""
        floor = max(start, self.starts or start)
        if self.cron is not None:
            yield from _cron_days(self.cron, floor)
        elif self.every is not None:
            anchor = floor
            if self.starts:  # the count begins with the first day that fits
                anchor = next(self._rule(Every(1, self.every.unit), self.starts, self.starts))
            yield from (day for day in self._rule(self.every, anchor, floor) if day >= floor)

    def _rule(self, every: Every, anchor: date, near: date) -> Iterator[date]:
        """Dates from `anchor` on, counted from the unit it lies in, leaving out most before `near`."""
        on, count = self._day(), every.count
        match every.unit:
            case "day":
                ahead = (near - anchor).days // count * count
                rule = rrule(DAILY, interval=count, dtstart=anchor + timedelta(days=ahead))
            case "week":
                monday = anchor - timedelta(days=anchor.weekday())
                begin = monday + timedelta(weeks=(near - monday).days // 7 // count * count)
                rule = rrule(WEEKLY, interval=count, wkst=MO, byweekday=on.weekdays, dtstart=begin)
            case "month":
                months = (near.year - anchor.year) * 12 + near.month - anchor.month
                begin = anchor.replace(day=1) + relativedelta(months=months // count * count)
                if on.nth is not None:
                    nth = weekday(on.weekdays[0], on.nth)
                    rule = rrule(MONTHLY, interval=count, byweekday=nth, dtstart=begin)
                else:
                    wanted = on.day or 1
                    days = range(min(wanted, 28), wanted + 1)  # the last of these that the month has
                    rule = rrule(MONTHLY, interval=count, bymonthday=days, bysetpos=-1, dtstart=begin)
        return (moment.date() for moment in rule if moment.date() >= anchor)

    def _day(self) -> On:
        """`on`, or the day of `starts` where it is left out."""
        if self.on or self.starts is None or self.every is None:
            return self.on or On()
        return On(weekdays=(self.starts.weekday(),)) if self.every.unit == "week" else On(day=self.starts.day)

    def _times(self) -> list[time]:
        """The times of each day, ascending."""
        if self.cron is None:
            return [self.at] if self.at else []
        minute, hour, *_ = self.cron.split()
        cron = CronSim(f"{minute} {hour} * * *", _SOME_DAY)
        return [time(h, m) for h in sorted(cron.hours) for m in sorted(cron.minutes)]


def resolve(local: datetime, zone: str) -> datetime:
    """The UTC instant of a naive wall-clock time in a zone (IANA).

    A time that the zone skips is the first instant after the gap; one that it has twice is the first.
    """
    tz = ZoneInfo(zone)
    instant = local.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) == local:
        return instant
    local = local.replace(microsecond=0)
    before = local.replace(tzinfo=tz, fold=1).astimezone(UTC)  # with the offset after the gap: too early
    after = local.replace(tzinfo=tz, fold=0).astimezone(UTC)
    offset = after.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(tz).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def later(at: datetime, span: timedelta, zone: str) -> datetime:
    """The instant `span` (or before, if negative) after `at`, in UTC; whole days keep the time on the clock."""
    if span % timedelta(days=1):
        return as_utc(at + span)
    return resolve(as_utc(at).astimezone(ZoneInfo(zone)).replace(tzinfo=None) + span, zone)


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC; ValueError if it is naive: Python would assume the computer's zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone.")
    return instant.astimezone(UTC)


def _cron_days(cron: str, floor: date) -> Iterator[date]:
    """The local dates from `floor` on that a valid cron expression names."""
    days = " ".join(["0 0", *cron.split()[2:]])
    try:
        rule = CronSim(days, datetime.combine(floor, time()) - timedelta(seconds=1))
    except CronSimError:
        return  # each field is right, and yet no such day exists, as the 30th of February
    yield from (moment.date() for moment in rule)


def _cron_problem(cron: str) -> str | None:
    """The first field that is wrong, as a sentence."""
    fields = cron.split()
    if len(fields) != len(_FIELDS):
        names = ", ".join(_FIELDS)
        return f"{cron!r} is not right. Expected five fields ({names}): {_CRON_EXAMPLE}."
    for i, (name, allowed) in enumerate(_FIELDS.items()):
        alone = [field if i == j else "*" for j, field in enumerate(fields)]
        try:
            CronSim(" ".join(alone), _SOME_DAY)
        except (CronSimError, ValueError, AssertionError):  # it asserts what it does not check
            return f"The {name} {fields[i]!r} of {cron!r} is not right. Expected {allowed}: {_CRON_EXAMPLE}."
    return None


def _closed_before(day: date, calendar: Calendar) -> int:
    """How many days in a row, up to the one before `day`, are no working days."""
    before = (day - timedelta(days=n) for n in range(1, LONGEST_CLOSURE))
    return sum(1 for _ in takewhile(lambda d: not calendar.is_working_day(d), before))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found; not a name; a directory
        return False
    return True
