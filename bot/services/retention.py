"""How long what is kept: the config's limits, and what nobody needs after a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Delete, Update, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Answer, Delivery, Participation, Pause, Received, Round, Thanks
from bot.domain.states import DeliveryState
from bot.services import settings
from bot.services.gratitude.roundups import ROUNDUP

EVENTS_KEPT = timedelta(days=7)  # no platform hands an event in again after so long
MESSAGES_KEPT = timedelta(days=120)  # then a delivery says that it was sent, but no longer what


async def purge(session: AsyncSession, team_id: int, *, now: datetime) -> int:
    """Delete or empty what is past its limit; returns how many rows that were. 0 days keeps for ever."""
    team = await settings.team_row(session, team_id)

    def limit(record: str) -> datetime | None:
        days = int(team.retention.get(record, 0))
        return now - timedelta(days=days) if days else None

    statements: list[Delete | Update] = [
        delete(Received).where(Received.team_id == team_id, Received.received_at < now - EVENTS_KEPT),
        delete(Pause).where(Pause.team_id == team_id, Pause.paused_until < now - EVENTS_KEPT),
        update(Delivery)
        .where(
            Delivery.team_id == team_id,
            Delivery.state != DeliveryState.PENDING,
            Delivery.owed_at < now - MESSAGES_KEPT,
            Delivery.emptied.is_(False),
        )
        .values(message={"parts": []}, emptied=True),
    ]
    if before := limit("participation"):
        statements.append(
            delete(Participation).where(Participation.team_id == team_id, Participation.at < before)
        )
    if before := limit("thanks"):
        statements += _empty_copies(team_id, before)
        statements.append(delete(Thanks).where(Thanks.team_id == team_id, Thanks.said_at < before))
    if before := limit("answers"):
        old_rounds = select(Round.id).where(Round.team_id == team_id, Round.scheduled_for < before)
        statements.append(delete(Answer).where(Answer.team_id == team_id, Answer.round_id.in_(old_rounds)))
    gone = 0
    for statement in statements:
        result = await session.execute(statement.execution_options(synchronize_session=False))
        gone += result.rowcount  # type: ignore[attr-defined]
    return gone


def _empty_copies(team_id: int, before: datetime) -> list[Update]:
    """What was sent of thanks said before then, in roundups too, and of how it was changed."""
    old = (Thanks.team_id == team_id, Thanks.said_at < before)
    gathered = select(Delivery.id).where(
        Delivery.team_id == team_id,
        Delivery.what == ROUNDUP,
        Delivery.owed_at.in_(select(Thanks.gathered_at).where(*old, Thanks.gathered_at.is_not(None))),
    )
    copies = or_(
        Delivery.thanks_id.in_(select(Thanks.id).where(*old)),
        Delivery.id.in_(gathered),
        Delivery.edits_id.in_(gathered),
    )
    return [
        update(Delivery)
        .where(
            Delivery.team_id == team_id,
            Delivery.state != DeliveryState.PENDING,
            Delivery.emptied.is_(False),
            copies,
        )
        .values(message={"parts": []}, emptied=True)
    ]
