"""The later steps of a round: its nudge, its close, the end of its conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Conversation, Match, Ritual, Round, Workspace
from bot.domain.states import RitualState, RoundState
from bot.rituals.answers import Frozen
from bot.services import settings
from bot.services.checkins.played import plays
from bot.services.coffee.following_up import ANSWER_WITHIN
from bot.services.stages import STAGES, Stages


async def rounds_to_nudge(session: AsyncSession, team_id: int, *, now: datetime) -> Sequence[int]:
    """The open rounds whose nudge is due."""
    return (
        await session.scalars(
            select(Round.id).where(
                Round.team_id == team_id,
                Round.state == RoundState.OPEN,
                Round.nudged_at.is_(None),
                Round.nudge_at <= now,
            )
        )
    ).all()


async def nudge(session: AsyncSession, round_id: int, *, now: datetime) -> None:
    """Remind those of whom the round has heard nothing: once, or each at their own time."""
    round_ = await session.get_one(Round, round_id, with_for_update=True)
    if round_.state is not RoundState.OPEN or round_.nudged_at is not None:
        return
    round_.nudged_at = now
    ritual = await session.get_one(Ritual, round_.ritual_id)
    reminds = _stages(round_, ritual).nudge
    if ritual.state is not RitualState.ARCHIVED and reminds is not None:
        await reminds(session, round_, ritual, await settings.team_row(session, round_.team_id), now=now)


async def rounds_to_close(session: AsyncSession, team_id: int, *, now: datetime) -> Sequence[int]:
    """The open rounds whose time is over."""
    return (
        await session.scalars(
            select(Round.id).where(
                Round.team_id == team_id, Round.state == RoundState.OPEN, Round.close_at <= now
            )
        )
    ).all()


async def close(session: AsyncSession, round_id: int, *, now: datetime) -> bool:
    """Close the round, and do what its kind does then; whether it leaves in files what nobody is to find there."""
    round_ = await session.get_one(Round, round_id, with_for_update=True)
    if round_.state is not RoundState.OPEN:
        return False
    round_.state, round_.closed_at = RoundState.CLOSED, now
    ritual = await session.get_one(Ritual, round_.ritual_id)
    stages, team = _stages(round_, ritual), await settings.team_row(session, round_.team_id)
    if stages.seal is not None:
        await stages.seal(session, round_, ritual, team, now=now)
    if ritual.state is not RitualState.ARCHIVED and stages.close is not None:
        await stages.close(session, round_, ritual, team, now=now)
    frozen = Frozen.of(round_.kept)
    return frozen is not None and frozen.anonymous


def _stages(round_: Round, ritual: Ritual) -> Stages:
    """The steps of a round: it ends as what it was opened, whatever its ritual has become."""
    return STAGES[plays(round_, ritual)]


async def conversations_to_close(
    session: AsyncSession, team_id: int, *, now: datetime
) -> Sequence[tuple[int, str, str]]:
    """Conversations whose round was closed a week ago: (row id, platform, the platform's id)."""
    rows = await session.execute(
        select(Conversation.id, Workspace.platform, Conversation.handle)
        .join(Match, Match.id == Conversation.match_id)
        .join(Round, Round.id == Match.round_id)
        .join(Workspace, Workspace.id == Conversation.workspace_id)
        .where(
            Conversation.team_id == team_id,
            Conversation.closed_at.is_(None),
            Round.closed_at <= now - ANSWER_WITHIN,
        )
    )
    return rows.all()


@cache
def next_nudge() -> ScalarSelect[datetime | None]:
    """When the next open round is nudged (UTC), of the team bound to `team`."""
    return (
        select(func.min(Round.nudge_at))
        .where(Round.team_id == bindparam("team"), Round.state == RoundState.OPEN, Round.nudged_at.is_(None))
        .scalar_subquery()
    )


@cache
def next_close() -> ScalarSelect[datetime | None]:
    """When the next open round is closed (UTC), of the team bound to `team`."""
    return (
        select(func.min(Round.close_at))
        .where(Round.team_id == bindparam("team"), Round.state == RoundState.OPEN)
        .scalar_subquery()
    )


async def conversation_closed(session: AsyncSession, conversation_id: int, *, now: datetime) -> None:
    """Write down that a conversation's purpose is over."""
    (await session.get_one(Conversation, conversation_id)).closed_at = now
