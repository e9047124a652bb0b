"""One coffee round decided: who is introduced to whom, and who sits out.

Pairs are an exact maximum-weight matching among all present up to `_EXACT` people; beyond, among a seeded
choice of partners for each. Nobody is left out whom some plan could place with as many others placed; which
pairs are best is what `pairs.Wishes` says. Larger groups come from a seeded local search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from math import floor
from random import Random

from bot.domain.pairs import History, Pair, Participant, Plan, Wishes, explained, pair, pairs_of, units_for
from bot.domain.rotation import fewest_first
from bot.domain.season import Odd, SeasonPlan, fullest, heaviest

_EXACT = 200  # people; a complete graph of so many is matched in some 0.1 s
_PARTNERS = 10  # that each is offered beyond that


def plan_round(
    people: Sequence[Participant],
    *,
    history: History,
    avoid: frozenset[Pair] = frozenset(),
    group_size: int = 2,
    odd: Odd = "trio",
    season: SeasonPlan | None = None,
    overlap: Callable[[int, int], float] | None = None,
    rng: Random,
) -> Plan:
    """Who meets whom among `people`, all of whom are present.

    `season` is what `season.current` answers for this round; without one, never introduced and longest since
    decide alone. `overlap(a, b)` is the share of working hours in common, 0 … 1, symmetric. ValueError: a
    group size outside 2 … 8, or a member given twice.
    """
    if not 2 <= group_size <= 8:
        raise ValueError(f"a group has 2 to 8 members, not {group_size}")
    who = {each.id: each for each in people}
    if len(who) < len(people):
        raise ValueError("somebody is present twice")
    ids = sorted(who)
    rng.shuffle(ids)
    wishes = Wishes(
        history=history,
        avoid=avoid,
        groups={each.id: each.groups for each in people},
        overlap=overlap,
        season_began=season.began if season else 0,
        rest=len(ids) // 2 if group_size == 2 else 0,
        units=units_for(min(256, len(ids) * (group_size + 1) // 2 + 2)),
    )
    if group_size > 2:
        groups, left = _in_groups(ids, group_size, wishes, rng)
    else:
        groups, left = _Pairing(who, ids, wishes, odd, season, rng).plan()
    return explained(groups, left, ids, wishes, pairs=group_size == 2, odd=odd)


@dataclass(slots=True)
class _Pairing:
    """A round of pairs in the making."""

    who: Mapping[int, Participant]
    ids: list[int]
    wishes: Wishes
    odd: Odd
    season: SeasonPlan | None
    rng: Random
    worth: dict[Pair, int] = field(default_factory=dict)  # of each pair that may be chosen

    def plan(self) -> tuple[list[list[int]], list[int]]:
        """The groups, and who is left over: the one whose turn it is to sit out first."""
        trio = self.odd == "trio" and len(self.ids) % 2 == 1
        self.wishes = replace(self.wishes, planned=frozenset(self._planned_round(trio=trio)))
        covered = {member for each in self.wishes.planned for member in each}
        order = self._order(trio=False, then=lambda each: each in covered)
        self.worth = self._offers(order)
        if trio and (found := self._with_trio()):
            return found, []
        pairs, left = self._match(order)
        if len(left) > 1 and len(self.ids) > _EXACT:
            self.worth |= self._all_offers(left if len(self.ids) > 10 * _EXACT else self.ids)
            pairs, left = self._match(order)
        groups = [list(each) for each in pairs]
        if trio and len(left) == 1 and (host := self._room_for(left[0], groups)) is not None:
            groups[host].append(left.pop())
        return groups, left

    def _order(self, *, trio: bool, then: Callable[[int], bool]) -> list[int]:
        """To whom a turn comes first: by rank, fewest turns, `then`, longest ago, lot."""
        counts = {each.id: each.trios if trio else each.byes for each in self.who.values()}
        lasts = {each.id: each.last_trio if trio else each.last_bye for each in self.who.values()}
        last_turn = {each: float(last) for each, last in lasts.items() if last is not None}
        order = fewest_first(self.ids, counts, last_turn=last_turn, rng=self.rng)
        ranks = self._ranks(trio=trio)
        return sorted(order, key=lambda each: (ranks[each], counts[each], then(each)))

    def _ranks(self, *, trio: bool) -> dict[int, tuple[int, int]]:
        """Whole turns above the minimum, then how little they like it: preference decides between equals."""
        counts = {each.id: each.trios if trio else each.byes for each in self.who.values()}
        least = min(counts.values(), default=0.0)
        likes = ["trio", "either", "bye"] if trio else ["bye", "either", "trio"]
        return {at: (floor(counts[at] - least), likes.index(each.prefers)) for at, each in self.who.items()}

    def _planned_round(self, *, trio: bool) -> list[Pair]:
        """The planned round that can introduce most; among equals the one whose bye or trio is most due."""
        if self.season is None:
            return []
        season, present = self.season, set(self.ids)
        ranks = self._ranks(trio=trio)

        def due(at: int) -> tuple[int, ...]:
            groups = season.planned(at)
            three = {each for group in groups if len(group) > 2 for each in group}
            turn = [ranks[each] for each in sorted(present & three if trio else present.difference(*groups))]
            return (*(map(sum, zip(*turn, strict=True)) if trio else min(turn)), at) if turn else (0, 0, at)

        best = fullest(season, present, self.wishes.history, self.wishes.avoid)
        if len(self.ids) % 2 and len(self.ids) <= _EXACT:
            best.sort(key=due)
        groups = season.planned(best[0]) if best else ()
        may = [each for group in groups for each in pairs_of(group) if present.issuperset(each)]
        return [each for each in may if each not in self.wishes.avoid and self.wishes.fresh(each)]

    def _offers(self, order: Sequence[int]) -> dict[Pair, int]:
        """The pairs that may be chosen: all allowed ones, or in a large round some for each."""
        if len(order) <= _EXACT:
            return self._all_offers(order)
        offers = dict.fromkeys(sorted(self.wishes.planned))
        offers |= dict.fromkeys(
            each for each in sorted(self.wishes.history.owed) if each[0] in self.who and each[1] in self.who
        )
        for member in self.ids:
            found = 0
            for _ in range(4 * _PARTNERS):
                other = self.ids[int(self.rng.random() * len(self.ids))]  # quicker than `choice`
                if other != member and self.wishes.never(member, other):
                    offers[pair(member, other)] = None
                    found += 1
                    if found == _PARTNERS:
                        break
            else:
                others = [each for each in self.ids if each != member]
                others.sort(key=partial(self.wishes.weight, member), reverse=True)
                offers |= dict.fromkeys(pair(member, each) for each in others[:_PARTNERS])
        return {each: self.wishes.weight(*each) for each in offers if each not in self.wishes.avoid}

    def _all_offers(self, members: Iterable[int]) -> dict[Pair, int]:
        weight, avoid = self.wishes.weight, self.wishes.avoid
        everyone = {pair(a, b): None for a in members for b in self.ids if a != b}
        return {each: weight(*each) for each in everyone if each not in avoid}

    def _match(self, order: Sequence[int]) -> tuple[list[Pair], list[int]]:
        """As many of `order` in pairs as can be, and who is left over: the earliest of them that can be."""
        first = len(order) % 2
        pairs = heaviest(order[first:], self.worth)
        if 2 * len(pairs) < len(order) - first:  # not everybody: the later in the order, the more it matters
            top, at = self.wishes.top, {member: index for index, member in enumerate(order)}
            early = len(order)  # for who is not in `order`, and so not matched at all
            urgency = {each: at.get(each[0], early) + at.get(each[1], early) for each in self.worth}
            pairs = heaviest(order, {each: urgency[each] * top + self.worth[each] for each in urgency})
        matched = {member for each in pairs for member in each}
        return pairs, [member for member in order if member not in matched]

    def _with_trio(self) -> list[list[int]] | None:
        """One trio and pairs for all others, as good as a few tries find; None if none leaves nobody over.

        First that nobody is two turns ahead of another, then few repeats and what the season planned, then
        fewest turns. Trios of the 14 whose turn it is most are tried, the most promising first.
        """
        order = self._order(trio=True, then=lambda _: False)
        ranks = self._ranks(trio=True)
        weight, coarse = self.wishes.weight, self.wishes.units[4]

        def cost(trio: Iterable[int], worth: int) -> tuple[int, ...]:
            turns, minded = zip(*(ranks[each] for each in trio), strict=True)
            ahead = sum(max(0, each - 1) for each in turns)
            return ahead, -(worth // coarse), sum(turns), -worth, sum(minded)

        partners = Counter(each for who in self.wishes.planned for each in who)
        few = [each for at, each in enumerate(order) if at < 14 or partners[each] > 1]
        trios = [
            (cost(trio, worth), trio, worth)
            for trio in combinations(few, 3)
            if self._may_meet(trio)
            for worth in [sum(weight(*each) for each in combinations(trio, 2))]
        ]
        best: tuple[tuple[int, ...], list[list[int]]] | None = None
        for estimate, trio, worth in sorted(trios)[: max(4, 20_000 // len(order) ** 2)]:
            if best and estimate[0] > best[0][0]:
                break
            pairs, left = self._match([each for each in order if each not in trio])
            if left:
                continue
            total = worth + sum(map(self.worth.__getitem__, pairs))
            if best is None or cost(trio, total) < best[0]:
                best = cost(trio, total), [list(trio), *map(list, pairs)]
            if len(order) > 40 and total >= (len(pairs) + 3) * self.wishes.units[0]:
                break  # all never introduced: to look for better would take long
        return best and best[1]

    def _room_for(self, member: int, groups: Sequence[Sequence[int]]) -> int | None:
        """Which pair can take one more, by the turns and then by the worth of who would be three."""
        ranks = self._ranks(trio=True)
        possible = [
            (
                sum(ranks[each][0] for each in group),
                -sum(self.wishes.weight(member, each) for each in group),
                at,
            )
            for at, group in enumerate(groups)
            if self._may_meet((member, *group))
        ]
        return min(possible)[2] if possible else None

    def _may_meet(self, members: Sequence[int]) -> bool:
        return self.wishes.avoid.isdisjoint(pairs_of(members))


def _sizes(n: int, size: int) -> list[int]:
    """Groups of `size` and one more; where that is too large or does not come out, of `size` and fewer."""
    count = max(1, n // size)
    over = n - count * size
    if over > count or (over > 0 and size == 8):
        count += 1
    return [n // count + (at < n % count) for at in range(count)]


def _in_groups(
    ids: Sequence[int], size: int, wishes: Wishes, rng: Random
) -> tuple[list[list[int]], list[int]]:
    """Groups of about `size`, improved by swapping two members at a time; and who fits into none of them."""
    forbidden = -wishes.top * len(ids)
    known: dict[Pair, int] = {}

    def worth(a: int, b: int) -> int:
        key = (a, b) if a < b else (b, a)
        if key not in known:
            known[key] = wishes.weight(a, b) if key not in wishes.avoid else forbidden
        return known[key]

    places = list(ids)
    groups: list[list[int]] = []  # of places
    group_of: list[int] = []
    for length in _sizes(len(ids), size):
        start = len(group_of)
        group_of += [len(groups)] * length
        groups.append(list(range(start, start + length)))
    for _ in range(min(400 * len(ids), 60_000) if len(groups) > 1 else 0):
        i, j = int(rng.random() * len(places)), int(rng.random() * len(places))
        if group_of[i] == group_of[j]:
            continue
        a, b = places[i], places[j]
        gain = 0
        for mine, here, there in ((i, a, b), (j, b, a)):
            for at in groups[group_of[mine]]:
                if at != mine:
                    gain += worth(there, places[at]) - worth(here, places[at])
        if gain >= 0:
            places[i], places[j] = b, a
    return _without_conflicts([[places[at] for at in group] for group in groups], wishes)


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
