"""Groups of three to eight: how large they are, and who is with whom so that everyone gets to know everyone.

A round of a small team is the best of all partitions there are; of a larger one the best that swaps of two
members find, begun again from disturbed copies of the best so far.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import comb
from random import Random
from statistics import median
from typing import Literal

from bot.domain.pairs import AGES, Pair, Wishes, pairs_of

_ALL = 6000  # partitions; so many are looked through in some 20 ms
_SWAPS = 60_000  # at most, some 0.3 s
_LARGEST = 8
_FEW, _CHOICES = 13, 12  # people for whom several choices of who sits out are tried, and how many
_TIMES, _RECENT, _PLACES = 60, 300, 30  # what being together often, recently, in large groups counts
_OFTEN = 4


def sizes(n: int, size: int, odd: Literal["trio", "bye"]) -> list[int]:
    """The groups of n people, the largest first; with byes whoever exceeds a multiple of `size` is in none.

    Else of `size` and one more or of `size` and fewer, whichever deviates less in sum, more if neither does.
    Fewer people than `size` are one group.
    """
    if n < 2:
        return []
    count, over = divmod(n, size)
    if not count:
        return [n]
    if odd == "bye":
        return [size] * count
    if over and (over > min(count, size - over) or size == _LARGEST):
        count += 1
    return [n // count + (at < n % count) for at in range(count)]


def grouped(
    ids: Sequence[int],
    size: int,
    odd: Literal["trio", "bye"],
    wishes: Wishes,
    *,
    sitting_out: Callable[[int], list[int]],
    rng: Random,
) -> tuple[list[list[int]], list[int], int]:
    """The groups; who is in none, and of how many of them it is the turn: they come first.

    `sitting_out` chooses so many whose turn it is, by lot where it is the turn of more; the best of several
    choices is taken.
    """
    lengths = sizes(len(ids), size, odd)
    over = len(ids) - sum(lengths) if lengths else 0
    found = []
    for _ in range(1 if not over else _CHOICES if len(ids) < _FEW else 2):
        out = sitting_out(over)
        worth, groups, left = _in_groups([each for each in ids if each not in out], lengths, wishes, rng)
        if left and out:  # who cannot be with anybody has the turn, and somebody else comes in
            out = [*left, *out][:over]
            worth, groups, left = _in_groups([each for each in ids if each not in out], lengths, wishes, rng)
        found.append((len(left), -worth, groups, [*out, *left]))
    _, _, groups, left = min(found, key=lambda each: each[:2])
    return groups, left, over


def _in_groups(
    ids: Sequence[int], lengths: Sequence[int], wishes: Wishes, rng: Random
) -> tuple[int, list[list[int]], list[int]]:
    """What they are worth, groups of these lengths, in sum as many as the `ids`, and who fits into none."""
    if not lengths:
        return 0, [], list(ids)
    worth = _Worth(ids, wishes)
    best = (_exactly if _partitions(lengths) <= _ALL else _by_swaps)(worth, lengths, rng)
    total = sum(worth(i, j) for group in best for i, j in pairs_of(group))
    return total, *_without_conflicts([[ids[at] for at in group] for group in best], wishes)


class _Worth:
    """What it is worth to have two in a group, by their places in `ids`.

    Before all wishes comes that nobody is with whom they avoid, then that nobody is with whom they were with
    the round before, unless that is owed to them.
    """

    def __init__(self, ids: Sequence[int], wishes: Wishes) -> None:
        self.ids, self.wishes = ids, wishes
        self.known: dict[Pair, int] = {}
        times = wishes.history.times
        self.least = min((times[each] for each in pairs_of(ids) if each in times), default=0)
        self.above = self._above()

    def __call__(self, i: int, j: int) -> int:
        key = (i, j) if i < j else (j, i)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._of(self.ids[i], self.ids[j])
        return found

    def _of(self, a: int, b: int) -> int:
        wishes, who = self.wishes, (a, b) if a < b else (b, a)
        if who in wishes.avoid:
            return -wishes.top * 8 * len(self.ids)
        worth, since = wishes.weight(a, b), wishes.history.rounds_since(who)
        if since is None:
            return worth
        if since <= 1 and who not in wishes.history.owed:
            worth -= wishes.top
        often = min(_OFTEN, wishes.history.times.get(who, 0) - self.least)
        cost = often * often * _TIMES + _RECENT // max(since, 1) + self.above[a] + self.above[b]
        return worth + wishes.units.age * (AGES // max(since, 1) - min(AGES, max(0, cost)))

    def _above(self) -> dict[int, int]:
        """By how much each was with more others than the usual; 0 for who came later or was away for long."""
        met = dict.fromkeys(self.ids, 0)
        for (a, b), times in self.wishes.history.times.items():
            if a in met and b in met:
                met[a] += times
                met[b] += times
        usual = median(met.values())
        return {each: _PLACES * round(n - usual) if abs(n - usual) < 8 else 0 for each, n in met.items()}


def _partitions(lengths: Sequence[int]) -> int:
    """How many ways there are to divide people into groups of these lengths."""
    ways, left = 1, sum(lengths)
    for length, count in Counter(lengths).items():
        for at in range(count):
            ways = ways * comb(left, length) // (at + 1)
            left -= length
    return ways


def _exactly(worth: _Worth, lengths: Sequence[int], _: Random) -> list[list[int]]:
    """The best of all partitions."""
    n = sum(lengths)
    most = max((worth(i, j) for i in range(n) for j in range(i)), default=0)
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
                cost = sum(most - worth(member, each) for each in group)
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

    fill(list(range(n)), Counter(lengths), 0, 0)
    return best


def _by_swaps(worth: _Worth, lengths: Sequence[int], rng: Random) -> list[list[int]]:
    """The best that swapping two members at a time finds, from a random start and disturbed copies of it."""
    n = sum(lengths)
    group_of = [at for at, length in enumerate(lengths) for _ in range(length)]
    starts = [sum(lengths[:at]) for at in range(len(lengths))]
    groups = [range(start, start + length) for start, length in zip(starts, lengths, strict=True)]
    places = list(range(n))
    best, lead = list(places), 0  # what `places` are worth above the best
    swaps = min(1000 * n, _SWAPS)
    patience = max(30 * n, swaps // 30)
    for step in range(swaps):
        disturbed = step % patience < 3 and 0 < step < swaps - patience
        i, j = int(rng.random() * n), int(rng.random() * n)
        if group_of[i] == group_of[j]:
            continue
        a, b = places[i], places[j]
        gain = 0
        for mine, here, there in ((i, a, b), (j, b, a)):
            for at in groups[group_of[mine]]:
                if at != mine:
                    gain += worth(there, places[at]) - worth(here, places[at])
        if gain >= 0 or disturbed:
            places[i], places[j] = b, a
            lead += gain
        if lead > 0:
            best, lead = list(places), 0
        elif step % patience == patience - 1:
            places, lead = list(best), 0
    return [[best[at] for at in group] for group in groups]


def _without_conflicts(groups: list[list[int]], wishes: Wishes) -> tuple[list[list[int]], list[int]]:
    """The groups without avoided pairs: who has most of them moves to where there is room, or is left."""
    moved: list[int] = []
    for group in groups:
        while clash := Counter(each for who in pairs_of(group) if who in wishes.avoid for each in who):
            moved.append(max(sorted(clash), key=clash.__getitem__))
            group.remove(moved[-1])
    moved += [group.pop() for group in groups if len(group) == 1]
    left: list[int] = []
    for member in moved:
        single = next((each for each in left if wishes.allowed(member, each)), None)
        rooms = [group for group in groups if 0 < len(group) < 8 and not _clash(member, group, wishes)]
        lenders = [each for each in groups if 2 < len(each) > len(_clash(member, each, wishes))]
        if rooms:
            min(rooms, key=len).append(member)
        elif single is not None:
            left.remove(single)
            groups.append([single, member])
        elif lenders:  # one of theirs makes a pair with whoever fits nowhere
            lender = max(lenders, key=len)
            lent = next(each for each in lender if wishes.allowed(member, each))
            lender.remove(lent)
            groups.append([lent, member])
        else:
            left.append(member)
    return [group for group in groups if group], left


def _clash(member: int, group: Sequence[int], wishes: Wishes) -> list[int]:
    return [each for each in group if not wishes.allowed(member, each)]
