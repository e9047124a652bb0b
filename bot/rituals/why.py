"""Why somebody has this match, or none: the reasons of a plan, as sentences for the member they are about."""

from __future__ import annotations

from bot.domain.messages import Day, Part, Person, Say
from bot.domain.pairs import SoftRule, Why
from bot.rituals.kind import Reason

_GAVE_WAY = {SoftRule.OVERLAP.value: "why.hours", SoftRule.MIX.value: "why.mix"}


def match_reason(reason: Reason, *, round_number: int) -> list[Part]:
    """Why these partners, from the side of the member whose reason it is; `round_number` as in the history."""
    partners = reason.get("partners", [])
    gave_way = reason.get("gave_way", [])
    found: list[Part] = []
    for partner in partners:
        why = _partner(partner, gave_way, round_number=round_number)
        if len(partners) == 1:
            found.append(why)
        else:
            found.append(Say("why.between", {"person": Person(partner["member"]), "why": why}))
    if reason.get("why") == Why.TRIO_BECAUSE_ODD.value:
        found.append(Say("why.trio_preferred" if reason.get("prefers") == "trio" else "why.trio"))
    found += [Say(_GAVE_WAY[rule]) for rule in gave_way if rule in _GAVE_WAY]
    return found


def bye_reason(reason: Reason, day: Day) -> Say:
    """Why the member sat the round out."""
    if reason.get("why") != Why.BYE_TURN.value:
        return Say("why.no_match", {"day": day})
    return Say("why.bye_preferred" if reason.get("prefers") == "bye" else "why.bye", {"day": day})


def _partner(partner: Reason, gave_way: list[str], *, round_number: int) -> Say:
    match partner["why"]:
        case Why.NEVER_INTRODUCED.value:
            return Say("why.never_introduced")
        case Why.OWED_AGAIN.value:
            return Say("why.owed_again")
        case _:
            last = partner["last"]
            rounds = 1 if last is None else max(1, round_number - last)
            key = "why.repeat" if SoftRule.NEVER_INTRODUCED.value in gave_way else "why.longest_since"
            return Say(key, {"count": rounds})
