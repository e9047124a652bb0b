"""The later steps of a round: one nudge where nobody spoke, the question at its close, the end of its conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Conversation, Match, Ritual, Round, Workspace
from bot.domain.states import Attention, Outcome, RitualState, RoundState
from bot.rituals import KINDS
from bot.services import matches, settings
from bot.services.outbox import owe_chats

ANSWER_WITHIN = timedelta(days=7)  # how long the question may still be asked, and its conversation stays open


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
    """Remind the matches of which nobody has said anything, once."""
    round_ = await session.get_one(Round, round_id, with_for_update=True)
    if round_.state is not RoundState.OPEN or round_.nudged_at is not None:
        return
    round_.nudged_at = now
    ritual = await session.get_one(Ritual, round_.ritual_id)
    if ritual.state is RitualState.ARCHIVED:
        return
    team = await settings.team_row(session, round_.team_id)
    silent = [m for m in await _unanswered(session, round_) if m.chosen_time is None]
    members = await matches.members_of(session, [m.id for m in silent])
    nudges = {
        match.id: matches.about(
            match,
            "nudge",
            KINDS[ritual.kind].nudge(matches.view(match, members[match.id], ritual, team, now=now)),
            attention=Attention.PRIVATE,
            due_at=now,
            useful_until=round_.close_at,
        )
        for match in silent
    }
    await owe_chats(session, team.id, nudges, now=now)


async def rounds_to_close(session: AsyncSession, team_id: int, *, now: datetime) -> Sequence[int]:
    """The open rounds whose time is over."""
    return (
        await session.scalars(
            select(Round.id).where(
                Round.team_id == team_id, Round.state == RoundState.OPEN, Round.close_at <= now
            )
        )
    ).all()


async def close(session: AsyncSession, round_id: int, *, now: datetime) -> None:
    """Close the round, and ask the matches that have not said what became of them. No answer stays *unknown*."""
    round_ = await session.get_one(Round, round_id, with_for_update=True)
    if round_.state is not RoundState.OPEN:
        return
    round_.state, round_.closed_at = RoundState.CLOSED, now
    ritual = await session.get_one(Ritual, round_.ritual_id)
    if ritual.state is RitualState.ARCHIVED:
        return
    team = await settings.team_row(session, round_.team_id)
    silent = await _unanswered(session, round_)
    members = await matches.members_of(session, [m.id for m in silent])
    questions = {
        match.id: matches.about(
            match,
            "question",
            KINDS[ritual.kind].question(matches.view(match, members[match.id], ritual, team, now=now)),
            attention=Attention.PRIVATE,
            due_at=now,
            useful_until=now + ANSWER_WITHIN,
        )
        for match in silent
    }
    await owe_chats(session, team.id, questions, now=now)


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


async def _unanswered(session: AsyncSession, round_: Round) -> Sequence[Match]:
    """The matches that were introduced, and of which nobody has said anything."""
    return (
        await session.scalars(
            select(Match)
            .where(
                Match.round_id == round_.id,
                Match.outcome == Outcome.UNKNOWN,
                Match.introduced_at.is_not(None),
            )
            .order_by(Match.id)
        )
    ).all()


async def conversation_closed(session: AsyncSession, conversation_id: int, *, now: datetime) -> None:
    """Write down that a conversation's purpose is over."""
    (await session.get_one(Conversation, conversation_id)).closed_at = now
