"""Events that had their effect, so that they never have it again; of each only a hash is kept."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.inserting import insert_into
from bot.db.models import Received
from bot.domain.interactions import Actor


def mark_of(actor: Actor, event_id: str) -> str:
    """What is kept, and logged, in place of an event's id: some platforms' ids say whose it was, or which form."""
    return sha256(f"{_source(actor)}\n{event_id}".encode("utf-8", "replace")).hexdigest()


async def enter(session: AsyncSession, team_id: int, actor: Actor, event_id: str, *, now: datetime) -> bool:
    """Enter an event into the inbox; the database says if it is there already: then False."""
    entered = await session.scalar(
        insert_into(session, Received)
        .values(
            team_id=team_id,
            source=_source(actor),
            event_id=mark_of(actor, event_id),
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["team_id", "source", "event_id"])
        .returning(Received.id)
    )
    return entered is not None


async def was_entered(session: AsyncSession, team_id: int, actor: Actor, event_id: str) -> bool:
    """Whether an event is in the inbox already."""
    found = await session.scalar(
        select(Received.id).where(
            Received.team_id == team_id,
            Received.source == _source(actor),
            Received.event_id == mark_of(actor, event_id),
        )
    )
    return found is not None


def _source(actor: Actor) -> str:
    return f"{actor.platform}:{actor.workspace}"
