"""The rounds of a season in larger groups: as many as can be made without a pair twice, for places, not people.

They come from base rounds that are written down, from finite fields, or from a search, whichever gives most.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import comb
from random import Random

from bot.domain.golf import Blocks, Odd
from bot.domain.golf.cycles import known_rounds, searched_rounds
from bot.domain.golf.fields import transversals

_ENOUGH = 104  # rounds: two years of weeks
_GOOD = 0.7  # the share of the bound from which on no more is searched for
_WORTHWHILE = 1.5  # times as many rounds make up for odd places that do not go round evenly
_TRIES = 60_000  # for a number of rounds, divided by the group size: some 0.2 s
_SHARES = (0.85, 0.75, 0.65, 0.5, 0.4, 0.3)  # of the bound, searched for in turn
_MANY, _OF_MANY = 150, _SHARES[2:]  # people; of more, the higher shares take too long
_BY_FIELDS = 300  # people; beyond, a search finds enough rounds sooner


def bound(lengths: Sequence[int], people: int) -> int:
    """At most so many rounds of groups of these lengths can go without a pair twice.

    Each round takes Σ l(l−1)/2 of the n(n−1)/2 pairs, and each of the n people has n−1 others to meet, of whom
    they meet at least the shortest length less one in every round that they are not out. From the second round
    on, the members of a group come from different groups of the round before: a group longer than there are
    groups ends it.
    """
    a_round = sum(comb(each, 2) for each in lengths)
    if not a_round:
        return 0
    if max(lengths) > len(lengths):
        return 1
    whole = comb(people, 2) // a_round
    return whole if sum(lengths) < people else min(whole, (people - 1) // (min(lengths) - 1))


@lru_cache(maxsize=32)
def rounds_without_repeat(lengths: tuple[int, ...], size: int, odd: Odd, people: int) -> tuple[Blocks, ...]:
    """Rounds of groups of these lengths (the longest first) of places 0 … people−1, no pair of them twice.

    Whoever is in no group sits out. Always the same for the same numbers; at least one round and at most two
    years of weeks.
    """
    most = min(bound(lengths, people), _ENOUGH)
    if most <= 1:
        return (_one_round(lengths),)
    best: Sequence[Blocks] = known_rounds(people, size, odd)
    lines: Sequence[Blocks] = ()
    if len(best) < most and sum(lengths) == people <= _BY_FIELDS:
        lines = _from_fields(lengths, most)
        evenly = lines if len(lengths) * max(lengths) - people <= 2 else ()
        best = max(best, evenly, _with_one_missing(lengths, size, odd), key=len)
    if len(best) < _GOOD * most:
        best = max(best, _searched(lengths, people, more_than=len(best)), key=len)
    if len(lines) >= _WORTHWHILE * len(best):
        best = lines
    return tuple(best[:most]) or (_one_round(lengths),)


def _one_round(lengths: Sequence[int]) -> Blocks:
    starts = [sum(lengths[:at]) for at in range(len(lengths))]
    return tuple(tuple(range(start, start + each)) for start, each in zip(starts, lengths, strict=True))


def _from_fields(lengths: Sequence[int], most: int) -> list[Blocks]:
    """A group has one of each row; then, if the rows can be divided, there are groups within the rows.

    If some groups are shorter, the last row is. Its members are never in a shorter group, all others as often
    as there are shorter groups in a round.
    """
    groups, rows, places = len(lengths), max(lengths), sum(lengths)
    if rows - min(lengths) > 1:
        return []
    rounds = [
        tuple(tuple(point for point in block if point < places) for block in each)
        for each in transversals(rows, groups, most=most)
    ]
    if rounds and groups * rows == places and groups % rows == 0:
        inside = rounds_without_repeat((rows,) * (groups // rows), rows, "trio", groups)
        rounds += [
            tuple(tuple(row * groups + point for point in block) for row in range(rows) for block in each)
            for each in inside
        ]
    return rounds


def _with_one_missing(lengths: Sequence[int], size: int, odd: Odd) -> list[Blocks]:
    """If but one group is shorter: the rounds of one person more, without them."""
    if list(lengths) != [size] * (len(lengths) - 1) + [size - 1]:
        return []
    people = sum(lengths)
    whole = rounds_without_repeat((size,) * len(lengths), size, odd, people + 1)
    return [tuple(tuple(point for point in block if point < people) for block in each) for each in whole]


def _searched(lengths: Sequence[int], people: int, *, more_than: int) -> list[Blocks]:
    for share in _SHARES if people <= _MANY else _OF_MANY:
        length = min(_ENOUGH, int(share * bound(lengths, people)))
        if length <= max(more_than, 1):
            break
        rng = Random(f"{people} in {lengths}, {length} rounds")
        if found := searched_rounds(people, lengths, length, tries=_TRIES // max(lengths), rng=rng):
            return found
    return []
