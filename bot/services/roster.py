"""Who is where: reads channels and people from the platforms, and knows who an actor is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Channel, Enrolment, Member, Ritual, RitualChannel, Workspace
from bot.domain.interactions import Actor
from bot.domain.messages import Person
from bot.domain.states import Choice, RitualState
from bot.ports import Channel as Place
from bot.ports import PermanentFailure, Profile, TemporaryFailure
from bot.runtime import Runtime
from bot.services import notices, settings
from bot.services.presence import forgotten

log = structlog.get_logger(__name__)

LONGEST_NAME = 120  # characters


@dataclass(frozen=True, slots=True)
class Read:
    """What a platform said about one channel of one ritual."""

    ritual_id: int
    platform: str
    place: Place
    people: Sequence[Profile]


async def sync(runtime: Runtime) -> list[str]:
    """Read every channel that a ritual names, and write down who is in it; returns what could not be read, and why."""
    async with runtime.sessions.read() as session:
        rituals = (
            await session.scalars(
                select(Ritual).where(Ritual.team_id == runtime.team_id, Ritual.state != RitualState.ARCHIVED)
            )
        ).all()
    read: list[Read] = []
    partly: set[int] = set()
    gone: list[tuple[Ritual, str]] = []
    problems: list[str] = []
    seen: dict[tuple[str, str], tuple[Place, Sequence[Profile]]] = {}
    for ritual in rituals:
        for reference in settings.rules(ritual).channel:
            where = (reference.platform, reference.reference)
            try:
                if where not in seen:
                    platform = runtime.platforms.get(reference.platform)
                    if platform is None:
                        raise PermanentFailure(f"nothing here speaks {reference.platform}")
                    place = await platform.find_channel(reference.reference)
                    seen[where] = place, await platform.members(place)
            except (PermanentFailure, TemporaryFailure) as failure:
                partly.add(ritual.id)
                if isinstance(failure, PermanentFailure):
                    gone.append((ritual, f"{reference}: {failure}"))
                problems.append(f"{ritual.name}: {reference}: {failure}")
                log.warning(
                    "channel_not_read", ritual=ritual.name, channel=str(reference), problem=str(failure)
                )
                continue
            read.append(Read(ritual.id, reference.platform, *seen[where]))
    now = runtime.clock.now()
    async with runtime.sessions.begin() as session:
        await record_roster(session, runtime.team_id, read, partly=partly, now=now)
        for ritual, problem in gone:
            await notices.channel_unreadable(session, ritual, problem, now=now)
    return problems


async def record_roster(
    session: AsyncSession, team_id: int, read: Sequence[Read], *, partly: Collection[int], now: datetime
) -> None:
    """Write down what the platforms said. Rituals that were not read, or only `partly`, keep the people they had."""
    await settings.lock_team(session, team_id)
    in_ritual: dict[int, set[int]] = {}
    places: dict[int, set[int]] = {}
    for one in read:
        workspace = await workspace_row(session, team_id, one.platform, one.place.workspace)
        channel = await session.scalar(
            select(Channel).where(Channel.workspace_id == workspace.id, Channel.handle == one.place.id)
        )
        if channel is None:
            channel = Channel(
                team_id=team_id,
                workspace_id=workspace.id,
                handle=one.place.id,
                name=one.place.name,
                synced_at=now,
            )
            session.add(channel)
            await session.flush()
        channel.name, channel.synced_at = one.place.name, now
        places.setdefault(one.ritual_id, set()).add(channel.id)
        people = await forgotten.without(session, workspace, one.people)
        accounts = await record_people(session, workspace, people, now=now)
        in_ritual.setdefault(one.ritual_id, set()).update(
            a.member_id for a in accounts if a.active and not a.is_bot and not a.is_guest
        )
    for ritual_id, members in in_ritual.items():
        whole = ritual_id not in partly
        await _enrol(session, team_id, ritual_id, members, whole=whole, now=now)
        await _places(session, team_id, ritual_id, places[ritual_id], whole=whole)
    await _mark_who_left(session, team_id, now=now)


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
            locale=profile.locale,
            is_bot=False,
            is_guest=False,
            is_admin=False,
            is_away=False,
            active=True,
        )
        session.add(account)
        known[profile.id] = account
    names = {a.member_id: a.name for a in known.values()}
    for profile in humans:
        account = known[profile.id]
        account.name, account.locale = profile.name, profile.locale
        account.timezone = profile.timezone if _is_zone(profile.timezone) else None
        account.is_guest, account.is_admin, account.is_away = (
            profile.is_guest,
            profile.is_admin,
            profile.is_away,
        )
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


async def _enrol(
    session: AsyncSession, team_id: int, ritual_id: int, members: set[int], *, whole: bool, now: datetime
) -> None:
    """Who leaves the channel leaves the ritual; who comes back counts as new from then on."""
    rows = {
        e.member_id: e
        for e in await session.scalars(select(Enrolment).where(Enrolment.ritual_id == ritual_id))
    }
    for member_id, row in rows.items():
        if member_id in members and not row.in_channel:
            row.in_channel = True
            if row.choice is None:
                row.enrolled_at = now
        elif member_id not in members and row.in_channel and whole:
            row.in_channel = False
            if row.choice is Choice.JOINED:
                row.choice = None
    session.add_all(
        new_enrolment(team_id, ritual_id, member_id, in_channel=True, now=now)
        for member_id in sorted(members - rows.keys())
    )
    await session.flush()


def new_enrolment(
    team_id: int, ritual_id: int, member_id: int, *, in_channel: bool, now: datetime
) -> Enrolment:
    """A member who has said nothing yet about a ritual."""
    return Enrolment(
        team_id=team_id,
        ritual_id=ritual_id,
        member_id=member_id,
        enrolled_at=now,
        in_channel=in_channel,
        choice=None,
        skips_next=False,
        prefers="either",
    )


async def _places(
    session: AsyncSession, team_id: int, ritual_id: int, channels: set[int], *, whole: bool
) -> None:
    rows = {
        p.channel_id: p
        for p in await session.scalars(select(RitualChannel).where(RitualChannel.ritual_id == ritual_id))
    }
    for channel_id, row in rows.items():
        row.active = channel_id in channels or (row.active and not whole)
    session.add_all(
        RitualChannel(team_id=team_id, ritual_id=ritual_id, channel_id=c, introduced_at=None, active=True)
        for c in sorted(channels - rows.keys())
    )


async def _mark_who_left(session: AsyncSession, team_id: int, *, now: datetime) -> None:
    """A member in no channel of any ritual, who joined none by their own word, has left; one who is back is back."""
    present = set(
        await session.scalars(
            select(Enrolment.member_id).where(
                Enrolment.team_id == team_id,
                or_(Enrolment.in_channel.is_(True), Enrolment.choice == Choice.JOINED),
            )
        )
    )
    for member in await session.scalars(select(Member).where(Member.team_id == team_id)):
        if member.id in present:
            member.left_at = None
        elif member.left_at is None:
            member.left_at = now


async def recognise(
    session: AsyncSession, team_id: int, actor: Actor, *, now: datetime
) -> tuple[Member, Account]:
    """The member who acts; somebody never seen before becomes one (and takes part in nothing yet)."""
    known = await session.execute(
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
    if row := known.first():
        row[1].is_admin = actor.is_admin
        return row[0], row[1]
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
    account.is_admin = actor.is_admin
    return await session.get_one(Member, account.member_id), account


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
