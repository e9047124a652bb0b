"""Rounds of larger groups in which nobody is with anybody twice."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import prod
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.golf.cycles import Cycle, base_rounds, known_rounds, searched_rounds
from bot.domain.golf.designs import bound, rounds_without_repeat
from bot.domain.golf.fields import prime_powers, transversals
from bot.domain.golf.planned import planned_rounds
from bot.domain.groups import sizes
from bot.domain.pairs import pairs_of
from bot.domain.season import Odd

Rounds = Sequence[Sequence[tuple[int, ...]]]


def together(rounds: Iterable[Sequence[Sequence[int]]]) -> Counter[tuple[int, int]]:
    return Counter(each for groups in rounds for group in groups for each in pairs_of(group))


def are_a_season(rounds: Rounds, people: int, size: int, odd: Odd) -> bool:
    """Everybody is in one group at most, the groups are as long as they should be, nobody meets twice."""
    for groups in rounds:
        placed = [each for group in groups for each in group]
        if len(set(placed)) < len(placed) or not set(placed) <= set(range(people)):
            return False
        if sorted(map(len, groups), reverse=True) != sizes(people, size, odd):
            return False
    return set(together(rounds).values()) <= {1}


def odd_places(rounds: Rounds, people: int) -> Counter[int]:
    """How often each is in a group of another length than most, or in none."""
    places = Counter(dict.fromkeys(range(people), 0))
    for groups in rounds:
        lengths = list(map(len, groups))
        usual = max(set(lengths), key=lengths.count)
        places.update(each for group in groups if len(group) != usual for each in group)
        places.update(set(range(people)).difference(*groups))
    return places


@pytest.mark.parametrize(
    ("people", "size", "rounds"),
    [
        (9, 3, 4),
        (12, 3, 4),
        (15, 3, 7),
        (18, 3, 8),
        (21, 3, 10),
        (24, 3, 11),
        (27, 3, 13),
        (16, 4, 5),
        (20, 4, 5),
        (24, 4, 7),
        (28, 4, 9),
        (32, 4, 9),
        (36, 4, 11),
        (64, 4, 21),
        (25, 5, 6),
        (49, 7, 8),
        (64, 8, 9),
        (12, 4, 1),
    ],
)
def test_so_many_rounds_go_without_a_repeat(people: int, size: int, rounds: int) -> None:
    found = rounds_without_repeat(tuple(sizes(people, size, "trio")), size, "trio", people)
    assert len(found) == rounds
    assert are_a_season(found, people, size, "trio")


def test_every_base_round_that_is_written_down_becomes_a_season() -> None:
    for people, size, odd in base_rounds():
        rounds = known_rounds(people, size, odd)
        assert are_a_season(rounds, people, size, odd), (people, size, odd)
        assert len(rounds) >= 2


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 70), st.integers(3, 8), st.sampled_from(["trio", "bye"]))
def test_no_design_repeats_a_pair_or_has_more_rounds_than_can_be(people: int, size: int, odd: Odd) -> None:
    lengths = tuple(sizes(people, size, odd))
    rounds = rounds_without_repeat(lengths, size, odd, people)
    assert are_a_season(rounds, people, size, odd)
    assert 1 <= len(rounds) <= max(1, bound(lengths, people))


@pytest.mark.parametrize(
    ("people", "lengths"),
    [(6, (3, 3)), (6, (2, 2, 2)), (7, (3, 2, 2)), (7, (3, 3)), (8, (4, 4)), (8, (3, 3, 2))],
)
def test_the_bound_is_never_less_than_what_there_is(people: int, lengths: tuple[int, ...]) -> None:
    possible = [frozenset(together([groups])) for groups in divisions(range(people), lengths)]

    def most(free: list[frozenset[tuple[int, int]]]) -> int:
        return max(
            (1 + most([each for each in free[at:] if not each & chosen]) for at, chosen in enumerate(free)),
            default=0,
        )

    first = possible[0]  # all are alike
    assert 1 + most([each for each in possible if not each & first]) <= bound(lengths, people)


def test_the_bound_counts_pairs_and_people_and_sees_where_a_group_must_repeat() -> None:
    assert [bound((3,) * 3, 9), bound((3,) * 5, 15), bound((4,) * 8, 32)] == [4, 7, 10]
    assert bound((4, 4, 4), 12) == 1  # of four people from three groups two were together
    assert bound((3, 3, 3), 10) == 5
    assert bound((), 1) == 0


def divisions(people: Iterable[int], lengths: Sequence[int]) -> list[list[tuple[int, ...]]]:
    """All ways to choose groups of these lengths."""
    if not lengths:
        return [[]]
    free = list(people)
    return [
        [group, *rest]
        for group in combinations(free, lengths[0])
        for rest in divisions([each for each in free if each not in group], lengths[1:])
        if not rest or len(rest[0]) < len(group) or rest[0] > group
    ]


@pytest.mark.parametrize("length", [2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 20, 25, 27, 35])
def test_lines_of_a_field_cross_once_at_most(length: int) -> None:
    rows = min(8, min(prime**exponent for prime, exponent in prime_powers(length)))
    rounds = transversals(rows, length, most=104)
    assert len(rounds) == length
    assert set(together(rounds).values()) == {1}
    for groups in rounds:
        assert sorted(each for group in groups for each in group) == list(range(rows * length))
        assert all([each // length for each in group] == list(range(rows)) for group in groups)


def test_there_are_no_more_rows_than_the_smallest_field_has_elements() -> None:
    assert transversals(4, 6, most=104) == []
    assert transversals(5, 12, most=104) == []


@given(st.integers(1, 3000))
def test_a_number_is_the_product_of_its_prime_powers(number: int) -> None:
    found = prime_powers(number)
    assert prod(prime**exponent for prime, exponent in found) == number
    assert all(prime % each for prime, _ in found for each in range(2, prime))


def test_the_schoolgirls_walk_is_found_again_by_the_search() -> None:
    for seed in range(5):
        rounds = searched_rounds(15, [3] * 5, 7, tries=60_000, rng=Random(seed))
        assert len(rounds) == 7
        assert are_a_season(rounds, 15, 3, "trio")


def test_a_search_that_finds_nothing_says_so() -> None:
    assert searched_rounds(12, [4, 4, 4], 3, tries=500, rng=Random(1)) == []


@pytest.mark.parametrize(("people", "size", "length"), [(62, 4, 11), (70, 5, 9), (101, 4, 15)])
def test_who_sits_out_or_is_in_an_odd_group_goes_round(people: int, size: int, length: int) -> None:
    for odd, differ in (("trio", 2), ("bye", 1)):
        lengths = sizes(people, size, "bye" if odd == "bye" else "trio")
        rounds = searched_rounds(people, lengths, length, tries=60_000, rng=Random(1))
        assert len(rounds) == length
        places = odd_places(rounds, people).values()
        assert max(places) - min(places) <= differ


@settings(max_examples=40, deadline=None)
@given(st.integers(9, 45), st.integers(3, 6))
def test_nobody_sits_out_twice_in_what_is_planned(people: int, size: int) -> None:
    assume(people % size)
    rounds = rounds_without_repeat(tuple(sizes(people, size, "bye")), size, "bye", people)
    assert max(odd_places(rounds, people).values()) <= 1


@given(st.integers(4, 60), st.integers(2, 20), st.integers(0, 10**6))
def test_a_pair_belongs_to_the_same_class_wherever_it_has_moved(points: int, length: int, seed: int) -> None:
    assume(length <= points)
    cycle = Cycle(points, length)
    a, b = Random(seed).sample(range(points), 2)
    moved = [tuple(groups[0]) for groups in cycle.rounds([(a, b)])]
    classes = {cycle.pair_class(*each) for each in moved}
    assert len(classes) == 1
    assert (len(set(moved)) == length) == (classes != {-1})


MEMBERS = tuple(range(100, 115))


def planned(seed: int, number: int) -> Rounds:
    return planned_rounds(MEMBERS, (3,) * 5, 3, "trio", seed=seed, number=number)


def test_every_season_mixes_the_members_anew_and_none_begins_with_whom_the_last_one_ended() -> None:
    for seed in range(10):
        for number in range(4):
            before, after = planned(seed, number), planned(seed, number + 1)
            assert set(together(after).values()) == {1}
            assert len(together(after)) == 15 * 14 // 2
            assert set(together([before[-1]])).isdisjoint(together(after[:3]))
            assert (
                len({tuple(sorted(each)) for each in after} & {tuple(sorted(each)) for each in before}) <= 1
            )
    assert planned(1, 0) != planned(2, 0)
