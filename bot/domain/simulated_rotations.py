"""Plays the care ring and the rotation of hosts of a team that does not exist; the pairing: `simulation`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from bot.domain.ring import CaresFor, RingPlan, RingRule, plan_ring
from bot.domain.rotation import next_hosts, standing
from bot.domain.simulated_team import SimulatedTeam

Progress = Callable[[int], None]  # hears the number of rounds played


@dataclass(frozen=True, slots=True)
class PlayedRing:
    """One round of a simulated ring."""

    present: tuple[int, ...]  # sorted
    cares_for: CaresFor  # empty with fewer than two people
    gave_way: tuple[RingRule, ...]


@dataclass(frozen=True, slots=True)
class RingSimulation:
    """What happened. Members are 0 … N−1, newcomers N, N+1, …"""

    rounds: tuple[PlayedRing, ...]
    turns: Mapping[int, int]  # rounds as a carer, of everyone who was ever a member
    gave_way: Mapping[RingRule, int]  # in how many rounds
    first_repeat: int | None  # the round (0, 1, …) in which somebody first had the same person too early


@dataclass(frozen=True, slots=True)
class PlayedHost:
    """One round of a simulated rotation of hosts."""

    present: tuple[int, ...]  # sorted
    host: int | None  # None: nobody was there


@dataclass(frozen=True, slots=True)
class HostSimulation:
    """What happened. Members are 0 … N−1, newcomers N, N+1, …"""

    rounds: tuple[PlayedHost, ...]
    turns: Mapping[int, int]  # rounds as the host, of everyone who was ever a member


def simulate_ring(
    *,
    people: int,
    rounds: int = 52,
    away: float = 0.0,
    churn: float = 0.0,
    seed: int = 1,
    progress: Progress | None = None,
) -> RingSimulation:
    """The same seed plays the same; all as in `simulation.simulate_coffee`."""
    team = SimulatedTeam(people, away=away, churn=churn, seed=seed)
    lot = Random(f"{seed} plan")
    plan: RingPlan | None = None
    history: list[CaresFor] = []
    played: list[PlayedRing] = []
    for present in _rounds(team, rounds, progress):
        ring = plan_ring(present, history=history, before=plan, rng=lot)
        plan = ring.plan
        history.append(ring.cares_for)
        played.append(PlayedRing(tuple(present), ring.cares_for, ring.gave_way))
    carers = Counter(carer for each in played for carer in each.cares_for)
    repeats = (number for number, each in enumerate(played) if RingRule.NO_REPEAT in each.gave_way)
    return RingSimulation(
        rounds=tuple(played),
        turns={each: carers[each] for each in range(team.ever)},
        gave_way=Counter(rule for each in played for rule in each.gave_way),
        first_repeat=next(repeats, None),
    )


def simulate_host(
    *,
    people: int,
    rounds: int = 52,
    away: float = 0.0,
    churn: float = 0.0,
    seed: int = 1,
    progress: Progress | None = None,
) -> HostSimulation:
    """The same seed plays the same; all as in `simulation.simulate_coffee`. There are no other turns."""
    team = SimulatedTeam(people, away=away, churn=churn, seed=seed)
    lot = Random(f"{seed} plan")
    hosted: Counter[int] = Counter()
    stands: dict[int, float] = {}  # with what newcomers started at
    there: Counter[int] = Counter()
    last_turn: dict[int, int] = {}
    played: list[PlayedHost] = []
    for number, present in enumerate(_rounds(team, rounds, progress)):
        stands |= {each: standing(each, stands, team.members) for each in team.members}
        there.update(present)
        order = next_hosts(present, standing=stands, this_week={}, last_turn=last_turn, there=there, rng=lot)
        for host in order[:1]:
            hosted[host] += 1
            stands[host] += 1
            last_turn[host] = number
        played.append(PlayedHost(tuple(present), order[0] if order else None))
    return HostSimulation(tuple(played), {each: hosted[each] for each in range(team.ever)})


def _rounds(team: SimulatedTeam, rounds: int, progress: Progress | None) -> Iterator[list[int]]:
    """Who is present in each round; before each but the first some may leave, for newcomers."""
    if rounds < 0:
        raise ValueError("rounds are not negative")
    for number in range(rounds):
        if number:
            list(team.replaced())
        yield team.present()
        if progress is not None:
            progress(number + 1)
