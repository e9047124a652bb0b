"""Where a demo begins: just as the first coffee opens, in a week in which everything comes round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.config.loading import load_text
from bot.config.schema import Config
from bot.demo import beginning, demo_config

ANY_DAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
COFFEE = """
[[coffee]]
name = "coffee"
channel = "playground:#coffee"
every = "week"
on = "monday"
at = "10:00"
"""


def config(more: str = "", *, coffee: str = COFFEE) -> Config:
    found = load_text(f'[team]\nname = "Acme"\n{coffee}{more}').config
    assert found is not None
    return found


@pytest.mark.parametrize("days", range(0, 400, 7))
def test_the_demo_begins_with_a_coffee_and_within_a_week_all_the_rest_comes_round(days: int) -> None:
    ready = demo_config(None)
    now = ANY_DAY + timedelta(days=days)
    begun = beginning(ready, now=now)
    assert begun is not None
    start, first_view = begun
    assert now - timedelta(minutes=1) < start < now + timedelta(weeks=6)
    [coffee] = ready.coffee
    at = coffee.cadence(ready.team).next_after(start)
    assert at is not None
    assert start < at < first_view
    for ritual in ready.rituals:
        following = ritual.cadence(ready.team).next_after(start)
        assert following is not None
        assert following - start < timedelta(days=8)


def test_who_asks_who_comes_begins_by_asking() -> None:
    asking = config(coffee=COFFEE + 'members = "each-round"\nannounce_before = "2 days"\n')
    begun = beginning(asking, now=ANY_DAY)
    assert begun is not None
    assert begun[1] - begun[0] == timedelta(days=2, minutes=2)


def test_without_coffee_it_begins_with_what_comes_first() -> None:
    thanks = """
    [[gratitude]]
    name = "thanks"
    channel = "playground:#thanks"
    every = "week"
    on = "friday"
    at = "15:00"
    prompts = ["Who?"]
    """
    begun = beginning(config(thanks, coffee=""), now=ANY_DAY)
    assert begun is not None
    assert begun[1] == datetime(2026, 11, 27, 15, 1, tzinfo=UTC)


def test_what_never_comes_round_together_is_not_waited_for() -> None:
    yearly = """
    [[checkin]]
    name = "host"
    kind = "host"
    channel = "playground:#team"
    every = "12 months"
    on = 1
    at = "10:00"
    starts = 2027-10-01
    """
    begun = beginning(config(yearly), now=ANY_DAY)
    assert begun is not None
    assert begun[1] == datetime(2026, 11, 30, 10, 1, tzinfo=UTC)


def test_where_nothing_ever_happens_there_is_no_beginning() -> None:
    assert beginning(config(coffee=""), now=ANY_DAY) is None
