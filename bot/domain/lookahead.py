"""How a season of pairs would go on after a round: what a disturbed plan is mended by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import combinations
from random import Random

from bot.domain.heaviest import heaviest
from bot.domain.pairs import Pair, pairs_of
from bot.domain.season import Odd, rounds_left

_PLAYED = 16  # people up to whom the rest of a season is played; beyond, it is only counted
_TRIOS = 4  # tried in each round that is played
_TRIES = 2


def outlook(unmet: Collection[Pair], people: Collection[int], *, odd: Odd, rng: Random) -> tuple[int, ...]:
    """Less is better: in how many rounds `people` could introduce all of `unmet`, and at the very least.

    The first is what a few games find, in each round of which those who lack most partners come first.
    """
    least = rounds_left(unmet, people, odd=odd)
    trios = odd == "trio" and len(people) % 2 == 1
    if not unmet:
        return 0, 0, 0
    if len(people) > _PLAYED:
        graph = dict.fromkeys(sorted(unmet), 1)
        return least, -len(heaviest(sorted({each for who in graph for each in who}), graph)), 0
    games = (_played(set(unmet), trios=trios, rng=rng) for _ in range(_TRIES))
    return *min(games), least


def _played(unmet: set[Pair], *, trios: bool, rng: Random) -> tuple[int, int]:
    """Rounds until nobody is unmet, and how early: the sum over rounds of the pairs still unmet."""
    rounds = waiting = 0
    while unmet:
        rounds += 1
        waiting += len(unmet)
        lacking = Counter(each for who in unmet for each in who)
        worth = {who: 8 * (lacking[who[0]] + lacking[who[1]]) + rng.randrange(8) for who in sorted(unmet)}
        people = sorted(lacking)
        best: set[Pair] = set()
        for trio in _trios(unmet, lacking, rng) if trios else [()]:
            rest = [each for each in people if each not in trio]
            found = {*pairs_of(trio), *heaviest(rest, worth)} & unmet
            best = max(best, found, key=lambda each: (len(each), sum(map(worth.__getitem__, each))))
        unmet -= best
    return rounds, waiting


def _trios(unmet: Collection[Pair], lacking: Counter[int], rng: Random) -> list[tuple[int, ...]]:
    """Trios to try: of those who lack most partners, such as have not met."""
    people = sorted(lacking, key=lambda each: (-lacking[each], rng.random()))[:9]
    trios = [
        (sum(who in unmet for who in pairs_of(trio)), sum(lacking[each] for each in trio), rng.random(), trio)
        for trio in combinations(people, 3)
    ]
    return [trio for *_, trio in sorted(trios, reverse=True)[:_TRIOS]] or [()]
