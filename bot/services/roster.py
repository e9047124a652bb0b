"""Reads channels and people from the platforms, and says to the admins what could not be read as it should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config.references import ChannelRef
from bot.db.models import Account, Channel, Enrolment, Ritual, RitualChannel, Workspace
from bot.domain.states import Choice, RitualState
from bot.ports import (
    CannotTell,
    ChatPlatform,
    Finding,
    NeedsAdmin,
    PermanentFailure,
    Profile,
    TemporaryFailure,
)
from bot.ports import Channel as Place
from bot.runtime import Runtime
from bot.services import enrolments, notices, settings, unlisted
from bot.services.enrolments import Elsewhere, Read

log = structlog.get_logger(__name__)

Failure = PermanentFailure | TemporaryFailure
Handles = Mapping[
    tuple[str, str], str
]  # (platform, name in small letters) -> its id, of the channels of rituals


@dataclass(frozen=True, slots=True)
class Seen:
    """A channel that was read; `was` is what the config still calls it, where it was renamed."""

    place: Place
    people: Sequence[Profile] | CannotTell
    was: str | None = None

    @property
    def listed(self) -> Sequence[Profile]:
        """Who is in it, as far as the platform shows that."""
        return () if isinstance(self.people, CannotTell) else self.people


@dataclass(slots=True)
class Look:
    """What the platforms said, channel by channel, and the rituals that each channel is named by."""

    seen: dict[ChannelRef, Seen] = field(default_factory=dict)
    failed: dict[ChannelRef, Failure] = field(default_factory=dict)
    named_by: dict[ChannelRef, list[Ritual]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: list[Elsewhere] = field(default_factory=list)
    admins: dict[tuple[str, str], Sequence[Profile]] = field(default_factory=dict)
    """By platform and workspace: who is to be told that people are not shown there, and could not be known before."""
    troubles: dict[str, NeedsAdmin] = field(
        default_factory=dict
    )  # by platform: what keeps people from being read

    @property
    def read(self) -> list[Read]:
        """What was read, once for each ritual."""
        return [
            Read(
                ritual.id,
                reference.platform,
                seen.place,
                None if isinstance(seen.people, CannotTell) else seen.people,
                guests=settings.rules(ritual).guests,
                name=seen.was,
            )
            for reference, seen in self.seen.items()
            for ritual in self.named_by[reference]
        ]

    @property
    def partly(self) -> set[int]:
        """Rituals of which a channel was not read."""
        return {ritual.id for reference in self.failed for ritual in self.named_by[reference]}

    @property
    def until_mended(self) -> set[int]:
        """Rituals of which a channel cannot be read until somebody has mended something."""
        return {
            ritual.id
            for reference, failure in self.failed.items()
            if isinstance(failure, NeedsAdmin | PermanentFailure)
            for ritual in self.named_by[reference]
        }

    def troubles_of(self, reference: ChannelRef) -> Sequence[Finding]:
        """What is wrong with a channel that was read, as far as one of its rituals minds it."""
        rules = [settings.rules(ritual) for ritual in self.named_by[reference]]
        found = self.seen[reference].place.troubles
        return [each for each in found if any(one.minds(each.about) for one in rules)]

    @property
    def unlisted(self) -> dict[ChannelRef, str]:
        """Channels of which the platform does not show who is in them, and why."""
        seen = self.seen.items()
        return {reference: one.people.reason for reference, one in seen if isinstance(one.people, CannotTell)}

    @property
    def not_looked_for(self) -> set[int]:
        """Rituals of which somebody who left could not be noticed by a channel's list."""
        unlisted = {ritual.id for reference in self.unlisted for ritual in self.named_by[reference]}
        return self.until_mended | unlisted

    @property
    def shut_out(self) -> set[str]:
        """Platforms that let the bot in no more."""
        return {
            reference.platform
            for reference, failure in self.failed.items()
            if isinstance(failure, NeedsAdmin) and failure.scope == "workspace"
        }


async def sync(runtime: Runtime) -> list[str]:
    """Read every channel that a ritual names, and write down who is in it; returns what could not be read, and why.

    Who takes part by their own word and is in no channel that was read is asked about besides, once a workspace.
    """
    async with runtime.sessions.read() as session:
        rituals = (
            await session.scalars(
                select(Ritual)
                .where(Ritual.team_id == runtime.team_id, Ritual.state != RitualState.ARCHIVED)
                .order_by(Ritual.id)
            )
        ).all()
        handles = await _handles(session, runtime.team_id)
    look = Look()
    for ritual in rituals:
        for reference in settings.rules(ritual).channel:
            look.named_by[reference].append(ritual)
    for reference in look.named_by:
        await _read_channel(runtime, look, reference, handles)
    await _read_elsewhere(runtime, look)
    await _read_admins(runtime, look)
    now = runtime.clock.now()
    async with runtime.sessions.begin() as session:
        await enrolments.record(
            session, runtime.team_id, look.read, look.elsewhere, partly=look.partly, now=now
        )
        for (platform, workspace), admins in look.admins.items():
            await enrolments.record_admins(session, runtime.team_id, platform, workspace, admins, now=now)
        await _tell(session, runtime.team_id, look, handles, now=now)
    return [
        f"{ritual.name}: {reference}: {failure}"
        for reference, failure in look.failed.items()
        for ritual in look.named_by[reference]
    ]


async def _handles(session: AsyncSession, team_id: int) -> Handles:
    rows = await session.execute(
        select(Workspace.platform, Channel.name, Channel.handle)
        .join(Channel, Channel.workspace_id == Workspace.id)
        .join(RitualChannel, RitualChannel.channel_id == Channel.id)
        .where(RitualChannel.team_id == team_id, RitualChannel.active.is_(True))
        .order_by(Channel.id.desc())
    )
    return {(platform, name.casefold()): handle for platform, name, handle in rows}


async def _read_channel(runtime: Runtime, look: Look, reference: ChannelRef, handles: Handles) -> None:
    platform = runtime.platforms.get(reference.platform)
    try:
        if platform is None:
            raise PermanentFailure(f"nothing here speaks {reference.platform}")
        place, was = await _find(platform, reference, handles)
        people = await platform.members(place)
    except (PermanentFailure, TemporaryFailure) as failure:
        look.failed[reference] = failure
        log.warning("channel_not_read", channel=str(reference), problem=str(failure))
        return
    look.seen[reference] = Seen(place, people, was)
    for trouble in look.troubles_of(reference):
        log.warning("channel_needs_admin", channel=str(reference), problem=trouble.text)


async def _find(platform: ChatPlatform, reference: ChannelRef, handles: Handles) -> tuple[Place, str | None]:
    """The channel of that name; or else the one that had the name before, and the name."""
    try:
        return await platform.find_channel(reference.reference), None
    except PermanentFailure as unknown:
        handle = _handle(reference, handles)
        if handle is None or handle == reference.reference:
            raise
        try:
            return await platform.find_channel(handle), reference.reference.removeprefix("#")
        except PermanentFailure:
            raise unknown from None


def _handle(reference: ChannelRef, handles: Handles) -> str | None:
    """The platform's id of a channel that the config names, if it was ever read."""
    if not reference.reference.startswith("#"):
        return reference.reference
    return handles.get((reference.platform, reference.reference.removeprefix("#").casefold()))


async def _read_elsewhere(runtime: Runtime, look: Look) -> None:
    """Ask about those who take part and were in no channel that was read; a workspace that fails is left as it is.

    Of a workspace that does not show who is in a channel, everybody who is known is asked about.
    """
    met = {
        (reference.platform, seen.place.workspace, profile.id)
        for reference, seen in look.seen.items()
        for profile in seen.listed
    }
    joined = Enrolment.choice == Choice.JOINED
    stuck = and_(Enrolment.in_channel.is_(True), Enrolment.ritual_id.in_(look.not_looked_for))
    takes_part = and_(Ritual.state != RitualState.ARCHIVED, or_(joined, stuck))
    hidden = [(each.platform, look.seen[each].place.workspace) for each in look.unlisted]
    async with runtime.sessions.read() as session:
        rows = await session.execute(
            select(Workspace, Account.handle)
            .join(Account, Account.workspace_id == Workspace.id)
            .outerjoin(Enrolment, Enrolment.member_id == Account.member_id)
            .outerjoin(Ritual, Ritual.id == Enrolment.ritual_id)
            .where(
                Account.team_id == runtime.team_id,
                Account.active.is_(True),
                or_(takes_part, tuple_(Workspace.platform, Workspace.handle).in_(hidden)),
            )
            .order_by(Account.id)
        )
        wanted: dict[Workspace, dict[str, None]] = defaultdict(dict)  # in their order, each once
        for workspace, handle in rows:
            if (workspace.platform, workspace.handle, handle) not in met:
                wanted[workspace][handle] = None
    for workspace, accounts in wanted.items():
        platform = runtime.platforms.get(workspace.platform)
        if platform is None or workspace.platform in look.shut_out:
            continue
        try:
            people = await platform.profiles(list(accounts))
        except (PermanentFailure, TemporaryFailure) as failure:
            log.warning("people_not_read", platform=workspace.platform, problem=str(failure))
            if isinstance(failure, NeedsAdmin):
                look.troubles[workspace.platform] = failure
            continue
        look.elsewhere.append(Elsewhere(workspace.id, frozenset(accounts), people))


async def _read_admins(runtime: Runtime, look: Look) -> None:
    """Where people are not shown, the admins that the config names are not known either, and are to be told."""
    for reference in look.unlisted:
        if not any(map(unlisted.needs_list, look.named_by[reference])) and not look.troubles_of(reference):
            continue
        workspace = look.seen[reference].place.workspace
        if (reference.platform, workspace) not in look.admins:
            admins = await unlisted.unknown_admins(runtime, reference.platform)
            look.admins[reference.platform, workspace] = admins


async def _tell(session: AsyncSession, team_id: int, look: Look, handles: Handles, *, now: datetime) -> None:
    """Tell the admins what is not as it should be, each thing once."""
    team = await settings.team_row(session, team_id)
    for reference, failure in look.failed.items():
        where = f"{reference.platform}:{_handle(reference, handles) or reference.reference}"
        match failure:
            case NeedsAdmin():
                named = "" if failure.scope == "workspace" else str(reference)
                await notices.needs_admin(
                    session, team, reference.platform, failure, where=where, named=named, now=now
                )
            case PermanentFailure():
                names = [ritual.name for ritual in look.named_by[reference]]
                await notices.channel_unreadable(
                    session, team, names, f"{reference}: {failure}", where=where, now=now
                )
    for reference, reason in look.unlisted.items():
        names = [ritual.name for ritual in look.named_by[reference] if unlisted.needs_list(ritual)]
        if names:
            await notices.unlisted(session, team, names, reference, reason, now=now)
    for platform, trouble in look.troubles.items():
        await notices.needs_admin(session, team, platform, trouble, now=now)
    for reference, seen in look.seen.items():
        where, named = (f"{reference.platform}:{each}" for each in (seen.place.id, f"#{seen.place.name}"))
        for found in look.troubles_of(reference):
            lack = NeedsAdmin(found.text)
            await notices.needs_admin(
                session, team, reference.platform, lack, where=where, named=named, now=now
            )
        if seen.was is not None:
            names = [ritual.name for ritual in look.named_by[reference]]
            await notices.channel_renamed(session, team, names, reference, seen.place.name, now=now)
