"""Who somebody is: the accounts that platforms tell of, and the member behind each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Member, Workspace
from bot.domain.interactions import Actor
from bot.domain.messages import Person
from bot.ports import Profile
from bot.services import away, settings
from bot.services.presence import forgotten

LONGEST_NAME = 120  # characters


async def workspace_row(session: AsyncSession, team_id: int, platform: str, handle: str) -> Workspace:
    """The workspace's row, made if it is new."""
    row = await session.scalar(
        select(Workspace).where(
            Workspace.team_id == team_id, Workspace.platform == platform, Workspace.handle == handle
        )
    )
    if row is None:
        row = Workspace(team_id=team_id, platform=platform, handle=handle)
        session.add(row)
        await session.flush()
    return row


async def record_people(
    session: AsyncSession, workspace: Workspace, people: Sequence[Profile], *, now: datetime
) -> list[Account]:
    """Accounts as the platform tells them now; a member is made for each new person. Bots are nobody's account."""
    humans = [replace(p, name=_as_kept(p.name)) for p in people if not p.is_bot]
    known = {
        a.handle: a
        for a in await session.scalars(select(Account).where(Account.workspace_id == workspace.id))
    }
    fresh = [p for p in humans if p.id not in known]
    members = [
        Member(
            team_id=workspace.team_id,
            name=p.name,
            timezone=None,
            working_hours=None,
            quiet_hours=None,
            zone_asked_at=None,
            joined_at=now,
            left_at=None,
        )
        for p in fresh
    ]
    session.add_all(members)
    await session.flush()
    for profile, member in zip(fresh, members, strict=True):
        account = Account(
            team_id=workspace.team_id,
            member_id=member.id,
            workspace_id=workspace.id,
            handle=profile.id,
            name=profile.name,
            timezone=None,
            locale="",
            is_bot=False,
            is_guest=False,
            is_admin=False,
            away=[],
            active=True,
        )
        session.add(account)
        known[profile.id] = account
    names = {a.member_id: a.name for a in known.values()}
    for profile in humans:
        account = known[profile.id]
        account.name, account.locale = profile.name, profile.locale or account.locale
        account.timezone = profile.timezone if _is_zone(profile.timezone) else None
        account.is_guest, account.is_admin = profile.is_guest, profile.is_admin
        account.away = away.as_kept(profile.away)
        account.active = True
        if names.get(account.member_id) != profile.name:
            (await session.get_one(Member, account.member_id)).name = profile.name
    await session.flush()
    return [known[p.id] for p in humans]


def _as_kept(name: str) -> str:
    """A name as the database takes it, whatever a platform allows."""
    return name.replace("\x00", "").strip()[:LONGEST_NAME]


def _is_zone(name: str | None) -> bool:
    try:
        return name is not None and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):  # not found; not a name; a directory
        return False


async def known_account(session: AsyncSession, team_id: int, actor: Actor) -> tuple[Member, Account] | None:
    """The member who acts, if they were ever seen; nothing is written."""
    found = await session.execute(
        select(Member, Account)
        .join(Account, Account.member_id == Member.id)
        .join(Workspace, Workspace.id == Account.workspace_id)
        .where(
            Workspace.team_id == team_id,
            Workspace.platform == actor.platform,
            Workspace.handle == actor.workspace,
            Account.handle == actor.account,
        )
    )
    row = found.first()
    return (row[0], row[1]) if row else None


async def recognise(
    session: AsyncSession, team_id: int, actor: Actor, *, now: datetime
) -> tuple[Member, Account]:
    """The member who acts; somebody never seen before becomes one (and takes part in nothing yet)."""
    if known := await known_account(session, team_id, actor):
        _as_they_act(known[1], actor)
        return known
    workspace = await workspace_row(session, team_id, actor.platform, actor.workspace)
    found = select(Account).where(Account.workspace_id == workspace.id, Account.handle == actor.account)
    account = await session.scalar(found)
    if account is None:
        await settings.lock_team(session, team_id)  # they may be read from the channel at this moment
        account = await session.scalar(found)
    if account is None:
        await forgotten.lift(session, workspace, actor.account)
        profile = Profile(id=actor.account, name=actor.name, is_admin=actor.is_admin)
        [account] = await record_people(session, workspace, [profile], now=now)
    _as_they_act(account, actor)
    return await session.get_one(Member, account.member_id), account


def _as_they_act(account: Account, actor: Actor) -> None:
    """What an event tells of who caused it."""
    account.is_admin, account.active = actor.is_admin, True
    account.locale = actor.locale or account.locale


async def named(
    session: AsyncSession, team_id: int, actor: Actor, members: Collection[int]
) -> dict[int, Person]:
    """Members as the actor knows them: their name, and their handle in the actor's workspace if they have one there."""
    handles = (
        select(Account.member_id, Account.handle)
        .join(Workspace, Workspace.id == Account.workspace_id)
        .where(
            Workspace.team_id == team_id,
            Workspace.platform == actor.platform,
            Workspace.handle == actor.workspace,
            Account.active.is_(True),
        )
        .subquery()
    )
    rows = await session.execute(
        select(Member.id, Member.name, handles.c.handle)
        .outerjoin(handles, handles.c.member_id == Member.id)
        .where(Member.id.in_(members))
    )
    return {member_id: Person(member_id, name, handle or "") for member_id, name, handle in rows}
