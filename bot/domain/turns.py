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


def standings(
    joined: Mapping[int, float],
    turns: Iterable[tuple[int, float] | tuple[int, float, float]],
    *,
    absences: Iterable[tuple[int, float, float | None]] = (),
) -> dict[int, float]:
    """What each member of `joined` stands at: the weight of their turns, and what they began with.

    `joined` says when each came, `turns` who took one, when, and its weight (1 unless given), and `absences`
    who was away for long, since when, and until when (None: still); instants are Unix times. Who comes begins
    at the fewest of those who are there: nobody has to make up for turns that were taken before. Who was away
    for long is, when they are back, like somebody who comes, if they had fewer; meanwhile they do not hold
    the fewest down for others.
    """
    goes, comes, takes = 0, 1, 2  # in this order, of one instant
    events = [(at, comes, member, 0.0) for member, at in joined.items()]
    events += [(at, takes, member, weight[0] if weight else 1.0) for member, at, *weight in turns]
    for member, since, until in absences:
        events.append((since, goes, member, 0.0))
        if until is not None:
            events.append((until, comes, member, 0.0))
    here: dict[int, float] = {}
    away: dict[int, float] = {}
    for _, what, member, weight in sorted(events):
        if what == comes and member not in here:
            here[member] = max(away.pop(member, 0.0), min(here.values(), default=0.0))
        elif what == goes and member in here:
            away[member] = here.pop(member)
        elif what == takes:
            counted = here if member in here else away
            if member in counted:
                counted[member] += weight
    return here | away
