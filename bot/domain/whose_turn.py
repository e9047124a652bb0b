"""Whose turn it is to sit a coffee round out, or to be one of three."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from math import floor
from random import Random

from bot.domain.pairs import Participant
from bot.domain.rotation import fewest_first


class WhoseTurn:
    """The turns of those present: fewest first, then how they like it. Turns count in whole ones."""

    def __init__(self, who: Mapping[int, Participant], *, now: int) -> None:
        """`now` is the number of the round, as in `History`."""
        self.who, self.now = who, now
        self._ranks = {trio: self._ranked(trio=trio) for trio in (False, True)}

    def order(
        self,
        ids: Sequence[int],
        *,
        trio: bool,
        then: Callable[[int], bool] = lambda _: False,
        rng: Random,
    ) -> list[int]:
        """To whom the turn comes first: fewest turns, taste, `then` (False first), longest ago, lot."""
        counts = self._counts(trio=trio)
        lasts = {at: each.last_trio if trio else each.last_bye for at, each in self.who.items()}
        last_turn = {each: float(last) for each, last in lasts.items() if last is not None}
        order = fewest_first(ids, counts, last_turn=last_turn, rng=rng)
        ranks = self._ranks[trio]
        return sorted(order, key=lambda each: (ranks[each], counts[each], then(each)))

    def sitting_out(
        self, ids: Sequence[int], count: int, first: Collection[int] = (), *, rng: Random
    ) -> list[int]:
        """So many who sit out: by fewest turns; among equals `first`, then by lot, but nobody twice running."""
        order = self.order(ids, trio=False, rng=rng)
        ranks = self._ranks[False]
        rng.shuffle(order)
        order.sort(
            key=lambda each: (
                ranks[each],
                self.who[each].byes,
                self.who[each].last_bye == self.now - 1,
                each not in first,
            )
        )
        return order[:count]

    def sum(self, members: Collection[int], *, trio: bool) -> tuple[int, int]:
        """How far it is not the turn of these together, and how little they like it."""
        ranks = self._ranks[trio]
        return sum(ranks[each][0] for each in members), sum(ranks[each][1] for each in members)

    def sits_out(self, order: Sequence[int]) -> list[int]:
        """Those whose turn to sit out it is as much as the first's; nobody twice running, if another can."""
        ranks = self._ranks[False]
        due = [each for each in order if ranks[each] == ranks[order[0]]]
        return [each for each in due if not self.sat_out_just_now([each])] or due

    def sat_out_just_now(self, members: Collection[int]) -> bool:
        """Whether one of these sat out in the round before."""
        return any(self.who[each].last_bye == self.now - 1 for each in members)

    def most(self, members: Collection[int], *, trio: bool) -> int:
        """How many turns somebody of these has had above the fewest."""
        return max((self._ranks[trio][each][0] for each in members), default=0)

    def _ranked(self, *, trio: bool) -> dict[int, tuple[int, int]]:
        """Whole turns above the fewest, then how little they like it: taste decides between equals alone."""
        counts = self._counts(trio=trio)
        least = floor(min(counts.values(), default=0.0))
        likes = ["trio", "either", "bye"] if trio else ["bye", "either", "trio"]
        return {at: (floor(counts[at]) - least, likes.index(each.prefers)) for at, each in self.who.items()}

    def _counts(self, *, trio: bool) -> dict[int, float]:
        return {at: each.trios if trio else each.byes for at, each in self.who.items()}
