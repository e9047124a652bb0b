"""A season of larger groups: which member has which place in its rounds, and in which order the rounds come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import combinations
from random import Random

from bot.domain.golf import Blocks, Odd
from bot.domain.golf.designs import rounds_without_repeat
from bot.domain.pairs import Wishes

Groups = tuple[tuple[int, ...], ...]


@lru_cache(maxsize=16)
def planned_rounds(
    members: tuple[int, ...],
    lengths: tuple[int, ...],
    size: int,
    odd: Odd,
    *,
    seed: int,
    number: int,
) -> tuple[Groups, ...]:
    """The groups of each round of the season, in the order in which they are best used.

    `number` seasons of the same members and seed came before. Each mixes the members anew, but in such a way
    that whoever was together in the last round of one is together in the later half of the next again, and so
    not in its first round.
    """
    rounds = rounds_without_repeat(lengths, size, odd, len(members))
    rng = Random(f"{seed} groups")
    places = list(members)
    rng.shuffle(places)
    order = list(range(len(rounds)))
    rng.shuffle(order)
    for _ in range(number):
        last = order[-1]
        places = _mixed(places, rounds[last], rng)
        rng.shuffle(order)
        order.remove(last)
        half = (len(order) + 1) // 2
        order.insert(rng.randint(half, max(half, len(order) - 1)), last)
    return tuple(
        tuple(tuple(sorted(places[point] for point in block)) for block in rounds[at]) for at in order
    )


def introduces(groups: Groups, ids: Collection[int], wishes: Wishes) -> tuple[int, int, int]:
    """How many pairs of those here a round introduces: for the first time; in this season; and, the fewer the
    more, how many that were together just before."""
    here, last, began = set(ids), wishes.history.last, wishes.season_began
    never = fresh = soon = 0
    for group in groups:
        for who in combinations(group if here.issuperset(group) else sorted(here.intersection(group)), 2):
            if who in wishes.avoid:
                continue
            before = last.get(who)
            if before is None:
                never += 1
            else:
                fresh += before < began
                soon += wishes.soon(who) == 2
    return never, fresh, -soon


def _mixed(places: Sequence[int], groups: Blocks, rng: Random) -> list[int]:
    """The members on other places, those of one of the groups on the places of one of them again."""
    mixed = list(places)
    out = sorted(set(range(len(places))).difference(*groups))
    for length in sorted({len(group) for group in groups}):
        same = [group for group in groups if len(group) == length]
        moved = [[places[point] for point in group] for group in same]
        rng.shuffle(moved)
        for group, there in zip(same, moved, strict=True):
            rng.shuffle(there)
            for point, member in zip(group, there, strict=True):
                mixed[point] = member
    left = [places[point] for point in out]
    rng.shuffle(left)
    for point, member in zip(out, left, strict=True):
        mixed[point] = member
    return mixed
