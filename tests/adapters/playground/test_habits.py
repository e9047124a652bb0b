"""What the make-believe colleagues would do is decided by a seed, in bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from adapters.playground.habits import awake, intents, is_away_this_week

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def test_nobody_is_away_where_no_chance_is_given() -> None:
    assert not any(is_away_this_week(f"p{n}", at=MONDAY, chance=0, seed=1) for n in range(100))


def test_they_sleep_at_night() -> None:
    night = datetime(2026, 11, 30, 1, 30, tzinfo=UTC)
    woken = awake(night, zone="Europe/Berlin", label="x")
    assert datetime(2026, 11, 30, 7, 0, tzinfo=UTC) <= woken < datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert awake(night, zone="Asia/Kolkata", label="x").astimezone(ZoneInfo("Asia/Kolkata")).hour == 8
    assert awake(MONDAY, zone="Europe/Berlin", label="x") == MONDAY


@given(
    hours=st.integers(0, 24 * 60),
    zone=st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "Africa/Lagos", "America/Los_Angeles", None]),
    label=st.text(max_size=5),
)
def test_they_press_nothing_at_weekends_nor_late(hours: int, zone: str | None, label: str) -> None:
    at = MONDAY + timedelta(hours=hours)
    woken = awake(at, zone=zone, label=label)
    local = woken.astimezone(ZoneInfo(zone or "UTC"))
    assert local.weekday() < 5
    assert 8 <= local.hour < 19
    assert at <= woken < at + timedelta(days=3)


def test_after_friday_evening_comes_monday_morning() -> None:
    friday = datetime(2026, 12, 4, 19, 43, tzinfo=UTC)
    woken = awake(friday, zone="Europe/Berlin", label="x").astimezone(ZoneInfo("Europe/Berlin"))
    assert (woken.day, woken.hour) == (7, 8)


@given(
    label=st.text(max_size=20),
    buttons=st.lists(
        st.tuples(
            st.sampled_from(
                ["met:1", "not:1", "time:1:0", "time:1:1", "in:7", "out:7", "unheard:3", "plain"]
            ),
            st.sampled_from(["plain", "primary", "danger"]),
        ),
        max_size=6,
        unique_by=lambda button: button[0],
    ),
)
def test_at_most_one_button_of_a_family_is_meant_to_be_pressed(
    label: str, buttons: list[tuple[str, str]]
) -> None:
    meant = intents(buttons, reminder=False, label=label)
    assert meant == intents(buttons, reminder=False, label=label)
    assert len({(i.family, i.about) for i in meant}) == len(meant)
    assert {i.action for i in meant} <= {action for action, _ in buttons}
    assert all(i.after >= timedelta(minutes=5) for i in meant)
