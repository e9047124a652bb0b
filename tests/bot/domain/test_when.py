from __future__ import annotations

import pytest

from bot.domain.when import Every, On


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("day", Every(1, "day")),
        ("week", Every(1, "week")),
        ("2 weeks", Every(2, "week")),
        ("1 week", Every(1, "week")),
        ("3 Months", Every(3, "month")),
    ],
)
def test_an_interval_is_a_unit_or_a_number_of_them(text: str, every: Every) -> None:
    assert Every.parse(text) == every


@pytest.mark.parametrize(
    "text", ["", "0 weeks", "-1 weeks", "two weeks", "1 2 weeks", "year", "999 days", "1.5 weeks"]
)
def test_any_other_interval_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match='Expected "day", "week", "month"'):
        Every.parse(text)


@pytest.mark.parametrize(
    ("value", "on"),
    [
        ("monday", On(weekdays=(0,))),
        ("Fri", On(weekdays=(4,))),
        (["thursday", "monday", "mon"], On(weekdays=(0, 3))),
        ("first monday", On(weekdays=(0,), nth=1)),
        ("last friday", On(weekdays=(4,), nth=-1)),
        (15, On(day=15)),
        ("15", On(day=15)),
    ],
)
def test_on_is_a_weekday_or_several_or_the_nth_or_a_day_of_the_month(
    value: str | int | list[str], on: On
) -> None:
    assert On.parse(value) == on


@pytest.mark.parametrize(
    "value", ["", "mo day x", 0, 32, -1, True, [], ["monday", "15"], "first", "fifth monday"]
)
def test_any_other_day_is_refused_with_what_was_expected(value: str | int | list[str]) -> None:
    with pytest.raises(ValueError, match="Expected a weekday, a list of weekdays"):
        On.parse(value)


@pytest.mark.parametrize(
    ("value", "nearest"), [("munday", "monday"), ("frist monday", "first"), ("last firday", "friday")]
)
def test_a_misspelt_day_gets_the_nearest_spelling(value: str, nearest: str) -> None:
    with pytest.raises(ValueError, match=f"Did you mean '{nearest}'"):
        On.parse(value)
