"""What no pairing can exceed, against all pairings there are."""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.coverage_curves import curves
from bot.domain.groups import sizes
from bot.domain.pairing_bounds import most_introduced, round_bound
from bot.domain.pairs import Pair, pairs_of
from bot.domain.season import Odd
from bot.domain.simulation import simulate_coffee

Groups = list[tuple[int, ...]]


def every_round(
    people: Sequence[int], lengths: Sequence[int], avoid: Collection[Pair] = frozenset()
) -> Iterator[Groups]:
    """All ways to put people into groups of at most these lengths, each in one or in none."""
    if not people or not lengths:
        yield []
        return
    first, *rest = people
    yield from every_round(rest, lengths, avoid)
    for length in sorted(set(lengths)):
        left = list(lengths)
        left.remove(length)
        for size in range(2, length + 1):
            for others in combinations(rest, size - 1):
                if not set(avoid).isdisjoint(pairs_of((first, *others))):
                    continue
                remaining = [each for each in rest if each not in others]
                yield from ([(first, *others), *groups] for groups in every_round(remaining, left, avoid))


def introduced(groups: Groups) -> frozenset[Pair]:
    return frozenset(who for group in groups for who in pairs_of(group))


def most_of(rounds: Sequence[Sequence[Groups]]) -> int:
    """The most different pairs that any choice of one of each round's groupings introduces."""
    known = {frozenset[Pair]()}
    for ways in rounds:
        met = {introduced(groups) for groups in ways}
        known = {before | now for before in known for now in met}
    return max(map(len, known))


def kept_apart(people: Sequence[int], share: float, rng: Random) -> frozenset[Pair]:
    return frozenset(who for who in pairs_of(people) if rng.random() < share)


@pytest.mark.parametrize("odd", ["trio", "bye"])
@pytest.mark.parametrize("size", [2, 3, 4, 5])
@pytest.mark.parametrize("n", range(8))
def test_a_round_of_people_who_may_all_meet_can_introduce_exactly_as_many(
    n: int, size: int, odd: Odd
) -> None:
    people = range(n)
    most = max(len(introduced(groups)) for groups in every_round(people, sizes(n, size, odd)))
    assert round_bound(people, group_size=size, odd=odd).pairs == most


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(2, 7),
    size=st.integers(2, 4),
    odd=st.sampled_from(["trio", "bye"]),
    share=st.sampled_from([0.2, 0.5, 0.8]),
    seed=st.integers(0, 10**6),
)
def test_a_round_in_which_some_may_not_meet_never_introduces_more(
    n: int, size: int, odd: Odd, share: float, seed: int
) -> None:
    avoid = kept_apart(range(n), share, Random(seed))
    most = max(len(introduced(groups)) for groups in every_round(range(n), sizes(n, size, odd), avoid))
    bound = round_bound(range(n), avoid=avoid, group_size=size, odd=odd).pairs
    assert bound >= most
    if size == 2 and (odd == "bye" or n % 2 == 0):
        assert bound == most


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(3, 5),
    rounds=st.integers(1, 4),
    size=st.integers(2, 3),
    odd=st.sampled_from(["trio", "bye"]),
    away=st.sampled_from([0.0, 0.2, 0.5]),
    share=st.sampled_from([0.0, 0.3]),
    seed=st.integers(0, 10**6),
)
def test_no_choice_of_rounds_introduces_more_pairs_than_the_bound_of_them_all(
    n: int, rounds: int, size: int, odd: Odd, away: float, share: float, seed: int
) -> None:
    rng = Random(seed)
    avoid = kept_apart(range(n), share, rng)
    there = [[each for each in range(n) if rng.random() >= away] for _ in range(rounds)]
    bounds = [round_bound(here, avoid=avoid, group_size=size, odd=odd) for here in there]
    told = list(most_introduced(bounds, avoid))
    ways = [list(every_round(here, sizes(len(here), size, odd), avoid)) for here in there]
    assert all(told[at] >= most_of(ways[: at + 1]) for at in range(rounds))
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("n", "odd", "told"),
    [
        (4, "bye", [2, 4, 6, 6]),
        (5, "bye", [2, 4, 6, 8, 10, 10]),
        (9, "trio", [6, 12, 18, 24, 30, 36, 36]),
        (7, "trio", [5, 10, 15, 20, 21, 21]),
    ],
)
def test_where_all_are_always_there_it_is_what_counting_gives(n: int, odd: Odd, told: list[int]) -> None:
    rounds = [round_bound(range(n), group_size=2, odd=odd)] * len(told)
    assert list(most_introduced(rounds)) == told


def test_people_who_were_never_there_together_cannot_have_met() -> None:
    rounds = [round_bound(here, group_size=2, odd="bye") for here in ([0, 1], [2, 3], [0, 1], [2, 3])]
    assert list(most_introduced(rounds)) == [1, 2, 2, 2]


def test_whoever_was_there_once_met_one_however_many_could_have_met_them() -> None:
    five = range(5)
    rounds = [round_bound(five, group_size=2, odd="bye")] * 5
    rounds += [round_bound([*five, 5 + at], group_size=2, odd="bye") for at in range(3)]
    assert list(most_introduced(rounds)) == [2, 4, 6, 8, 10, 11, 12, 13]


def test_a_place_in_a_trio_gives_one_partner_more_to_three_people_alone() -> None:
    center, others = 0, [1, 2, 3, 4]
    avoid = frozenset(pairs_of(others))  # all may meet the first alone
    rounds = [round_bound([center, *others], avoid=avoid, group_size=2, odd="trio")] * 2
    assert list(most_introduced(rounds, avoid)) == [2, 4]


@settings(max_examples=60, deadline=None)
@given(
    people=st.integers(0, 12),
    group_size=st.integers(2, 5),
    odd=st.sampled_from(["trio", "bye"]),
    away=st.sampled_from([0.0, 0.3]),
    churn=st.sampled_from([0.0, 0.1]),
    avoid=st.sampled_from([0.0, 0.2, 0.6]),
    seed=st.integers(0, 10**6),
)
def test_neither_the_bot_nor_chance_ever_gets_beyond_the_bound(
    people: int, group_size: int, odd: Odd, away: float, churn: float, avoid: float, seed: int
) -> None:
    played = simulate_coffee(
        people=people,
        group_size=group_size,
        rounds=10,
        odd=odd,
        away=away,
        churn=churn,
        avoid=avoid,
        seed=seed,
    )
    beside = curves(played, seed=seed)
    for way in (beside.played, beside.by_lot):
        assert all(pairs <= most for pairs, most in zip(way.introduced, beside.bound.introduced, strict=True))
    assert list(beside.bound.introduced) == sorted(beside.bound.introduced)
    assert beside.bound.pairs <= beside.possible
    assert beside.bound.repeats <= beside.played.repeats
    if beside.bound.first_repeat is not None:
        assert beside.played.first_repeat is not None
        assert beside.played.first_repeat <= beside.bound.first_repeat
