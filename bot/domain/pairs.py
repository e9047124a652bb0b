"""The values of pairing: pairs and their history, what the soft rules wish, a plan and its reasons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations
from typing import Literal, NamedTuple

Pair = tuple[int, int]  # two different members, the lower id first


def pair(a: int, b: int) -> Pair:
    """The pair of two members, whichever is named first."""
    if a == b:
        raise ValueError(f"a pair needs two members, not {a} twice")
    return (a, b) if a < b else (b, a)


def pairs_of(members: Iterable[int]) -> list[Pair]:
    """Every pair within a group."""
    return list(combinations(sorted(members), 2))


@dataclass(frozen=True, slots=True)
class History:
    """Who was introduced to whom; the rounds of one ritual are numbered 0, 1, 2 … in their order."""

    times: Mapping[Pair, int] = field(default_factory=dict)  # how often a pair was introduced
    last: Mapping[Pair, int] = field(default_factory=dict)  # in which round it was introduced last
    owed: frozenset[Pair] = frozenset()  # at their last introduction: Not this time, and no We met
    round: int = 0  # the number of the round that is planned now: above all numbers in `last`

    @classmethod
    def of(cls, rounds: Iterable[Iterable[Collection[int]]], *, owed: Iterable[Pair] = ()) -> History:
        """The history of rounds given in their order, each as its groups of members."""
        times: dict[Pair, int] = {}
        last: dict[Pair, int] = {}
        number = 0
        for groups in rounds:
            _introduce(groups, number, times=times, last=last)
            number += 1
        return cls(times, last, frozenset(pair(*each) for each in owed), number)

    def after(self, groups: Iterable[Collection[int]]) -> History:
        """The history once one more round has introduced `groups`; what was owed to them is paid."""
        times, last = dict(self.times), dict(self.last)
        introduced = _introduce(groups, self.round, times=times, last=last)
        owed = self.owed.difference(introduced)
        return replace(self, times=times, last=last, owed=owed, round=self.round + 1)

    def rounds_since(self, who: Pair) -> int | None:
        """How many rounds ago the pair was introduced (1: in the round before this); None for never."""
        last = self.last.get(who)
        return None if last is None else self.round - last


def _introduce(
    groups: Iterable[Collection[int]], number: int, *, times: dict[Pair, int], last: dict[Pair, int]
) -> list[Pair]:
    introduced = [each for group in groups for each in pairs_of(group)]
    for each in introduced:
        times[each] = times.get(each, 0) + 1
        last[each] = number
    return introduced


AGES = 999  # how finely "longest since" is told apart
_RESTS = 13  # how finely a rest that is too short is told apart
_TIMES = 4  # how finely how often a pair met is told apart, above the least
LACKS = 15  # how finely is told apart how many somebody has still to meet
_HOURS = 20  # how finely the overlap of working hours is told apart


class Units(NamedTuple):
    """What one pair counts at each level of `Wishes`, from the weakest rule to the strongest."""

    mix: int = 1
    hours: int = 1
    age: int = 1
    planned: int = 1
    lacking: int = 1
    seldom: int = 1
    rested: int = 1
    fresh: int = 1
    owed: int = 1
    soon: int = 1
    never: int = 1

    @classmethod
    def of(cls, capacity: int) -> Units:
        """For plans of at most `capacity` pairs."""
        units: list[int] = []
        unit = 1
        for highest in (1, _HOURS, AGES, 1, 2 * LACKS, _TIMES, _RESTS, 1, 1, 2, 1):
            units.append(unit)
            unit *= highest * capacity + 1
        return cls(*units)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The soft rules of one round: a weight for each pair, whose sum over a plan compares lexicographically.

    From the strongest: pairs never introduced; not introduced in one of the two rounds before, unless owed;
    owed again; not yet introduced this season; not introduced within the last `rest` rounds; of those not yet
    introduced, the two who have most others still to meet, since the season ends no sooner than the last of
    them is through; planned by the season for this round; longest since; overlap of working hours; no group in
    common. Sums compare exactly as long as a plan has at most as many pairs as `units` were made for.
    """

    history: History
    avoid: frozenset[Pair]
    groups: Mapping[int, frozenset[str]]  # of the config, for `mix`
    overlap: Callable[[int, int], float] | None  # share of working hours in common, 0 … 1; the same both ways
    planned: frozenset[Pair] = frozenset()
    season_began: int = 0  # the number of its first round
    rest: int = 0
    least: int = 0  # how often any two who were introduced at all were introduced
    lacking: Mapping[int, int] = field(
        default_factory=dict
    )  # 0 … LACKS: the more are still to be met, the more
    units: Units = field(default_factory=lambda: Units.of(256))

    def allowed(self, a: int, b: int) -> bool:
        return ((a, b) if a < b else (b, a)) not in self.avoid

    def never(self, a: int, b: int) -> bool:
        return ((a, b) if a < b else (b, a)) not in self.history.last

    def fresh(self, who: Pair) -> bool:
        """Not introduced in this season yet."""
        last = self.history.last.get(who)
        return last is None or last < self.season_began

    def rested(self, who: Pair) -> bool:
        """Not introduced within the last `rest` rounds."""
        last = self.history.last.get(who)
        return last is None or self.history.round - last > self.rest

    def soon(self, who: Pair) -> int:
        """2 if they were introduced in the round before, 1 in the one before that, unless it is owed again."""
        since = self.history.rounds_since(who)
        return 0 if since is None or who in self.history.owed else max(0, 3 - since)

    def hours(self, a: int, b: int) -> float:
        return 1.0 if self.overlap is None else min(1.0, max(0.0, self.overlap(a, b)))

    def mixes(self, a: int, b: int) -> bool:
        return self.groups[a].isdisjoint(self.groups[b])

    def weight(self, a: int, b: int) -> int:
        """What introducing an allowed pair is worth; only comparisons of sums mean something."""
        who = (a, b) if a < b else (b, a)
        last = self.history.last.get(who)
        unit = self.units
        worth = round(_HOURS * self.hours(a, b)) * unit.hours
        if self.mixes(a, b):
            worth += unit.mix
        if who in self.planned:
            worth += unit.planned
        if last is None or last < self.season_began:
            worth += unit.lacking * (self.lacking.get(a, 0) + self.lacking.get(b, 0))
        if last is None:
            worth += unit.never + unit.fresh + 2 * unit.soon
            return worth + unit.seldom * _TIMES + unit.rested * _RESTS + unit.age * AGES
        since = self.history.round - last
        if who in self.history.owed:
            worth += unit.owed
        if self.rest:
            worth += unit.soon * (2 - self.soon(who))
        if last < self.season_began:
            worth += unit.fresh + unit.seldom * _TIMES
        else:
            worth += unit.seldom * max(0, _TIMES - self.history.times.get(who, 0) + self.least)
        worth += unit.rested * (_RESTS if since > self.rest else _RESTS - 1 - (_RESTS - 1) // max(since, 1))
        return worth + unit.age * (AGES - AGES // max(since, 1))

    @property
    def top(self) -> int:
        """More than any plan's weight: the unit of what comes before all soft rules."""
        return self.units.never * (self.units.never // self.units.soon)


Prefers = Literal["trio", "bye", "either"]


@dataclass(frozen=True, slots=True)
class Participant:
    """A member who is present in the round, with the turns that count for them.

    A newcomer's turns are the team's minimum (`rotation.standing`). Both kinds of bye are turns.
    """

    id: int
    prefers: Prefers = "either"
    groups: frozenset[str] = frozenset()  # of the config; empty where the ritual does not `mix`
    byes: float = 0.0
    trios: float = 0.0
    last_bye: int | None = None  # the number of the round, as in `History`
    last_trio: int | None = None


class Why(StrEnum):
    """What a member is told of their match, or of having none."""

    NEVER_INTRODUCED = "never_introduced"  # a first introduction
    OWED_AGAIN = "owed_again"  # introduced before, but it was Not this time
    LONGEST_SINCE = (
        "longest_since"  # introduced before; longest ago unless the soft rule of this name gave way
    )
    TRIO_BECAUSE_ODD = "trio_because_odd"  # an odd number was present: a turn as one of three
    BYE_TURN = "bye_turn"  # an odd number was present: a turn to sit out
    NO_MATCH_LEFT = "no_match_left"  # nobody was there to be matched with; an avoidance looks no different


class SoftRule(StrEnum):
    """A soft rule, by the name under which it can be said to have given way."""

    NEVER_INTRODUCED = "never_introduced"  # somebody was there whom the member was never introduced to
    OWED_AGAIN = "owed_again"  # somebody was there to whom an introduction is owed again
    LONGEST_SINCE = "longest_since"  # somebody was there whose last introduction is longer ago
    OVERLAP = "overlap"  # their working hours do not meet, somebody else's would have
    MIX = "mix"  # they are in one group of the config, somebody else is not


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner in a match, from the member's side."""

    member: int
    why: Why  # NEVER_INTRODUCED, OWED_AGAIN or LONGEST_SINCE
    last: int | None  # the number of the round that introduced them last


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a member has this match or none. Whoever avoids them, or they avoid, counts as away in it."""

    why: Why
    partners: tuple[Partner, ...] = ()
    gave_way: tuple[SoftRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Two to eight members introduced to each other, sorted, each with their reason."""

    members: tuple[int, ...]
    reasons: Mapping[int, Reason]


@dataclass(frozen=True, slots=True)
class Bye:
    """A member who sits this round out; `kind` is `turn` by rotation, else `no_match`."""

    member: int
    kind: Literal["turn", "no_match"]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """A round: everyone present is in exactly one group or has a bye."""

    groups: tuple[Group, ...] = ()
    byes: tuple[Bye, ...] = ()
