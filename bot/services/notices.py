"""What the admins are told without asking: each thing once, privately."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config.loading import Problem
from bot.db.models import Account, Ritual, Team, Workspace
from bot.domain.messages import Given, Line, Message, Moment, Part, Say, Values
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
    await tell_admins(
        session, team, Message((*lines, *problem_lines(problems))), once=f"config:{once}", now=now
    )


def problem_lines(problems: Sequence[Problem]) -> list[Line]:
    """Mistakes of a config as a list."""
    return [
        Line(
            Say(
                "admin.problem",
                {
                    "where": Given(f"line {p.line}, {p.key}" if p.key else f"line {p.line}"),
                    "message": Given(p.message),
                },
            )
        )
        for p in problems[:PROBLEMS_SHOWN]
    ]


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
