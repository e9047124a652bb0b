"""What the admins are told without asking: each thing once, privately."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config.loading import Problem
from bot.db.models import Account, Ritual, Team, Workspace
from bot.domain.messages import Code, Given, Line, Message, Moment, Part, Say, Values
from bot.domain.states import Attention
from bot.services import settings
from bot.services.outbox import Owed, owe_members

USEFUL_FOR = timedelta(days=3)
PROBLEMS_SHOWN = 10


async def missed(session: AsyncSession, ritual: Ritual, team: Team, at: datetime, *, now: datetime) -> None:
    """A round did not open in time."""
    zone = settings.zone(ritual, team)
    values: Values = {"ritual": Given(ritual.name), "when": Moment(at, zone)}
    if ritual.next_round_at is not None:
        say = Say("admin.missed", {**values, "next": Moment(ritual.next_round_at, zone)})
    else:
        say = Say("admin.missed_last", values)
    await tell_admins(session, team, Message((say,)), once=f"missed:{ritual.id}:{at.isoformat()}", now=now)


async def config_broken(
    session: AsyncSession, team: Team, problems: Sequence[Problem], *, once: str, now: datetime
) -> None:
    """The config file went wrong while the bot was running."""
    lines: list[Part] = [Say("admin.config_broken", {"count": len(problems)})]
    # once while it is so: mended in between and broken again, it is news
    seen = f"config:{once}:{team.config_applied_at.isoformat()}"
    await tell_admins(session, team, Message((*lines, *problem_lines(problems))), once=seen, now=now)


async def channel_unreadable(session: AsyncSession, ritual: Ritual, problem: str, *, now: datetime) -> None:
    """A channel that a ritual names is not there, or cannot be read; said once a month while it lasts."""
    said: Values = {"ritual": Given(ritual.name), "problem": Given(problem)}
    await tell_admins(
        session,
        await settings.team_row(session, ritual.team_id),
        Message((Say("admin.channel_unreadable", said),)),
        once=f"channel:{ritual.id}:{digest(problem)}:{now:%Y-%m}",
        now=now,
    )


def digest(text: str) -> str:
    """A short name for a text of any length."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def problem_lines(problems: Sequence[Problem]) -> list[Line]:
    """Mistakes of a config as a list."""
    lines: list[Line] = []
    for problem in problems[:PROBLEMS_SHOWN]:
        values: Values = {"line": Given(str(problem.line)), "message": Given(problem.message)}
        if problem.key:
            lines.append(Line(Say("admin.problem", {**values, "key": Code(problem.key)})))
        else:
            lines.append(Line(Say("admin.problem_in_line", values)))
    return lines


async def tell_admins(
    session: AsyncSession, team: Team, message: Message, *, once: str, now: datetime
) -> None:
    """Owe every admin a message: those of the workspaces, and those the config names."""
    rules = settings.team_rules(team)
    rows = await session.execute(
        select(Account, Workspace.platform)
        .join(Workspace, Workspace.id == Account.workspace_id)
        .where(Account.team_id == team.id, Account.active.is_(True))
    )
    named = set() if rules.admins == "everyone" else {(r.platform, r.reference) for r in rules.admins}
    admins = {
        account.member_id
        for account, platform in rows
        if account.is_admin or (platform, account.handle) in named
    }
    owed = {
        member: Owed(
            what="notice",
            once=f"{once}:{member}",
            message=message,
            due_at=now,
            attention=Attention.PRIVATE,
            useful_until=now + USEFUL_FOR,
        )
        for member in admins
    }
    await owe_members(session, team.id, owed, now=now)
