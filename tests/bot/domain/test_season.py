"""A season: everyone meets everyone once, in as few rounds as can be."""

from collections import Counter
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.heaviest import heaviest
from bot.domain.pairs import History, Pair, pair, pairs_of
from bot.domain.season import (
    Odd,
    SeasonPlan,
    begin,
    bound,
    current,
    fullest,
    is_over,
    missing,
    rounds_left,
)

NOBODY: frozenset[Pair] = frozenset()


def introduced(season: SeasonPlan) -> list[Pair]:
    return [each for groups in season.rounds() for group in groups for each in pairs_of(group)]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 40), st.integers(0, 10**6), st.integers(0, 3))
def test_with_byes_every_pair_has_exactly_one_round_and_everyone_at_most_one_bye(
    n: int, seed: int, number: int
) -> None:
    season = SeasonPlan(tuple(range(n)), seed, "bye", number)
    assert sorted(introduced(season)) == pairs_of(range(n))
    assert season.length == bound(n, "bye") == (n - 1 if n % 2 == 0 else n)
    for groups in season.rounds():
        present = [member for group in groups for member in group]
        assert len(present) == len(set(present)) == n - n % 2


def test_nine_people_with_trios_all_meet_in_six_rounds_each_twice_in_a_trio() -> None:
    for seed in range(10):
        season = SeasonPlan(tuple(range(9)), seed, "trio")
        assert season.length == bound(9, "trio") == 6
        assert sorted(introduced(season)) == pairs_of(range(9))
        trios = Counter(
            each for groups in season.rounds() for group in groups if len(group) == 3 for each in group
        )
        assert set(trios.values()) == {2}


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([3, 5, 7, 11, 13, 15]), st.integers(0, 50))
def test_a_plan_with_trios_repeats_no_pair_and_has_everyone_in_every_round(n: int, seed: int) -> None:
    season = SeasonPlan(tuple(range(n)), seed, "trio")
    met = introduced(season)
    assert len(met) == len(set(met))
    assert 1 <= season.length <= n * (n - 1) // (n + 3)
    for groups in season.rounds():
        assert sorted(each for group in groups for each in group) == list(range(n))
        assert sorted(map(len, groups)) == [2] * ((n - 3) // 2) + [3]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 15), st.sampled_from(["trio", "bye"]), st.integers(0, 20), st.integers(0, 2))
def test_every_pair_knows_its_round(n: int, odd: Odd, seed: int, number: int) -> None:
    season = SeasonPlan(tuple(range(10, 10 + n)), seed, odd, number)
    where = {
        each: at for at, groups in enumerate(season.rounds()) for group in groups for each in pairs_of(group)
    }
    for each in pairs_of([*season.members, 99]):
        assert season.finder()(each) == where.get(each)


def test_seasons_of_the_same_people_differ_by_seed_and_by_number() -> None:
    plans = [
        SeasonPlan(tuple(range(10)), seed, "bye", number).rounds() for seed in (1, 2) for number in (0, 1)
    ]
    assert all(a != b for a, b in combinations(plans, 2))
    assert plans[0] == SeasonPlan(tuple(range(10)), 1, "bye", 0).rounds()


@settings(max_examples=25, deadline=None)
@given(st.integers(4, 25), st.integers(0, 1000))
def test_across_the_end_of_a_season_a_pair_rests_for_half_as_many_rounds_as_there_are_people(
    n: int, seed: int
) -> None:
    seasons = [SeasonPlan(tuple(range(n)), seed, "bye", number) for number in range(4)]
    for before, after in pairwise(seasons):
        for each in pairs_of(range(n)):
            was, now = before.finder()(each), after.finder()(each)
            assert was is not None
            assert now is not None
            assert before.length - was + now > n // 2


def test_a_season_goes_on_until_everybody_who_may_meet_has_met_and_then_the_next_begins() -> None:
    rng = Random(1)
    team = (1, 2, 3, 4)
    season = current(None, team, history=History(), odd="bye", rng=rng)
    history = History()
    for groups in season.rounds():
        assert current(season, team, history=history, odd="bye", rng=rng) == season
        history = history.after(groups)
    following = current(season, team, history=history, odd="bye", rng=rng)
    assert (following.number, following.began, following.seed) == (1, 3, season.seed)
    with_newcomer = (*team, 5)
    assert current(season, with_newcomer, history=history, odd="bye", rng=rng) == season
    without = current(season, (1, 2, 3), history=history, odd="bye", rng=rng)
    assert (without.members, without.number, without.began) == ((1, 2, 3), 0, 3)


def test_a_pair_that_avoids_each_other_does_not_keep_a_season_open() -> None:
    season = begin([1, 2, 3], odd="bye", began=0, rng=Random(1))
    history = History.of([[(1, 2)], [(2, 3)]])
    assert not is_over(season, [1, 2, 3], history, NOBODY)
    assert is_over(season, [1, 2, 3], history, frozenset({(1, 3)}))


def test_what_is_missing_is_who_has_not_met_this_season_and_who_is_owed_again() -> None:
    history = History.of([[(1, 2)], [(1, 3)], [(2, 3)]], owed=[(2, 3)])
    assert missing(history, [1, 2, 3]) == [(2, 3)]
    assert missing(history, [1, 2, 3], began=1) == [(1, 2), (2, 3)]
    assert missing(history, [1, 2, 3, 4], avoid=frozenset({(1, 4), (2, 3)})) == [(2, 4), (3, 4)]


def test_the_fullest_rounds_are_those_that_lose_fewest_pairs_to_absence_avoidance_and_the_past() -> None:
    season = SeasonPlan(tuple(range(8)), 4, began=1)
    rng = Random(7)
    for _ in range(30):
        present = set(rng.sample(range(8), 6))
        avoid = frozenset(rng.sample(pairs_of(range(8)), 3))
        history = History.of(
            [season.planned(0), rng.choice(season.rounds()), rng.sample(pairs_of(range(8)), 2)]
        )
        left = [
            sum(
                each not in avoid and history.last.get(each, 0) < 1 and present.issuperset(each)
                for each in [pair(*two) for two in groups]
            )
            for groups in season.rounds()
        ]
        assert fullest(season, present, history, avoid) == [at for at in range(7) if left[at] == max(left)]


@pytest.mark.parametrize(
    ("n", "odd", "rounds"),
    [
        (0, "bye", 0),
        (1, "trio", 0),
        (2, "bye", 1),
        (3, "trio", 1),
        (9, "bye", 9),
        (9, "trio", 6),
        (10, "trio", 9),
    ],
)
def test_the_bound_is_what_counting_allows(n: int, odd: Odd, rounds: int) -> None:
    assert bound(n, odd) == rounds
    assert rounds_left(pairs_of(range(n)), range(n), odd=odd) == rounds


def test_rounds_left_count_the_busiest_person_and_odd_circles() -> None:
    assert rounds_left([], range(9)) == 0
    assert rounds_left([(0, 1), (0, 2), (0, 3)], range(10)) == 3
    assert rounds_left([(0, 1), (1, 2), (0, 2)], range(10)) == 3  # three in a circle: one pair a round
    assert rounds_left([(0, 1), (1, 2), (0, 2)], range(9), odd="trio") == 1
    assert rounds_left([(0, 1), (0, 2), (0, 3), (0, 4)], range(9), odd="trio") == 2
    assert rounds_left([(0, 99)], range(9)) == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 12), st.sampled_from(["trio", "bye"]), st.integers(0, 50), st.integers(0, 12))
def test_no_plan_is_faster_than_rounds_left(n: int, odd: Odd, seed: int, played: int) -> None:
    season = SeasonPlan(tuple(range(n)), seed, odd)
    rest = {each for groups in season.rounds()[played:] for group in groups for each in pairs_of(group)}
    assert rounds_left(rest, range(n), odd=odd) <= max(0, season.length - played)


def test_the_heaviest_matching_prefers_more_pairs_to_worthier_pairs() -> None:
    worth = {(1, 2): 1, (2, 3): 100, (3, 4): 1, (5, 6): 3}
    assert heaviest([1, 2, 3, 4], worth) == [(1, 2), (3, 4)]
    assert heaviest([2, 3, 4], worth) == [(2, 3)]
