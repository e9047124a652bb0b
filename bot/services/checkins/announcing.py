"""What is said about a round of hosts: the one announcement that follows every change, and private notes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Delivery, Ritual, Round, Team
from bot.domain.messages import Given, Message, Moment, Person, Say, Values
from bot.domain.states import Attention, DeliveryState, RoundState
from bot.rituals.host import HostView, announcement
from bot.services import settings
from bot.services.checkins import revising
from bot.services.checkins.played import role_in
from bot.services.checkins.whose_turn import Turns
from bot.services.outbox import owe_edits

NOTE = "host_note"  # the private message to somebody whose turn changed


async def announce_again(
    session: AsyncSession, round_: Round, ritual: Ritual, team: Team, host: int | None, *, now: datetime
) -> None:
    """The announcement says who hosts now; whoever is about to send it is waited for, or waits."""
    sent = await session.scalars(
        select(Delivery)
        .where(Delivery.round_id == round_.id, Delivery.what == "host", Delivery.edits_id.is_(None))
        .order_by(Delivery.id)
        .with_for_update(key_share=True)
    )
    shown = HostView(
        round_.id,
        ritual.name,
        role_in(round_, ritual),
        round_.scheduled_for,
        settings.zone(ritual, team),
        host,
        over=round_.state is not RoundState.OPEN,
    )
    await owe_edits(session, sent.all(), announcement(shown), now=now)


async def tell(
    session: AsyncSession,
    turns: Turns,
    member_id: int,
    message: Message,
    *,
    attention: Attention = Attention.PRIVATE,
    now: datetime,
) -> None:
    """Tell somebody privately that their turn changed; of use while the round is open, rather late than never."""
    await revising.tell(
        session,
        member_id,
        NOTE,
        message,
        team_id=turns.round.team_id,
        round_id=turns.round.id,
        useful_until=turns.round.close_at,
        attention=attention,
        now=now,
    )


async def tell_no_longer(
    session: AsyncSession, turns: Turns, member_id: int, host: int | None, team: Team, *, now: datetime
) -> None:
    """What they were told of their turn says so no longer; what they were not told yet need not be said."""
    note = await revising.latest(session, turns.round.id, member_id, NOTE)
    if note is None:
        return
    values: Values = {**facts(turns, team)}
    said = Message((Say("host.nobody", values),))
    if note.state is DeliveryState.PENDING and not note.attempts:
        said = Message(())
    elif host is not None:
        said = Message((Say("host.announced", {**values, "person": Person(host)}),))
    await revising.revise(session, note, said, now=now)


def facts(turns: Turns, team: Team) -> dict[str, Given | Moment]:
    """What sentences about a round of hosts name."""
    return {
        "role": Given(role_in(turns.round, turns.ritual)),
        "ritual": Given(turns.ritual.name),
        "when": Moment(turns.round.scheduled_for, settings.zone(turns.ritual, team)),
    }
