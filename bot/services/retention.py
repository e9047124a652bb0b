"""How long what is kept: the config's limits, and what nobody needs after a while."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Delete, Select, Update, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Answer, Delivery, Participation, Pause, Received, Round, Thanks
from bot.domain.states import DeliveryState, RoundState
from bot.runtime import Runtime
from bot.services import settings
from bot.services.checkins.summaries import SUMMARY
from bot.services.gratitude.roundups import ROUNDUP

log = structlog.get_logger(__name__)

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
        _emptied(team_id, Delivery.owed_at < now - MESSAGES_KEPT),
    ]
    if before := limit("participation"):
        statements.append(
            delete(Participation).where(Participation.team_id == team_id, Participation.at < before)
        )
    if before := limit("thanks"):
        old_thanks = (Thanks.team_id == team_id, Thanks.said_at < before)
        statements.append(_emptied(team_id, _brings_thanks(team_id, *old_thanks)))
        statements.append(delete(Thanks).where(*old_thanks, ~_on_their_way()))
    if before := limit("answers"):
        old_rounds = select(Round.id).where(
            Round.team_id == team_id, Round.state == RoundState.CLOSED, Round.scheduled_for < before
        )
        statements.append(_emptied(team_id, _brings_answers(old_rounds)))
        statements.append(delete(Answer).where(Answer.team_id == team_id, Answer.round_id.in_(old_rounds)))
    gone = 0
    for statement in statements:
        result = await session.execute(statement.execution_options(synchronize_session=False))
        gone += result.rowcount  # type: ignore[attr-defined]
    return gone


async def wipe(runtime: Runtime) -> None:
    """After the transaction: nothing of what was deleted is left in a file. What others hold up, the night does."""
    if not await runtime.sessions.wipe():
        log.warning("deleted_but_not_wiped", again="at night")


def _emptied(team_id: int, which: ColumnElement[bool]) -> Update:
    """Take out what messages said that are on their way no longer."""
    return (
        update(Delivery)
        .where(
            Delivery.team_id == team_id,
            Delivery.state != DeliveryState.PENDING,
            Delivery.emptied.is_(False),
            which,
        )
        .values(message={"parts": []}, emptied=True)
    )


def _brings_thanks(team_id: int, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Copies of these thanks, roundups that have them too, and what changed either."""
    gathered = select(Delivery.id).where(
        Delivery.team_id == team_id,
        Delivery.what == ROUNDUP,
        Delivery.owed_at.in_(select(Thanks.gathered_at).where(*which, Thanks.gathered_at.is_not(None))),
    )
    return or_(
        Delivery.thanks_id.in_(select(Thanks.id).where(*which)),
        Delivery.id.in_(gathered),
        Delivery.edits_id.in_(gathered),
    )


def _on_their_way() -> ColumnElement[bool]:
    """Thanks of which a message has yet to arrive: they stay until then, since by them it is found and emptied."""
    return exists().where(
        Delivery.team_id == Thanks.team_id,
        Delivery.state == DeliveryState.PENDING,
        or_(
            Delivery.thanks_id == Thanks.id,
            (Delivery.what == ROUNDUP) & (Delivery.owed_at == Thanks.gathered_at),
        ),
    )


def _brings_answers(rounds: Select[int]) -> ColumnElement[bool]:
    """The summaries of these rounds, and what changed them."""
    summaries = select(Delivery.id).where(Delivery.round_id.in_(rounds), Delivery.what == SUMMARY)
    return or_(Delivery.id.in_(summaries), Delivery.edits_id.in_(summaries))
