"""The coffees that are a member's now: with whom, and when they meet if they chose a time."""

from __future__ import annotations

from sqlalchemy import select

from bot.db.models import Match, MatchMember, Ritual, Round
from bot.domain.messages import Given, Moment, Say, Values
from bot.domain.states import Outcome, RitualState, RoundState
from bot.services.asking import Asker
from bot.services.presence.own_rituals import people

AHEAD = (Outcome.UNKNOWN, Outcome.RESCHEDULED)


async def open_matches(asker: Asker) -> list[Say]:
    """The asker's matches of the rounds that are open, of which nobody has said what became of them."""
    mine = select(MatchMember.match_id).where(MatchMember.member_id == asker.member.id)
    rows = await asker.session.execute(
        select(Match, Ritual.name, MatchMember.member_id)
        .join(Round, Round.id == Match.round_id)
        .join(Ritual, Ritual.id == Round.ritual_id)
        .join(MatchMember, MatchMember.match_id == Match.id)
        .where(
            Match.id.in_(mine),
            Match.outcome.in_(AHEAD),
            Round.state == RoundState.OPEN,
            Ritual.state != RitualState.ARCHIVED,
            MatchMember.member_id != asker.member.id,
        )
        .order_by(Round.scheduled_for, Match.id, MatchMember.id)
    )
    found: dict[int, tuple[Match, str, list[int]]] = {}
    for match, ritual, member_id in rows:
        found.setdefault(match.id, (match, ritual, []))[2].append(member_id)
    return [_said(asker, match, ritual, others) for match, ritual, others in found.values()]


def _said(asker: Asker, match: Match, ritual: str, others: list[int]) -> Say:
    values: Values = {"ritual": Given(ritual), "people": people(others)}
    if match.chosen_time is None or match.chosen_time < asker.now:
        return Say("me.match", values)
    return Say("me.match_at", {**values, "when": Moment(match.chosen_time, asker.zone)})
