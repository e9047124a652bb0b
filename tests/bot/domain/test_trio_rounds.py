"""Rounds in pairs and one trio: as many without a repeat as can be, the turns even throughout."""

from collections import Counter

import pytest

from bot.domain.pairs import pairs_of
from bot.domain.trio_rounds import LARGEST, UNEVEN, most, trio_rounds


@pytest.mark.parametrize("n", [3, *range(7, 62, 2), 75, 99, LARGEST])
def test_every_odd_number_has_nearly_as_many_rounds_without_a_repeat_as_counting_allows(n: int) -> None:
    rounds = trio_rounds(n)
    assert len(rounds) >= most(n) - (n > 3)
    met = [each for groups in rounds for group in groups for each in pairs_of(group)]
    assert len(met) == len(set(met))
    turns = Counter(dict.fromkeys(range(n), 0))
    for groups in rounds:
        assert sorted(each for group in groups for each in group) == list(range(n))
        [three] = [group for group in groups if len(group) == 3]
        assert all(len(group) == 2 for group in groups if group != three)
        turns.update(three)
        assert max(turns.values()) - min(turns.values()) <= (2 if n == UNEVEN else 1)


@pytest.mark.parametrize("n", [3, 9, 11, 13, 15, 17, 19, 21, 23, 25])
def test_small_teams_have_every_round_that_counting_allows(n: int) -> None:
    assert len(trio_rounds(n)) == most(n)


def test_nine_people_have_a_perfect_season() -> None:
    met = {each for groups in trio_rounds(9) for group in groups for each in pairs_of(group)}
    assert met == set(pairs_of(range(9)))


@pytest.mark.parametrize("n", [0, 1, 2, 8, LARGEST + 2])
def test_even_numbers_and_larger_ones_have_no_such_plan(n: int) -> None:
    assert trio_rounds(n) == ()
