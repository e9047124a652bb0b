"""When people are asked a round's questions, each at their own time, and the one reminder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Answered, Asked, Delivery, Ritual, Round, Team
from bot.domain.states import Attention, RoundState
from bot.rituals.answers import Frozen
from bot.rituals.questions import REMIND_AFTER, local_instant, next_look, reminder
from bot.services import settings
from bot.services.checkins.answering import spare
from bot.services.outbox import Owed, owe_members
from bot.services.participants import participants, present


async def opens_at(
    session: AsyncSession, ritual: Ritual, team: Team, scheduled_for: datetime, *, now: datetime
) -> datetime:
    """When the first of those who are there has the time of day that the round is for; its instant if nobody is."""
    zone = settings.zone(ritual, team)
    people = present(await participants(session, ritual, team, at=now))
    return min((local_instant(scheduled_for, zone, p.hours.zone) for p in people), default=scheduled_for)


async def look(session: AsyncSession, round_: Round, ritual: Ritual, team: Team, *, now: datetime) -> None:
    """Remind those whose time for it has come and who are silent; then set when the next are to be looked at.

    Whoever has answered is not asked any more either. (Of an anonymous answer that is found out here, at a time that
    has nothing to do with it.)
    """
    frozen = Frozen.of(round_.kept)
    if frozen is None:
        return
    answered = select(Answered.member_id).where(Answered.round_id == round_.id)
    await spare(session, Delivery.round_id == round_.id, Delivery.member_id.in_(answered))
    asked = (await session.scalars(select(Asked).where(Asked.round_id == round_.id))).all()
    due = [a for a in asked if not a.reminded and a.asked_at + frozen.window * REMIND_AFTER <= now]
    await _remind(session, [a.member_id for a in due], round_, ritual, team, now=now)
    for each in due:
        each.reminded = True  # whether or not they had answered: it says only that their time for it is past
    following = next_look((a.asked_at for a in asked), window=frozen.window, after=now)
    if following is not None:
        round_.nudge_at, round_.nudged_at = following, None


async def step_back(
    session: AsyncSession,
    ritual: Ritual,
    team: Team,
    member_id: int,
    *,
    until: datetime | None,
    now: datetime,
) -> None:
    """Who leaves or pauses is neither asked nor reminded, also where that was owed already."""
    open_rounds = select(Round.id).where(Round.ritual_id == ritual.id, Round.state == RoundState.OPEN)
    await spare(session, Delivery.round_id.in_(open_rounds), Delivery.member_id == member_id)


async def _remind(
    session: AsyncSession,
    members: Sequence[int],
    round_: Round,
    ritual: Ritual,
    team: Team,
    *,
    now: datetime,
) -> None:
    if not members or round_.close_at is None or round_.close_at <= now:
        return
    answered = set(await session.scalars(select(Answered.member_id).where(Answered.round_id == round_.id)))
    there = present(await participants(session, ritual, team, at=now))
    owed = {
        p.id: Owed(
            what="reminder",
            once=f"reminder:{round_.id}:{p.id}",
            message=reminder(round_.id, ritual.name, until=round_.close_at, zone=p.hours.zone),
            due_at=now,
            attention=Attention.PRIVATE,
            useful_until=round_.close_at,
            round_id=round_.id,
        )
        for p in there
        if p.id in members and p.id not in answered
    }
    await owe_members(session, team.id, owed, now=now)
