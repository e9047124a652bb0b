"""Suggests times to meet: within everybody's working hours, on different days, at different hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.domain.cadence import as_utc
from bot.domain.hours import Hours, Interval

NOTICE = timedelta(hours=2)  # nobody should have to run
STEP = timedelta(minutes=30)


def suggest(
    everyone: Sequence[Hours], *, after: datetime, until: datetime, minutes: int, count: int
) -> list[datetime]:
    """Up to `count` UTC instants, ascending, at which all can meet for `minutes` at work.

    They begin on half hours of the first person's zone, at the earliest two hours after `after`, and end by
    `until`. They fall on different days while there are such, and not all at one hour if it can be avoided.
    """
    if not everyone or minutes < 1 or count < 1:
        return []
    length = timedelta(minutes=minutes)
    common = _merged([(as_utc(after) + NOTICE, as_utc(until))])
    for hours in everyone:
        if not common:
            return []
        common = _shared(common, _merged(hours.working_between(common[0][0], common[-1][1])))
    zone = ZoneInfo(everyone[0].zone)
    starts = [start for interval in common for start in _half_hours(interval, length, zone)]
    days = [list(slots) for _, slots in groupby(starts, key=lambda slot: _day(slot, zone))]
    return sorted(_vary(_pick(days, count=count, length=length, zone=zone), days, zone))


def _pick(days: list[list[datetime]], *, count: int, length: timedelta, zone: ZoneInfo) -> list[datetime]:
    """Slots spread over the days first; then more of the same days, apart from those already taken."""
    used: Counter[int] = Counter()
    picked: list[datetime] = []
    spread = [days[i * len(days) // count] for i in range(count)] if len(days) > count else days
    for n, slots in enumerate(spread):
        wanted = (2 * n + 1) * len(slots) // (2 * len(spread))  # from the day's beginning to its end
        slot = min(slots, key=lambda s: (used[s.astimezone(zone).hour], abs(slots.index(s) - wanted)))
        used[slot.astimezone(zone).hour] += 1
        picked.append(slot)
    while len(picked) < count:
        more = [_farthest(slots, picked, length) for slots in days]
        found = [slot for slot in more if slot is not None][: count - len(picked)]
        if not found:
            break
        picked += found
    return picked


def _farthest(slots: list[datetime], picked: list[datetime], length: timedelta) -> datetime | None:
    """The slot farthest from those picked, if it overlaps with none of them."""
    distance, slot = max((min(abs(slot - p) for p in picked), slot) for slot in slots)
    return slot if distance >= length else None


def _vary(picked: list[datetime], days: list[list[datetime]], zone: ZoneInfo) -> list[datetime]:
    """The same, with one exchanged for another hour of its day if all were at one hour."""
    if len(picked) < 2 or len({slot.astimezone(zone).hour for slot in picked}) > 1:
        return picked
    hour = picked[0].astimezone(zone).hour
    for i, slot in enumerate(picked):
        for slots in days:
            others = [s for s in slots if s.astimezone(zone).hour != hour]
            if slot in slots and others:
                return [*picked[:i], others[len(others) // 2], *picked[i + 1 :]]
    return picked


def _half_hours(interval: Interval, length: timedelta, zone: ZoneInfo) -> Iterator[datetime]:
    """The half hours of the zone's wall clock at which a meeting of that length fits."""
    start, end = interval
    local = start.astimezone(zone)
    past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    slot = start + (STEP - past if past else past)
    while slot + length <= end:
        yield slot
        slot += STEP


def _shared(some: list[Interval], others: list[Interval]) -> list[Interval]:
    """The time in both of two ascending lists of intervals that do not overlap."""
    shared: list[Interval] = []
    i = j = 0
    while i < len(some) and j < len(others):
        start, end = max(some[i][0], others[j][0]), min(some[i][1], others[j][1])
        if start < end:
            shared.append((start, end))
        if some[i][1] < others[j][1]:
            i += 1
        else:
            j += 1
    return shared


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Ascending intervals with those joined that touch, and empty ones left out."""
    merged: list[Interval] = []
    for start, end in intervals:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _day(slot: datetime, zone: ZoneInfo) -> date:
    return slot.astimezone(zone).date()
