"""Rounds of hundreds: everybody is placed, nobody meets again, and what was planned stays."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.matching import plan_round
from bot.domain.pairs import History, Pair, Participant, pair, pairs_of
from bot.domain.season import Odd, begin


def people(ids: list[int]) -> list[Participant]:
    return [Participant(each) for each in ids]


@settings(max_examples=20, deadline=None)
@given(
    n=st.integers(201, 420),
    odd=st.sampled_from(["trio", "bye"]),
    away=st.sampled_from([0.0, 0.05, 0.4]),
    planned=st.booleans(),
    seed=st.integers(0, 10**6),
)
def test_everybody_there_is_in_one_group_and_no_pair_repeats_or_is_avoided(
    n: int, odd: Odd, away: float, planned: bool, seed: int
) -> None:
    rng, chance = Random(seed), Random(f"{seed} away")
    season = begin(range(n), odd=odd, began=0, rng=rng) if planned else None
    avoid = frozenset(pair(*chance.sample(range(n), 2)) for _ in range(n))
    history = History()
    for _ in range(3):
        here = [each for each in range(n) if chance.random() >= away]
        plan = plan_round(
            people(here), history=history, avoid=avoid, odd=odd, season=season, members=range(n), rng=rng
        )
        groups = [group.members for group in plan.groups]
        placed = [each for group in groups for each in group] + [bye.member for bye in plan.byes]
        assert sorted(placed) == here
        assert len(plan.byes) == (len(here) % 2 if odd == "bye" else 0)
        met = [each for group in groups for each in pairs_of(group)]
        assert avoid.isdisjoint(met)
        assert set(history.last).isdisjoint(met)
        history = history.after(groups)


def test_what_was_planned_stays_for_all_whose_partner_is_there() -> None:
    season = begin(range(400), odd="bye", began=0, rng=Random(1))
    here = [each for each in range(400) if each % 20]
    plan = plan_round(people(here), history=History(), season=season, members=range(400), rng=Random(1))
    met = {group.members for group in plan.groups}
    kept = max(len(met & {who for who in groups if set(who) <= set(here)}) for groups in season.rounds())
    possible = max(sum(set(who) <= set(here) for who in groups) for groups in season.rounds())
    assert kept >= possible - 12  # half a lot is broken up so that those left over have somebody new


@pytest.mark.parametrize("friends", [1, 2, 7])
def test_who_can_meet_only_a_few_is_not_left_out_as_long_as_one_of_them_is_there(friends: int) -> None:
    n = 301
    avoid = frozenset((0, each) for each in range(1, n - friends))
    plan = plan_round(people(list(range(n))), history=History(), avoid=avoid, odd="bye", rng=Random(1))
    assert 0 not in {bye.member for bye in plan.byes}
    assert len(plan.byes) == 1


def test_of_two_halves_who_all_avoid_each_other_within_a_half_nobody_is_left_out() -> None:
    halves = [list(range(120)), list(range(120, 240))]
    avoid: frozenset[Pair] = frozenset(each for half in halves for each in pairs_of(half))
    plan = plan_round(people(list(range(240))), history=History(), avoid=avoid, rng=Random(1))
    assert plan.byes == ()
    assert avoid.isdisjoint(group.members for group in plan.groups)
