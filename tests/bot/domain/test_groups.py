"""Groups of three to eight: how large they are, and that everyone gets to know everyone."""

from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.groups import sizes
from bot.domain.matching import plan_round
from bot.domain.pairs import History, Pair, Participant, Plan, pairs_of
from bot.domain.season import Odd, SeasonPlan
from bot.domain.simulation import PlayedRound, simulate_coffee


def together(played: PlayedRound) -> set[Pair]:
    return {each for group in played.groups for each in pairs_of(group)}


@pytest.mark.parametrize(
    ("n", "size", "odd", "expected"),
    [
        (8, 3, "trio", [3, 3, 2]),
        (7, 3, "trio", [4, 3]),
        (11, 3, "trio", [3, 3, 3, 2]),
        (10, 4, "trio", [5, 5]),
        (6, 4, "trio", [3, 3]),
        (9, 8, "trio", [5, 4]),
        (2, 5, "trio", [2]),
        (1, 3, "trio", []),
        (8, 3, "bye", [3, 3]),
        (11, 4, "bye", [4, 4]),
        (3, 4, "bye", [3]),
        (1, 4, "bye", []),
    ],
)
def test_groups_deviate_as_little_as_can_be_or_the_rest_sits_out(
    n: int, size: int, odd: Odd, expected: list[int]
) -> None:
    assert sizes(n, size, odd) == expected


@pytest.mark.parametrize(
    ("n", "size", "differ"), [(6, 3, 1), (7, 3, 2), (8, 3, 1), (8, 4, 2), (9, 3, 1), (10, 3, 3), (10, 4, 3)]
)
def test_over_twenty_rounds_all_pairs_are_together_about_equally_often(
    n: int, size: int, differ: int
) -> None:
    for seed in range(2):
        played = simulate_coffee(people=n, group_size=size, rounds=20, seed=seed)
        times = Counter(dict.fromkeys(pairs_of(range(n)), 0))
        for each in played.rounds:
            times.update(together(each))
        assert max(times.values()) - min(times.values()) <= differ


@pytest.mark.parametrize(("n", "size"), [(8, 3), (9, 3), (15, 3), (16, 4)])
def test_nobody_is_with_the_same_one_twice_running_where_that_can_be(n: int, size: int) -> None:
    played = simulate_coffee(people=n, group_size=size, rounds=12, seed=3)
    for before, after in pairwise(played.rounds):
        assert together(before).isdisjoint(together(after))


@pytest.mark.parametrize(("n", "size"), [(9, 4), (10, 3)])
def test_the_places_in_a_larger_group_go_round(n: int, size: int) -> None:
    played = simulate_coffee(people=n, group_size=size, rounds=20, seed=2)
    places = Counter(
        each for one in played.rounds for group in one.groups if len(group) > size for each in group
    )
    assert max(places.values()) - min(places[each] for each in range(n)) <= 5


def test_who_does_not_fit_into_full_groups_sits_out_in_turn_and_never_twice_running() -> None:
    played = simulate_coffee(people=11, group_size=4, rounds=11, odd="bye", seed=1)
    assert set(played.byes.values()) == {3}
    assert all(set(map(len, each.groups)) == {4} for each in played.rounds)
    for before, after in pairwise(played.rounds):
        assert set(before.byes).isdisjoint(after.byes)


def test_whom_all_avoid_has_the_turn_to_sit_out_so_that_nobody_else_needs_to() -> None:
    avoid = frozenset((0, each) for each in range(1, 7))
    plan = plan_round(
        [Participant(each, byes=9.0 if each == 0 else 0.0) for each in range(7)],
        history=History(),
        avoid=avoid,
        group_size=3,
        odd="bye",
        rng=Random(1),
    )
    assert [(bye.member, bye.kind) for bye in plan.byes] == [(0, "turn")]
    assert sorted(len(group.members) for group in plan.groups) == [3, 3]


SEEDS = st.integers(0, 10**6)


@pytest.mark.parametrize(
    ("people", "size", "rounds"), [(15, 3, 7), (9, 3, 4), (16, 4, 5), (25, 5, 6), (32, 4, 9), (14, 3, 7)]
)
def test_a_season_has_as_many_rounds_without_a_repeat_as_is_known(
    people: int, size: int, rounds: int
) -> None:
    for seed in range(8):
        played = simulate_coffee(people=people, group_size=size, rounds=rounds, seed=seed)
        assert played.first_repeat is None


def planned(
    people: list[int],
    season: SeasonPlan,
    history: History,
    *,
    size: int,
    avoid: frozenset[Pair] = frozenset(),
    odd: Odd = "trio",
) -> Plan:
    present = [Participant(each) for each in people]
    return plan_round(
        present, history=history, avoid=avoid, group_size=size, odd=odd, season=season, rng=Random(1)
    )


def members(plan: Plan) -> set[tuple[int, ...]]:
    return {group.members for group in plan.groups}


def some_rounds(season: SeasonPlan, count: int, *, size: int) -> History:
    history = History()
    for _ in range(count):
        history = history.after(members(planned(list(season.members), season, history, size=size)))
    return history


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(0, 6), st.integers(0, 14))
def test_who_is_away_changes_nobodys_group_but_their_own(seed: int, before: int, away: int) -> None:
    season = SeasonPlan(tuple(range(15)), seed)
    history = some_rounds(season, before, size=3)
    here = [each for each in range(15) if each != away]
    mended = members(planned(here, season, history, size=3))
    as_planned = members(planned(list(range(15)), season, history, size=3))
    assert mended == {tuple(sorted(set(group) - {away})) for group in as_planned}


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(0, 3))
def test_who_joins_comes_into_one_group_and_the_others_stay_as_planned(seed: int, before: int) -> None:
    season = SeasonPlan(tuple(range(15)), seed)
    history = some_rounds(season, before, size=3)
    as_planned = members(planned(list(range(15)), season, history, size=3))
    with_new = members(planned(list(range(16)), season, history, size=3))
    assert len(with_new & as_planned) == 4
    assert {tuple(sorted(set(group) - {15})) for group in with_new} == as_planned


def test_whom_one_avoids_costs_no_repeat_before_the_round_in_which_they_would_have_met() -> None:
    for seed in range(10):
        season, history, avoid = SeasonPlan(tuple(range(15)), seed), History(), frozenset({(3, 8)})
        for _ in range(6):
            plan = planned(list(range(15)), season, history, size=3, avoid=avoid)
            history = history.after(members(plan))
        assert set(history.times.values()) == {1}
        last = members(planned(list(range(15)), season, history, size=3, avoid=avoid))
        assert avoid.isdisjoint(each for group in last for each in pairs_of(group))
        assert [len(group) for group in last] == [3] * 5
        assert sum(each in history.last for group in last for each in pairs_of(group)) <= 4


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(3, 8), st.integers(2, 40), st.sampled_from(["trio", "bye"]))
def test_everybody_here_is_placed_in_groups_of_the_right_length_whoever_was_planned_for(
    seed: int, size: int, people: int, odd: Odd
) -> None:
    rng = Random(seed)
    team = list(range(people + 5))
    season = SeasonPlan(tuple(sorted(rng.sample(team, people))), seed, odd, number=rng.randrange(3))
    history = History()
    for _ in range(3):
        here = sorted(rng.sample(team, rng.randint(2, people)))
        plan = planned(here, season, history, size=size, odd=odd)
        placed = [each for group in members(plan) for each in group] + [bye.member for bye in plan.byes]
        assert sorted(placed) == here
        assert sorted(map(len, members(plan)), reverse=True) == sizes(len(here), size, odd)
        history = history.after(members(plan))


@pytest.mark.parametrize(("people", "size", "differ"), [(14, 3, 1), (16, 3, 4), (23, 4, 3), (31, 4, 4)])
def test_the_odd_places_go_round(people: int, size: int, differ: int) -> None:
    played = simulate_coffee(people=people, group_size=size, rounds=21, seed=1)
    places = Counter(dict.fromkeys(range(people), 0))
    for each in played.rounds:
        places.update(member for group in each.groups if len(group) != size for member in group)
    assert max(places.values()) - min(places.values()) <= differ


def test_over_a_year_of_seasons_all_pairs_are_together_about_equally_often() -> None:
    for people, size, differ in [(15, 3, 1), (16, 4, 1), (12, 3, 2), (20, 4, 3)]:
        played = simulate_coffee(people=people, group_size=size, rounds=52, seed=4)
        times = Counter(dict.fromkeys(pairs_of(range(people)), 0))
        for each in played.rounds:
            times.update(together(each))
        assert max(times.values()) - min(times.values()) <= differ


def test_a_thousand_people_are_in_fours_without_a_repeat_whoever_is_away() -> None:
    rng, history = Random(1), History()
    season = SeasonPlan(tuple(range(1000)), 1)
    for _ in range(4):
        here = [each for each in range(1000) if rng.random() < 0.9]
        history = history.after(members(planned(here, season, history, size=4)))
    assert set(history.times.values()) == {1}
