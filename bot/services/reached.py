"""What follows when a message arrived, or never will: an introduction counts, a partner is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Delivery, Match, MatchMember, Round
from bot.domain.messages import Message, Person, Say
from bot.domain.states import Attention, Participated
from bot.services.checkins import offers
from bot.services.coffee.matches import members_of
from bot.services.gratitude import thanks_copies
from bot.services.outbox import Owed, owe_members
from bot.services.participation import record

LOCK = {"key_share": True}
EXPORT = "export"  # brings somebody all their data, of which no copy is kept


async def hold(session: AsyncSession, delivery: Delivery) -> None:
    """What hangs on a delivery is ours alone from here on; before anything is written about it."""
    if delivery.what == thanks_copies.COPY:
        await thanks_copies.hold(session, delivery)
    elif _is_introduction(delivery):
        # whoever answers it holds the match first, too: so neither waits for the other for ever
        await session.get(Match, delivery.match_id, with_for_update=LOCK)


async def arrived(session: AsyncSession, delivery: Delivery, *, now: datetime) -> None:
    """An introduction that arrived is a meeting offered, and thanks that arrived may be read by the channel."""
    _keep_no_copy(delivery)
    if delivery.what == thanks_copies.COPY:
        await thanks_copies.settled(session, delivery, now=now)
        return
    if not _is_introduction(delivery):
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
    """Somebody could not be reached: their partners are told, or whoever thanked them or asked them to swap; once."""
    if delivery.what == thanks_copies.COPY:
        await thanks_copies.not_arrived(session, delivery, now=now)
        return
    if delivery.what == offers.OFFER:
        await offers.not_arrived(session, delivery, now=now)
        return
    _keep_no_copy(delivery)
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


async def in_vain(session: AsyncSession, delivery: Delivery, *, now: datetime) -> None:
    """A message would arrive too late to be of use, and is not sent: whoever waits for an answer is told."""
    if delivery.what == offers.OFFER and delivery.edits_id is None:
        await offers.not_arrived(session, delivery, now=now)


def _is_introduction(delivery: Delivery) -> bool:
    return delivery.what == "introduction" and delivery.match_id is not None and delivery.edits_id is None


def _keep_no_copy(delivery: Delivery) -> None:
    """An export that arrived, or never will, is taken out of the outbox."""
    if delivery.what == EXPORT:
        delivery.message, delivery.emptied = {"parts": []}, True
