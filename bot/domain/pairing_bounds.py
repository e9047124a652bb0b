"""What no pairing can exceed: how many pairs can be introduced in a round, and in all rounds up to each.

Who was there, how large groups are and who may not meet is given; not one introduction is. So these are bounds for
any matcher, also one that knows beforehand who will be there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import comb

from bot.domain.groups import sizes
from bot.domain.heaviest import heaviest
from bot.domain.pairs import Pair, pairs_of
from bot.domain.partner_flow import PartnerFlow
from bot.domain.season import Odd

_FLOW = 2000  # people ever there, up to whom each person's own partners are counted


@dataclass(frozen=True, slots=True)
class RoundBound:
    """What a round can introduce at most."""

    present: tuple[int, ...]
    pairs: int
    partners: int  # that everyone can be introduced to
    places: int  # in groups larger by one: so many people can be introduced to one more


def round_bound(
    present: Collection[int],
    *,
    avoid: frozenset[Pair] = frozenset(),
    group_size: int = 2,
    odd: Odd,
    lengths: Sequence[int] = (),
) -> RoundBound:
    """What a round of those `present` can introduce at most.

    Groups of lengths l hold Σ l(l−1)/2 pairs, and the lengths follow from how many are present (`groups.sizes`).
    A round of pairs holds no more than a largest matching of those who may meet: μ pairs. With a trio it holds at
    most μ + 2, since the pairs without two of the trio's three are a matching. `lengths` are those of a round in
    which avoidances made groups of other lengths than the rule's: where they hold more pairs, they count instead.
    """
    here = set(present)
    apart = [each for each in avoid if each[0] in here and each[1] in here]
    rule = sizes(len(here), group_size, odd)
    pairs = sum(comb(length, 2) for length in rule)
    smallest = min(rule, default=1)
    partners, places = smallest - 1, sum(length for length in rule if length > smallest)
    if group_size == 2 and apart:
        extra = 2 if any(length > 2 for length in rule) else 0
        pairs = min(pairs, _largest_matching(here, apart) + extra)
    made = sum(comb(length, 2) for length in lengths)
    if made > pairs or max(lengths, default=0) > max(rule, default=1):
        pairs, partners, places = max(made, pairs), max(partners + 1, max(lengths) - 1), 0
    return RoundBound(tuple(sorted(here)), min(pairs, comb(len(here), 2) - len(apart)), partners, places)


def most_introduced(rounds: Iterable[RoundBound], avoid: Collection[Pair] = frozenset()) -> Iterator[int]:
    """How many different pairs can have been introduced at most, after each of the rounds.

    The least of two bounds. (1) A round adds no more than its own `pairs` to the bound of the rounds before it.
    (2) Let x = 1 for each pair introduced so far, else 0. Only pairs that may meet and were present together have
    x = 1, and the x of one person sum to no more than the partners that their rounds had for them: `partners` a round,
    and one more where they had one of its `places`, of which there are only so many. The largest Σ x under these
    conditions, once x may be any number from 0 to 1, is half of a largest flow: of the network with every person
    once on the left and once on the right (`partner_flow`). For any x is such a flow, with x(a, b) from a to b and
    from b to a; and of any flow the mean of the two is such an x.
    """
    flow: PartnerFlow | None = PartnerFlow(avoid)
    bound = 0
    for each in rounds:
        bound += each.pairs
        if flow is not None:
            flow.add_round(each.present, partners=each.partners, places=each.places)
            bound = min(bound, flow.grown(2 * bound) // 2)
            flow = flow if flow.people <= _FLOW else None
        yield bound


def _largest_matching(people: Collection[int], apart: Collection[Pair]) -> int:
    """How many pairs of `people` can be made at once, none of them of `apart`.

    If everyone may meet half of all people there is a circle through everybody (Dirac 1952), and so n // 2 pairs.
    """
    n = len(people)
    avoided = Counter(member for each in apart for member in each)
    if n > 2 and 2 * (n - 1 - max(avoided.values(), default=0)) >= n:
        return n // 2
    kept = set(apart)
    return len(heaviest(sorted(people), {each: 1 for each in pairs_of(people) if each not in kept}))
