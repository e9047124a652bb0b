"""Offers to swap a turn, as rows and messages: made, looked up, and lapsed when the turn changed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Assignment, Delivery, Offer
from bot.domain.messages import Message, Person, Say
from bot.domain.states import Attention, DeliveryState, OfferState
from bot.services.checkins import revising
from bot.services.outbox import Owed, owe_members

OFFER = "offer"  # the question to the one who is asked
SWAP = "swap"  # what the one who asked is told


async def make(
    session: AsyncSession,
    assignment: Assignment,
    to: int,
    *,
    now: datetime,
) -> Offer | None:
    """Offer a turn to a member; None if that was done already and is still open."""
    same = await session.scalar(
        select(Offer.id).where(
            Offer.assignment_id == assignment.id, Offer.to_id == to, Offer.state == OfferState.OPEN
        )
    )
    if same is not None:
        return None
    offer = Offer(
        team_id=assignment.team_id,
        assignment_id=assignment.id,
        to_id=to,
        state=OfferState.OPEN,
        offered_at=now,
    )
    session.add(offer)
    await session.flush()
    return offer


async def ask(
    session: AsyncSession,
    offer: Offer,
    message: Message,
    *,
    round_id: int,
    useful_until: datetime | None,
    now: datetime,
) -> None:
    """Owe the question to the member it is offered to."""
    owed = Owed(
        what=OFFER,
        once=_once(offer),
        message=message,
        due_at=now,
        attention=Attention.PRIVATE,
        useful_until=useful_until,
        round_id=round_id,
    )
    await owe_members(session, offer.team_id, {offer.to_id: owed}, now=now)


async def say_again(session: AsyncSession, offer: Offer, message: Message, *, now: datetime) -> None:
    """The question says something else now; one that was not sent yet need not be."""
    asked = await session.scalar(
        select(Delivery)
        .where(Delivery.team_id == offer.team_id, Delivery.once == _once(offer))
        .with_for_update(key_share=True)
    )
    if asked is None:
        return
    if asked.state is DeliveryState.PENDING and not asked.attempts:
        message = Message(())
    await revising.revise(session, asked, message, now=now)


async def lapse(session: AsyncSession, assignment: Assignment, *, now: datetime) -> None:
    """What was offered of a turn that changed is offered no more."""
    open_: Sequence[Offer] = (
        await session.scalars(
            select(Offer)
            .where(Offer.assignment_id == assignment.id, Offer.state == OfferState.OPEN)
            .order_by(Offer.id)
        )
    ).all()
    for offer in open_:
        offer.state = OfferState.DECLINED
        await say_again(session, offer, Message((Say("swap.settled"),)), now=now)


async def not_arrived(session: AsyncSession, asked: Delivery, *, now: datetime) -> None:
    """The member who was asked cannot be reached: whoever asked is told, once."""
    offer = await session.get(Offer, int(asked.once.partition(":")[2]))
    if offer is None or offer.state is not OfferState.OPEN or asked.round_id is None:
        return
    offer.state = OfferState.DECLINED
    assignment = await session.get_one(Assignment, offer.assignment_id)
    await revising.tell(
        session,
        assignment.member_id,
        SWAP,
        Message((Say("swap.could_not_reach", {"person": Person(offer.to_id)}),)),
        team_id=offer.team_id,
        round_id=asked.round_id,
        useful_until=asked.useful_until,
        now=now,
    )


def _once(offer: Offer) -> str:
    return f"{OFFER}:{offer.id}"
