"""Plays the pairing of a team that does not exist, to see how a ritual would go for one like yours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from bot.domain.matching import plan_round
from bot.domain.pairs import History, Pair, Participant, pairs_of
from bot.domain.rotation import standing
from bot.domain.season import Odd, SeasonPlan, current
from bot.domain.simulated_team import SimulatedTeam


@dataclass(frozen=True, slots=True)
class PlayedRound:
    """One round of a simulation; all ids sorted."""

    present: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    byes: tuple[int, ...]
    season: int  # how many seasons were begun before this round's
    coverage: float  # share of the team's pairs who may meet that have been introduced so far, 0 … 1


@dataclass(frozen=True, slots=True)
class Simulation:
    """What happened. Members are 0 … N−1, newcomers N, N+1, …"""

    rounds: tuple[PlayedRound, ...]
    avoid: frozenset[Pair]  # the do-not-pair list that was made up
    pairs_met: int  # different pairs introduced at least once
    repeats: int  # introductions beyond a pair's first
    first_repeat: int | None  # the round (0, 1, …) that first introduced a pair again; None if none did
    byes: Mapping[int, int]  # turns to sit out, of everyone who was ever a member
    trios: Mapping[int, int]  # turns as one of three in a round of pairs


def simulate_coffee(
    *,
    people: int,
    group_size: int = 2,
    rounds: int = 52,
    odd: Odd = "trio",
    away: float = 0.0,
    churn: float = 0.0,
    avoid: float = 0.0,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Simulation:
    """The same seed plays the same.

    Before each round but the first everyone leaves with the probability `churn`, and a newcomer takes their
    place; then everyone is away this once with the probability `away`. The share `avoid` of all pairs may not
    be matched. `progress` hears the number of rounds played. ValueError: a negative number, a share above 1.
    """
    if rounds < 0 or not 0 <= avoid <= 1:
        raise ValueError("rounds are not negative, and shares are between 0 and 1")
    simulated = SimulatedTeam(people, away=away, churn=churn, seed=seed)
    chance, lot, team = simulated.chance, Random(f"{seed} plan"), simulated.members
    forbidden = (
        frozenset(each for each in pairs_of(team) if chance.random() < avoid) if avoid else frozenset()
    )
    history = History()
    season: SeasonPlan | None = None
    seasons = -1
    byes, trios = dict.fromkeys(team, 0), dict.fromkeys(team, 0)
    stood_byes: dict[int, float] = dict.fromkeys(team, 0.0)  # with what newcomers started at
    stood_trios: dict[int, float] = dict.fromkeys(team, 0.0)
    last_bye: dict[int, int] = {}
    last_trio: dict[int, int] = {}
    played: list[PlayedRound] = []
    repeats, first_repeat = 0, None
    for number in range(rounds):
        for member, came in simulated.replaced() if number else ():
            byes[came] = trios[came] = 0
            rest = [each for each in team if each not in (member, came)]
            stood_byes[came] = standing(came, stood_byes, rest)
            stood_trios[came] = standing(came, stood_trios, rest)
            forbidden |= {(each, came) for each in rest if avoid and each < came and chance.random() < avoid}
        present = simulated.present()
        if group_size == 2:
            now = current(season, team, history=history, avoid=forbidden, odd=odd, rng=lot, present=present)
            seasons += now != season
            season = now
        plan = plan_round(
            [
                Participant(
                    each,
                    byes=stood_byes[each],
                    trios=stood_trios[each],
                    last_bye=last_bye.get(each),
                    last_trio=last_trio.get(each),
                )
                for each in present
            ],
            history=history,
            avoid=forbidden,
            group_size=group_size,
            odd=odd,
            season=season,
            rng=lot,
        )
        groups = tuple(group.members for group in plan.groups)
        again = sum(each in history.last for group in groups for each in pairs_of(group))
        repeats += again
        if again and first_repeat is None:
            first_repeat = number
        for bye in plan.byes:
            byes[bye.member] += 1
            stood_byes[bye.member] += 1
            last_bye[bye.member] = number
        for member in (each for group in groups if group_size == 2 and len(group) == 3 for each in group):
            trios[member] += 1
            stood_trios[member] += 1
            last_trio[member] = number
        history = history.after(groups)
        played.append(
            PlayedRound(
                tuple(present),
                groups,
                tuple(bye.member for bye in plan.byes),
                max(0, seasons),
                _coverage(team, history, forbidden),
            )
        )
        if progress is not None:
            progress(number + 1)
    return Simulation(tuple(played), forbidden, len(history.last), repeats, first_repeat, byes, trios)


def _coverage(team: list[int], history: History, avoid: frozenset[Pair]) -> float:
    now = set(team)
    may = len(now) * (len(now) - 1) // 2 - sum(now.issuperset(each) for each in avoid)
    return sum(now.issuperset(each) for each in history.last) / may if may else 1.0
