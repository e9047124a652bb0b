from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import Calendar
from bot.domain.hours import DailySpan, Hours, first_common_welcome

BERLIN = Calendar(frozenset(range(5)), ("DE-BE",))
OFFICE = DailySpan.parse("09:00-17:30")
NIGHT = DailySpan.parse("22:00-07:00")
ANA = Hours("Europe/Berlin", BERLIN, OFFICE)
BEN = Hours("Europe/Berlin", BERLIN, OFFICE, NIGHT)


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def hours(zone: str, working: str = "09:00-17:30", quiet: str | None = None) -> Hours:
    calendar = Calendar(frozenset(range(5)))
    return Hours(zone, calendar, DailySpan.parse(working), DailySpan.parse(quiet) if quiet else None)


# --- a part of the day ---


@pytest.mark.parametrize(
    ("span", "inside", "outside"),
    [
        ("09:00-17:30", ["09:00", "17:29"], ["08:59", "17:30", "00:00"]),
        ("22:00-07:00", ["22:00", "23:59", "00:00", "06:59"], ["07:00", "21:59"]),
        ("18:00-24:00", ["18:00", "23:59"], ["00:00", "17:59"]),
        ("18:00-00:00", ["18:00", "23:59"], ["00:00", "17:59"]),
        ("00:00-24:00", ["00:00", "12:00", "23:59"], []),
        ("9:00 – 12:00", ["09:00"], ["12:00"]),
    ],
)
def test_a_span_holds_its_start_and_not_its_end(span: str, inside: list[str], outside: list[str]) -> None:
    read = DailySpan.parse(span)
    assert all(read.contains(time.fromisoformat(t)) for t in inside)
    assert not any(read.contains(time.fromisoformat(t)) for t in outside)


@pytest.mark.parametrize(
    "span",
    [
        "",
        "9-17",
        "09:00",
        "09:00-09:00",
        "00:00-00:00",
        "24:00-09:00",
        "09:00-24:30",
        "09:60-10:00",
        "25:00-26:00",
    ],
)
def test_any_other_span_is_refused_with_what_was_expected(span: str) -> None:
    with pytest.raises(ValueError, match='such as "09:00-17:30"'):
        DailySpan.parse(span)


# --- one person ---


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-11-30T09:00", False),
        ("2026-11-30T17:29", False),
        ("2026-11-30T17:30", True),
        ("2026-11-30T08:59", True),
        ("2026-11-29T10:00", True),  # a Sunday
        ("2026-12-25T10:00", True),  # a holiday
    ],
)
def test_without_quiet_hours_all_but_work_is_quiet(moment: str, quiet: bool) -> None:
    assert ANA.is_quiet(at(moment)) is quiet
    assert ANA.is_working(at(moment)) is not quiet


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-11-30T07:00", False),
        ("2026-11-30T21:59", False),
        ("2026-11-30T22:00", True),
        ("2026-11-30T06:59", True),
        ("2026-11-29T12:00", True),
    ],
)
def test_with_quiet_hours_the_rest_of_a_working_day_is_not(moment: str, quiet: bool) -> None:
    assert BEN.is_quiet(at(moment)) is quiet


@pytest.mark.parametrize(
    ("moment", "welcome"),
    [
        ("2026-11-30T10:15", "2026-11-30T10:15"),
        ("2026-11-30T05:00", "2026-11-30T07:00"),
        ("2026-11-30T22:00", "2026-12-01T07:00"),
        ("2026-12-24T23:00", "2026-12-28T07:00"),  # holidays, then a weekend
    ],
)
def test_the_next_welcome_is_now_or_when_the_quiet_ends(moment: str, welcome: str) -> None:
    assert BEN.next_welcome(at(moment)) == at(welcome).astimezone(UTC)


def test_quiet_hours_at_noon_leave_two_parts_of_the_day() -> None:
    chloe = hours("Europe/Berlin", quiet="12:00-14:00")
    assert chloe.next_welcome(at("2026-11-30T12:30")) == at("2026-11-30T14:00")
    assert chloe.next_welcome(at("2026-11-30T00:00")) == at("2026-11-30T00:00")


def test_work_across_midnight_belongs_to_the_day_it_began_on() -> None:
    nurse = hours("Europe/Berlin", working="22:00-06:00")
    assert nurse.is_working(at("2026-12-05T03:00"))  # Saturday, of Friday's night
    assert not nurse.is_working(at("2026-12-07T03:00"))  # Monday, of Sunday's
    assert nurse.next_welcome(at("2026-12-05T07:00")) == at("2026-12-07T22:00")


def test_quiet_hours_that_end_in_a_gap_end_with_it() -> None:
    sunday = Hours("Europe/Berlin", Calendar(frozenset(range(7))), OFFICE, DailySpan.parse("22:00-02:30"))
    assert sunday.next_welcome(at("2026-03-29T00:00")) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_quiet_hours_that_end_in_a_repeated_hour_end_the_first_time() -> None:
    sunday = Hours("Europe/Berlin", Calendar(frozenset(range(7))), OFFICE, DailySpan.parse("22:00-02:30"))
    second_time_two = at("2026-10-25T02:10").replace(fold=1)
    assert sunday.next_welcome(at("2026-10-25T00:00")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert not sunday.is_quiet(second_time_two)


def test_hours_are_those_of_the_persons_own_zone() -> None:
    new_york = hours("America/New_York")
    assert new_york.is_quiet(at("2026-11-30T14:59"))
    assert not new_york.is_quiet(at("2026-11-30T15:00"))


def test_a_whole_day_of_quiet_is_refused() -> None:
    with pytest.raises(ValueError, match="whole day"):
        hours("Europe/Berlin", quiet="00:00-24:00")


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        ANA.is_quiet(datetime(2026, 11, 30, 10))  # noqa: DTZ001 what is tested


# --- several ---


def test_the_first_common_welcome_is_when_the_last_of_them_wakes() -> None:
    both = [hours("Europe/Berlin", quiet="20:00-08:00"), hours("America/New_York", quiet="20:00-08:00")]
    assert first_common_welcome(both, at("2026-11-30T09:00"), within=timedelta(hours=24)) == at(
        "2026-11-30T14:00"
    )
    assert first_common_welcome(both, at("2026-11-30T15:07"), within=timedelta(0)) == at("2026-11-30T15:07")


def test_there_may_be_no_common_welcome_within_the_time() -> None:
    apart = [hours("Europe/Berlin"), hours("Pacific/Auckland")]
    assert first_common_welcome(apart, at("2026-11-30T09:00"), within=timedelta(hours=24)) is None
    monday_only = [hours("Europe/Berlin"), Hours("Europe/Berlin", Calendar(frozenset({6})), OFFICE)]
    assert first_common_welcome(monday_only, at("2026-11-30T09:00"), within=timedelta(days=30)) is None


def test_nobody_at_all_is_never_quiet() -> None:
    start = at("2026-11-30T03:00")
    assert first_common_welcome([], start, within=timedelta(hours=1)) == start


people = st.builds(
    hours,
    st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
    ),
    st.sampled_from(["09:00-17:30", "22:00-06:00", "00:00-24:00", "02:15-02:45"]),
    st.sampled_from([None, "22:00-07:00", "00:00-09:00", "12:00-13:00", "18:00-24:00"]),
)
instants = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 bounds are naive
    datetime(2027, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@settings(max_examples=80, deadline=None)
@given(person=people, instant=instants, share=st.floats(0, 1, exclude_max=True))
def test_it_is_quiet_until_the_next_welcome(person: Hours, instant: datetime, share: float) -> None:
    welcome = person.next_welcome(instant)
    assert welcome >= instant
    assert not person.is_quiet(welcome)
    between = instant + share * (welcome - instant)
    assert between == welcome or person.is_quiet(between)


@settings(max_examples=40, deadline=None)
@given(everyone=st.lists(people, min_size=1, max_size=4), instant=instants)
def test_the_common_welcome_is_the_first_at_which_nobody_is_quiet(
    everyone: list[Hours], instant: datetime
) -> None:
    instant = instant.replace(minute=0, second=0, microsecond=0)
    within = timedelta(hours=24)
    common = first_common_welcome(everyone, instant, within=within)
    quarters = (instant + n * timedelta(minutes=15) for n in range(97))
    first = next((q for q in quarters if not any(person.is_quiet(q) for person in everyone)), None)
    assert common == first
