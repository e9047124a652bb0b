"""Rooms to talk in for the hour of a match: planned when a time is chosen, moved with it, of no use without it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Match, MatchMember, Ritual, VoiceRoom
from bot.services import settings

OPENS_BEFORE = timedelta(minutes=5)
STAYS = timedelta(minutes=15)  # after the meeting's length: nobody is put out in the middle of a sentence


async def plan(session: AsyncSession, match: Match, ritual: Ritual, *, now: datetime) -> None:
    """A room for the time that was chosen, in every workspace in which at least two of them are; those for other
    times are withdrawn. Whoever calls it holds the match; planned twice, it is as once.
    """
    rooms = await _of(session, match.id)
    rules = settings.coffee_rules(ritual)
    wanted = match.chosen_time if rules.voice else None
    _withdraw([room for room in rooms if room.meets_at != wanted], now=now)
    if wanted is None:
        return
    closes_at = wanted + timedelta(minutes=rules.meeting_minutes) + STAYS
    there = {room.workspace_id: room for room in rooms if room.meets_at == wanted}
    for workspace_id in await _workspaces(session, match.id):
        room = there.get(workspace_id)
        if room is None:
            session.add(
                VoiceRoom(
                    team_id=match.team_id,
                    match_id=match.id,
                    workspace_id=workspace_id,
                    meets_at=wanted,
                    closes_at=closes_at,
                    due_at=wanted - OPENS_BEFORE,
                    claimed_until=None,
                    attempts=0,
                    handle=None,
                    problem=None,
                )
            )
        else:
            room.closes_at = closes_at
            room.due_at = closes_at if room.handle is not None else wanted - OPENS_BEFORE


async def give_up(session: AsyncSession, match_id: int, *, now: datetime) -> None:
    """They do not meet at the time they chose: no room is opened then. One that is open stays its time."""
    _withdraw([room for room in await _of(session, match_id) if room.handle is None], now=now)


def _withdraw(rooms: Collection[VoiceRoom], *, now: datetime) -> None:
    for room in rooms:
        if room.due_at is None:
            continue
        if room.attempts:  # it is there, or may be
            room.closes_at, room.due_at = min(room.closes_at, now), now
        else:
            room.due_at = None


async def _of(session: AsyncSession, match_id: int) -> Sequence[VoiceRoom]:
    return (
        await session.scalars(
            select(VoiceRoom)
            .where(VoiceRoom.match_id == match_id)
            .order_by(VoiceRoom.id)
            .with_for_update(key_share=True)
        )
    ).all()


async def _workspaces(session: AsyncSession, match_id: int) -> Sequence[int]:
    return (
        await session.scalars(
            select(Account.workspace_id)
            .join(MatchMember, MatchMember.member_id == Account.member_id)
            .where(MatchMember.match_id == match_id, Account.active.is_(True))
            .group_by(Account.workspace_id)
            .having(func.count(Account.member_id.distinct()) > 1)
            .order_by(Account.workspace_id)
        )
    ).all()
