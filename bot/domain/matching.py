"""One coffee round decided: who is introduced to whom, and who sits out.

In pairs a round is as the season planned it if everybody whom that needs is there. If not, it is an exact
maximum-weight matching among all present, up to `_EXACT` people; beyond, the planned pairs that are possible
stay and the others are matched in `large_rounds`. Nobody is left out whom some plan could place with as many
others placed; which pairs are best is what `pairs.Wishes` says. Larger groups are made in `groups`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, combinations
from random import Random

from bot.domain.groups import grouped
from bot.domain.heaviest import heaviest
from bot.domain.large_rounds import in_lots
from bot.domain.pairs import LACKS, History, Pair, Participant, Plan, Units, Wishes, pairs_of
from bot.domain.reasons import explained
from bot.domain.season import Odd, SeasonPlan, fullest
from bot.domain.trio_rounds import UNEVEN
from bot.domain.whose_turn import WhoseTurn

_EXACT = 200  # people; a complete graph of so many is matched in some 0.1 s
_SMALL = 6  # people, of whom two can hardly avoid to be three again: there turns come first
_DUE = 14  # to whom the turn in a trio comes first: of these it is made


def plan_round(
    people: Sequence[Participant],
    *,
    history: History,
    avoid: frozenset[Pair] = frozenset(),
    group_size: int = 2,
    odd: Odd = "trio",
    season: SeasonPlan | None = None,
    members: Collection[int] | None = None,
    overlap: Callable[[int, int], float] | None = None,
    rng: Random,
) -> Plan:
    """Who meets whom among `people`, all of whom are present.

    `season` is what `season.current` answers for this round; without one, never introduced and longest since
    decide alone. `members` are all who take part, also those who are away (None: only `people`): whoever has
    more of them still to meet comes first. `overlap(a, b)` is the share of working hours in common, 0 … 1,
    symmetric. ValueError: a group size outside 2 … 8, or a member given twice.
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
        least=_least(history, who) if len(ids) <= _EXACT else 0,
        rest=len(ids) // 2 if group_size == 2 else 0,
        units=Units.of(min(256, len(ids) * (group_size + 1) // 2 + 2)),
    )
    turns = WhoseTurn(who, now=history.round)
    if group_size == 2:
        team = set(who).union(members or ())
        groups, left = _Pairing(ids, team, wishes, turns, odd, season, rng).plan()
        due = len(ids) % 2 if odd == "bye" and len(ids) > 1 else 0
    else:
        sitting_out = partial(turns.sitting_out, ids, rng=rng)
        season = season or SeasonPlan(tuple(sorted({*who, *(members or ())})), 0, odd)
        groups, left, due = grouped(
            ids, group_size, odd, wishes, season=season, sitting_out=sitting_out, rng=rng
        )
    return explained(groups, left, ids, wishes, turns=due, pairs=group_size == 2)


def _least(history: History, here: Collection[int]) -> int:
    """How often any two of those here who were introduced at all were introduced."""
    return min((n for (a, b), n in history.times.items() if a in here and b in here), default=0)


def _tries(people: int) -> int:
    """How many matchings of so many people a round may take."""
    return max(4, 20_000 // people**2)


@dataclass(slots=True)
class _Pairing:
    """A round of pairs in the making."""

    ids: list[int]
    team: set[int]  # with those who are away
    wishes: Wishes
    turns: WhoseTurn
    odd: Odd
    season: SeasonPlan | None
    rng: Random
    worth: dict[Pair, int] = field(default_factory=dict)  # of each pair that may be chosen

    def plan(self) -> tuple[list[list[int]], list[int]]:
        """The groups, and who is left over: the one whose turn it is to sit out first."""
        trio = self.odd == "trio" and len(self.ids) % 2 == 1
        planned = self._planned_round(trio=trio)
        if self._undisturbed(planned, trio=trio):
            placed = {each for group in planned for each in group}
            return [list(group) for group in planned], [each for each in self.ids if each not in placed]
        self.wishes = replace(
            self.wishes,
            planned=frozenset(each for group in planned for each in pairs_of(group)),
            lacking=self._lacking() if self.season and len(self.ids) <= _EXACT else {},
        )
        placed = {each for group in planned for each in group}
        order = self.turns.order(self.ids, trio=False, then=lambda each: each in placed, rng=self.rng)
        if len(self.ids) > _EXACT:
            three = next((found for _, found, _ in self._trios()), ()) if trio else ()
            return in_lots(order, planned, self.wishes, trio=three, rng=self.rng)
        self.worth = self._offers()
        if trio and (found := self._with_trio()):
            return found, []
        pairs, left = (not trio and self._with_bye(order)) or self._match(order)
        groups = [list(each) for each in pairs]
        if trio and len(left) == 1 and (host := self._room_for(left[0], groups)) is not None:
            groups[host].append(left.pop())
        return groups, left

    def _planned_round(self, *, trio: bool) -> list[tuple[int, ...]]:
        """What is possible of the planned round that can introduce most; its bye or trio the most due of those."""
        if self.season is None:
            return []
        season, present, wishes = self.season, set(self.ids), self.wishes

        def due(at: int) -> tuple[int, ...]:
            groups = season.planned(at)
            three = {each for group in groups if len(group) > 2 for each in group}
            turn = present & three if trio else present.difference(*groups) if odd else ()
            too_soon = sum(not wishes.rested(who) for group in groups for who in pairs_of(group))
            return (too_soon, *self.turns.sum(sorted(turn), trio=trio), at)

        best = fullest(season, present, wishes.history, wishes.avoid)
        odd = len(self.ids) % 2
        if len(self.ids) <= _EXACT and (odd or season.began):
            best.sort(key=due)
        possible = []
        for group in season.planned(best[0]) if best else ():
            here = tuple(each for each in group if each in present)
            who = pairs_of(here)
            if len(here) > 1 and wishes.avoid.isdisjoint(who) and all(map(wishes.fresh, who)):
                possible.append(here)
        return possible

    def _undisturbed(self, planned: Collection[tuple[int, ...]], *, trio: bool) -> bool:
        """Whether the planned round is just what the rules want: all are in it who should, and nothing comes first."""
        wishes, present = self.wishes, set(self.ids)
        history = wishes.history
        out = present.difference(*planned)
        threes = [group for group in planned if len(group) == 3]
        if len(out) != (len(present) % 2 and not trio) or len(threes) != trio:
            return False
        ahead = 0 if not trio else 2 if len(present) == UNEVEN else 1
        if self.turns.most(threes[0] if trio else out, trio=trio) > ahead or self.turns.sat_out_just_now(out):
            return False
        pairs = [each for group in planned for each in pairs_of(group)]
        if any(a in present and b in present for a, b in history.owed):
            return False
        if all(each not in history.last for each in pairs):
            return True
        allowed = len(present) * (len(present) - 1) // 2 - sum(
            present.issuperset(each) for each in wishes.avoid
        )
        met = sum(present.issuperset(each) and each not in wishes.avoid for each in history.last)
        return met == allowed and all(map(wishes.rested, pairs))

    def _lacking(self) -> dict[int, int]:
        """How many of the team each has still to meet this season, as `Wishes` wants it."""
        began, inside = self.wishes.season_began, self.team.issuperset
        last = self.wishes.history.last
        met = Counter(chain.from_iterable(who for who in last if last[who] >= began and inside(who)))
        fewest = min((met[each] for each in self.ids), default=0)
        return {each: max(0, LACKS - met[each] + fewest) for each in self.ids}

    def _offers(self) -> dict[Pair, int]:
        """The pairs that may be chosen."""
        weight, avoid = self.wishes.weight, self.wishes.avoid
        return {each: weight(*each) for each in pairs_of(self.ids) if each not in avoid}

    def _with_bye(self, order: Sequence[int]) -> tuple[list[Pair], list[int]] | None:
        """Pairs of an odd number but one, of those whose turn it is as much: the one without whom they are best.

        None if the number is even, or if without each of them still somebody is left over.
        """
        due = self.turns.sits_out(order) if len(order) % 2 else []
        coarse = self.wishes.units.planned
        found = []
        for at, out in enumerate(due[: _tries(len(order))]):
            pairs, left = self._match([each for each in order if each != out])
            if not left:
                found.append((-(sum(map(self.worth.__getitem__, pairs)) // coarse), at, pairs, [out]))
        return min(found)[2:] if found else None

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

    def _trios(self, *, also: Collection[int] = ()) -> list[tuple[tuple[int, ...], tuple[int, ...], int]]:
        """Trios who may meet, the most promising first: each with what it costs and what it is worth."""
        order = self.turns.order(self.ids, trio=True, rng=self.rng)
        found = [
            (self._cost(trio, worth), trio, worth)
            for trio in combinations([*order[:_DUE], *(each for each in order[_DUE:] if each in also)], 3)
            if self.wishes.avoid.isdisjoint(pairs_of(trio))
            for worth in [sum(self.wishes.weight(*each) for each in pairs_of(trio))]
        ]
        return sorted(found)

    def _cost(self, trio: Collection[int], worth: int) -> tuple[int, ...]:
        """First that no two met just before, then that turns stay even, then repeats and the plan, then taste."""
        turns, minded = self.turns.sum(trio, trio=True)
        soon = sum(map(self.wishes.soon, pairs_of(trio))) if len(self.ids) > _SMALL else 0
        return soon, turns, -(worth // self.wishes.units.planned), minded, -worth

    def _with_trio(self) -> list[list[int]] | None:
        """One trio and pairs for all others, as good as a few tries find; None if none leaves nobody over."""
        partners = Counter(each for who in self.wishes.planned for each in who)
        trios = self._trios(also=[each for each in self.ids if partners[each] > 1])
        best: tuple[tuple[int, ...], list[list[int]]] | None = None
        for estimate, trio, worth in trios[: _tries(len(self.ids))]:
            if best and estimate[:2] > best[0][:2]:
                break
            pairs, left = self._match([each for each in self.ids if each not in trio])
            if left:
                continue
            total = worth + sum(map(self.worth.__getitem__, pairs))
            tried = self._cost(trio, total), [list(trio), *map(list, pairs)]
            best = min(best or tried, tried)
            if len(self.ids) > 40 and total >= (len(pairs) + 3) * self.wishes.units.never:
                break  # all never introduced: to look for better would take long
        return best and best[1]

    def _room_for(self, member: int, groups: Sequence[Sequence[int]]) -> int | None:
        """Which pair can take one more, by the turns and then by the worth of who would be three."""
        possible = [
            (
                self.turns.sum(group, trio=True)[0],
                -sum(self.wishes.weight(member, each) for each in group),
                at,
            )
            for at, group in enumerate(groups)
            if self.wishes.avoid.isdisjoint(pairs_of((member, *group)))
        ]
        return min(possible)[2] if possible else None
