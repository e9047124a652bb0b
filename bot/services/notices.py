"""What the admins are told without asking: each thing once, privately."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config.loading import Problem
from bot.config.references import ChannelRef
from bot.db.models import Account, Channel, Ritual, Team, Workspace
from bot.domain.messages import Code, Given, Line, Message, Moment, Part, Say, Values
from bot.domain.states import Attention
from bot.ports import NeedsAdmin
from bot.services import settings
from bot.services.outbox import Owed, owe_members

USEFUL_FOR = timedelta(days=3)
WHILE_IT_LASTS = timedelta(days=14)  # what has to be mended is worth telling after a long weekend too
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


async def channel_unreadable(
    session: AsyncSession, team: Team, rituals: Sequence[str], problem: str, *, where: str, now: datetime
) -> None:
    """A channel that rituals name is not there, or cannot be read; said once a month while it lasts.

    `where` ("slack:C024BE91L") is the channel, so that what else goes wrong there is not said besides.
    """
    named = Given(", ".join(rituals))
    said: Values = {"ritual": named, "count": len(rituals), "problem": Given(problem)}
    say = Say("admin.channel_unreadable", said)
    await _tell_to_mend(session, team, say, once=_monthly("channel", where, now=now), now=now)


async def cannot_post(
    session: AsyncSession, team_id: int, channel_id: int, problem: str, *, now: datetime
) -> None:
    """A channel takes no post of the bot's, for good; said once a month, and not where it cannot be read either."""
    team = await settings.team_row(session, team_id)
    channel = await session.get_one(Channel, channel_id)
    platform = (await session.get_one(Workspace, channel.workspace_id)).platform
    said: Values = {"channel": Given(f"{platform}:#{channel.name}"), "problem": Given(problem)}
    once = _monthly("channel", f"{platform}:{channel.handle}", now=now)
    await _tell_to_mend(session, team, Say("admin.cannot_post", said), once=once, now=now)


async def unlisted(
    session: AsyncSession,
    team: Team,
    rituals: Sequence[str],
    reference: ChannelRef,
    reason: str,
    *,
    now: datetime,
) -> None:
    """A platform does not show who is in a channel, of rituals that are for everybody there; said once."""
    said: Values = {
        "channel": Given(str(reference)),
        "ritual": Given(", ".join(rituals)),
        "count": len(rituals),
        "problem": Given(reason),
    }
    once = f"unlisted:{digest(f'{reference} {sorted(rituals)} {reason}')}"
    await _tell_to_mend(session, team, Say("admin.unlisted", said), once=once, now=now)


async def channel_renamed(
    session: AsyncSession,
    team: Team,
    rituals: Sequence[str],
    reference: ChannelRef,
    name: str,
    *,
    now: datetime,
) -> None:
    """A channel has another name than the config says, and was found all the same; said once."""
    said: Values = {
        "old": Given(reference.reference),
        "new": Given(f"#{name}"),
        "ritual": Given(", ".join(rituals)),
        "channel": Code(f'channel = "{reference.platform}:#{name}"'),
    }
    once = f"renamed:{digest(f'{reference} {name}')}"
    await _tell_to_mend(session, team, Say("admin.channel_renamed", said), once=once, now=now)


async def needs_admin(
    session: AsyncSession,
    team: Team,
    platform: str,
    failure: NeedsAdmin,
    *,
    where: str = "",
    named: str = "",
    now: datetime,
) -> None:
    """Something on a platform waits for an admin; said once a month while it lasts.

    Of one channel (`where` it is, and what it is `named`) or of all. If the platform lets the bot in no more, the
    admins are told where they have another account.
    """
    shut_out = failure.scope == "workspace"
    said: Values = {"platform": Given(platform.capitalize()), "problem": Given(str(failure))}
    if shut_out:
        when = Moment(now, settings.team_rules(team).timezone)
        say = Say("admin.shut_out", {**said, "when": when})
    elif named:
        say = Say("admin.needs_admin_in", {**said, "channel": Given(named)})
    else:
        say = Say("admin.needs_admin", said)
    there = select(Workspace.id).where(Workspace.team_id == team.id, Workspace.platform == platform)
    avoid = set(await session.scalars(there)) if shut_out else set()
    about = f"{platform if shut_out or not where else where} {failure}"
    once = _monthly("needs", about, now=now)
    await _tell_to_mend(session, team, say, once=once, avoid=avoid, now=now)


async def waits_for_admin(
    session: AsyncSession, workspace_id: int, channel: str | None, failure: NeedsAdmin, *, now: datetime
) -> None:
    """What is owed in a workspace, or in a channel of it (the platform's id), waits for an admin; said likewise."""
    workspace = await session.get_one(Workspace, workspace_id)
    row = await session.scalar(
        select(Channel).where(Channel.workspace_id == workspace_id, Channel.handle == channel)
    )
    await needs_admin(
        session,
        await settings.team_row(session, workspace.team_id),
        workspace.platform,
        failure,
        where=f"{workspace.platform}:{row.handle}" if row else "",
        named=f"{workspace.platform}:#{row.name}" if row else "",
        now=now,
    )


async def _tell_to_mend(
    session: AsyncSession, team: Team, say: Say, *, once: str, avoid: Collection[int] = (), now: datetime
) -> None:
    message = Message((say,))
    await tell_admins(session, team, message, once=once, useful_for=WHILE_IT_LASTS, avoid=avoid, now=now)


def _monthly(what: str, about: str, *, now: datetime) -> str:
    """Once a month for each thing that it is about."""
    return f"{what}:{digest(about)}:{now:%Y-%m}"


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
    session: AsyncSession,
    team: Team,
    message: Message,
    *,
    once: str,
    useful_for: timedelta = USEFUL_FOR,
    avoid: Collection[int] = (),
    now: datetime,
) -> None:
    """Owe every admin a message: those of the workspaces, and those the config names.

    Workspaces to `avoid`, by their ids, are taken only for those who are nowhere else.
    """
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
            useful_until=now + useful_for,
        )
        for member in admins
    }
    await owe_members(session, team.id, owed, avoid=avoid, now=now)
