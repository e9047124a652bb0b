"""What docs/pairing.md promises, played from the first round on."""

from collections import Counter

import pytest
import rustworkx

from bot.domain.pairs import Pair, pairs_of
from bot.domain.simulation import PlayedRound, Simulation, simulate_coffee
from bot.domain.trio_rounds import most

SEEDS = (1, 2, 3)


def met(one: PlayedRound) -> list[Pair]:
    return [each for group in one.groups for each in pairs_of(group)]


def rounds_without_repeat(played: Simulation) -> int:
    return len(played.rounds) if played.first_repeat is None else played.first_repeat


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [4, 6, 8, 10, 16, 30, 58, 100])
def test_an_even_number_meets_without_a_repeat_in_one_round_less_than_there_are_people(
    n: int, seed: int
) -> None:
    played = simulate_coffee(people=n, rounds=n - 1, seed=seed)
    assert (played.first_repeat, played.pairs_met) == (None, n * (n - 1) // 2)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [3, 5, 7, 9, 17, 31, 59, 99])
def test_an_odd_number_with_byes_meets_without_a_repeat_in_as_many_rounds_and_sits_out_once_each(
    n: int, seed: int
) -> None:
    played = simulate_coffee(people=n, rounds=n, odd="bye", seed=seed)
    assert (played.first_repeat, played.pairs_met) == (None, n * (n - 1) // 2)
    assert set(played.byes.values()) == {1}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [5, 7, 9, 11, 13, 15, 19, 27, 33, 59, 99])
def test_an_odd_number_with_trios_repeats_nobody_for_nearly_as_long_as_counting_allows(
    n: int, seed: int
) -> None:
    played = simulate_coffee(people=n, rounds=n + 2, odd="trio", seed=seed)
    if n >= 7:
        assert rounds_without_repeat(played) >= most(n) - 1
    turns, known = Counter(dict.fromkeys(range(n), 0)), set[Pair]()
    for each in played.rounds:
        assert sorted(map(len, each.groups)) == [2] * ((n - 3) // 2) + [3]
        assert each.byes == ()
        turns.update(member for group in each.groups if len(group) == 3 for member in group)
        known.update(met(each))
        if len(known) == n * (n - 1) // 2:
            break
    assert len(known) == n * (n - 1) // 2
    assert max(turns.values()) - min(turns.values()) <= (1 if n >= 9 else 2)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("n", "size", "rounds"), [(15, 3, 7), (16, 4, 5), (9, 3, 4), (25, 5, 6), (32, 4, 8)])
def test_groups_repeat_nobody_for_as_long_as_a_design_is_known(
    n: int, size: int, rounds: int, seed: int
) -> None:
    played = simulate_coffee(people=n, group_size=size, rounds=rounds, seed=seed)
    assert played.first_repeat is None
    assert all(len(group) == size for each in played.rounds for group in each.groups)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_a_hundred_of_whom_a_fifth_is_away_nobody_meets_again_or_is_left_out_for_a_year(seed: int) -> None:
    played = simulate_coffee(people=100, away=0.2, rounds=52, seed=seed)
    assert played.first_repeat is None
    assert not any(played.byes.values())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("away", [0.0, 0.2])
def test_where_a_fifth_of_the_pairs_avoid_each_other_none_meets_and_nobody_is_left_who_could_be_matched(
    away: float, seed: int
) -> None:
    played = simulate_coffee(people=30, avoid=0.2, away=away, rounds=40, odd="bye", seed=seed)
    for each in played.rounds:
        assert played.avoid.isdisjoint(met(each))
        at = {member: index for index, member in enumerate(each.present)}
        graph: rustworkx.PyGraph[int, None] = rustworkx.PyGraph()
        graph.add_nodes_from(list(each.present))
        graph.add_edges_from(
            [(at[a], at[b], None) for a, b in pairs_of(each.present) if (a, b) not in played.avoid]
        )
        possible = len(rustworkx.max_weight_matching(graph, max_cardinality=True))
        assert len(each.groups) == possible
