"""Pairing by lot, without a memory: what the bot's own pairing is compared with."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from bot.domain.groups import sizes
from bot.domain.pairs import Pair, pair
from bot.domain.season import Odd


def plan_at_random(
    present: Collection[int], *, avoid: Collection[Pair] = frozenset(), group_size: int, odd: Odd, rng: Random
) -> list[list[int]]:
    """Groups as large as the bot would make them, drawn by lot; whoever is in none sits out.

    No two of `avoid` are in one group: each place goes to the first in the draw who may have it, and whoever may
    meet nobody that is left sits out.
    """
    lot = sorted(present)
    rng.shuffle(lot)
    lengths = sizes(len(lot), group_size, odd)[::-1]
    groups: list[list[int]] = []
    while lot and lengths:
        group: list[int] = []
        for at in range(len(lot) - 1, -1, -1):
            if len(group) == lengths[-1]:
                break
            if not avoid or all(pair(lot[at], each) not in avoid for each in group):
                group.append(lot.pop(at))
        if len(group) > 1:
            groups.append(group)
            lengths.pop()
    return groups
