"""How a team is doing together: figures that name nobody and tell of no single pair what it said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

OTHERS = 3  # matches (or pairs, or people) besides the viewer's own that a figure has to hold


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of all `pairs` were introduced this season: now, and after each of its rounds, oldest first."""

    pairs: int
    after: tuple[int, ...] = ()

    @property
    def introduced(self) -> int:
        """Pairs that have been introduced."""
        return self.after[-1] if self.after else 0

    @property
    def told_up_to(self) -> int:
        """From here on until all have been introduced no number is told: few that are left tell who is kept apart."""
        return self.pairs - max(self.pairs // 10, OTHERS - 1)

    @property
    def nearly(self) -> bool:
        """Whether so few are left that their number is not told."""
        return self.told_up_to <= self.introduced < self.pairs

    def shares(self) -> list[float]:
        """The share of pairs after each round, as far as it is told."""
        return [(n if n == self.pairs else min(self.told_up_to, n)) / self.pairs for n in self.after]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the matches of `rounds` rounds, of which the last was scheduled for `last` (UTC)."""

    rounds: int
    last: datetime
    met: int = 0
    rescheduled: int = 0
    not_this_time: int = 0
    unknown: int = 0

    @property
    def matches(self) -> int:
        """How many matches these are."""
        return self.met + self.rescheduled + self.not_this_time + self.unknown

    def __add__(self, later: Outcomes) -> Outcomes:
        """Those of these rounds and of later ones."""
        return Outcomes(
            self.rounds + later.rounds,
            later.last,
            self.met + later.met,
            self.rescheduled + later.rescheduled,
            self.not_this_time + later.not_this_time,
            self.unknown + later.unknown,
        )


def blocks(rounds: Iterable[Outcomes], *, at_least: int = OTHERS) -> list[Outcomes]:
    """Consecutive rounds (oldest first) put together until each block holds `at_least` matches.

    Blocks never overlap and never move, so no two looks, days apart, can be subtracted from each other to learn what
    fewer matches said. Rounds after the last whole block wait for those to come.
    """
    whole: list[Outcomes] = []
    part: Outcomes | None = None
    for one in rounds:
        part = one if part is None else part + one
        if part.matches >= at_least:
            whole.append(part)
            part = None
    return whole


def together(of: Sequence[Outcomes]) -> Outcomes | None:
    """All blocks as one; None if there are none."""
    total: Outcomes | None = None
    for one in of:
        total = one if total is None else total + one
    return total


@dataclass(frozen=True, slots=True)
class CoffeeFigures:
    """Of one coffee ritual; a figure that too few people stand behind is not there."""

    ritual: str
    coverage: Coverage | None
    outcomes: tuple[Outcomes, ...]  # blocks of rounds without the viewer's own matches, oldest first


@dataclass(frozen=True, slots=True)
class AnswerRate:
    """How many of those who were asked answered, over the last `rounds` rounds with enough answers."""

    ritual: str
    rounds: int
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """All that `/presence team` tells. `within`: how far from an equal share of turns anybody is, at most."""

    coffees: tuple[CoffeeFigures, ...] = ()
    answers: tuple[AnswerRate, ...] = ()
    within: float | None = None


def evenness(shares: Mapping[int, tuple[float, float]]) -> float | None:
    """How far anybody's weighted turns are from an equal share, at most; None where too few people share them.

    `shares` are (taken, equal) by member.
    """
    if len(shares) <= OTHERS or not any(taken for taken, _ in shares.values()):
        return None
    return max(abs(taken - equal) for taken, equal in shares.values())


def enough_pairs(people: int) -> bool:
    """Whether enough pairs besides a member's own are behind a figure about so many people."""
    return (people - 1) * (people - 2) // 2 >= OTHERS
