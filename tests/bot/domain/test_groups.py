"""Groups of three to eight: how large they are, and that everyone gets to know everyone."""

from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from bot.domain.groups import sizes
from bot.domain.matching import plan_round
from bot.domain.pairs import History, Pair, Participant, pairs_of
from bot.domain.season import Odd
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
