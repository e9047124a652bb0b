"""Cycles over everybody: a lap of cycles without an arc in common, and a cycle found among some arcs.

A cycle is the order in which its members come; after the last comes the first. An arc is two members, one
right after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Arc = tuple[int, int]

LARGEST = 300  # members up to whom a cycle can be searched for: the search goes as deep as there are members


def arcs_of(cycle: Sequence[int]) -> list[Arc]:
    """Each member of the cycle with the one who comes after them."""
    return list(zip(cycle, [*cycle[1:], *cycle[:1]], strict=True))


def lap(n: int) -> int:
    """How many cycles over n ≥ 3 places `cycle_of` makes: n−1 if n is odd, n−2 if it is even."""
    return (n - 1) // 2 * 2


def cycle_of(places: Sequence[int], turn: int) -> list[int]:
    """One of the `lap(n)` cycles over three places or more, no two of which have an arc in common.

    Put n−1 places of an odd n on a circle and walk them in a zigzag: 0, 1, −1, 2, −2 … Each step is longer by
    one than the one before, and to the other side, so that no two steps of the walk are the same step around
    the circle: turned by 0, 1, 2 … places, the walks have no arc in common. The last place closes each to a
    cycle; it comes after, and before, each of the others once. So all n(n−1) arcs are used. With an even n
    there is one place more; it goes in between at the same step of each walk.

    This is Walecki's construction, in which the second half of the turns are the first half's cycles in
    reverse: B. Alspach, The wonderful Walecki construction, Bulletin of the ICA 52 (2008). For an even n
    other than 4 and 6 there are n−1 such cycles too: T. Tillson 1980,
    https://doi.org/10.1016/0095-8956(80)90044-1.
    """
    size = lap(len(places))
    cycle = [places[((step + 1) // 2 * (1 if step % 2 else -1) + turn) % size] for step in range(size)]
    if len(places) > size + 1:
        cycle.insert(size // 2, places[size + 1])
    cycle.append(places[size])
    return cycle


def in_order(after: Mapping[int, int]) -> list[int]:
    """The members who have one after them, each followed by that one as far as it is one cycle."""
    left, cycle = dict(after), []
    starts = sorted(set(left).difference(left.values()))
    while left:
        who = starts.pop() if starts else min(left)
        while who in left:
            cycle.append(who)
            who = left.pop(who)
    return cycle


def cheap_cycle(costs: Mapping[int, Mapping[int, int]]) -> list[int] | None:
    """A cycle over everybody whose dearest arc costs as little as possible; then few arcs that are dear.

    `costs` has those who may come after each, and what each such arc costs; between equals its order decides.
    None if there is no cycle. With more than 13 members a cheaper one may be missed; with more than `LARGEST`
    the search is not possible.
    """
    n = len(costs)
    by_wish = {one: sorted(after, key=after.__getitem__) for one, after in costs.items()}
    levels = sorted({cost for after in costs.values() for cost in after.values()})

    def search(at: int) -> tuple[list[int] | None, dict[int, list[int]]]:
        choices = {one: [each for each in by_wish[one] if costs[one][each] <= levels[at]] for one in costs}
        return cycle_among(choices, steps=patience), choices

    patience = 2 * n + 20_000 // n  # far more than up to 13 members ever took, of some ten thousand tried
    low, high = -1, 0
    cycle, choices = search(high)
    while cycle is None and high < len(levels) - 1:
        low, high = high, min(2 * high + 1, len(levels) - 1)
        cycle, choices = search(high)
    while cycle is not None and high - low > 1:
        found, fewer = search(middle := (low + high) // 2)
        if found is None:
            low = middle
        else:
            cycle, choices, high = found, fewer, middle
    return cycle and _cheaper(cycle, choices, costs, least=levels[0])


def _cheaper(
    cycle: list[int], choices: dict[int, list[int]], costs: Mapping[int, Mapping[int, int]], *, least: int
) -> list[int]:
    """The cycle with fewer dear arcs: one member after another gets a cheap one, if that leaves a cycle."""
    n, after = len(cycle), dict(arcs_of(cycle))
    tries = 1000 // n
    for one in costs:
        for most in (least, costs[one][after[one]] - 1):
            fewer = {**choices, one: [each for each in choices[one] if costs[one][each] <= most]}
            if costs[one][after[one]] <= most:
                choices = fewer
                break
            tries -= 1
            if tries >= 0 and (found := cycle_among(fewer, steps=n + 20)):
                cycle, after, choices = found, dict(arcs_of(found)), fewer
                break
    return cycle


def cycle_among(choices: Mapping[int, Sequence[int]], *, steps: int) -> list[int] | None:
    """A cycle in which after each member comes one of their choices, an early one if possible.

    None if there is none, or if none was found after trying so many `steps`; up to eight members, 100 are
    enough to be sure.
    """
    members = list(choices)
    number = {each: i for i, each in enumerate(members)}
    after = [sum(1 << number[other] for other in choices[each]) for each in members]
    before = [0] * len(members)
    for i, each in enumerate(members):
        for other in choices[each]:
            before[number[other]] |= 1 << i
    if not all(after) or not all(before):
        return None
    alone = list(range(len(members)))
    paths = _Paths(after, before, [-1] * len(members), alone, alone.copy())
    wanted = [[number[other] for other in choices[each]] for each in members]
    chosen = _closed(paths, wanted, iter(range(steps)))
    if chosen is None:
        return None
    cycle = [0]
    while len(cycle) < len(chosen):
        cycle.append(chosen[cycle[-1]])
    return [members[i] for i in cycle]


@dataclass(slots=True)
class _Paths:
    """What is decided on the way to a cycle, and what is open; members by number, sets of them as bits."""

    after: list[int]  # who may still come after each
    before: list[int]  # the same, seen from the other side
    chosen: list[int]  # who comes after each; -1 while that is open
    end_of: list[int]  # of the path that begins with a member
    start_of: list[int]  # of the path that ends with a member
    links: int = 0  # how many are chosen

    def copy(self) -> _Paths:
        return _Paths(
            self.after.copy(),
            self.before.copy(),
            self.chosen.copy(),
            self.end_of.copy(),
            self.start_of.copy(),
            self.links,
        )

    def choose(self, one: int, other: int) -> bool:
        """Decide that `other` comes after `one`, and what follows from it; False if that leaves no cycle."""
        todo = [(one, other)]
        while todo:
            a, b = todo.pop()
            if self.chosen[a] == b:
                continue
            if not self.after[a] >> b & 1:
                return False
            self.chosen[a] = b
            self.links += 1
            lost = [(a, each) for each in _bits(self.after[a] ^ 1 << b)]
            lost += [(each, b) for each in _bits(self.before[b] ^ 1 << a)]
            start, end = self.start_of[a], self.end_of[b]
            self.end_of[start], self.start_of[end] = end, start
            if self.links < len(self.after) - 1 and self.after[end] >> start & 1:
                lost.append((end, start))  # it would close a cycle before everybody is in it
            for x, y in lost:
                left, right = self.after[x] & ~(1 << y), self.before[y] & ~(1 << x)
                if not left or not right:
                    return False
                self.after[x], self.before[y] = left, right
                if not left & left - 1:
                    todo.append((x, left.bit_length() - 1))
                if not right & right - 1:
                    todo.append((right.bit_length() - 1, y))
        return True


def _bits(members: int) -> Iterator[int]:
    while members:
        yield (members & -members).bit_length() - 1
        members &= members - 1


def _closed(paths: _Paths, wanted: Sequence[Sequence[int]], steps: Iterator[int]) -> list[int] | None:
    """Who comes after whom in a cycle that `paths` can become, by backtracking; None if none was found."""
    if paths.links == len(wanted):
        return paths.chosen
    who = min(
        (each for each, other in enumerate(paths.chosen) if other < 0),
        key=lambda each: paths.after[each].bit_count(),
    )
    for other in wanted[who]:
        if not paths.after[who] >> other & 1:
            continue
        if next(steps, None) is None:
            return None
        further = paths.copy()
        if further.choose(who, other) and (found := _closed(further, wanted, steps)):
            return found
    return None
