"""Offers to swap a turn, as rows and messages: made, looked up, and lapsed when the turn changed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Assignment, Delivery, Offer, Ritual, Round, Team
from bot.domain.attention import not_before
from bot.domain.messages import Given, Message, Person, Say
from bot.domain.states import Attention, DeliveryState, OfferState
from bot.services import settings
from bot.services.checkins import revising
from bot.services.outbox import Owed, owe_members
from bot.services.recipients import read_context

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


async def arrives_in_time(session: AsyncSession, offer: Offer, team: Team, *, now: datetime) -> bool:
    """Whether the member who is asked reads it while it is of use, by their hours and their week as they are now."""
    asked = await session.scalar(
        select(Delivery).where(Delivery.team_id == team.id, Delivery.once == _once(offer))
    )
    if asked is None:
        return False  # they have no account any more
    context = await read_context(session, team, [asked], now=now)
    budget = settings.team_rules(team).messages_per_week
    at = not_before(asked.attention, context.recipients(asked), now=now, messages_per_week=budget)
    return asked.useful_until is None or at < asked.useful_until


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


async def lapse(session: AsyncSession, assignment: Assignment, *, now: datetime) -> Attention:
    """What was offered of a turn that changed is offered no more.

    What its member is told of the change is the answer they were promised, where they had offered it.
    """
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
    return Attention.ANSWER if open_ else Attention.PRIVATE


async def not_arrived(session: AsyncSession, asked: Delivery, *, now: datetime) -> None:
    """The member who was asked cannot be reached, or not in time: whoever asked is told, once.

    An offer that is being answered at this moment is none that did not arrive.
    """
    its_id, lock = int(asked.once.partition(":")[2]), {"key_share": True, "skip_locked": True}
    offer = await session.get(Offer, its_id, with_for_update=lock)
    if offer is None or offer.state is not OfferState.OPEN:
        return
    offer.state = OfferState.DECLINED
    assignment = await session.get_one(Assignment, offer.assignment_id)
    round_ = await session.get_one(Round, assignment.round_id)
    await revising.tell(
        session,
        assignment.member_id,
        SWAP,
        Message((Say("swap.could_not_reach", {"person": Person(offer.to_id)}),)),
        team_id=offer.team_id,
        round_id=round_.id,
        attention=Attention.ANSWER,
        now=now,
    )


async def asked_has_left(session: AsyncSession, member_id: int, *, now: datetime) -> None:
    """A member who is forgotten answers nothing any more: whoever asked them is told, without a name."""
    rows = await session.execute(
        select(Offer, Assignment.member_id, Round, Ritual.name)
        .join(Assignment, Assignment.id == Offer.assignment_id)
        .join(Round, Round.id == Assignment.round_id)
        .join(Ritual, Ritual.id == Round.ritual_id)
        .where(Offer.to_id == member_id, Offer.state == OfferState.OPEN)
        .order_by(Offer.id)
    )
    for offer, by, round_, ritual in rows.all():
        offer.state = OfferState.DECLINED
        await revising.tell(
            session,
            by,
            SWAP,
            Message((Say("swap.has_left", {"ritual": Given(ritual)}),)),
            team_id=offer.team_id,
            round_id=round_.id,
            attention=Attention.ANSWER,
            now=now,
        )


def _once(offer: Offer) -> str:
    return f"{OFFER}:{offer.id}"
