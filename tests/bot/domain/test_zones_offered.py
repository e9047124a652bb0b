"""Which time zones are offered while one is typed: the likeliest first."""

from __future__ import annotations

import pytest

from bot.domain.zones_offered import zones_offered

BERLIN = ["Europe/Berlin"]


@pytest.mark.parametrize(
    ("typed", "first", "offered"),
    [
        ("ber", BERLIN, ["Europe/Berlin", "Atlantic/Bermuda", "Australia/Canberra"]),
        ("ber", ["Europe/Lisbon"], ["Europe/Berlin", "Atlantic/Bermuda", "Australia/Canberra"]),
        ("ber", ["America/New_York", "Atlantic/Azores"], ["Atlantic/Bermuda", "Europe/Berlin"]),
        ("new york", [], ["America/New_York"]),
        ("york", BERLIN, ["America/New_York"]),
        ("EUROPE/BERL", [], BERLIN),
        ("lin", BERLIN, ["Australia/Lindeman", "Europe/Berlin", "Europe/Dublin"]),
        ("in", BERLIN, ["America/Indiana/Indianapolis"]),
        ("gotham", BERLIN, []),
        ("", ["Europe/Vienna", "Europe/Berlin"], ["Europe/Vienna", "Europe/Berlin", "Europe/Amsterdam"]),
    ],
)
def test_the_likeliest_zones_come_first(typed: str, first: list[str], offered: list[str]) -> None:
    assert zones_offered(typed, first=first)[: max(len(offered), 1)] == offered
