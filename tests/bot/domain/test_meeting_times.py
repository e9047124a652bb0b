from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import Calendar
from bot.domain.hours import DailySpan, Hours
from bot.domain.meeting_times import suggest

WEEK = Calendar(frozenset(range(5)), ("DE-BE",))
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
ZONES = [
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Europe/Athens",
    "America/Sao_Paulo",
]


def person(zone: str = "Europe/Berlin", working: str = "09:00-17:30") -> Hours:
    return Hours(zone, WEEK, DailySpan.parse(working))


ANA, BEN = person(), person("Europe/London", "10:00-18:00")


def times(everyone: list[Hours], *, days: float = 10, minutes: int = 30, count: int = 3) -> list[datetime]:
    until = MONDAY + timedelta(days=days)
    return suggest(everyone, after=MONDAY, until=until, minutes=minutes, count=count)


def test_three_times_are_on_three_days_and_not_all_at_one_hour() -> None:
    found = [slot.astimezone(ZoneInfo("Europe/Berlin")) for slot in times([ANA, BEN])]
    assert len({slot.date() for slot in found}) == 3
    assert len({slot.hour for slot in found}) > 1
    assert found == sorted(found)


def test_at_all_of_them_everybody_works_for_the_whole_length() -> None:
    for slot in times([ANA, BEN, person("America/Sao_Paulo")], minutes=60, count=6):
        for somebody in (ANA, BEN):
            assert somebody.is_working(slot)
            assert somebody.is_working(slot + timedelta(minutes=59))


def test_with_one_day_left_they_are_on_that_day_and_do_not_overlap() -> None:
    found = times([ANA], days=0.5, count=3)
    assert len(found) == 3
    assert all(two - one >= timedelta(minutes=30) for one, two in pairwise(found))


def test_nobody_is_asked_within_two_hours() -> None:
    assert min(times([ANA], days=1, count=50)) == MONDAY + timedelta(hours=2)


def test_where_only_one_hour_is_common_it_is_that_hour_on_each_day() -> None:
    found = times([ANA, person(working="17:00-23:00")])
    assert [slot.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") for slot in found] == ["17:00"] * 3


def test_a_day_with_a_choice_gives_way_to_days_without_one() -> None:
    short = Hours("Europe/Berlin", WEEK, DailySpan.parse("11:00-12:00"))
    found = times([short], days=3, count=2, minutes=60)
    assert {slot.astimezone(ZoneInfo("Europe/Berlin")).hour for slot in found} == {11}
    longer = Hours("Europe/Berlin", WEEK, DailySpan.parse("11:00-13:00"))
    found = times([longer], days=3, count=2, minutes=60)
    assert {slot.astimezone(ZoneInfo("Europe/Berlin")).hour for slot in found} == {11, 12}


def test_a_time_is_exchanged_where_all_would_be_at_one_hour() -> None:
    early = Hours("Europe/Berlin", WEEK, DailySpan.parse("09:00-11:00"))
    tuesday_at_ten = MONDAY + timedelta(days=1)  # on Tuesday only the first hour is left
    found = suggest([early], after=MONDAY - timedelta(hours=5), until=tuesday_at_ten, minutes=30, count=2)
    assert [slot.astimezone(ZoneInfo("Europe/Berlin")).hour for slot in found] == [10, 9]


def test_people_without_a_common_hour_get_none() -> None:
    assert times([ANA, person("Pacific/Auckland")]) == []


@pytest.mark.parametrize(("count", "minutes"), [(0, 30), (3, 0), (3, 24 * 60)])
def test_what_cannot_be_met_gives_none(count: int, minutes: int) -> None:
    assert times([ANA], count=count, minutes=minutes) == []


def test_nobody_has_nothing_to_meet_for() -> None:
    assert times([]) == []


def test_a_night_that_goes_on_past_midnight_is_one_time_of_work() -> None:
    guard = person(working="00:00-24:00")
    assert times([guard], minutes=36 * 60) != []


@settings(max_examples=60, deadline=None)
@given(
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=8),
    working=st.sampled_from(["09:00-17:30", "08:10-20:00", "20:00-04:00", "00:00-24:00"]),
    day=st.integers(0, 364),
    minutes=st.sampled_from([15, 30, 50, 90]),
    count=st.integers(1, 8),
)
def test_every_time_is_a_half_hour_at_which_all_work(
    zones: list[str], working: str, day: int, minutes: int, count: int
) -> None:
    everyone = [person(zone, working) for zone in zones]
    after = MONDAY + timedelta(days=day, minutes=7)
    until = after + timedelta(days=7)
    found = suggest(everyone, after=after, until=until, minutes=minutes, count=count)
    assert len(set(found)) == len(found) <= count
    for slot in found:
        assert slot.astimezone(ZoneInfo(zones[0])).minute in (0, 30)
        assert slot >= after + timedelta(hours=2)
        end = slot + timedelta(minutes=minutes)
        assert end <= until
        assert all(p.is_working(slot) and p.is_working(end - timedelta(seconds=1)) for p in everyone)


def test_eight_people_over_ten_days_take_a_moment() -> None:
    everyone = [person(zone, "06:00-22:00") for zone in ZONES]
    times(everyone)  # the holidays of the year are read once

    def measured() -> float:
        began = perf_counter()
        times(everyone)
        return perf_counter() - began

    assert min(measured() for _ in range(5)) < 0.01  # a millisecond here; slower machines are spared
