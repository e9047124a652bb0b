"""What it is worth to have two members in one group of several."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from statistics import median

from bot.domain.pairs import AGES, Pair, Wishes, pair, pairs_of

_TIMES, _RECENT = 60, 300  # what being together often, or recently, counts
_PLACES = 30  # what being in a larger group counts, beside what is planned
_OFTEN, _AT_MOST = 4, 8  # from where on it counts no more: times; others more than usual


class Worth:
    """By the wishes, with what cannot be new spread evenly over all pairs, and larger groups over everybody.

    Before all wishes comes that nobody is with whom they avoid, then that nobody is with whom they were with
    the round before, unless that is owed to them. A season matters only for what it planned: beyond that those
    who were together least often are together next.
    """

    def __init__(self, ids: Collection[int], wishes: Wishes) -> None:
        self.wishes = wishes
        self._weighed = replace(wishes, season_began=0)
        self._places = _PLACES * wishes.units.age if wishes.planned else wishes.units.lacking
        self.has_weaker_wishes = wishes.overlap is not None or any(map(bool, wishes.groups.values()))
        self._here = set(ids)
        self._known: dict[Pair, int] = {}
        met = dict.fromkeys(ids, 0)
        apart = dict.fromkeys(ids, len(ids) - 1)  # how many of those here each may be introduced to still
        least: int | None = None
        for (a, b), times in wishes.history.times.items():
            if a in met and b in met:
                met[a] += times
                met[b] += times
                apart[a] -= 1
                apart[b] -= 1
                least = times if least is None else min(least, times)
        for a, b in wishes.avoid:
            if a in met and b in met and (a, b) not in wishes.history.times:
                apart[a] -= 1
                apart[b] -= 1
        self.met, self._apart, self._least = met, apart, least or 0
        usual = median(met.values()) if met else 0
        # By how much each was with more others than the usual; 0 for who came later or was away for long.
        self._above = {each: round(n - usual) if abs(n - usual) < _AT_MOST else 0 for each, n in met.items()}

    def __call__(self, a: int, b: int) -> int:
        who = (a, b) if a < b else (b, a)
        found = self._known.get(who)
        if found is None:
            found = self._known[who] = self._of(who)
        return found

    def of(self, groups: Iterable[Collection[int]]) -> int:
        return sum(self(a, b) for group in groups for a, b in pairs_of(group))

    def as_good_as_can_be(self, member: int, group: Iterable[int]) -> bool:
        """Whether another group could do no more for the member than hours and mix.

        Whoever was never introduced to somebody here can be with such alone; all others with those who are
        planned for them.
        """
        for each in group:
            if each != member:
                who = pair(member, each)
                if who in self.wishes.avoid:
                    return False
                if who in self.wishes.history.last and (
                    self._apart[member] > 0 or self._apart[each] > 0 or not self._planned(who)
                ):
                    return False
        return True

    def all_as_good_as_can_be(self, groups: Iterable[Sequence[int]]) -> bool:
        return all(self.as_good_as_can_be(each, group) for group in groups for each in group)

    def _planned(self, who: Pair) -> bool:
        return who in self.wishes.planned and not self.wishes.soon(who)

    def _of(self, who: Pair) -> int:
        wishes, (a, b) = self.wishes, who
        if who in wishes.avoid:
            return -wishes.top * 8 * len(self._here)
        worth, since = self._weighed.weight(a, b), wishes.history.rounds_since(who)
        worth -= self._places * (2 * _AT_MOST + self._above[a] + self._above[b])
        if since is None:
            return worth
        if since <= 1 and who not in wishes.history.owed:
            worth -= wishes.top
        often = min(_OFTEN, wishes.history.times.get(who, 0) - self._least)
        cost = often * often * _TIMES + _RECENT // max(since, 1)
        return worth + wishes.units.age * (AGES // max(since, 1) - min(AGES, max(0, cost)))
