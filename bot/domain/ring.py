"""The care ring: who checks in on whom.

A ring is one directed cycle over everybody present: each cares for one and is cared for by one. From three
people on nobody is cared for by the person they care for; that follows from there being one cycle. And with n
people present nobody has the same person twice within n−2 consecutive rounds: an arc (the carer, the person
they care for) that was used g rounds ago may be used again if g ≥ n−2.

As long as the same people are there, this always holds. A plan is a lap of cycles without an arc in common,
n−1 of them for an odd n and n−2 for an even one (`ring_cycles.cycle_of`), in an order drawn by lot; after a
lap the ring is again the one of a lap ago.

When people come, leave, pause, are away or swap, the ring that is due is taken without those who are not
there; newcomers take the places of those who have gone, or come in at its end. If some arcs of it then come
too early, a ring without such arcs is looked for among all there are. Only if there is none do some come too
early, by as few rounds as possible, and the ring says so. What was really played is what is due a lap later,
so that a disturbed ring finds back to a lap without repeats.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Any

from bot.domain.ring_cycles import LARGEST, Arc, arcs_of, cheap_cycle, cycle_of, in_order, lap

CaresFor = Mapping[int, int]  # carer -> the person they care for

_APART = 10**9  # what an arc costs that should be avoided: more than all that come too early
_LONG_AGO = 10**9  # rounds
_LOOKS_AHEAD = 32  # people up to whom a ring that must be searched for is chosen with a view to the next
_TRIES = 6  # rings that it is chosen from


class RingRule(StrEnum):
    """A rule of the ring, by the name under which it can be said to have given way."""

    NO_MUTUAL = "no_mutual"  # nobody is cared for by the person they care for; two people have no choice
    NO_REPEAT = "no_repeat"  # nobody has the same person twice within n−2 rounds
    APART = "apart"  # somebody asked to be cared for by somebody else


@dataclass(frozen=True, slots=True)
class RingPlan:
    """A lap of rings, kept with each round for the next. It tells who will care for whom: show nobody."""

    order: tuple[int, ...] = ()  # the member at each place of `ring_cycles.cycle_of`
    cycles: tuple[int, ...] = ()  # its turns, in the order in which they are played
    at: int = 0  # how many of them were played; after the last, rings follow from the history alone

    def to_document(self) -> dict[str, Any]:
        """As a JSON document, for `from_document`."""
        return {"order": list(self.order), "cycles": list(self.cycles), "at": self.at}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> RingPlan:
        return cls(tuple(document["order"]), tuple(document["cycles"]), document["at"])

    def serves(self, people: Sequence[int]) -> bool:
        """Whether it goes on, and with half of these people at least."""
        return self.at < len(self.cycles) and 2 * len(set(self.order).intersection(people)) >= len(people)


@dataclass(frozen=True, slots=True)
class Ring:
    """Who cares for whom in one round: everybody present is a carer once, and cared for once."""

    cares_for: CaresFor  # empty with fewer than two people
    plan: RingPlan  # for the next round
    gave_way: tuple[RingRule, ...] = ()


def plan_ring(
    present: Iterable[int],
    *,
    history: Sequence[CaresFor],
    before: RingPlan | None,
    apart: AbstractSet[Arc] = frozenset(),
    rng: Random,
) -> Ring:
    """The ring of the next round, and what is to be kept for the one after.

    `history` are the earlier rings, oldest first, as they really became, whatever was swapped in them; the
    last n+3 are enough. `before` is the plan of the ring before; None for the first. `apart` are arcs not to
    be used this time; they give way last, since somebody asked.

    Up to 13 people a rule gives way only if no ring keeps it. With more, in a ring that was disturbed, one
    may be missed; with more than 300 none is looked for.
    """
    people = sorted(set(present))
    plan = before or RingPlan()
    past = _Past.of(history, rest=len(people) - 2, apart=apart)
    if len(people) < 3:
        arcs = [(one, other) for one in people for other in people if one != other]
    else:
        cycle, plan = _due(plan, people, past, rng)
        arcs = arcs_of(_cheapest(cycle, past, rng) if past.total(cycle) else cycle)
    rules = {
        RingRule.NO_MUTUAL: len(people) == 2,
        RingRule.NO_REPEAT: any(past.early(*arc) for arc in arcs),
        RingRule.APART: not apart.isdisjoint(arcs),
    }
    return Ring(dict(sorted(arcs)), plan, tuple(rule for rule, gave_way in rules.items() if gave_way))


def moved(
    cares_for: CaresFor,
    who: int,
    *,
    history: Sequence[CaresFor],
    apart: AbstractSet[Arc] = frozenset(),
    rng: Random,
) -> dict[int, int] | None:
    """The ring of a running round after `who` asked to be cared for by somebody else.

    They go to another place in the ring: their carer cares for the person they cared for, and they come
    between two others. So three carers have another person. `history` are the rings before this one, as in
    `plan_ring`; what would come too early is avoided where possible, and `apart` (carers they had in this
    round already). With three people the ring turns round, the only other there is. None if there is no
    other: with two people, or when nobody cares for `who` or `who` for nobody.
    """
    carer = next((one for one, other in cares_for.items() if other == who), None)
    after = cares_for.get(who)
    if carer is None or after is None:
        return None
    past = _Past.of(history, rest=len(cares_for) - 2, apart=apart)
    closed = {one: other for one, other in cares_for.items() if one != who} | {carer: after}
    rings = []
    for one, other in sorted(closed.items()):
        ring = {**closed, one: who, who: other}
        if one != carer and _sound(ring):
            price = past.cost(carer, after) + past.cost(one, who) + past.cost(who, other)
            rings.append((price, -past.ages.get((one, who), _LONG_AGO), rng.random(), ring))
    return min(rings)[3] if rings else None


def without(cares_for: CaresFor, who: int) -> dict[int, int]:
    """The ring of a running round after `who` left it: their carer takes over the person they cared for.

    If those two would then care for each other, or there are no two, nobody takes over: until the next round
    the carer cares for nobody, and the person `who` cared for is cared for by nobody.
    """
    ring = {one: other for one, other in cares_for.items() if who not in (one, other)}
    carer = next((one for one, other in cares_for.items() if other == who), None)
    after = cares_for.get(who)
    if carer is not None and after is not None and _sound({**ring, carer: after}):
        ring[carer] = after
    return ring


class NoSwap(StrEnum):
    """Why two carers cannot exchange their persons. If told, SELF and MUTUAL give away who cares for whom."""

    NOTHING = "nothing"  # one of them cares for nobody, or they are one and the same
    SELF = "self"  # one of them cares for the other
    MUTUAL = "mutual"  # one of them would care for the person who cares for them


def may_swap(cares_for: CaresFor, one: int, other: int) -> NoSwap | None:
    """Why the two cannot exchange the persons they care for; None if they can.

    The ring may fall into several, each of three people or more; the next round has one again.
    """
    if one == other or one not in cares_for or other not in cares_for:
        return NoSwap.NOTHING
    if other == cares_for[one] or one == cares_for[other]:
        return NoSwap.SELF
    swapped = {**cares_for, one: cares_for[other], other: cares_for[one]}
    return None if _sound(swapped) else NoSwap.MUTUAL


def _sound(cares_for: CaresFor) -> bool:
    return all(one != other and cares_for.get(other) != one for one, other in cares_for.items())


@dataclass(frozen=True, slots=True)
class _Past:
    """What a round must know of those before it."""

    rings: Sequence[CaresFor]  # the last n+3, latest first
    ages: Mapping[Arc, int]  # how many rounds ago an arc was last used; 1: in the round before
    first: Mapping[int, int]  # how many rounds ago each was first there, among these rings
    last: Mapping[int, int]
    rest: int  # how many rounds ago an arc must have been used, to be used again
    apart: AbstractSet[Arc]

    @classmethod
    def of(cls, history: Sequence[CaresFor], *, rest: int, apart: AbstractSet[Arc]) -> _Past:
        rings = history[: -rest - 6 : -1]
        ages: dict[Arc, int] = {}
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for age, ring in enumerate(rings, start=1):
            for arc in ring.items():
                ages.setdefault(arc, age)
                last.setdefault(arc[0], age)
                first[arc[0]] = age
        return cls(rings, ages, first, last, rest, apart)

    def early(self, carer: int, other: int) -> int:
        """By how many rounds the arc would come too early."""
        return max(0, self.rest - self.ages.get((carer, other), self.rest))

    def cost(self, carer: int, other: int) -> int:
        return self.early(carer, other) + (_APART if (carer, other) in self.apart else 0)

    def total(self, cycle: Sequence[int]) -> int:
        return sum(self.cost(*arc) for arc in arcs_of(cycle))

    def and_then(self, cycle: Sequence[int]) -> _Past:
        """What the round after must know, if the same people are there."""
        ages = {arc: age + 1 for arc, age in self.ages.items()} | dict.fromkeys(arcs_of(cycle), 1)
        return replace(self, ages=ages, apart=frozenset())

    def heirs(self, gone: Iterable[int], new: Iterable[int]) -> dict[int, int]:
        """Who takes whose place: the first to come takes that of the first to go."""
        leaving = sorted(gone, key=lambda each: (-self.last.get(each, _LONG_AGO), each))
        coming = sorted(new, key=lambda each: (-self.first.get(each, 0), each))
        return dict(zip(leaving, coming, strict=False))


def _due(plan: RingPlan, people: Sequence[int], past: _Past, rng: Random) -> tuple[list[int], RingPlan]:
    """The cycle that is due, and the plan for the next round."""
    if not plan.serves(people):
        if cycle := _a_lap_ago(people, past):
            return cycle, plan
        turns = lap(len(people))
        plan = RingPlan(tuple(rng.sample(people, len(people))), tuple(rng.sample(range(turns), turns)))
    cycle = _adapted(cycle_of(plan.order, plan.cycles[plan.at]), people, past)
    return cycle, replace(plan, at=plan.at + 1)


def _a_lap_ago(people: Sequence[int], past: _Past) -> list[int] | None:
    """The ring of about a lap ago that comes least early; None if half the people or more were in none."""
    cycles = []
    for age in range(max(1, past.rest - 1), len(past.rings) + 1):
        old = in_order(past.rings[age - 1])
        if 2 * len(set(old).intersection(people)) >= len(people):
            cycle = _adapted(old, people, past)
            used = min(past.ages.get(arc, _LONG_AGO) for arc in arcs_of(cycle))
            cycles.append((past.total(cycle), -used, -age, cycle))
    return min(cycles)[3] if cycles else None


def _adapted(cycle: Sequence[int], people: Sequence[int], past: _Past) -> list[int]:
    """The cycle of these people: newcomers at the places of those who have gone, or else at its end."""
    gone, new = set(cycle).difference(people), set(people).difference(cycle)
    heirs = past.heirs(gone, new)
    adapted = [heirs.get(each, each) for each in cycle if each not in gone or each in heirs]
    return adapted + sorted(set(people).difference(adapted))


def _cheapest(cycle: list[int], past: _Past, rng: Random) -> list[int]:
    """A cycle of the same people against which least speaks; of a few, one that the next can follow well."""
    if len(cycle) > LARGEST:
        return cycle
    if len(cycle) > _LOOKS_AHEAD:
        return _searched(cycle, past, rng)
    found = []
    for _ in range(_TRIES):
        now = _searched(cycle, past, rng)
        then = past.and_then(now)
        found.append((past.total(now), then.total(_searched(now, then, rng)), now))
        if not any(found[-1][:2]):
            break
    return min(found)[2]


def _searched(cycle: list[int], past: _Past, rng: Random) -> list[int]:
    lot = rng.sample(cycle, len(cycle))
    costs = {one: {each: past.cost(one, each) for each in lot if each != one} for one in lot}
    return cheap_cycle(costs) or cycle
