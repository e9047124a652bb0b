"""A played pairing beside others."""

import pytest

from bot.domain.coverage_curves import curve_of, curves
from bot.domain.simulation import simulate_coffee


def test_a_curve_counts_pairs_once_and_says_where_the_first_came_again() -> None:
    curve = curve_of([[[1, 2], [3, 4]], [[1, 3], [2, 4]], [[1, 2, 3]], [[4, 1]]])
    assert curve.introduced == (2, 4, 5, 6)
    assert (curve.pairs, curve.repeats, curve.first_repeat) == (6, 2, 2)
    assert (curve_of([]).pairs, curve_of([]).repeats, curve_of([]).first_repeat) == (0, 0, None)


@pytest.mark.parametrize(
    ("people", "first", "repeats"),
    [(10, 9, 52 * 5 - 45), (6, 5, 52 * 3 - 15), (9, 6, 52 * 6 - 36)],
)
def test_where_no_pairing_can_do_better_the_bound_says_what_was_reached(
    people: int, first: int, repeats: int
) -> None:
    beside = curves(simulate_coffee(people=people, rounds=52), seed=1)
    assert beside.played.introduced == beside.bound.introduced
    for way in (beside.played, beside.bound):
        assert (way.first_repeat, way.repeats) == (first, repeats)
    assert beside.share(beside.bound.pairs) == 1.0


def test_random_pairing_introduces_fewer_pairs_of_the_same_people() -> None:
    for seed in range(5):
        beside = curves(simulate_coffee(people=20, rounds=19, seed=seed), seed=seed)
        assert beside.by_lot.pairs < beside.played.pairs == 190
        assert beside.by_lot.first_repeat is not None


def test_the_same_seed_draws_the_same_lots_and_progress_hears_each_round() -> None:
    played = simulate_coffee(people=9, rounds=6)
    heard: list[int] = []
    assert curves(played, seed=3, progress=heard.append) == curves(played, seed=3)
    assert heard == [1, 2, 3, 4, 5, 6]


def test_a_team_of_one_has_no_pairs_and_all_of_them_have_met() -> None:
    beside = curves(simulate_coffee(people=1, rounds=2), seed=1)
    assert (beside.possible, beside.bound.introduced, beside.share(0)) == (0, (0, 0), 1.0)
