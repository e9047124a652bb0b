from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.cadence import Cadence, Every, On, cadence_problems, later, resolve
from bot.domain.calendar import Calendar

NO_HOLIDAYS = Calendar(frozenset(range(5)))
BERLIN = Calendar(frozenset(range(5)), ("DE-BE",))


def cadence(
    every: str | None = None, on: str | int | list[str] | None = None, at: str | None = "10:00", **rest: Any
) -> Cadence:
    given: dict[str, Any] = {
        "zone": "Europe/Berlin",
        "starts": None,
        "cron": None,
        "on_holiday": "next-working-day",
        "calendar": NO_HOLIDAYS,
        **rest,
    }
    return Cadence(
        every=Every.parse(every) if every else None,
        on=None if on is None else On.parse(on),
        at=time.fromisoformat(at) if at and not given["cron"] else None,
        **given,
    )


def local(schedule: Cadence, after: str, count: int) -> list[str]:
    """The next occurrences in the schedule's own zone."""
    zone = ZoneInfo(schedule.zone)
    found = islice(schedule.occurrences(after=datetime.fromisoformat(after).replace(tzinfo=zone)), count)
    return [f"{instant.astimezone(zone):%a %Y-%m-%d %H:%M}" for instant in found]


# --- what does not go together ---


@pytest.mark.parametrize(
    ("parts", "key", "sentence"),
    [
        ({"every": "week", "on": "monday", "cron": "0 9 * * *"}, "cron", "both"),
        ({"on": "monday", "cron": "0 9 * * *"}, "on", "goes with"),
        ({}, "every", "does not say when"),
        ({"every": "week", "on": "monday", "at": None}, "at", "time is missing"),
        ({"every": "2 weeks", "on": "monday"}, "starts", 'needs "starts"'),
        ({"every": "2 days"}, "starts", 'needs "starts"'),
        ({"every": "3 months", "on": 1}, "starts", 'needs "starts"'),
        ({"every": "week"}, "on", "day is missing"),
        ({"every": "month"}, "on", "day is missing"),
        ({"every": "week", "on": "first monday"}, "on", "does not go with weeks"),
        ({"every": "week", "on": 15}, "on", "does not go with weeks"),
        ({"every": "month", "on": "monday"}, "on", "Which monday of the month"),
        ({"every": "day", "on": "monday"}, "on", "Every day has no"),
        ({"every": "day", "zone": "Europe/Berlim"}, "timezone", "Did you mean 'Europe/Berlin'"),
        ({"every": "day", "zone": "Europe"}, "timezone", "not a time zone"),
        ({"cron": "0 25 * * *"}, "cron", "hour '25'.*Expected 0 to 23: for example"),
        ({"cron": "0 9 * * moon"}, "cron", "day-of-week 'moon'"),
        ({"cron": "0 9 32 * *"}, "cron", "day-of-month '32'"),
        ({"cron": "@daily"}, "cron", "Expected five fields"),
        ({"cron": "0 0 9 * * *"}, "cron", "Expected five fields"),
    ],
)
def test_parts_that_do_not_go_together_are_refused(parts: dict[str, Any], key: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        cadence(**parts)
    every, on = parts.get("every"), parts.get("on")
    found = cadence_problems(
        zone=parts.get("zone", "Europe/Berlin"),
        at=None if parts.get("cron") or parts.get("at", "10:00") is None else time(10),
        every=Every.parse(every) if every else None,
        on=On.parse(on) if on else None,
        starts=None,
        cron=parts.get("cron"),
    )
    assert key in [problem.key for problem in found]


def test_all_problems_are_told_at_once() -> None:
    found = cadence_problems(
        zone="Mars/Base", at=None, every=Every(2, "week"), on=On(day=3), starts=None, cron=None
    )
    assert [problem.key for problem in found] == ["timezone", "at", "starts", "on"]


# --- wall-clock time ---


@pytest.mark.parametrize(
    ("wall", "zone", "instant"),
    [
        ("2026-11-30T10:00", "Europe/Berlin", "2026-11-30T09:00Z"),
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:00Z"),
        ("2026-03-29T02:00", "Europe/Berlin", "2026-03-29T01:00Z"),
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30Z"),
        ("2026-10-04T02:10", "Australia/Lord_Howe", "2026-10-03T15:30Z"),
        ("2011-12-30T10:00", "Pacific/Apia", "2011-12-30T10:00Z"),
        ("2026-03-08T02:59:59.5", "America/New_York", "2026-03-08T07:00Z"),
    ],
)
def test_a_skipped_time_is_the_end_of_the_gap_and_a_repeated_one_the_first(
    wall: str, zone: str, instant: str
) -> None:
    assert resolve(datetime.fromisoformat(wall), zone) == datetime.fromisoformat(instant)


def test_the_time_of_day_stays_when_the_clocks_change() -> None:
    every_week = cadence("week", "sunday", at="09:00")
    assert local(every_week, "2026-03-20", 3) == [
        "Sun 2026-03-22 09:00",
        "Sun 2026-03-29 09:00",
        "Sun 2026-04-05 09:00",
    ]


def test_two_times_that_the_clocks_make_one_happen_once() -> None:
    half_hourly = cadence(cron="*/30 2-3 * * *")
    assert local(half_hourly, "2026-03-29", 3) == [
        "Sun 2026-03-29 03:00",
        "Sun 2026-03-29 03:30",
        "Mon 2026-03-30 02:00",
    ]
    assert local(half_hourly, "2026-10-25", 3) == [
        "Sun 2026-10-25 02:00",
        "Sun 2026-10-25 02:30",
        "Sun 2026-10-25 03:00",
    ]


# --- which days ---


def test_every_other_week_counts_from_the_week_of_the_first_day_that_fits() -> None:
    schedule = cadence(
        "2 weeks", "monday", starts=date(2026, 12, 1)
    )  # a Tuesday: the first Monday is the 7th
    assert local(schedule, "2026-01-01", 2) == ["Mon 2026-12-07 10:00", "Mon 2026-12-21 10:00"]


def test_several_days_of_every_other_week_fall_in_the_same_weeks() -> None:
    schedule = cadence("2 weeks", ["tuesday", "friday"], starts=date(2026, 12, 2))
    assert local(schedule, "2026-01-01", 3) == [
        "Fri 2026-12-04 10:00",
        "Tue 2026-12-15 10:00",
        "Fri 2026-12-18 10:00",
    ]


def test_a_week_without_a_day_takes_that_of_its_start() -> None:
    assert local(cadence("week", starts=date(2026, 12, 3)), "2026-12-01", 1) == ["Thu 2026-12-03 10:00"]
    assert local(cadence("month", starts=date(2026, 8, 31)), "2026-09-01", 1) == ["Wed 2026-09-30 10:00"]


def test_a_month_too_short_uses_its_last_day() -> None:
    seven = Calendar(frozenset(range(7)))
    schedule = cadence("month", 31, calendar=seven)
    assert [day[4:14] for day in local(schedule, "2028-01-01", 4)] == [
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
        "2028-04-30",
    ]


def test_a_quarter_counts_from_the_month_of_the_first_day_that_fits() -> None:
    schedule = cadence("3 months", "last friday", starts=date(2026, 1, 31))
    assert local(schedule, "2026-01-01", 3) == [
        "Fri 2026-02-27 10:00",
        "Fri 2026-05-29 10:00",
        "Fri 2026-08-28 10:00",
    ]


def test_every_day_leaves_out_the_days_off_and_doubles_nothing() -> None:
    assert local(cadence("day", calendar=BERLIN), "2026-12-23T12:00", 3) == [
        "Thu 2026-12-24 10:00",
        "Mon 2026-12-28 10:00",
        "Tue 2026-12-29 10:00",
    ]


def test_a_day_of_the_month_that_is_a_day_off_moves_or_is_left_out() -> None:
    moves = cadence("month", 15)
    skips = cadence("month", 15, on_holiday="skip")
    assert local(moves, "2026-08-01", 2) == ["Mon 2026-08-17 10:00", "Tue 2026-09-15 10:00"]
    assert local(skips, "2026-08-01", 2) == ["Tue 2026-09-15 10:00", "Thu 2026-10-15 10:00"]


def test_a_holiday_moves_to_the_next_working_day_or_is_left_out() -> None:
    moves = cadence("week", "friday", calendar=BERLIN)
    skips = cadence("week", "friday", calendar=BERLIN, on_holiday="skip")
    assert local(moves, "2026-12-20", 2) == ["Mon 2026-12-28 10:00", "Mon 2027-01-04 10:00"]
    assert local(skips, "2026-12-20", 1) == ["Fri 2027-01-08 10:00"]


def test_who_says_saturday_means_saturday() -> None:
    assert local(cadence("week", "saturday", calendar=BERLIN), "2026-12-10", 3) == [
        "Sat 2026-12-12 10:00",
        "Sat 2026-12-19 10:00",
        "Mon 2026-12-28 10:00",  # the 26th is a holiday
    ]


def test_a_moved_occurrence_keeps_its_place_among_days_that_stay() -> None:
    schedule = cadence(
        "week", ["friday", "saturday", "monday"], calendar=Calendar(frozenset(range(5)), ("US",))
    )
    assert local(schedule, "2026-12-24", 4) == [
        "Sat 2026-12-26 10:00",
        "Mon 2026-12-28 10:00",  # Friday's and Monday's are one
        "Sat 2027-01-02 10:00",
        "Mon 2027-01-04 10:00",
    ]


def test_a_moved_occurrence_is_found_when_asked_from_between() -> None:
    moves = cadence("month", 25, calendar=BERLIN)
    assert local(moves, "2026-12-27T23:00", 1) == ["Mon 2026-12-28 10:00"]
    assert local(moves, "2026-12-28T09:59", 1) == ["Mon 2026-12-28 10:00"]
    assert local(moves, "2026-12-28T10:00", 1) == ["Mon 2027-01-25 10:00"]


def test_nothing_happens_before_the_start() -> None:
    assert local(cadence(cron="0 9 * * mon", starts=date(2026, 12, 1)), "2026-01-01", 1) == [
        "Mon 2026-12-07 09:00"
    ]
    assert local(cadence("day", starts=date(2026, 12, 1)), "2026-01-01", 1) == ["Tue 2026-12-01 10:00"]


def test_cron_has_several_times_a_day() -> None:
    assert local(cadence(cron="0 9,15 * * fri"), "2026-12-01", 3) == [
        "Fri 2026-12-04 09:00",
        "Fri 2026-12-04 15:00",
        "Fri 2026-12-11 09:00",
    ]


@pytest.mark.parametrize(
    "parts",
    [
        {"cron": "0 0 30 2 *"},
        {"cron": "0 0 31 4,6 *"},
        {"cron": "* * 25 12 *", "calendar": BERLIN, "on_holiday": "skip"},
        {
            "every": "12 months",
            "on": 25,
            "starts": date(2026, 12, 1),
            "calendar": BERLIN,
            "on_holiday": "skip",
        },
        {"every": "7 days", "starts": date(2026, 12, 5)},
    ],
)
def test_what_never_happens_has_no_next_time_and_does_not_search_for_ever(parts: dict[str, Any]) -> None:
    assert cadence(**parts).next_after(datetime(2026, 11, 30, tzinfo=UTC)) is None


def test_what_happens_in_leap_years_only_does_happen() -> None:
    leap = cadence(cron="0 9 29 2 *").next_after(datetime(2096, 3, 1, tzinfo=UTC))
    assert leap == datetime(2104, 2, 29, 8, tzinfo=UTC)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        cadence("day").next_after(datetime(2026, 11, 30))  # noqa: DTZ001 what is tested


def test_three_days_later_is_the_same_time_on_the_clock_even_when_the_clocks_change() -> None:
    friday = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)  # 10:00 in Berlin, two days before summer time
    assert later(friday, timedelta(days=3), "Europe/Berlin") == datetime(2027, 3, 29, 8, 0, tzinfo=UTC)
    assert later(friday, timedelta(hours=72 + 1), "Europe/Berlin") == datetime(2027, 3, 29, 10, 0, tzinfo=UTC)
