"""The later steps of matches: one nudge where nobody spoke, and the question what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Match, MatchMember, Ritual, Round, Team
from bot.domain.messages import Message
from bot.domain.states import Attention, Outcome
from bot.rituals import introductions
from bot.rituals.introductions import MatchView
from bot.services.coffee import matches
from bot.services.outbox import owe_chats

ANSWER_WITHIN = timedelta(days=7)  # how long the question may still be asked, and its conversation stays open


async def nudge(session: AsyncSession, round_: Round, ritual: Ritual, team: Team, *, now: datetime) -> None:
    """Remind the matches of which nobody has said anything."""
    silent = [m for m in await _unanswered(session, round_) if m.chosen_time is None]
    await _ask(
        session, silent, ritual, team, "nudge", introductions.nudge, useful_until=round_.close_at, now=now
    )


async def close(session: AsyncSession, round_: Round, ritual: Ritual, team: Team, *, now: datetime) -> None:
    """Ask the matches that have not said what became of them. No answer stays *unknown*."""
    silent = await _unanswered(session, round_)
    until = now + ANSWER_WITHIN
    await _ask(session, silent, ritual, team, "question", introductions.question, useful_until=until, now=now)


async def _ask(
    session: AsyncSession,
    silent: Sequence[Match],
    ritual: Ritual,
    team: Team,
    what: str,
    says: Callable[[MatchView], Message],
    *,
    useful_until: datetime | None,
    now: datetime,
) -> None:
    members = await matches.members_of(session, [m.id for m in silent])
    owed = {
        match.id: matches.about(
            match,
            what,
            says(matches.view(match, members[match.id], ritual, team, now=now)),
            attention=Attention.PRIVATE,
            due_at=now,
            useful_until=useful_until,
        )
        for match in silent
    }
    await owe_chats(session, team.id, owed, now=now)


async def _unanswered(session: AsyncSession, round_: Round) -> Sequence[Match]:
    """The matches that were introduced, and of which nobody has said anything; not if only one of them is left."""
    still_known = (
        select(func.count(MatchMember.member_id.distinct()))
        .join(Account, Account.member_id == MatchMember.member_id)
        .where(MatchMember.match_id == Match.id)
        .scalar_subquery()
    )
    return (
        await session.scalars(
            select(Match)
            .where(
                Match.round_id == round_.id,
                Match.outcome == Outcome.UNKNOWN,
                Match.introduced_at.is_not(None),
                still_known > 1,
            )
            .order_by(Match.id)
        )
    ).all()
