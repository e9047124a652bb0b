"""A season that does not go as planned: people away, and Not this time."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.matching import plan_round
from bot.domain.pairs import History, Pair, Participant, pairs_of
from bot.domain.season import Odd, SeasonPlan, current, missing, rounds_left


class Played:
    """Rounds of a team, in some of which a group answers Not this time."""

    def __init__(self, n: int, odd: Odd, seed: int, *, missed: float = 0.0, seasons: int = 3) -> None:
        rng, chance = Random(f"{seed} plan"), Random(f"{seed} chance")
        self.history, self.ever_owed = History(), set[Pair]()
        self.soonest = 99
        turns: Counter[tuple[str, int]] = Counter()
        season: SeasonPlan | None = None
        begun = 0
        while True:
            now = current(season, range(n), history=self.history, odd=odd, rng=rng)
            begun += now != season
            if begun > seasons:
                return
            season = now
            present = [
                Participant(each, byes=turns["bye", each], trios=turns["trio", each]) for each in range(n)
            ]
            plan = plan_round(present, history=self.history, odd=odd, season=season, rng=rng)
            groups = [group.members for group in plan.groups]
            turns.update(("bye", bye.member) for bye in plan.byes)
            turns.update(("trio", each) for group in groups if len(group) == 3 for each in group)
            met = [each for group in groups for each in pairs_of(group) if each not in self.history.owed]
            self.soonest = min([self.soonest, *(self.history.rounds_since(each) or 99 for each in met)])
            after = self.history.after(groups)
            owed = {each for group in groups if chance.random() < missed for each in pairs_of(group)}
            self.ever_owed |= owed
            self.history = History(after.times, after.last, after.owed | owed, after.round)


@pytest.mark.parametrize(("n", "odd", "differ"), [(9, "trio", 3), (9, "bye", 2), (10, "trio", 2)])
def test_with_a_tenth_not_this_time_no_pair_is_together_again_within_two_rounds_nor_much_more_often(
    n: int, odd: Odd, differ: int
) -> None:
    for seed in range(3):
        played = Played(n, odd, seed, missed=0.1)
        assert played.soonest > 2
        times = [played.history.times[each] for each in pairs_of(range(n)) if each not in played.ever_owed]
        assert max(times) - min(times) <= differ


@pytest.mark.parametrize("away", [[8], [3], [7, 8]])
def test_one_who_is_away_for_long_does_not_make_the_others_repeat(away: list[int]) -> None:
    rng, history, season = Random(5), History(), None
    trios: Counter[int] = Counter()
    present = [each for each in range(9) if each not in away]
    for _ in range(9):
        season = current(season, range(9), history=history, odd="trio", rng=rng, present=present)
        people = [Participant(each, trios=trios[each]) for each in present]
        plan = plan_round(people, history=history, odd="trio", season=season, rng=rng)
        groups = [group.members for group in plan.groups]
        again = [history.rounds_since(each) for group in groups for each in pairs_of(group)]
        assert 1 not in again
        trios.update(each for group in groups if len(group) == 3 for each in group)
        history = history.after(groups)
    times = [history.times[each] for each in pairs_of(present)]
    assert max(times) - min(times) <= 2
    plan = plan_round(
        [Participant(each, trios=trios[each]) for each in range(9)], history=history, season=season, rng=rng
    )
    new = [each for group in plan.groups for each in pairs_of(group.members) if each not in history.last]
    assert {each for who in new for each in who}.issuperset(away)


def test_a_season_is_over_for_those_present_only_where_they_are_half_of_the_team() -> None:
    history = History.of([[(1, 2)], [(1, 3)], [(2, 3)]])
    season = SeasonPlan((1, 2, 3, 4, 5), 1)

    def now(present: list[int] | None) -> SeasonPlan:
        return current(season, season.members, history=history, odd="bye", rng=Random(1), present=present)

    assert now(None) == now([1, 2, 4]) == now([1, 2]) == season
    assert (now([1, 2, 3]).number, now([1, 2, 3]).began) == (1, 3)


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(6, 14),
    late=st.integers(0, 3),
    odd=st.sampled_from(["trio", "bye"]),
    away=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 10**6),
)
def test_a_season_that_others_join_or_miss_ends_within_two_rounds_of_what_is_possible(
    n: int, late: int, odd: Odd, away: float, seed: int
) -> None:
    rng, chance = Random(f"{seed} plan"), Random(f"{seed} chance")
    history, season = History(), None
    turns: Counter[tuple[str, int]] = Counter()
    met: set[Pair] = set()
    rounds, settled = 0, 4  # from this round on everybody is there, and always
    while len(met) < n * (n - 1) // 2:
        team = list(range(n if rounds >= 2 else n - late))
        here = [each for each in team if rounds >= settled or chance.random() >= away]
        season = current(season, team, history=history, odd=odd, rng=rng, present=here)
        people = [Participant(each, byes=turns["bye", each], trios=turns["trio", each]) for each in here]
        if rounds == settled:
            possible = rounds_left(missing(history, team), team, odd=odd)
        plan = plan_round(people, history=history, odd=odd, season=season, members=team, rng=rng)
        groups = [group.members for group in plan.groups]
        turns.update(("bye", bye.member) for bye in plan.byes)
        turns.update(("trio", each) for group in groups if len(group) == 3 for each in group)
        history, rounds = history.after(groups), rounds + 1
        met = set(history.last)
    assert rounds <= settled + possible + 2
