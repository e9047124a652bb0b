"""Turns go to those who have had the fewest: who sits out, who is third in a trio, who hosts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

_NEVER = float("-inf")


def standing(member: int, counts: Mapping[int, float], team: Iterable[int]) -> float:
    """The turns a member counts as having had; a newcomer (not in `counts`) stands at the team's minimum.

    The minimum is over those of `team` who have a count; 0 if nobody has.
    """
    if member in counts:
        return counts[member]
    return min((counts[each] for each in team if each in counts), default=0.0)


def fewest_first(
    candidates: Sequence[int],
    counts: Mapping[int, float],
    *,
    last_turn: Mapping[int, float],
    rng: Random,
) -> list[int]:
    """The candidates in the order in which a turn should come to them.

    Fewest turns first (`counts` may be weighted; newcomers stand at the candidates' minimum), then whose last
    turn is longest ago (`last_turn`: a round's number or a timestamp; never comes first), then by lot.
    """
    shuffled = sorted(candidates)
    rng.shuffle(shuffled)
    least = min((counts[each] for each in candidates if each in counts), default=0.0)
    return sorted(shuffled, key=lambda each: (counts.get(each, least), last_turn.get(each, _NEVER)))
