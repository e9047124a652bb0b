from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cadence import Cadence, resolve
from bot.domain.calendar import Calendar
from bot.domain.when import UNITS, Every, On

NO_HOLIDAYS = Calendar(frozenset(range(5)))
BERLIN = Calendar(frozenset(range(5)), ("DE-BE",))
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
]

instants = st.datetimes(
    datetime(2005, 1, 1),  # noqa: DTZ001 bounds are naive
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
dates = st.dates(date(2004, 1, 1), date(2039, 1, 1))
zones = st.sampled_from(ZONES)
times = st.times(time(0), time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))
calendars = st.sampled_from([NO_HOLIDAYS, BERLIN, Calendar(frozenset({6, 0, 1, 2}), ("US", "WS"))])
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda days: On(weekdays=tuple(sorted(days))))
of_month = st.one_of(
    st.integers(1, 31).map(lambda day: On(day=day)),
    st.builds(lambda day, nth: On((day,), nth), st.integers(0, 6), st.sampled_from([1, 2, 3, 4, -1])),
)
crons = st.sampled_from(
    ["*/20 1-3 * * *", "30 2 * * sun,fri", "0 9 1,15 * mon", "0 0 L * *", "15 23 * 3,10 6l"]
)


@st.composite
def cadences(draw: st.DrawFn) -> Cadence:
    unit = draw(st.sampled_from([*UNITS, None]))  # None: by cron
    days = {"week": weekdays, "month": of_month}.get(unit or "", st.none())
    return Cadence(
        zone=draw(zones),
        at=draw(times) if unit else None,
        every=Every(draw(st.integers(1, 4)), unit) if unit else None,
        on=draw(days),
        starts=draw(dates),
        cron=None if unit else draw(crons),
        on_holiday=draw(st.sampled_from(["next-working-day", "skip"])),
        calendar=draw(calendars),
    )


modest = settings(max_examples=60, deadline=None)


@modest
@given(schedule=cadences(), after=instants)
def test_occurrences_ascend_are_distinct_come_after_and_not_before_the_start(
    schedule: Cadence, after: datetime
) -> None:
    found = list(islice(schedule.occurrences(after=after), 30))
    assert all(one < two for one, two in pairwise([after, *found]))
    assert schedule.starts is not None
    assert all(instant.astimezone(ZoneInfo(schedule.zone)).date() >= schedule.starts for instant in found)


@modest
@given(schedule=cadences(), after=instants, later=st.timedeltas(timedelta(0), timedelta(days=90)))
def test_the_occurrences_are_the_same_from_wherever_one_asks(
    schedule: Cadence, after: datetime, later: timedelta
) -> None:
    from_later = list(islice(schedule.occurrences(after=after + later), 5))
    if not from_later:
        return
    wanted = []
    for instant in schedule.occurrences(after=after):
        if instant > from_later[-1]:
            break
        if instant > after + later:
            wanted.append(instant)
    assert from_later == wanted


@modest
@given(schedule=cadences(), after=instants)
def test_the_time_on_the_wall_is_kept_except_in_a_gap(schedule: Cadence, after: datetime) -> None:
    if schedule.at is None:
        return
    zone = ZoneInfo(schedule.zone)
    for instant in islice(schedule.occurrences(after=after), 20):
        wall = instant.astimezone(zone)
        if wall.time() != schedule.at:  # then it is the first instant after a gap that holds the time
            before = (instant - timedelta(seconds=1)).astimezone(zone)
            meant = datetime.combine(before.date(), schedule.at)
            meant += timedelta(days=1) if meant < before.replace(tzinfo=None) else timedelta(0)
            assert before.replace(tzinfo=None) < meant < wall.replace(tzinfo=None)
        assert wall.fold == 0


@modest
@given(starts=dates, after=instants, zone=zones, on=weekdays, count=st.integers(2, 5))
def test_every_other_week_never_changes_its_parity(
    starts: date, after: datetime, zone: str, on: On, count: int
) -> None:
    schedule = Cadence(
        zone=zone,
        at=time(12),
        every=Every(count, "week"),
        on=on,
        starts=starts,
        cron=None,
        on_holiday="skip",
        calendar=BERLIN,
    )
    first = next(
        starts + timedelta(days=n) for n in range(7) if (starts + timedelta(days=n)).weekday() in on.weekdays
    )
    monday = first - timedelta(days=first.weekday())
    for instant in islice(schedule.occurrences(after=after), 10):
        day = instant.astimezone(ZoneInfo(zone)).date()
        assert day.weekday() in on.weekdays or zone == "Pacific/Apia"
        assert (day - monday).days // 7 % count == 0 or (zone == "Pacific/Apia" and day == date(2011, 12, 31))


@modest
@given(local=st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)), zone=zones)  # noqa: DTZ001 wall-clock times
def test_a_wall_clock_time_becomes_the_first_instant_that_shows_it_or_a_later_one(
    local: datetime, zone: str
) -> None:
    instant = resolve(local, zone)
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    just_before = (instant - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert shown >= local
    assert shown == local or just_before < local
