"""A bag does not repeat until it is used up, however its list is edited."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bag import draw

TEXTS = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=8)


@given(TEXTS, st.integers(0, 30), st.integers())
def test_every_text_comes_before_any_comes_again(texts: list[str], count: int, seed: int) -> None:
    drawn = draw(texts, [], count, rng=Random(seed))
    size = len(set(texts))
    assert len(drawn) == count
    for start in range(0, count, size):
        filling = drawn[start : start + size]
        assert len(set(filling)) == len(filling)
    if size > 1:
        assert all(a != b for a, b in pairwise(drawn))


def test_a_text_that_was_added_comes_before_the_bag_is_filled_anew() -> None:
    assert draw(["a", "b", "new"], ["a", "b"], 1, rng=Random(1)) == ["new"]


def test_an_empty_list_draws_nothing() -> None:
    assert draw([], ["a"], 3, rng=Random(1)) == []
