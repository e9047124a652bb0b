from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest

from bot.domain.calendar import Calendar, country_codes, known_country

WEEKDAYS = frozenset(range(5))
BERLIN = Calendar(WEEKDAYS, ("DE-BE",))


def test_a_weekday_is_worked_unless_it_is_a_holiday() -> None:
    assert BERLIN.is_working_day(date(2026, 11, 30))
    assert not BERLIN.is_working_day(date(2026, 11, 29))
    assert not BERLIN.is_working_day(date(2026, 12, 25))


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    womens_day = date(2027, 3, 8)
    assert BERLIN.holiday_name(womens_day) == "Women's Day"
    assert Calendar(WEEKDAYS, ("DE",)).holiday_name(womens_day) is None


def test_holidays_of_all_the_countries_count() -> None:
    both = Calendar(WEEKDAYS, ("DE", "US"))
    assert both.holiday_name(date(2026, 11, 26)) == "Thanksgiving Day"
    assert both.holiday_name(date(2026, 10, 3)) is not None
    assert both.holiday_name(date(2026, 10, 7)) is None


def test_a_holiday_has_its_name_on_days_off_too() -> None:
    assert Calendar(frozenset({0}), ("DE",)).holiday_name(date(2026, 12, 25)) == "Christmas Day"


def test_the_next_working_day_is_the_day_itself_if_it_is_one() -> None:
    assert BERLIN.next_working_day(date(2026, 12, 24)) == date(2026, 12, 24)


def test_the_next_working_day_is_after_the_holidays_and_the_weekend() -> None:
    assert BERLIN.next_working_day(date(2026, 12, 25)) == date(2026, 12, 28)
    assert BERLIN.next_working_day(date(2027, 12, 31)) == date(2027, 12, 31)
    assert BERLIN.next_working_day(date(2028, 1, 1)) == date(2028, 1, 3)


def test_a_team_that_never_works_is_refused() -> None:
    with pytest.raises(ValueError, match="no working day"):
        Calendar(frozenset())


def test_a_day_that_is_none_of_the_week_is_refused() -> None:
    with pytest.raises(ValueError, match="7 is not a day of the week"):
        Calendar(frozenset({0, 7}))


@pytest.mark.parametrize("code", ["XX", "DE-XX", "de", "DEU", "", "DE-", "-BE"])
def test_a_country_without_known_holidays_is_refused(code: str) -> None:
    assert not known_country(code)
    with pytest.raises(ValueError, match="Expected an ISO 3166 code"):
        Calendar(WEEKDAYS, (code,))


def test_every_known_code_can_be_used() -> None:
    codes = country_codes()
    assert {"DE", "DE-BE", "US-CA", "GB-SCT"} <= set(codes)
    assert list(codes) == sorted(codes)
    for code in codes[::20]:
        Calendar(WEEKDAYS, (code,)).holiday_name(date(2026, 1, 1))


def test_no_country_calls_every_sunday_a_holiday() -> None:
    sundays = [date(2026, 1, 4) + timedelta(weeks=n) for n in range(52)]
    for code in ("SE", "NO", "IL", "AE", "JP"):
        assert sum(Calendar(WEEKDAYS, (code,)).holiday_name(day) is not None for day in sundays) < 10


def test_a_holidays_name_does_not_depend_on_the_computers_language() -> None:
    code = (
        "from bot.domain.calendar import *; from datetime import date;"
        "print(Calendar(frozenset({0}), ('DE',)).holiday_name(date(2026, 12, 25)))"
    )
    environment = {**os.environ, "LANGUAGE": "de", "LANG": "de_DE.UTF-8"}
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "Christmas Day"
