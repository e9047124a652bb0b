"""Changing what a private message says, also where it went out as one with others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Delivery
from bot.domain.messages import Message, from_json
from bot.domain.states import Attention, DeliveryState
from bot.services.outbox import Owed, as_document, owe_edits, owe_members

LOCK = {"key_share": True}  # whoever is about to send it is waited for, or waits


async def latest(session: AsyncSession, round_id: int, member_id: int, what: str) -> Delivery | None:
    """The newest message of a sort that a member was, or is to be, told in a round."""
    found: Delivery | None = await session.scalar(
        select(Delivery)
        .where(
            Delivery.round_id == round_id,
            Delivery.member_id == member_id,
            Delivery.what == what,
            Delivery.edits_id.is_(None),
        )
        .order_by(Delivery.id.desc())
        .limit(1)
        .with_for_update(key_share=True)
    )
    return found


async def revise(session: AsyncSession, told: Delivery, message: Message, *, now: datetime) -> None:
    """The message says this from now on; without parts it goes away. What went out along with it stays."""
    head = told
    if told.state is DeliveryState.MERGED and told.part_of_id is not None:
        head = await session.get_one(Delivery, told.part_of_id, with_for_update=LOCK)
    along = (
        await session.scalars(
            select(Delivery)
            .where(Delivery.part_of_id == head.id, Delivery.state == DeliveryState.MERGED)
            .order_by(Delivery.id)
        )
    ).all()
    if along:
        told.message = as_document(message)
        message = Message(())
        for part in (head, *along):
            message += from_json(part.message)
    await owe_edits(session, [head], message, now=now)


async def tell(
    session: AsyncSession,
    member_id: int,
    what: str,
    message: Message,
    *,
    team_id: int,
    round_id: int,
    useful_until: datetime | None = None,
    attention: Attention = Attention.PRIVATE,
    now: datetime,
) -> None:
    """Owe a member one more private message of a sort in a round; an answer that they wait for, with no end to it."""
    said = await session.scalar(
        select(func.count()).where(
            Delivery.round_id == round_id,
            Delivery.member_id == member_id,
            Delivery.what == what,
            Delivery.edits_id.is_(None),
        )
    )
    owed = Owed(
        what=what,
        once=f"{what}:{round_id}:{member_id}:{said}",
        message=message,
        due_at=now,
        attention=attention,
        useful_until=useful_until,
        round_id=round_id,
    )
    await owe_members(session, team_id, {member_id: owed}, now=now)
