"""A private nudge when a prompt opens: to the sender alone, from their own thanks alone, once for each silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Delivery, Member, Ritual, Round, Team, Thanks, ThanksRecipient
from bot.domain.states import Attention, DeliveryState
from bot.rituals.gratitude import NUDGED_AFTER_WEEKS, nudge_message
from bot.services.outbox import Owed, owe_members
from bot.services.participants import participants, present

NUDGE = "thanks_nudge"
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class _Silence:
    """Somebody has thanked somebody else, and not again for a while; the last thanks name it."""

    sender: int
    other: int
    last: int
    since: datetime

    @property
    def once(self) -> str:
        return f"{_about(self.sender, self.other)}{self.last}"


async def nudge(session: AsyncSession, round_: Round, ritual: Ritual, team: Team, *, now: datetime) -> None:
    """Tell everybody who takes part of the one person they have not thanked for longest, if they were not told yet."""
    people = [p.id for p in present(await participants(session, ritual, team, at=now, round_=round_))]
    silences = await _silences(session, people, now=now)
    told = set(
        await session.scalars(
            select(Delivery.once).where(
                Delivery.team_id == team.id, Delivery.what == NUDGE, Delivery.member_id.in_(people)
            )
        )
    )
    longest: dict[int, _Silence] = {}
    for silence in silences:  # the longest first
        if silence.once not in told:
            longest.setdefault(silence.sender, silence)
    owed = {
        sender: Owed(
            what=NUDGE,
            once=silence.once,
            message=nudge_message(ritual.id, silence.other, weeks=(now - silence.since) // WEEK),
            due_at=now,
            attention=Attention.PRIVATE,
            useful_until=round_.close_at,
            round_id=round_.id,
        )
        for sender, silence in longest.items()
    }
    await owe_members(session, team.id, owed, now=now)


async def _silences(session: AsyncSession, senders: Sequence[int], *, now: datetime) -> list[_Silence]:
    """Of each sender's own thanks: whom they have not thanked for eight weeks and more, the longest first."""
    last_said = func.max(Thanks.said_at)
    rows = await session.execute(
        select(Thanks.sender_id, ThanksRecipient.member_id, func.max(Thanks.id), last_said)
        .join(ThanksRecipient, ThanksRecipient.thanks_id == Thanks.id)
        .join(Member, Member.id == ThanksRecipient.member_id)
        .where(
            Thanks.sender_id.in_(senders),
            Thanks.taken_back_at.is_(None),
            Member.left_at.is_(None),
            select(Account.id).where(Account.member_id == Member.id, Account.active.is_(True)).exists(),
        )
        .group_by(Thanks.sender_id, ThanksRecipient.member_id)
        .having(last_said <= now - NUDGED_AFTER_WEEKS * WEEK)
        .order_by(last_said, ThanksRecipient.member_id)
    )
    return [_Silence(sender, other, last, since) for sender, other, last, since in rows]


async def withdraw(session: AsyncSession, sender: int, thanked: Sequence[int]) -> None:
    """The silence is over: a nudge about it that waits is of no use any more."""
    await session.execute(
        update(Delivery)
        .where(
            Delivery.member_id == sender,
            Delivery.what == NUDGE,
            Delivery.state == DeliveryState.PENDING,
            Delivery.attempts == 0,
            or_(*(Delivery.once.startswith(_about(sender, other)) for other in thanked)),
        )
        .values(state=DeliveryState.EXPIRED)
        .execution_options(synchronize_session=False)
    )


def _about(sender: int, other: int) -> str:
    return f"{NUDGE}:{sender}:{other}:"
