"""Groups of three to eight: how large they are, and who is with whom so that everyone gets to know everyone.

A round is the planned round of the season (`bot.domain.golf`) that introduces most of those who are here, mended
where they are not those it was planned for. Once the season has no such round any more, a round of a small
team is the best of all divisions there are; of a larger one the best that changes of two members find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from random import Random
from typing import Literal

from bot.domain.golf.partitions import best_of_all, fitted, how_many, improved
from bot.domain.golf.planned import Groups, introduces, planned_rounds
from bot.domain.golf.worth import Worth
from bot.domain.pairs import Wishes, pairs_of
from bot.domain.season import SeasonPlan

_ALL = 6000  # divisions; so many are looked through in some 20 ms
_LARGEST = 8
_FEW, _CHOICES = 13, 12  # people for whom several choices of who sits out are tried, and how many
_LOOKED_AT = 12  # planned rounds, of those that seem to introduce most


def sizes(n: int, size: int, odd: Literal["trio", "bye"]) -> list[int]:
    """The groups of n people, the largest first; with byes whoever exceeds a multiple of `size` is in none.

    Else of `size` and one more or of `size` and fewer, whichever deviates less in sum, more if neither does.
    Fewer people than `size` are one group.
    """
    if n < 2:
        return []
    count, over = divmod(n, size)
    if not count:
        return [n]
    if odd == "bye":
        return [size] * count
    if over and (over > min(count, size - over) or size == _LARGEST):
        count += 1
    return [n // count + (at < n % count) for at in range(count)]


def grouped(
    ids: Sequence[int],
    size: int,
    odd: Literal["trio", "bye"],
    wishes: Wishes,
    *,
    season: SeasonPlan,
    sitting_out: Callable[[int, Collection[int]], list[int]],
    rng: Random,
) -> tuple[list[list[int]], list[int], int]:
    """The groups; who is in none, and of how many of them it is the turn: they come first.

    They are the season's round that introduces most of those here, as it is, or changed as little as can be
    where somebody is away, new, or avoids another. `sitting_out` chooses so many whose turn it is, of those
    whose turn it is as much these first, else by lot; the best of several choices is taken.
    """
    lengths = sizes(len(ids), size, odd)
    if not lengths:
        return [], list(ids), 0
    over = len(ids) - sum(lengths)
    planned = planned_rounds(
        season.members,
        tuple(sizes(len(season.members), size, odd)),
        size,
        odd,
        seed=season.seed,
        number=season.number,
    )
    start, out = _planned(planned, ids, over, Worth(ids, wishes), sitting_out)
    if len(planned) > 1:  # else one division is as good as another
        may = [each for group in start for each in pairs_of(group) if each not in wishes.avoid]
        fresh = frozenset(filter(wishes.fresh, may))
        wishes = replace(wishes, planned=fresh if 2 * len(fresh) > len(may) else frozenset())
    worth = Worth(ids, wishes)
    found = []
    for number in range(1 if not over else _CHOICES if len(ids) < _FEW else 2):
        if number:
            out = sitting_out(over, ())
        made, left = _in_groups(start, [each for each in ids if each not in out], lengths, wishes, rng)
        if left and out:  # who cannot be with anybody has the turn, and somebody else comes in
            out = [*left, *out][:over]
            made, left = _in_groups(start, [each for each in ids if each not in out], lengths, wishes, rng)
        found.append((len(left), -worth.of(made), made, [*out, *left]))
        if not left and worth.all_as_good_as_can_be(made):
            break
    _, _, groups, left = min(found, key=lambda each: each[:2])
    return groups, left, over


def _planned(
    rounds: Sequence[Groups],
    ids: Sequence[int],
    over: int,
    worth: Worth,
    sitting_out: Callable[[int, Collection[int]], list[int]],
) -> tuple[Groups, list[int]]:
    """The planned round that can introduce most pairs, and who sits out of it.

    Of rounds equal in that: whose odd places are most due, then what is worth most, then the earliest.
    """
    found = []
    by_new = sorted(rounds, key=lambda each: introduces(each, ids, worth.wishes), reverse=True)
    for at, groups in enumerate(by_new[:_LOOKED_AT]):
        out = sitting_out(over, set(ids).difference(*groups)) if over else []
        here = set(ids).difference(out)
        left = [[each for each in group if each in here] for group in groups]
        never, fresh, rested = introduces(groups, here, worth.wishes)
        due = sum((len(group) - 1) * worth.met[each] for group in left for each in group)
        found.append(((-never, -fresh, -rested, due, -worth.of(left), at), groups, out))
    _, groups, out = min(found)
    return groups, out


def _in_groups(
    start: Groups, ids: Sequence[int], lengths: Sequence[int], wishes: Wishes, rng: Random
) -> tuple[list[list[int]], list[int]]:
    """Groups of these lengths, in sum as many as the `ids`, and who fits into none."""
    worth = Worth(ids, wishes)
    made = fitted(start, ids, lengths, worth, rng)
    if not worth.all_as_good_as_can_be(made):
        few = how_many(lengths) <= _ALL
        made = best_of_all(ids, lengths, worth) if few else improved(made, worth, rng)
    return _without_conflicts(made, wishes)


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
