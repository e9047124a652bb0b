"""Divisions of people into groups: the best of all, or the best that changes to a given one find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import comb
from random import Random

from bot.domain.golf.worth import Worth

_TRIES = 60_000  # pairs of members who might change places, at most; some 0.2 s
_POLISH = 40  # tries for each member, once only the weaker wishes are left
_ROOMS = 30  # groups that somebody who has none yet is tried in


def how_many(lengths: Sequence[int]) -> int:
    """How many ways there are to divide people into groups of these lengths."""
    ways, left = 1, sum(lengths)
    for length, count in Counter(lengths).items():
        for at in range(count):
            ways = ways * comb(left, length) // (at + 1)
            left -= length
    return ways


def best_of_all(ids: Sequence[int], lengths: Sequence[int], worth: Worth) -> list[list[int]]:
    """The division of the ids into groups of these lengths that is worth most."""
    most = max((worth(a, b) for a, b in combinations(ids, 2)), default=0)
    best: list[list[int]] = []
    least: int | None = None
    made: list[list[int]] = []

    def fill(free: list[int], open_lengths: Counter[int], wanting: int, lost: int) -> None:
        """Puts the first who is free wherever they can be, as long as less is lost than in the best."""
        nonlocal best, least
        if least is not None and lost >= least:
            return
        if wanting:
            group = made[-1]
            for at, member in enumerate(free):
                if member < group[-1] or len(free) - at < wanting:
                    continue
                cost = sum(most - worth(ids[member], ids[each]) for each in group)
                group.append(member)
                fill(free[:at] + free[at + 1 :], open_lengths, wanting - 1, lost + cost)
                group.pop()
            return
        if not free:
            best, least = [list(group) for group in made], lost
            return
        for length in sorted(open_lengths):
            if open_lengths[length]:
                open_lengths[length] -= 1
                made.append([free[0]])
                fill(free[1:], open_lengths, length - 1, lost)
                made.pop()
                open_lengths[length] += 1

    fill(list(range(len(ids))), Counter(lengths), 0, 0)
    return [[ids[at] for at in group] for group in best]


def fitted(
    groups: Iterable[Sequence[int]],
    ids: Sequence[int],
    lengths: Sequence[int],
    worth: Worth,
    rng: Random,
) -> list[list[int]]:
    """The groups changed as little as can be so that all ids, and nobody else, are in groups of these lengths.

    The smallest of too many groups are dissolved; the longer ones are of those who were with fewest so far;
    whoever has no group goes where it is worth most.
    """
    here = set(ids)
    kept = [found for group in groups if (found := [each for each in group if each in here])]
    rng.shuffle(kept)
    kept.sort(key=lambda group: (-len(group), sum(worth.met[each] for each in group)))
    del kept[len(lengths) :]
    kept += [[] for _ in range(len(lengths) - len(kept))]
    wanted = sorted(lengths, reverse=True)
    for group, length in zip(kept, wanted, strict=True):
        while len(group) > length:
            group.pop(int(rng.random() * len(group)))
    placed = {each for group in kept for each in group}
    free = [each for each in ids if each not in placed]
    for each in free:
        rooms = [at for at, group in enumerate(kept) if len(group) < wanted[at]]
        if len(rooms) > _ROOMS:
            rooms = rng.sample(rooms, _ROOMS)
        best = max(rooms, key=lambda at: sum(worth(each, other) for other in kept[at]))
        kept[best].append(each)
    return kept


def improved(groups: Iterable[Iterable[int]], worth: Worth, rng: Random) -> list[list[int]]:
    """The best that two at a time who change places find, one of them somebody who could be better off.

    Where that leads no further, some places are changed by lot and it goes on from there.
    """
    return _Changing([list(group) for group in groups], worth, rng).best()


class _Changing:
    def __init__(self, groups: list[list[int]], worth: Worth, rng: Random) -> None:
        self.worth, self.rng = worth, rng
        self.members = [each for group in groups for each in group]
        self._take(groups)

    def best(self) -> list[list[int]]:
        best, lead = self._copy(), 0  # what the groups are worth above the best
        tries = min(1000 * len(self.members), _TRIES)
        patience = since = max(30 * len(self.members), tries // 30)
        bad: list[int] = []
        content = False
        while tries > 0:
            if not bad and not (bad := self._bad()):
                if content or not self.worth.has_weaker_wishes:
                    break
                content, bad = True, list(self.members)
                tries = min(tries, _POLISH * len(self.members))
            member = bad.pop()
            for _ in self.members:
                tries -= 1
                since -= 1
                other = self._anybody()
                gain = self._gain(member, other)
                if gain is not None and gain >= 0:
                    self._change(member, other)
                    lead += gain
                    break
            if lead > 0:
                best, lead, since = self._copy(), 0, patience
            elif since <= 0:
                self._take([list(group) for group in best])
                lead, since, bad = self._disturb(), patience, []
        return best

    def _disturb(self) -> int:
        """Changes a few places by lot; answers what that is worth."""
        gains = 0
        for _ in range(3):
            a, b = self._anybody(), self._anybody()
            gain = self._gain(a, b)
            if gain is not None:
                self._change(a, b)
                gains += gain
        return gains

    def _take(self, groups: list[list[int]]) -> None:
        self.groups = groups
        self.group_of = {each: at for at, group in enumerate(groups) for each in group}

    def _copy(self) -> list[list[int]]:
        return [list(group) for group in self.groups]

    def _anybody(self) -> int:
        return self.members[int(self.rng.random() * len(self.members))]  # quicker than `choice`

    def _bad(self) -> list[int]:
        found = [
            each for group in self.groups for each in group if not self.worth.as_good_as_can_be(each, group)
        ]
        self.rng.shuffle(found)
        return found

    def _gain(self, a: int, b: int) -> int | None:
        """What it is worth that they change places; None within a group."""
        g, h = self.group_of[a], self.group_of[b]
        if g == h:
            return None
        worth, gain = self.worth, 0
        for each in self.groups[g]:
            if each != a:
                gain += worth(b, each) - worth(a, each)
        for each in self.groups[h]:
            if each != b:
                gain += worth(a, each) - worth(b, each)
        return gain

    def _change(self, a: int, b: int) -> None:
        g, h = self.group_of[a], self.group_of[b]
        self.groups[g][self.groups[g].index(a)] = b
        self.groups[h][self.groups[h].index(b)] = a
        self.group_of[a], self.group_of[b] = h, g
