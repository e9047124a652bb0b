"""Plays the pairing of a team that does not exist, to see how a ritual would go for one like yours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
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


@dataclass(frozen=True, slots=True)
class Simulation:
    """What happened. Members are 0 … N−1, newcomers N, N+1, …"""

    rounds: tuple[PlayedRound, ...]
    group_size: int
    odd: Odd
    avoid: frozenset[Pair]  # the do-not-pair list that was made up
    possible: int  # pairs that were in the team together in some round and may meet
    introduced: tuple[int, ...]  # different pairs introduced so far, after each round
    introductions: tuple[int, ...]  # the same with every repeat counted
    first_repeat: int | None  # the round (0, 1, …) that first introduced a pair again; None if none did
    seasons: int  # completed
    byes: Mapping[int, int]  # turns to sit out, of everyone who was ever a member
    trios: Mapping[int, int]  # turns as one of three in a round of pairs

    @property
    def pairs_met(self) -> int:
        """Different pairs introduced at least once."""
        return self.introduced[-1] if self.introduced else 0

    @property
    def repeats(self) -> int:
        """Introductions beyond a pair's first."""
        return self.introductions[-1] - self.pairs_met if self.introductions else 0


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
    team = _Team(SimulatedTeam(people, away=away, churn=churn, seed=seed), avoid)
    lot = Random(f"{seed} plan")
    byes, trios = _Turns(team.members), _Turns(team.members)
    history = History()
    season: SeasonPlan | None = None
    begun = 0  # seasons
    played: list[PlayedRound] = []
    introduced: list[int] = []
    introductions: list[int] = []
    first_repeat = None
    for number in range(rounds):
        for came, rest in team.replace() if number else ():
            byes.enter(came, rest)
            trios.enter(came, rest)
        present = team.present()
        now = current(
            season, team.members, history=history, avoid=team.avoid, odd=odd, rng=lot, present=present
        )
        begun += season is None or now.began != season.began
        season = now
        plan = plan_round(
            [
                Participant(
                    each,
                    byes=byes.stand[each],
                    trios=trios.stand[each],
                    last_bye=byes.last.get(each),
                    last_trio=trios.last.get(each),
                )
                for each in present
            ],
            history=history,
            avoid=team.avoid,
            group_size=group_size,
            odd=odd,
            season=season,
            members=team.members,
            rng=lot,
        )
        groups = tuple(group.members for group in plan.groups)
        sat_out = tuple(bye.member for bye in plan.byes)
        again = any(each in history.last for group in groups for each in pairs_of(group))
        if again and first_repeat is None:
            first_repeat = number
        byes.take(sat_out, number)
        trios.take([each for group in groups if len(group) > group_size == 2 for each in group], number)
        history = history.after(groups)
        introduced.append(len(history.last))
        introductions.append(sum(history.times.values()))
        played.append(PlayedRound(tuple(present), groups, sat_out, max(0, begun - 1)))
        if progress is not None:
            progress(number + 1)
    over = begun
    if season is not None:
        after = current(season, team.members, history=history, avoid=team.avoid, odd=odd, rng=lot)
        over -= after.began == season.began
    return Simulation(
        tuple(played),
        group_size,
        odd,
        team.avoid,
        team.possible,
        tuple(introduced),
        tuple(introductions),
        first_repeat,
        over,
        byes.taken,
        trios.taken,
    )


class _Team:
    """Who is there, and who of them may not meet."""

    def __init__(self, simulated: SimulatedTeam, share: float) -> None:
        self.members = simulated.members
        self.avoid: frozenset[Pair] = frozenset()
        self.possible = 0  # pairs that were in the team together in a round, and may meet
        self._simulated, self._share = simulated, share
        self._before: set[int] = set()
        self._keep_apart(pairs_of(self.members) if share else ())

    def replace(self) -> list[tuple[int, list[int]]]:
        """Lets some go, and others come: each who came, with the rest of the team at that moment."""
        came = []
        for left, new in self._simulated.replaced():
            rest = [each for each in self.members if each not in (left, new)]
            self._keep_apart((each, new) for each in rest if self._share and each < new)
            came.append((new, rest))
        return came

    def present(self) -> list[int]:
        """Those who are there in the next round, sorted."""
        now = set(self.members)
        new, stayed = now - self._before, len(now & self._before)
        self.possible += comb(len(new), 2) + len(new) * stayed
        if new:
            self.possible -= sum(now.issuperset(each) and not new.isdisjoint(each) for each in self.avoid)
        self._before = now
        return self._simulated.present()

    def _keep_apart(self, pairs: Iterable[Pair]) -> None:
        self.avoid |= {each for each in pairs if self._simulated.chance.random() < self._share}


class _Turns:
    """One kind of turn: who has had how many, and when last."""

    def __init__(self, team: Sequence[int]) -> None:
        self.taken = dict.fromkeys(team, 0)
        self.stand: dict[int, float] = dict.fromkeys(team, 0.0)  # with what newcomers started at
        self.last: dict[int, int] = {}

    def enter(self, came: int, rest: Sequence[int]) -> None:
        """Somebody who is new stands at the fewest turns of the rest."""
        self.taken[came] = 0
        self.stand[came] = standing(came, self.stand, rest)

    def take(self, members: Collection[int], number: int) -> None:
        """Each of them has a turn in the round of this number."""
        for member in members:
            self.taken[member] += 1
            self.stand[member] += 1
            self.last[member] = number
