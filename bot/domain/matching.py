"""One coffee round decided: who is introduced to whom, and who sits out.

Pairs are an exact maximum-weight matching among all present up to `_EXACT` people; beyond, among a seeded
choice of partners for each. Nobody is left out whom some plan could place with as many others placed; which
pairs are best is what `pairs.Wishes` says. Larger groups are made in `groups`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from math import floor
from random import Random

from bot.domain.groups import grouped
from bot.domain.heaviest import heaviest
from bot.domain.lookahead import outlook
from bot.domain.pairs import History, Pair, Participant, Plan, Units, Wishes, pair, pairs_of
from bot.domain.reasons import explained
from bot.domain.rotation import fewest_first
from bot.domain.season import Odd, SeasonPlan, fullest

_EXACT = 200  # people; a complete graph of so many is matched in some 0.1 s
_LOOK_AHEAD = 30  # people
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
        least=min((n for (a, b), n in history.times.items() if a in who and b in who), default=0),
        rest=len(ids) // 2 if group_size == 2 else 0,
        units=Units.of(min(256, len(ids) * (group_size + 1) // 2 + 2)),
    )
    pairing = _Pairing(who, ids, wishes, odd, season, rng)
    if group_size == 2:
        groups, left = pairing.plan()
        turns = len(ids) % 2 if odd == "bye" and len(ids) > 1 else 0
    else:
        groups, left, turns = grouped(ids, group_size, odd, wishes, sitting_out=pairing.sitting_out, rng=rng)
    return explained(groups, left, ids, wishes, turns=turns, pairs=group_size == 2)


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
        pairs, left = self._looking_ahead(order) if self._disturbed() else self._match(order)
        if len(left) > 1 and len(self.ids) > _EXACT:
            self.worth |= self._all_offers(left if len(self.ids) > 10 * _EXACT else self.ids)
            pairs, left = self._match(order)
        groups = [list(each) for each in pairs]
        if trio and len(left) == 1 and (host := self._room_for(left[0], groups)) is not None:
            groups[host].append(left.pop())
        return groups, left

    def sitting_out(self, count: int) -> list[int]:
        """By fewest turns; among equals by lot, but nobody twice running."""
        order = self._order(trio=False, then=lambda _: False)
        ranks, now = self._ranks(trio=False), self.wishes.history.round
        self.rng.shuffle(order)
        order.sort(key=lambda each: (ranks[each], self.who[each].byes, self.who[each].last_bye == now - 1))
        return order[:count]

    def _disturbed(self) -> bool:
        """Whether the season's plan for this round is not to be followed as it is, in a team small enough."""
        if len(self.ids) > _LOOK_AHEAD:
            return False
        planned, history = self.wishes.planned, self.wishes.history
        whole = {each for who in planned for each in who}
        rested = all(history.round - history.last.get(who, -999) > self.wishes.rest for who in planned)
        owed = any(a in self.who and b in self.who for a, b in history.owed)
        return owed or not rested or len(whole) < len(self.ids) - (self.odd == "bye" and len(self.ids) % 2)

    def _after(self, groups: Iterable[Collection[int]]) -> tuple[int, ...]:
        """What the rest of the season looks like once these have met."""
        unmet = {who for who in self.worth if self.wishes.fresh(who)}
        unmet.difference_update(who for group in groups for who in pairs_of(group))
        return outlook(unmet, self.ids, odd=self.odd, rng=self.rng)

    def _looking_ahead(self, order: Sequence[int]) -> tuple[list[Pair], list[int]]:
        """Of several rounds equal by the rules that come before the plan, the one the season fares best after."""
        coarse, age, known = self.wishes.units.planned, self.wishes.units.age, self.worth
        unmet = sorted(who for who in known if self.wishes.fresh(who))
        lacking = Counter(each for who in unmet for each in who)
        tried: dict[tuple[Pair, ...], tuple[tuple[int, ...], list[Pair], list[int]]] = {}
        for number in range(max(6, 300 // len(order))):
            if number:
                self.worth = dict(known)
                for who in unmet:
                    lack = lacking[who[0]] + lacking[who[1]]
                    chance = age * (8 * lack + self.rng.randrange(8 + 4 * (number % 8)))
                    self.worth[who] = known[who] // coarse * coarse + chance
            pairs, left = self._match(order)
            if tuple(pairs) not in tried:
                worth = sum(map(known.__getitem__, pairs))
                sits = tuple(order.index(each) for each in left)
                self.worth = known
                cost = (len(left), *sits, -(worth // coarse), *self._after(pairs), -worth)
                tried[tuple(pairs)] = cost, pairs, left
        self.worth = known
        _, pairs, left = min(tried.values())
        return pairs, left

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

        First that no two in it met just before, then that nobody is two turns ahead of another, then few
        repeats and what the season planned, then fewest turns. Trios of the 14 whose turn it is most are
        tried, the most promising first.
        """
        order = self._order(trio=True, then=lambda _: False)
        ranks = self._ranks(trio=True)
        weight, coarse = self.wishes.weight, self.wishes.units.planned

        def cost(trio: Iterable[int], worth: int) -> tuple[int, ...]:
            turns, minded = zip(*(ranks[each] for each in trio), strict=True)
            ahead = sum(max(0, each - 1) for each in turns)
            soon = sum(map(self.wishes.soon, pairs_of(trio))) if len(order) > 6 else 0  # else turns suffer
            return soon, ahead, -(worth // coarse), sum(turns), -worth, sum(minded)

        partners = Counter(each for who in self.wishes.planned for each in who)
        few = [each for at, each in enumerate(order) if at < 14 or partners[each] > 1]
        trios = [
            (cost(trio, worth), trio, worth)
            for trio in combinations(few, 3)
            if self._may_meet(trio)
            for worth in [sum(weight(*each) for each in combinations(trio, 2))]
        ]
        best: tuple[tuple[int, ...], list[list[int]]] | None = None
        found: list[tuple[tuple[int, ...], list[list[int]]]] = []
        for estimate, trio, worth in sorted(trios)[: max(4, 20_000 // len(order) ** 2)]:
            if best and estimate[:2] > best[0][:2]:
                break
            pairs, left = self._match([each for each in order if each not in trio])
            if left:
                continue
            total = worth + sum(map(self.worth.__getitem__, pairs))
            found.append((cost(trio, total), [list(trio), *map(list, pairs)]))
            best = min(best or found[-1], found[-1])
            if len(order) > 40 and total >= (len(pairs) + 3) * self.wishes.units.never:
                break  # all never introduced: to look for better would take long
        if best and self._disturbed():
            equal = sorted(each for each in found if each[0][:3] == best[0][:3])[: max(6, 300 // len(order))]
            best = min(equal, key=lambda each: (self._after(each[1]), each[0]))
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
