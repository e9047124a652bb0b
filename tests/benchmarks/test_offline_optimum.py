"""The linear programme that the pairing is measured by, against all pairings of tiny teams and the other bound."""

from collections.abc import Sequence
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.offline_optimum import most_pairs, most_unforeseeing
from bot.domain.matching import plan_round
from bot.domain.pairing_bounds import most_introduced, round_bound
from bot.domain.pairs import History, Pair, Participant, pairs_of
from bot.domain.season import Odd
from bot.domain.simulation import simulate_coffee


def every_round(people: Sequence[int], odd: Odd, avoid: frozenset[Pair]) -> set[frozenset[Pair]]:
    """The pairs of each way to pair some or all of them, with a trio if the number is odd and the rule says so."""
    if not people:
        return {frozenset()}
    first, *rest = people
    found = every_round(rest, "bye", avoid)
    for other in rest:
        if (first, other) not in avoid:
            others = every_round([each for each in rest if each != other], "bye", avoid)
            found |= {pairs | {(first, other)} for pairs in others}
    for trio in combinations(people, 3) if odd == "trio" and len(people) % 2 else ():
        if avoid.isdisjoint(pairs_of(trio)):
            others = every_round([each for each in people if each not in trio], "bye", avoid)
            found |= {pairs.union(pairs_of(trio)) for pairs in others}
    return found


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(2, 6),
    rounds=st.integers(1, 3),
    odd=st.sampled_from(["trio", "bye"]),
    away=st.sampled_from([0.0, 0.3]),
    share=st.sampled_from([0.0, 0.3]),
    seed=st.integers(0, 10**6),
)
def test_it_is_never_less_than_the_best_and_never_more_than_the_simpler_bound(
    n: int, rounds: int, odd: Odd, away: float, share: float, seed: int
) -> None:
    rng = Random(seed)
    avoid = frozenset(who for who in pairs_of(range(n)) if rng.random() < share)
    there = [[each for each in range(n) if rng.random() >= away] for _ in range(rounds)]
    known = {frozenset[Pair]()}
    for here in there:
        known = {before | now for before in known for now in every_round(here, odd, avoid)}
    bound = most_pairs(there, avoid=avoid, odd=odd)
    assert bound >= max(map(len, known))
    *_, simpler = most_introduced(
        [round_bound(here, avoid=avoid, group_size=2, odd=odd) for here in there], avoid
    )
    if not avoid:
        assert bound <= simpler


@pytest.mark.parametrize(
    ("n", "rounds", "odd", "most"), [(6, 5, "bye", 15), (9, 6, "trio", 36), (5, 4, "bye", 8)]
)
def test_where_a_plan_is_known_that_introduces_as_many_it_is_exact(
    n: int, rounds: int, odd: Odd, most: int
) -> None:
    assert most_pairs([range(n)] * rounds, odd=odd) == most


@pytest.mark.parametrize("odd", ["trio", "bye"])
def test_a_year_of_a_changing_team_stays_within_it(odd: Odd) -> None:
    played = simulate_coffee(people=10, away=0.1, churn=0.02, odd=odd, rounds=30, seed=3)
    assert played.pairs_met <= most_pairs([each.present for each in played.rounds], odd=odd)


@pytest.mark.parametrize("odd", ["trio", "bye"])
def test_without_a_price_it_is_what_who_knows_everything_can_reach(odd: Odd) -> None:
    teams = [range(5), range(5), [0, 1, 2, 3, 5], [0, 1, 2, 3, 5]]
    there = [[0, 1, 2, 3, 4], [0, 1, 2, 3], [0, 1, 2, 3, 5], [0, 1, 2, 3, 5]]
    without = most_unforeseeing(there, teams, leaving=0.3, price=0.0, odd=odd)
    assert without == pytest.approx(most_pairs(there, odd=odd), abs=0.99)


@pytest.mark.parametrize("price", [0.0, 0.5, 1.5])
def test_over_all_that_can_happen_no_pairing_that_does_not_know_it_exceeds_the_mean(price: float) -> None:
    """Four people, each of whom leaves before the second and the third round with the probability one half."""
    reached, bounds = 0, 0.0
    futures = list(product(product([False, True], repeat=4), repeat=2))
    for leavers in futures:
        team, newcomer, teams = [0, 1, 2, 3], 4, [[0, 1, 2, 3]]
        for each in leavers:
            for at, leaves in enumerate(each):
                if leaves:
                    team[at], newcomer = newcomer, newcomer + 1
            teams.append(list(team))
        history = History()
        for here in teams:
            people = [Participant(each) for each in here]
            plan = plan_round(people, history=history, odd="bye", rng=Random(1))
            history = history.after(group.members for group in plan.groups)
        reached += len(history.last)
        bounds += most_unforeseeing(teams, teams, leaving=0.5, price=price, odd="bye")
    assert reached / len(futures) <= bounds / len(futures) + 1e-6
