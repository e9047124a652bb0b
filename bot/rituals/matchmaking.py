"""What a matcher is asked: the people of a scene with their turns, and how far their working hours overlap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from bot.domain import pairs
from bot.domain.turns import TurnKind
from bot.rituals.kind import CoffeePast, PersonHere, TurnsSoFar

COMPARE_HOURS_UP_TO = 60  # people; beyond, comparing everybody's hours costs more than it gives


def participant(person: PersonHere, past: CoffeePast, *, mix: bool) -> pairs.Participant:
    """What the matcher is told of a person; among equals a bye or a trio comes to who has less to carry this week."""
    byes = past.turns.get(TurnKind.BYE, TurnsSoFar())
    trios = past.turns.get(TurnKind.TRIO, TurnsSoFar())
    this_week = min(past.this_week.get(person.id, 0), 9) / 100
    prefers: pairs.Prefers = "either"
    if person.prefers in ("trio", "bye"):
        prefers = "trio" if person.prefers == "trio" else "bye"
    return pairs.Participant(
        id=person.id,
        prefers=prefers,
        groups=person.groups if mix else frozenset(),
        byes=byes.counts.get(person.id, 0.0) + this_week,
        trios=trios.counts.get(person.id, 0.0) + this_week,
        last_bye=_as_round(byes.last.get(person.id)),
        last_trio=_as_round(trios.last.get(person.id)),
    )


def _as_round(last: float | None) -> int | None:
    return None if last is None else int(last)


def overlaps(here: Sequence[PersonHere], at: datetime) -> Callable[[int, int], float] | None:
    """The share of working hours that each two have in common in the week from `at`; None if all keep the same."""
    if len(here) > COMPARE_HOURS_UP_TO or len({(p.hours.zone, p.hours.working) for p in here}) <= 1:
        return None
    week = {p.id: list(p.hours.working_between(at, at + timedelta(days=7))) for p in here}
    table: dict[pairs.Pair, float] = {}
    for a, b in combinations(sorted(week), 2):
        shared = sum(
            max(0.0, (min(s[1], t[1]) - max(s[0], t[0])).total_seconds()) for s in week[a] for t in week[b]
        )
        least = min(sum((e - s).total_seconds() for s, e in week[x]) for x in (a, b))
        table[pairs.pair(a, b)] = shared / least if least else 0.0
    return lambda a, b: table.get(pairs.pair(a, b), 1.0)
