"""Who is where: reads channels and people from the platforms, and writes down who is in which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Channel, Enrolment, Member, Ritual, RitualChannel
from bot.domain.states import Choice, RitualState
from bot.ports import Channel as Place
from bot.ports import PermanentFailure, Profile, TemporaryFailure
from bot.runtime import Runtime
from bot.services import notices, settings
from bot.services.accounts import record_people, workspace_row
from bot.services.presence import forgotten

log = structlog.get_logger(__name__)


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
