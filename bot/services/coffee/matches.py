"""Matches as rows: stored with their reasons, shown as views, and the messages about them owed and said again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Delivery, Match, MatchMember, Ritual, Round, Team, Workspace
from bot.domain.messages import Message
from bot.domain.states import Attention, Outcome
from bot.rituals.introductions import MatchView, introduction, question
from bot.rituals.kind import PlannedMatch
from bot.services import settings
from bot.services.outbox import Owed, owe_edits


async def store(
    session: AsyncSession, round_: Round, planned: Sequence[PlannedMatch]
) -> list[tuple[Match, Sequence[int]]]:
    """Write planned matches down; returns each with its members."""
    rows = [
        Match(
            team_id=round_.team_id,
            round_id=round_.id,
            starter=one.starter,
            suggested_times=[t.isoformat() for t in one.times],
            chosen_time=None,
            introduced_at=None,
            outcome=Outcome.UNKNOWN,
            outcome_at=None,
        )
        for one in planned
    ]
    session.add_all(rows)
    await session.flush()
    members = [
        {
            "team_id": round_.team_id,
            "match_id": row.id,
            "member_id": member_id,
            "reason": dict(one.reasons[member_id]),
            "said": None,
            "unreachable": False,
        }
        for row, one in zip(rows, planned, strict=True)
        for member_id in one.members
    ]
    if members:
        await session.execute(insert(MatchMember), members)
    return [(row, one.members) for row, one in zip(rows, planned, strict=True)]


def view(match: Match, members: Sequence[int], ritual: Ritual, team: Team, *, now: datetime) -> MatchView:
    """The match as its messages show it at `now`."""
    url = settings.team_rules(team).meeting_url
    return MatchView(
        id=match.id,
        ritual=ritual.name,
        members=tuple(members),
        starter=match.starter,
        times=tuple(datetime.fromisoformat(t) for t in match.suggested_times),
        chosen_time=match.chosen_time,
        outcome=match.outcome,
        zone=settings.zone(ritual, team),
        meeting_url=url.replace("{match}", str(match.id)) if url else None,
        minutes=settings.coffee_rules(ritual).meeting_minutes,
        now=now,
        wants_times=settings.coffee_rules(ritual).suggest_times > 0,
    )


async def members_of(session: AsyncSession, matches: Iterable[int]) -> dict[int, list[int]]:
    """The members of each match, in the order they are named."""
    members: dict[int, list[int]] = {}
    rows = await session.execute(
        select(MatchMember.match_id, MatchMember.member_id)
        .where(MatchMember.match_id.in_(list(matches)))
        .order_by(MatchMember.id)
    )
    for match_id, member_id in rows:
        members.setdefault(match_id, []).append(member_id)
    return members


def about(
    match: Match,
    what: str,
    message: Message,
    *,
    attention: Attention,
    due_at: datetime,
    useful_until: datetime | None,
    version: int = 0,
) -> Owed:
    """A message to the match's conversation, owed once: the match, `what` and `version` say which it is."""
    return Owed(
        what=what,
        once=f"{what}:{match.id}:{version}",
        message=message,
        due_at=due_at,
        attention=attention,
        useful_until=useful_until,
        round_id=match.round_id,
    )


async def say_again(
    session: AsyncSession, match: Match, members: Sequence[int], ritual: Ritual, team: Team, *, now: datetime
) -> None:
    """Bring the messages that show the match up to date: the introduction, and the question if it was asked.

    Whoever is about to send one of them is waited for, or waits.
    """
    shown = view(match, members, ritual, team, now=now)
    sent = await session.scalars(
        select(Delivery)
        .where(
            Delivery.match_id == match.id,
            Delivery.edits_id.is_(None),
            Delivery.part_of_id.is_(None),
            Delivery.what.in_(("introduction", "question")),
        )
        .order_by(Delivery.id)
        .with_for_update(key_share=True)
    )
    for delivery in sent.all():
        message = introduction(shown) if delivery.what == "introduction" else question(shown)
        await owe_edits(session, [delivery], message, now=now)


async def groups_of_members(session: AsyncSession, team: Team) -> dict[int, frozenset[str]]:
    """The config's groups that each member is in, by `@name` or `platform:id`."""
    groups = settings.team_rules(team).groups
    if not groups:
        return {}
    rows = await session.execute(
        select(Account.member_id, Account.name, Account.handle, Workspace.platform)
        .join(Workspace, Workspace.id == Account.workspace_id)
        .where(Account.team_id == team.id)
    )
    found: dict[int, set[str]] = defaultdict(set)
    for member_id, name, handle, platform in rows:
        names = [name, *name.split()[:1], handle]
        known_as = {f"{platform}:{handle}", *(f"@{each.lower()}" for each in names)}
        for group, people in groups.items():
            if any(str(p) in known_as or str(p).lower() in known_as for p in people):
                found[member_id].add(group)
    return {member: frozenset(names) for member, names in found.items()}
