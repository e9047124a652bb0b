"""Rounds of an odd number of people in pairs and one trio, in which no two are together twice.

A round of n people, n odd, introduces (n−3)/2 pairs and the 3 of a trio: (n+3)/2 of the n(n−1)/2 there are. So
no plan has more than ⌊n(n−1)/(n+3)⌋ rounds without a repeat: n−4 from 11 people on, since n(n−1) is
(n+3)(n−4) + 12. (Counting is all that forbids more; a plan that uses every pair up exists for 3 and 9 alone,
since n+3 must divide 12.) Choosing pairs first and trios last fails, as what is left towards the end has no
three who have not met. So here all trios are chosen first, no two of them with a pair in common and
each of those who have been in fewest; what is left to find, for each round, is a perfect matching of the others.
Where one is missing, matchings of other rounds are drawn anew until it is found: hill climbing, as Dinitz and
Stinson build 1-factorisations (SIAM Journal on Algebraic and Discrete Methods 8, 1987, 430–438).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from random import Random

from bot.domain.heaviest import heaviest
from bot.domain.pairs import Pair, pairs_of

Groups = tuple[tuple[int, ...], ...]

UNEVEN = 7  # people whose turns in a trio differ by two in the plan; those of all others by one
LARGEST = 121  # people; a plan for so many takes about half a second, once
_EVERY_PAIR = 25  # people up to whom as many rounds as counting allows are looked for; beyond, one round less
_STEPS = 1500  # draws before a choice of trios is given up, at most
_CHOICES = 12  # of trios that are tried


def most(n: int) -> int:
    """The rounds of n people, n odd, that counting allows without a repeat: ⌊n(n−1)/(n+3)⌋."""
    return n * (n - 1) // (n + 3)


@lru_cache(maxsize=64)
def trio_rounds(n: int) -> tuple[Groups, ...]:
    """Rounds of 0 … n−1 without a repeat, in an order in which turns in a trio never differ by more than one.

    At least ⌊n(n−1)/(n+3)⌋ − 1 of them for odd n from 7 to `LARGEST`, and as many as that for 3, 9 and most n
    up to 25; for 7 the turns may differ by two. None for more people, or an even number. The same n has the
    same rounds: whoever uses them deals the numbers out by lot.
    """
    if n % 2 == 0 or not 3 <= n <= LARGEST:
        return ()
    rng = Random(n)
    fewest = max(1, most(n) - 1)
    for wanted in range(most(n) if n <= _EVERY_PAIR else fewest, 0, -1):
        for apart in (1, 2):
            for _ in range(_CHOICES):
                trios = _trios(n, wanted, apart, rng)
                if trios and (found := _completed(n, trios, rng)):
                    return found
            if wanted > fewest:
                break  # rather a round less than turns that differ more
    return ()


def _trios(n: int, wanted: int, apart: int, rng: Random) -> list[tuple[int, ...]]:
    """So many trios without a pair in common, whose members' turns never differ by more than `apart`."""
    turns, taken = [0] * n, set[Pair]()
    chosen: list[tuple[int, ...]] = []
    while len(chosen) < wanted:
        lot = list(range(n))
        rng.shuffle(lot)
        if apart == 1:
            lot.sort(key=turns.__getitem__)
        trio = _first_apart(lot, taken, must=[each for each in lot if turns[each] == min(turns)])
        if trio is None:
            return []
        chosen.append(trio)
        taken.update(pairs_of(trio))
        for each in trio:
            turns[each] += 1
        if max(turns) - min(turns) > apart:
            return []
    return chosen


def _first_apart(order: Sequence[int], taken: set[Pair], *, must: Sequence[int]) -> tuple[int, ...] | None:
    """The first three in the order of whom no two are taken yet; with all who `must`, if they are one or two."""
    fixed = tuple(must) if len(must) < 3 else ()
    others = [each for each in order if each not in fixed]
    for rest in combinations(others, 3 - len(fixed)):
        trio = tuple(sorted((*fixed, *rest)))
        if taken.isdisjoint(pairs_of(trio)):
            return trio
    return None


def _completed(n: int, trios: Sequence[tuple[int, ...]], rng: Random) -> tuple[Groups, ...] | None:
    """The trios, each with pairs of all others; None if a bounded search finds no such rounds."""
    free = set(combinations(range(n), 2)).difference(each for trio in trios for each in pairs_of(trio))
    others = [[each for each in range(n) if each not in trio] for trio in trios]
    pairs: list[list[Pair]] = [[] for _ in trios]
    open_rounds = list(range(len(trios)))
    rng.shuffle(open_rounds)

    def draw(at: int) -> bool:
        free.update(pairs[at])
        worth = {each: rng.randrange(1, 1000) for each in sorted(free)}
        pairs[at] = heaviest(others[at], worth)
        free.difference_update(pairs[at])
        return 2 * len(pairs[at]) == len(others[at])

    for _ in range(min(_STEPS, 40 * n)):
        at = open_rounds[rng.randrange(len(open_rounds))]
        if draw(at):
            open_rounds.remove(at)
            if not open_rounds:
                return tuple((trio, *met) for trio, met in zip(trios, pairs, strict=True))
        elif (other := rng.randrange(len(trios))) not in open_rounds:
            draw(other)
    return None
