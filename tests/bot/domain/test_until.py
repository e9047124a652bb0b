from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.until import AlreadyPast, NotADay, parse_day

WEDNESDAY = datetime(2026, 12, 2, 10, tzinfo=UTC)
ZONE = "Europe/Berlin"


def read(text: str) -> date:
    return parse_day(text, now=WEDNESDAY, zone=ZONE)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("24.12.", date(2026, 12, 24)),
        ("24.12.2026", date(2026, 12, 24)),
        ("24. 12. 26", date(2026, 12, 24)),
        ("1.2.", date(2027, 2, 1)),
        ("24 Dec", date(2026, 12, 24)),
        ("24 December 2027", date(2027, 12, 24)),
        ("Dec 24th, 2027", date(2027, 12, 24)),
        ("the 5th of January", date(2027, 1, 5)),
        ("1 dec", date(2027, 12, 1)),
        ("29 feb", date(2028, 2, 29)),
        ("12/24", date(2026, 12, 24)),
        ("24/12/2026", date(2026, 12, 24)),
        ("24-12-2026", date(2026, 12, 24)),
        ("tomorrow", date(2026, 12, 3)),
        ("the day after tomorrow", date(2026, 12, 4)),
        ("monday", date(2026, 12, 7)),
        ("until Fri", date(2026, 12, 4)),
        ("wednesday", date(2026, 12, 9)),
        ("next friday", date(2026, 12, 11)),
        ("next week", date(2026, 12, 7)),
        ("next month", date(2027, 1, 1)),
        ("next year", date(2027, 1, 1)),
        ("in 2 weeks", date(2026, 12, 16)),
        ("2 weeks", date(2026, 12, 16)),
        ("in ten days", date(2026, 12, 12)),
        ("in a month", date(2027, 1, 2)),
        ("three weeks from now", date(2026, 12, 23)),
        ("in 1 month and 2 days", date(2027, 1, 4)),
    ],
)
def test_a_day_can_be_said_in_many_ways(text: str, day: date) -> None:
    assert read(text) == day


@pytest.mark.parametrize(
    "text", ["", "soon", "5", "december", "31 feb", "2026-13-01", "10:00", "?" * 500, "in 9999 years"]
)
def test_what_is_no_day_is_given_back_as_it_was_typed(text: str) -> None:
    with pytest.raises(NotADay) as refused:
        read(text)
    assert refused.value.text == text


@pytest.mark.parametrize("text", ["03/04", "3/4/2027", "03-04-2027"])
def test_a_date_that_could_be_two_days_is_not_guessed(text: str) -> None:
    with pytest.raises(NotADay):
        read(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 12, 2)),
        ("2 dec", date(2026, 12, 2)),
        ("2026-12-02", date(2026, 12, 2)),
        ("yesterday", date(2026, 12, 1)),
        ("24.12.2025", date(2025, 12, 24)),
        ("0 days", date(2026, 12, 2)),
    ],
)
def test_today_and_before_are_past(text: str, day: date) -> None:
    with pytest.raises(AlreadyPast) as refused:
        read(text)
    assert refused.value.day == day


def test_today_is_the_persons_own() -> None:
    late = datetime(2026, 12, 2, 23, 30, tzinfo=UTC)
    assert parse_day("tomorrow", now=late, zone="Europe/Berlin") == date(2026, 12, 4)
    assert parse_day("tomorrow", now=late, zone="America/New_York") == date(2026, 12, 3)
    assert parse_day("in one week", now=late, zone="Pacific/Kiritimati") == date(2026, 12, 10)


def test_the_usual_forms_need_no_slow_library() -> None:
    code = (
        "import sys; from datetime import *; from bot.domain.until import parse_day;"
        "[parse_day(t, now=datetime(2026, 12, 2, tzinfo=UTC), zone='UTC')"
        " for t in ('2026-12-24', '24.12.', 'tomorrow', 'monday', 'next week', 'in 2 weeks', '24 Dec')];"
        "print('dateparser' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=20), st.from_regex(r"[a-z0-9./ -]{1,15}", fullmatch=True)))
def test_any_text_is_a_coming_day_or_is_refused(text: str) -> None:
    try:
        day = read(text)
    except (NotADay, AlreadyPast):
        return
    assert day > WEDNESDAY.date()
