"""Turns go to those who have had the fewest: who sits out, who is third in a trio, who hosts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

_NEVER = float("-inf")
_LOADED = 2  # turns in a week


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
    there: Mapping[int, int] | None = None,
    rng: Random,
) -> list[int]:
    """The candidates in the order in which a turn should come to them.

    Fewest turns first (`counts` may be weighted; newcomers stand at the candidates' minimum), then who was
    `there` in most rounds, then whose last turn is longest ago (`last_turn`: a round's number or a timestamp;
    never comes first), then by lot.
    """
    shuffled = sorted(candidates)
    rng.shuffle(shuffled)
    least = min((counts[each] for each in candidates if each in counts), default=0.0)
    rounds = there or {}

    def order(each: int) -> tuple[float, int, float]:
        return counts.get(each, least), -rounds.get(each, 0), last_turn.get(each, _NEVER)

    return sorted(shuffled, key=order)


def next_hosts(
    candidates: Sequence[int],
    *,
    standing: Mapping[int, float],
    this_week: Mapping[int, int],
    last_turn: Mapping[int, float],
    there: Mapping[int, int],
    rng: Random,
) -> list[int]:
    """The candidates, all of them present, in the order in which hosting should come to them.

    Fewest weighted turns of all rituals first (`standing`, as `turns.standings` has it), then as in
    `fewest_first`. `there` are the rounds of this rotation that each was there for. Without it, of two who
    were there as often one can be two turns ahead: of 28,000 simulated years of 3 to 30 people, a tenth of
    whom were away at random, that was how 32 ended, and with it none.

    And nobody carries a third load in a week in which another has none: if one of the candidates has had no
    turn of any kind `this_week`, those who have had two or more step behind the rest.
    """
    order = fewest_first(candidates, standing, last_turn=last_turn, there=there, rng=rng)
    if all(this_week.get(each, 0) for each in candidates):
        return order
    return sorted(order, key=lambda each: this_week.get(each, 0) >= _LOADED)
