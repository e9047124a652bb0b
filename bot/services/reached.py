"""What follows when a message arrived, or never will: an introduction counts, a partner is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Delivery, Match, MatchMember, Round
from bot.domain.messages import Message, Person, Say
from bot.domain.states import Attention, Participated
from bot.services.matches import members_of
from bot.services.outbox import Owed, owe_members
from bot.services.participation import record


async def arrived(session: AsyncSession, delivery: Delivery, *, now: datetime) -> None:
    """An introduction that arrived is a meeting offered: the match is introduced, its members took part."""
    if delivery.what != "introduction" or delivery.match_id is None or delivery.edits_id is not None:
        return
    match = await session.get_one(Match, delivery.match_id)
    round_ = await session.get_one(Round, match.round_id)
    if match.introduced_at is None:
        match.introduced_at = now
    members = (
        [delivery.member_id] if delivery.member_id else (await members_of(session, [match.id]))[match.id]
    )
    await record(session, round_, members, Participated.INTRODUCED, now=now)


async def not_arrived(session: AsyncSession, delivery: Delivery, *, now: datetime) -> None:
    """Somebody could not be reached with their introduction: their partners are told, once."""
    if delivery.what != "introduction" or delivery.match_id is None or delivery.member_id is None:
        return
    lost = delivery.member_id
    rows = await session.scalars(select(MatchMember).where(MatchMember.match_id == delivery.match_id))
    told = {}
    for row in rows.all():
        if row.member_id == lost:
            row.unreachable = True
            continue
        told[row.member_id] = Owed(
            what="notice",
            once=f"unreachable:{delivery.match_id}:{lost}:{row.member_id}",
            message=Message((Say("coffee.could_not_reach", {"person": Person(lost)}),)),
            due_at=now,
            attention=Attention.PRIVATE,
            round_id=delivery.round_id,
        )
    await owe_members(session, delivery.team_id, told, now=now)
