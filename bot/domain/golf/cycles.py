"""Rounds from one round that moves around a cycle so that no pair comes together again.

The method is Bose's of differences (1939, https://doi.org/10.1111/j.1469-1809.1939.tb02219.x). The base rounds
in `base_rounds.txt` were found by a search like the one below, with more patience than there is while somebody
waits, and where one base round did not do, with several at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import ceil
from random import Random

from bot.domain.golf import Blocks, Odd

_NEVER = -1
_POINTS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Cycle:
    """How points move from one round to the next: in orbits of `length`, but for the last few, which rest.

    A pair of points belongs to a class: the pairs that it becomes as it moves. If the base rounds together hold
    no two pairs of one class, no pair is twice in the rounds that they become, `length` from each.
    """

    def __init__(self, points: int, length: int) -> None:
        self.points, self.length = points, length
        self.moving = points // length * length

    def rounds(self, base: Iterable[Iterable[int]]) -> list[Blocks]:
        """The rounds that a base round becomes."""
        blocks = [sorted(block) for block in base]
        return [
            tuple(tuple(sorted(self._moved(point, by) for point in block)) for block in blocks)
            for by in range(self.length)
        ]

    def pair_class(self, a: int, b: int) -> int:
        """`_NEVER` for a pair that comes back before the cycle is through: it would meet again."""
        length = self.length
        if a > b:
            a, b = b, a
        if b >= self.moving:
            return _NEVER if a >= self.moving else a // length * self.points + b
        orbit, other = a // length, b // length
        turn = (b - a) % length
        if orbit == other:
            turn = min(turn, length - turn)
            if 2 * turn == length:
                return _NEVER
        return ((orbit + 1) * self.points + other) * self.points + turn

    def _moved(self, point: int, by: int) -> int:
        if point >= self.moving:
            return point
        turn = point % self.length
        return point - turn + (turn + by) % self.length


@cache
def base_rounds() -> Mapping[tuple[int, int, Odd], tuple[int, Sequence[Blocks]]]:
    """What is written down: by people, group size and odd rule, the length of the cycle and the base rounds."""
    found: dict[tuple[int, int, Odd], tuple[int, Sequence[Blocks]]] = {}
    text = files("bot.domain.golf").joinpath("base_rounds.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            head, *bases = line.split(" | ")
            people, size, odd, length = head.split()
            rounds = [tuple(tuple(map(_POINTS.index, group)) for group in base.split()) for base in bases]
            found[int(people), int(size), "bye" if odd == "bye" else "trio"] = int(length), rounds
    return found


def known_rounds(people: int, size: int, odd: Odd) -> list[Blocks]:
    """The rounds that the base rounds become; empty if none are written down for so many people."""
    length, bases = base_rounds().get((people, size, odd), (1, ()))
    return [each for base in bases for each in Cycle(people, length).rounds(base)]


def searched_rounds(
    points: int, lengths: Sequence[int], length: int, *, tries: int, rng: Random
) -> list[Blocks]:
    """`length` rounds of groups of these lengths without a pair twice, if so many tries find a base round.

    The places that are not in a group of the usual length, or in none, go round: all points that move have
    them equally often, give or take one, and those that rest never.
    """
    cycle = Cycle(points, length)
    base = _Search(cycle, lengths, rng).found(tries)
    return [] if base is None else cycle.rounds(base)


class _Search:
    """Two points change places, one of them from where a class is too many, while it does (nearly) no harm."""

    def __init__(self, cycle: Cycle, lengths: Sequence[int], rng: Random) -> None:
        self.cycle, self.rng = cycle, rng
        self.out = len(lengths)  # the group of those who are in none
        groups = [*lengths, cycle.points - sum(lengths)]
        usual = max(set(lengths), key=lengths.count)
        self.odd = [each != usual or at == self.out for at, each in enumerate(groups)]
        self.group_of = [at for at, each in enumerate(groups) for _ in range(each)]
        starts = [sum(groups[:at]) for at in range(len(groups))]
        self.spots = [range(start, start + each) for start, each in zip(starts, groups, strict=True)]
        self.points = list(range(cycle.points))
        rng.shuffle(self.points)
        self.known: dict[tuple[int, int], int] = {}
        self.times: dict[int, int] = {_NEVER: 1}  # one such pair is one too many already
        orbits = cycle.moving // cycle.length
        odd_places = sum(each for each, odd in zip(groups, self.odd, strict=True) if odd)
        for orbit in range(orbits):
            self.times[-2 - orbit] = 1 - ceil(odd_places / orbits)
        for at, spots in enumerate(self.spots):
            inside = [self.points[spot] for spot in spots]
            for i, point in enumerate(inside):
                self._add(self._classes(point, inside[:i], at))

    def found(self, tries: int) -> Blocks | None:
        random, size = self.rng.random, self.cycle.points
        bad: list[int] = []
        while tries > 0:
            if not bad:
                bad = [spot for spot in range(size) if self._clashes(spot)]
                if not bad:
                    return tuple(tuple(self.points[at] for at in spots) for spots in self.spots[: self.out])
                self.rng.shuffle(bad)
            spot = bad.pop()
            if self._clashes(spot):
                for _ in range(size):
                    tries -= 1
                    if self._swapped(spot, int(random() * size)):
                        break
        return None

    def _others(self, spot: int) -> list[int]:
        return [self.points[at] for at in self.spots[self.group_of[spot]] if at != spot]

    def _clashes(self, spot: int) -> bool:
        classes = self._classes(self.points[spot], self._others(spot), self.group_of[spot])
        return any(self.times[each] > 1 for each in classes)

    def _classes(self, point: int, others: Iterable[int], group: int) -> list[int]:
        """What is counted of a point in a group with others: its pairs, and its orbit's odd places."""
        found = []
        if group != self.out:
            known, pair_class = self.known, self.cycle.pair_class
            for each in others:
                which = known.get((point, each))
                if which is None:
                    which = known[point, each] = known[each, point] = pair_class(point, each)
                found.append(which)
        if self.odd[group]:
            found.append(_NEVER if point >= self.cycle.moving else -2 - point // self.cycle.length)
        return found

    def _add(self, classes: Iterable[int]) -> int:
        """How many of them are too many now."""
        times, above = self.times, 0
        for each in classes:
            now = times[each] = times.get(each, 0) + 1
            above += now > 1
        return above

    def _remove(self, classes: Iterable[int]) -> int:
        times, above = self.times, 0
        for each in classes:
            now = times[each] = times[each] - 1
            above += now > 0
        return above

    def _swapped(self, i: int, j: int) -> bool:
        """Whether they changed places: where it makes nothing worse, and rarely where a little."""
        g, h = self.group_of[i], self.group_of[j]
        if g == h:
            return False
        a, b, mine, theirs = self.points[i], self.points[j], self._others(i), self._others(j)
        gone = [*self._classes(a, mine, g), *self._classes(b, theirs, h)]
        come = [*self._classes(b, mine, g), *self._classes(a, theirs, h)]
        before = self._remove(gone)
        worse = self._add(come) - before
        if worse > 0 and self.rng.random() > (0.02 if worse == 1 else 0.002):
            self._remove(come)
            self._add(gone)
            return False
        self.points[i], self.points[j] = b, a
        return True
