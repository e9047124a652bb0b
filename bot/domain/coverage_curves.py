"""A played pairing beside two others: by lot on the very same presences, and what none can exceed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from bot.domain.pairing_bounds import RoundBound, most_introduced, round_bound
from bot.domain.pairs import Pair, pairs_of
from bot.domain.random_pairing import plan_at_random
from bot.domain.simulation import Simulation


@dataclass(frozen=True, slots=True)
class Curve:
    """One way of pairing."""

    introduced: tuple[int, ...]  # different pairs so far, after each round
    repeats: int  # introductions beyond a pair's first
    first_repeat: int | None  # the round (0, 1, …) that first introduced a pair again; None if none did

    @property
    def pairs(self) -> int:
        """Different pairs in all."""
        return self.introduced[-1] if self.introduced else 0


@dataclass(frozen=True, slots=True)
class Curves:
    """Three ways, of the same team."""

    possible: int  # pairs that were in the team together in some round and may meet
    played: Curve
    by_lot: Curve
    bound: (
        Curve  # the most pairs; with as many introductions as were played no fewer repeats, none first later
    )

    def share(self, pairs: int) -> float:
        """Of the possible pairs; 1 if there are none."""
        return pairs / self.possible if self.possible else 1.0


def curve_of(rounds: Iterable[Iterable[Collection[int]]]) -> Curve:
    """The curve of rounds given in their order, each as its groups."""
    met: set[Pair] = set()
    introduced: list[int] = []
    introductions: list[int] = []
    for groups in rounds:
        together = [who for group in groups for who in pairs_of(group)]
        met.update(together)
        introduced.append(len(met))
        introductions.append(len(together))
    return _curve(introduced, list(accumulate(introductions)))


def curves(played: Simulation, *, seed: int, progress: Callable[[int], None] | None = None) -> Curves:
    """The same seed draws the same lots. `progress` hears the number of rounds compared."""
    lot = Random(f"{seed} by lot")
    by_lot: list[list[list[int]]] = []
    rounds: list[RoundBound] = []
    for number, each in enumerate(played.rounds):
        by_lot.append(
            plan_at_random(
                each.present, avoid=played.avoid, group_size=played.group_size, odd=played.odd, rng=lot
            )
        )
        rounds.append(
            round_bound(
                each.present,
                avoid=played.avoid,
                group_size=played.group_size,
                odd=played.odd,
                lengths=[len(group) for group in each.groups],
            )
        )
        if progress is not None:
            progress(number + 1)
    bound = [min(most, played.possible) for most in most_introduced(rounds, played.avoid)]
    return Curves(
        played.possible,
        Curve(played.introduced, played.repeats, played.first_repeat),
        curve_of(by_lot),
        _curve(bound, played.introductions),
    )


def _curve(introduced: Sequence[int], introductions: Sequence[int]) -> Curve:
    repeats = [made - pairs for made, pairs in zip(introductions, introduced, strict=True)]
    first = next((number for number, count in enumerate(repeats) if count > 0), None)
    return Curve(tuple(introduced), max(repeats, default=0) if first is not None else 0, first)
