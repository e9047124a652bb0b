"""How the rest of a season goes if everybody always comes: what `/coffee plan` promises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from bot.domain import season as seasons
from bot.domain.matching import plan_round
from bot.domain.pairs import History, Participant, Plan
from bot.domain.season import Odd, SeasonPlan

LARGEST = 40  # people; the rest of a season that was disturbed takes up to half a second for so many


def rounds_until_all_met(
    people: Sequence[Participant],
    *,
    history: History,
    season: SeasonPlan | None,
    since: int,
    group_size: int = 2,
    odd: Odd,
    lots: Iterable[Random],
) -> int | None:
    """After how many rounds from now all of `people` have been introduced, in a season counted from round `since`.

    The rounds are those that `plan_round` makes, so that they come true if nobody is away and nobody avoids
    anybody; each takes its lots from the next of `lots`. None if these do not last.
    """
    here = {each.id: each for each in people}
    for number, rng in enumerate(lots):
        if not seasons.missing(history, here, began=since):
            return number
        season = seasons.current(season, here, history=history, odd=odd, rng=rng)
        plan = plan_round(
            list(here.values()), history=history, group_size=group_size, odd=odd, season=season, rng=rng
        )
        here = _with_turns(here, plan, history.round)
        history = history.after(group.members for group in plan.groups)
    return None


def _with_turns(here: dict[int, Participant], plan: Plan, now: int) -> dict[int, Participant]:
    byes = {bye.member for bye in plan.byes}
    trios = {each for group in plan.groups if len(group.members) == 3 for each in group.members}
    return {
        at: replace(
            each,
            byes=each.byes + (at in byes),
            trios=each.trios + (at in trios),
            last_bye=now if at in byes else each.last_bye,
            last_trio=now if at in trios else each.last_trio,
        )
        for at, each in here.items()
    }
