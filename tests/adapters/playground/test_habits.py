"""What the make-believe colleagues would do is decided by a seed, in bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from adapters.playground.habits import (
    BY_STYLE,
    HABITS,
    awake,
    family_of,
    intents,
    is_away_this_week,
    is_theirs,
)

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


def test_what_the_bot_does_not_lead_to_is_left_alone() -> None:
    buttons = [
        ("thanks-edit:1", "plain"),
        ("thanks-out:1", "plain"),
        ("forget", "danger"),
        ("thanks-delete:1", "danger"),
    ]
    assert [intents(buttons, reminder=False, label=str(n)) for n in range(200)] == [[]] * 200
    assert set(BY_STYLE) == {"primary"}
    assert sum(h.chance for h in HABITS.values() if h.family == "turn") <= 1


def test_a_prompt_for_thanks_asks_anew_each_time_and_a_round_once() -> None:
    assert family_of("thanks:3") == ("thanks", "")
    assert family_of("answer:3:k3f9") == ("answer", "3")
    assert family_of("swap:3") == family_of("done:3") == ("turn", "3")
    assert family_of("accept:8") == family_of("decline:8") == ("offer", "8")


def test_a_turn_is_theirs_whom_the_message_names_and_to_volunteer_is_for_the_others() -> None:
    assert is_theirs("pass:3", named=True)
    assert not is_theirs("pass:3", named=False)
    assert not is_theirs("volunteer:3", named=True)
    assert is_theirs("volunteer:3", named=False)
    assert is_theirs("thanks:3", named=True)
    assert is_theirs("thanks:3", named=False)
