"""Turns go to those who have had the fewest."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.rotation import fewest_first, standing

ANA, BEN, CHLOE, DAN = 1, 2, 3, 4


def test_whoever_had_fewest_turns_comes_first() -> None:
    counts = {ANA: 2.0, BEN: 0.5, CHLOE: 1.0}
    assert fewest_first([ANA, BEN, CHLOE], counts, last_turn={}, rng=Random(1)) == [BEN, CHLOE, ANA]


def test_among_equals_whose_turn_is_longest_ago_comes_first_and_never_is_longest() -> None:
    counts = {ANA: 1.0, BEN: 1.0, CHLOE: 1.0}
    assert fewest_first([ANA, BEN, CHLOE], counts, last_turn={ANA: 7, BEN: 3}, rng=Random(1)) == [
        CHLOE,
        BEN,
        ANA,
    ]


def test_the_lot_decides_between_equals_and_the_same_seed_draws_the_same() -> None:
    people = list(range(8))
    drawn = {tuple(fewest_first(people, {}, last_turn={}, rng=Random(seed))) for seed in range(20)}
    assert len(drawn) > 10
    again = [fewest_first(order, {}, last_turn={}, rng=Random(3)) for order in (people, people[::-1])]
    assert again[0] == again[1]


def test_a_newcomer_starts_at_the_minimum_of_the_team_and_not_at_nothing() -> None:
    counts = {ANA: 5.0, BEN: 4.0, CHLOE: 6.0}
    assert standing(DAN, counts, [ANA, BEN, CHLOE, DAN]) == 4.0
    assert standing(ANA, counts, [ANA, BEN]) == 5.0
    assert standing(DAN, counts, [ANA, CHLOE]) == 5.0
    assert standing(DAN, {}, [DAN]) == 0.0
    order = fewest_first([ANA, BEN, CHLOE, DAN], counts, last_turn={BEN: 2, DAN: 3}, rng=Random(1))
    assert order == [BEN, DAN, ANA, CHLOE]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.integers(1, 60), st.integers(0, 1000))
def test_taken_in_this_order_turns_never_differ_by_more_than_one(people: int, turns: int, seed: int) -> None:
    rng = Random(seed)
    counts = dict.fromkeys(range(people), 0.0)
    last: dict[int, float] = {}
    for turn in range(turns):
        first = fewest_first(range(people), counts, last_turn=last, rng=rng)[0]
        counts[first] += 1
        last[first] = turn
    assert max(counts.values()) - min(counts.values()) <= 1
