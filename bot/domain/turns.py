"""The turn ledger's words, and how turns of all rituals weigh together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class TurnKind(StrEnum):
    """A load that is somebody's turn to carry; each is counted, rotated and explained."""

    HOST = "host"  # prepares and leads one round of a ritual; the next host is somebody else
    CARER = "carer"  # checks in on one other member until the next round of the ring
    BYE = "bye"  # sits one coffee round out, by rotation or because no match was possible
    TRIO = "trio"  # is in the one group of three of a round of pairs, because the number was odd
    INCONVENIENCE = "inconvenience"  # met outside their working hours, for the others to be inside theirs


def load(turns: Iterable[tuple[int, str]], weights: Mapping[str, float]) -> dict[int, float]:
    """The weighted sum of turns per member, of `(member, kind)` rows; a kind without a weight counts 1.

    Members without any turn are not in the answer: see `rotation.standing`.
    """
    sums: dict[int, float] = {}
    for member, kind in turns:
        sums[member] = sums.get(member, 0.0) + weights.get(kind, 1.0)
    return sums


def standings(joined: Mapping[int, float], turns: Iterable[tuple[int, float]]) -> dict[int, float]:
    """What each member of `joined` stands at: their turns, and what the fewest of the others stood at when they came.

    `joined` says when each came and `turns` who took one and when, both as Unix time. Without the head start a
    newcomer would have to make up for all the turns taken before they came.
    """
    counts: dict[int, float] = {}
    events = sorted(
        [(at, 0, member) for member, at in joined.items()]
        + [(at, 1, member) for member, at in turns if member in joined]
    )
    for _, is_turn, member in events:
        if is_turn and member in counts:
            counts[member] += 1
        elif not is_turn:
            counts[member] = min(counts.values(), default=0.0)
    return counts
