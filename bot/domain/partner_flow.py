"""How many partners people can have had in all, each only so many: a largest flow that grows round by round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import pairwise

from bot.domain.pairs import Pair

_SOURCE, _SINK, _GIVES, _TAKES = range(4)  # the last two share out the places for one partner more
_FIRST = 4  # of the nodes of people, two each: left and right


class PartnerFlow:
    """The network: from the source to everybody on the left, from left to right of those who were present together
    and may meet (one unit), from the right to the sink. A person's own ends hold as many units as their rounds had
    partners for them.

    What can still flow from a node is a number whose bits are the nodes it can flow to. Only what is not of one unit
    is counted.
    """

    def __init__(self, avoid: Collection[Pair]) -> None:
        self.value = (
            0  # of the flow found so far; a largest one once `grown` has found less than it was asked for
        )
        self._open = [0] * _FIRST
        self._ends = 0  # the nodes from which the sink is one step away
        self._room: dict[tuple[int, int], int] = {}
        self._left: dict[int, int] = {}  # the node of each member; their right one is the next
        self._met: dict[int, int] = {}  # on the right, whom a member was ever present with and may meet
        self._apart: dict[int, int] = defaultdict(int)
        self._avoids: dict[int, set[int]] = defaultdict(set)
        for a, b in avoid:
            self._avoids[a].add(b)
            self._avoids[b].add(a)

    @property
    def people(self) -> int:
        return len(self._left)

    def add_round(self, present: Iterable[int], *, partners: int, places: int) -> None:
        """One more round: `partners` for each of those present, and one more for `places` of them."""
        here = list(present)
        for member in here:
            if member not in self._left:
                self._enter(member)
        everyone = sum(2 << self._left[member] for member in here)
        if places:
            self._widen(_SOURCE, _GIVES, places)
            self._widen(_TAKES, _SINK, places)
        for member in here:
            left = self._left[member]
            self._widen(_SOURCE, left, partners)
            self._widen(left + 1, _SINK, partners)
            if places:
                self._widen(_GIVES, left, 1)
                self._widen(left + 1, _TAKES, 1)
            new = everyone & ~(self._met[member] | self._apart[member] | 2 << left)
            self._met[member] |= new
            self._open[left] |= new

    def grown(self, enough: int) -> int:
        """The value of a largest flow, or `enough` if there is one of so much."""
        while self.value < enough and (path := self._path()):
            for a, b in pairwise(path):
                self._push(a, b)
            self.value += 1
        return min(self.value, enough)

    def _enter(self, member: int) -> None:
        left = self._left[member] = len(self._open)
        self._open += [0, 0]
        self._met[member] = 0
        for other in self._avoids[member]:
            if other in self._left:
                self._apart[member] |= 2 << self._left[other]
                self._apart[other] |= 2 << left

    def _widen(self, a: int, b: int, units: int) -> None:
        if units:
            self._room[a, b] = self._room.get((a, b), 0) + units
            self._room.setdefault((b, a), 0)
            self._open[a] |= 1 << b
            if b == _SINK:
                self._ends |= 1 << a

    def _push(self, a: int, b: int) -> None:
        """One unit from a to b; as much more can then flow back."""
        if (a, b) in self._room:
            self._room[a, b] -= 1
            self._room[b, a] += 1
        if not self._room.get((a, b)):
            self._open[a] &= ~(1 << b)
            if b == _SINK:
                self._ends &= ~(1 << a)
        self._open[b] |= 1 << a

    def _path(self) -> list[int]:
        """A way from the source to the sink on which one more unit can flow; empty if there is none."""
        seen, path = 1 << _SOURCE, [_SOURCE]
        while path:
            can = self._open[path[-1]] & ~seen
            if not can:
                path.pop()
                continue
            best = can & 1 << _SINK or can & self._ends or can
            node = (best & -best).bit_length() - 1
            path.append(node)
            if node == _SINK:
                return path
            seen |= 1 << node
        return []
