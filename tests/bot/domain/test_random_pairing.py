"""Pairing by lot."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.groups import sizes
from bot.domain.pairs import pairs_of
from bot.domain.random_pairing import plan_at_random
from bot.domain.season import Odd


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(0, 14),
    size=st.integers(2, 6),
    odd=st.sampled_from(["trio", "bye"]),
    share=st.sampled_from([0.0, 0.3, 1.0]),
    seed=st.integers(0, 10**6),
)
def test_everyone_is_in_one_group_or_none_and_nobody_with_whom_they_avoid(
    n: int, size: int, odd: Odd, share: float, seed: int
) -> None:
    rng = Random(seed)
    people = [10 * each for each in range(n)]
    avoid = frozenset(who for who in pairs_of(people) if rng.random() < share)
    groups = plan_at_random(people, avoid=avoid, group_size=size, odd=odd, rng=rng)
    placed = Counter(member for group in groups for member in group)
    assert set(placed) <= set(people)
    assert set(placed.values()) <= {1}
    assert avoid.isdisjoint(who for group in groups for who in pairs_of(group))
    if not share:
        assert sorted(map(len, groups), reverse=True) == sizes(n, size, odd)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(2, 12), share=st.sampled_from([0.0, 0.3, 0.7]), seed=st.integers(0, 10**6))
def test_no_two_who_may_meet_are_both_left_out_of_pairs(n: int, share: float, seed: int) -> None:
    rng = Random(seed)
    avoid = frozenset(who for who in pairs_of(range(n)) if rng.random() < share)
    groups = plan_at_random(range(n), avoid=avoid, group_size=2, odd="bye", rng=rng)
    left = set(range(n)).difference(*groups)
    assert avoid.issuperset(pairs_of(left))


def test_any_two_are_drawn_about_as_often() -> None:
    rng = Random(1)
    drawn = Counter(
        (min(pair), max(pair))
        for _ in range(3000)
        for pair in plan_at_random(range(6), group_size=2, odd="bye", rng=rng)
    )
    assert len(drawn) == 15
    assert 500 < min(drawn.values()) <= max(drawn.values()) < 700
