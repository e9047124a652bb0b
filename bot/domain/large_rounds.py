"""Rounds of pairs for hundreds and thousands: what was planned stays, the others are matched in small lots.

To match all at once costs more than the square of their number; in lots of two dozen it costs as much as there
are lots. Among so many nearly everybody is new to nearly everybody, so that each lot is matched without a
repeat; whom a lot brought together again is dealt out once more, mixed with pairs that are broken up for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations
from random import Random

from bot.domain.heaviest import heaviest
from bot.domain.pairs import Pair, Wishes, pair

_LOT = 24  # people who are matched exactly among each other
_AGAIN = 4  # times that some are dealt out once more
_FEW = 10  # one in so many may be dealt out once more; where more would have to be, all have met
_ALL = 1000  # people among whom every pair is looked at before somebody is left out


def in_lots(
    order: Sequence[int],
    planned: Collection[tuple[int, ...]],
    wishes: Wishes,
    *,
    trio: Collection[int] = (),
    rng: Random,
) -> tuple[list[list[int]], list[int]]:
    """The groups, and who is left over, in the `order` in which people should sit out.

    `planned` are groups that are possible today, `trio` those who are to be three; without one the first of an
    odd number sits out.
    """
    out = set(trio or order[: len(order) % 2])
    pairs = [pair(*group) for group in planned if len(group) == 2 and out.isdisjoint(group)]
    pool = _rest(order, pairs, out)
    for again in range(_AGAIN):
        rng.shuffle(pairs)
        mixed = max(len(pool) // 2 if again else 0, (-len(pool) % _LOT) // 2) if pool else 0
        pool += [each for who in pairs[:mixed] for each in who]
        del pairs[:mixed]
        rng.shuffle(pool)
        for at in range(0, len(pool), _LOT):
            pairs += _matched(pool[at : at + _LOT], wishes)
        repeated = [each for each in pairs if not wishes.never(*each)]
        if again < _AGAIN - 1 and len(repeated) * _FEW < len(pairs):
            pairs = [each for each in pairs if wishes.never(*each)]
        pool = _rest(order, pairs, out)
        if not pool:
            break
    for number in range(0, len(pool) - 1, 2):
        pairs = _with_two_more(pool[number], pool[number + 1], pairs, wishes)
    if 2 * len(pairs) + len(out) < len(order) <= _ALL:
        kept = set(pairs)
        everyone = [each for each in order if each not in trio]
        worth = {each: 1 + (each in kept) for each in _allowed(everyone, wishes)}
        pairs = heaviest(everyone, worth)
    groups = [list(who) for who in pairs] + ([sorted(trio)] if trio else [])
    return groups, _rest(order, pairs, trio)


def _rest(order: Iterable[int], pairs: Iterable[Pair], out: Collection[int]) -> list[int]:
    placed = {each for who in pairs for each in who}
    return [each for each in order if each not in placed and each not in out]


def _allowed(members: Iterable[int], wishes: Wishes) -> list[Pair]:
    return [each for each in combinations(sorted(members), 2) if each not in wishes.avoid]


def _matched(lot: Sequence[int], wishes: Wishes) -> list[Pair]:
    return heaviest(lot, {each: wishes.weight(*each) for each in _allowed(lot, wishes)})


def _with_two_more(a: int, b: int, pairs: list[Pair], wishes: Wishes) -> list[Pair]:
    """The pairs with these two as well, of whom one pair is broken up where they may not meet each other."""
    if wishes.allowed(a, b):
        return [*pairs, pair(a, b)]
    for at, (c, d) in enumerate(pairs):
        for one, other in ((c, d), (d, c)):
            if wishes.allowed(a, one) and wishes.allowed(b, other):
                return [*pairs[:at], pair(a, one), pair(b, other), *pairs[at + 1 :]]
    return pairs
