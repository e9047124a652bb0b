"""Seasons: the planned series of coffee rounds, in pairs, in which everyone meets everyone once.

With an even number of members the plan is a 1-factorisation of the complete graph by the circle method: n−1
rounds, no pair twice (https://encyclopediaofmath.org/wiki/One-factorization). With an odd number and byes one
place in the circle is empty: n rounds, one bye each. With an odd number and trios the rounds are those of
`trio_rounds`, at least one fewer than counting allows; more people than it knows have the circle with the
empty place, and whoever would sit out makes a pair a trio. All is dealt out by the season's seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Literal

from bot.domain.pairs import History, Pair, pair, pairs_of
from bot.domain.trio_rounds import LARGEST, trio_rounds

Odd = Literal["trio", "bye"]
_COUNTED = 40_000  # pairs that are looked at to find the round that is fullest today


@dataclass(frozen=True, slots=True)
class SeasonPlan:
    """A season, from which every planned round follows; exactly this is to be stored between rounds."""

    members: tuple[int, ...]  # when it began; sorted
    seed: int
    odd: Odd = "bye"
    number: int = 0  # how many seasons of the same members and seed came before: each orders its rounds anew
    began: int = 0  # the number (in `History`) of its first round

    @property
    def length(self) -> int:
        return len(_order(self))

    def planned(self, at: int) -> tuple[tuple[int, ...], ...]:
        """The groups of one planned round, of all members but its bye; no pair is in two rounds."""
        which = _order(self)[at]
        return _trio_rounds(self)[which] if _has_trios(self) else _turned(_circle(self), which)

    def rounds(self) -> list[tuple[tuple[int, ...], ...]]:
        return [self.planned(at) for at in range(self.length)]

    def finder(self) -> Callable[[Pair], int | None]:
        """Tells the planned round of a pair; None if there is none (one of them came later, or trios)."""
        if _has_trios(self):
            return _trio_pairs(self).get
        circle, positions = _places(self)
        size = len(positions)

        def find(who: Pair) -> int | None:
            a, b = circle.get(who[0]), circle.get(who[1])
            if a is None or b is None:
                return None
            return positions[a if b == size else b if a == size else (a + b) * (size + 1) // 2 % size]

        return find


def begin(members: Collection[int], *, odd: Odd, began: int, rng: Random) -> SeasonPlan:
    """A new season of these members, from the round with the number `began` on."""
    return SeasonPlan(tuple(sorted(members)), rng.getrandbits(32), odd, 0, began)


def is_over(season: SeasonPlan, members: Collection[int], history: History, avoid: frozenset[Pair]) -> bool:
    """Whether all of `members` who may meet have been introduced in this season."""
    now = set(members)
    among = sum(a in now and b in now for a, b in avoid)
    met = sum(
        last >= season.began and each[0] in now and each[1] in now and each not in avoid
        for each, last in history.last.items()
    )
    return met >= len(now) * (len(now) - 1) // 2 - among


def current(
    season: SeasonPlan | None,
    members: Collection[int],
    *,
    history: History,
    avoid: frozenset[Pair] = frozenset(),
    odd: Odd,
    rng: Random,
    present: Collection[int] | None = None,
) -> SeasonPlan:
    """The season that the next round belongs to; ask before each round, and store what it answers.

    `members` are all who take part, also those who are away this time. The season is the one given until
    everybody has met, or everybody who is `present` has, if that is half of them at least: nobody's long
    absence makes the others repeat. Then the next begins: the same circle in another order, so that nobody
    meets again soon, or a new circle if members came or went.
    """
    here = set(members) if present is None else set(members).intersection(present)
    if 2 * len(here) < len(set(members)):
        here = set(members)
    if season is None or (is_over(season, here, history, avoid) and len(here) > 1):
        if season is not None and season.members == tuple(sorted(members)) and season.odd == odd:
            return replace(season, number=season.number + 1, began=history.round)
        return begin(members, odd=odd, began=history.round, rng=rng)
    return season


def missing(
    history: History, members: Iterable[int], *, avoid: frozenset[Pair] = frozenset(), began: int = 0
) -> list[Pair]:
    """The pairs of `members` still to be introduced, or owed again, in the season from round `began` on."""
    return [
        each
        for each in pairs_of(members)
        if each not in avoid and (history.last.get(each, -1) < began or each in history.owed)
    ]


def fullest(
    season: SeasonPlan, present: Collection[int], history: History, avoid: frozenset[Pair]
) -> list[int]:
    """The planned rounds that can introduce most pairs of those present that have not met this season.

    Of more than 200 members only those rounds are looked at that have lost least to what was before.
    """
    here, find = set(present), season.finder()
    lost = Counter(find(each) for each in avoid if each[0] in here and each[1] in here)
    lost.update(
        find(each)
        for each, last in history.last.items()
        if last >= season.began and each[0] in here and each[1] in here and each not in avoid
    )
    counted = max(12, _COUNTED // max(1, len(season.members)))
    rounds = sorted(range(season.length), key=lost.__getitem__)[:counted]
    if not here.issuperset(season.members):
        for at in rounds:
            met = [each for group in season.planned(at) for each in pairs_of(group)]
            lost[at] += len(met) - sum(map(here.issuperset, met))
    least = min((lost[at] for at in rounds), default=0)
    return sorted(at for at in rounds if lost[at] == least)


def bound(n: int, odd: Odd = "bye") -> int:
    """Rounds of pairs in which n people can all meet at the earliest: n−1 if n is even, n with byes.

    With trios a round introduces (n−3)/2 + 3 = (n+3)/2 of the n(n−1)/2 pairs, so that it takes ⌈n(n−1)/(n+3)⌉
    by counting, which not every n reaches.
    """
    if n < 2:
        return 0
    if n % 2 == 0:
        return n - 1
    return n if odd == "bye" else -(-n * (n - 1) // (n + 3))


def rounds_left(owed: Collection[Pair], people: Collection[int], *, odd: Odd = "bye") -> int:
    """No plan can introduce all pairs of `owed` in fewer rounds, even if all of `people` always come.

    It counts the most partners that one person lacks, that in any connected part with an odd number of people
    one is left over each round, and that a trio, with an odd number of people, holds three.
    """
    todo = {each for each in owed if each[0] in (everyone := set(people)) and each[1] in everyone}
    if not todo:
        return 0
    trios = odd == "trio" and len(set(people)) % 2 == 1
    lacking: dict[int, int] = {}
    part: dict[int, int] = {}
    for each in sorted(todo):
        for member in each:
            lacking[member] = lacking.get(member, 0) + 1
            part.setdefault(member, member)
    for a, b in sorted(todo):
        if part[a] != part[b]:
            old, new = part[b], part[a]
            part.update({member: new for member, name in part.items() if name == old})
    sizes: dict[int, int] = {}
    edges: dict[int, int] = {}
    for member, name in sorted(part.items()):
        sizes[name] = sizes.get(name, 0) + 1
        edges[name] = edges.get(name, 0) + lacking[member]

    def possible(rounds: int) -> bool:
        above = [degree - rounds for degree in lacking.values() if degree > rounds]
        if above and not (trios and sum(above) <= 3 * rounds and max(above) <= rounds):
            return False
        whole = len(todo) <= rounds * (len(set(people)) // 2 + (2 if trios else 0))
        return whole and all(
            edges[name] // 2 <= rounds * (size // 2 + (2 if trios and size > 2 else 0))
            for name, size in sizes.items()
        )

    rounds = 1
    while not possible(rounds):
        rounds += 1
    return rounds


def _has_trios(season: SeasonPlan) -> bool:
    return season.odd == "trio" and len(season.members) % 2 == 1 and len(season.members) <= LARGEST


@lru_cache(maxsize=32)
def _circle(season: SeasonPlan) -> tuple[int | None, ...]:
    """The last place is fixed, the others turn around it; an odd circle has an empty place."""
    lot = list(season.members)
    Random(f"{season.seed} circle").shuffle(lot)
    return (*lot, None) if len(lot) % 2 else tuple(lot)


@lru_cache(maxsize=32)
def _places(season: SeasonPlan) -> tuple[dict[int, int], dict[int, int]]:
    """The place of each member in the circle, and when in the season each turn of the circle comes."""
    places = {member: at for at, member in enumerate(_circle(season)) if member is not None}
    return places, {turn: at for at, turn in enumerate(_order(season))}


def _turned(circle: Sequence[int | None], turn: int) -> tuple[Pair, ...]:
    """The pairs of one turn: whoever is as far to the left of `turn` as the other to its right."""
    size = len(circle) - 1
    met = [(circle[turn], circle[size])]
    met += [(circle[(turn + i) % size], circle[(turn - i) % size]) for i in range(1, size // 2 + 1)]
    return tuple(sorted(pair(a, b) for a, b in met if a is not None and b is not None))


@lru_cache(maxsize=32)
def _trio_rounds(season: SeasonPlan) -> tuple[tuple[tuple[int, ...], ...], ...]:
    lot = list(season.members)
    Random(f"{season.seed} trios").shuffle(lot)
    planned = trio_rounds(len(lot))
    return tuple(tuple(tuple(sorted(lot[i] for i in group)) for group in groups) for groups in planned)


@lru_cache(maxsize=32)
def _trio_pairs(season: SeasonPlan) -> dict[Pair, int]:
    groups = [(at, group) for at, groups in enumerate(season.rounds()) for group in groups]
    return {each: at for at, group in groups for each in pairs_of(group)}


@lru_cache(maxsize=32)
def _order(season: SeasonPlan) -> tuple[int, ...]:
    """Which turn comes when; in a further season so that pairs rest ⌊n/2⌋ rounds after the one before."""
    if _has_trios(season):
        order = tuple(range(len(_trio_rounds(replace(season, number=0, began=0)))))
    else:
        lot = list(range(max(0, len(_circle(season)) - 1)))
        Random(f"{season.seed} order").shuffle(lot)
        order = tuple(lot)
    for number in range(1, season.number + 1):
        order = _reordered(order, len(season.members) // 2, Random(f"{season.seed} season {number}"))
    return order


def _reordered(before: Sequence[int], rest: int, rng: Random) -> tuple[int, ...]:
    """The same turns in another order, each more than `rest` rounds after its time in the season before."""
    size = len(before)
    half = max(0, size - rest)
    for _ in range(50):
        first, then = list(range(half)), list(range(half, size))
        rng.shuffle(first)
        rng.shuffle(then)
        order = first + then
        if all(size - was + now > rest for now, was in enumerate(order)):
            return tuple(before[was] for was in order)
    return tuple(before)
