"""Who is in which ritual: written down from what the platforms said, whoever left and came back included."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Channel, Enrolment, Member, RitualChannel, Workspace
from bot.domain.states import Choice
from bot.ports import Channel as Place
from bot.ports import Profile
from bot.services import settings
from bot.services.accounts import record_people, workspace_row
from bot.services.presence import forgotten


@dataclass(frozen=True, slots=True)
class Read:
    """What a platform said about one channel of one ritual; `name` is the config's, where it was renamed."""

    ritual_id: int
    platform: str
    place: Place
    people: Sequence[Profile] | None  # None: the platform does not show who is there
    guests: bool  # whether the ritual has them
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a platform said about people of one workspace who are in no channel that was read."""

    workspace_id: int
    asked_for: frozenset[str]
    people: Sequence[Profile]  # who is not among them has left the workspace


async def record(
    session: AsyncSession,
    team_id: int,
    read: Sequence[Read],
    elsewhere: Sequence[Elsewhere],
    *,
    partly: Collection[int],
    now: datetime,
) -> None:
    """Write down what the platforms said. Rituals that were not read, or only `partly`, keep the people they had.

    So do they in a workspace that does not show who is in their channel.
    """
    await settings.lock_team(session, team_id)
    in_ritual: dict[int, set[int]] = {}
    places: dict[int, set[int]] = {}
    kept_names = {(one.platform, one.place.id): one.name for one in read if one.name is not None}
    for one in read:
        workspace = await workspace_row(session, team_id, one.platform, one.place.workspace)
        channel = await _channel(session, workspace, one.place)
        channel.name = kept_names.get((one.platform, one.place.id), one.place.name)
        places.setdefault(one.ritual_id, set()).add(channel.id)
        here = in_ritual.setdefault(one.ritual_id, set())
        if one.people is None:
            channel.synced_at = None
            here.update(await _in_channel(session, one.ritual_id, workspace))
            continue
        channel.synced_at = now
        people = await forgotten.without(session, workspace, one.people)
        accounts = await record_people(session, workspace, people, now=now)
        here.update(
            a.member_id for a in accounts if a.active and not a.is_bot and (one.guests or not a.is_guest)
        )
    for ritual_id, members in in_ritual.items():
        whole = ritual_id not in partly
        await _enrol(session, team_id, ritual_id, members, whole=whole, now=now)
        await _places(session, team_id, ritual_id, places[ritual_id], whole=whole)
    for each in elsewhere:
        await _record_elsewhere(session, each, now=now)
    await _mark_who_left(session, team_id, now=now)


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


async def record_admins(
    session: AsyncSession,
    team_id: int,
    platform: str,
    workspace: str,
    people: Sequence[Profile],
    *,
    now: datetime,
) -> None:
    """Know those who are to be told what has to be mended; they take part in nothing by that."""
    row = await workspace_row(session, team_id, platform, workspace)
    await record_people(session, row, await forgotten.without(session, row, people), now=now)


async def _in_channel(session: AsyncSession, ritual_id: int, workspace: Workspace) -> Sequence[int]:
    """The members of a workspace who are in a channel of the ritual, as far as is known."""
    return (
        await session.scalars(
            select(Enrolment.member_id)
            .join(Account, Account.member_id == Enrolment.member_id)
            .where(
                Enrolment.ritual_id == ritual_id,
                Enrolment.in_channel.is_(True),
                Account.workspace_id == workspace.id,
                Account.active.is_(True),
            )
        )
    ).all()


async def _channel(session: AsyncSession, workspace: Workspace, place: Place) -> Channel:
    """The channel's row, made if it is new."""
    found: Channel | None = await session.scalar(
        select(Channel).where(Channel.workspace_id == workspace.id, Channel.handle == place.id)
    )
    if found is None:
        found = Channel(
            team_id=workspace.team_id,
            workspace_id=workspace.id,
            handle=place.id,
            name=place.name,
            synced_at=None,
        )
        session.add(found)
        await session.flush()
    return found


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


async def _record_elsewhere(session: AsyncSession, told: Elsewhere, *, now: datetime) -> None:
    """Keep them as the platform tells them now; whom it knows no longer has no account and no ritual there any more."""
    workspace = await session.get_one(Workspace, told.workspace_id)
    rows = await session.scalars(
        select(Account).where(
            Account.workspace_id == workspace.id, Account.handle.in_(told.asked_for), Account.active.is_(True)
        )
    )
    known = {account.handle: account for account in rows}
    await record_people(session, workspace, [p for p in told.people if p.id in known], now=now)
    here = {profile.id for profile in told.people}
    gone = [account for handle, account in known.items() if handle not in here]
    for account in gone:
        account.active = False
    await session.flush()
    members = {account.member_id for account in gone}
    still_somewhere = await session.scalars(
        select(Account.member_id).where(Account.member_id.in_(members), Account.active.is_(True))
    )
    left = members - set(still_somewhere)
    for row in await session.scalars(select(Enrolment).where(Enrolment.member_id.in_(left))):
        row.in_channel, row.choice = False, None
    await session.flush()


async def _mark_who_left(session: AsyncSession, team_id: int, *, now: datetime) -> None:
    """A member in no channel of any ritual, who joined none by their own word, has left; one who is back is back.

    Where a workspace does not show who is in a channel, whoever is in the workspace is taken to be there.
    """
    taking_part = select(Enrolment.member_id).where(
        Enrolment.team_id == team_id,
        or_(Enrolment.in_channel.is_(True), Enrolment.choice == Choice.JOINED),
    )
    unlisted = select(Channel.workspace_id).where(Channel.team_id == team_id, Channel.synced_at.is_(None))
    there = select(Account.member_id).where(Account.active.is_(True), Account.workspace_id.in_(unlisted))
    present = set(await session.scalars(taking_part)) | set(await session.scalars(there))
    for member in await session.scalars(select(Member).where(Member.team_id == team_id)):
        if member.id in present:
            member.left_at = None
        elif member.left_at is None:
            member.left_at = now
