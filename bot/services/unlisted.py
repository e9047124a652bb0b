"""Channels of which a platform does not show who is in them: what lacks that, and how people are known all the same."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy import select

from bot.db.models import Account, Channel, Ritual, Workspace
from bot.domain.interactions import Command, Interaction, Shortcut, Submit
from bot.domain.thanks import mentioned
from bot.ports import PermanentFailure, Profile, TemporaryFailure
from bot.runtime import Runtime
from bot.services import settings
from bot.services.accounts import record_people
from bot.services.presence import forgotten

MOST_AT_ONCE = 10  # people who are named in one command or form

log = structlog.get_logger(__name__)


def needs_list(ritual: Ritual) -> bool:
    """Whether a ritual is for everybody in its channel, and so cannot do without a list of them."""
    return "members" in settings.rules(ritual).needs


async def unknown_admins(runtime: Runtime, platform: str) -> Sequence[Profile]:
    """The admins that the config names on a platform and that have never been seen there; none if it fails."""
    async with runtime.sessions.read() as session:
        admins = settings.team_rules(await settings.team_row(session, runtime.team_id)).admins
        known = set(
            await session.scalars(
                select(Account.handle)
                .join(Workspace, Workspace.id == Account.workspace_id)
                .where(Account.team_id == runtime.team_id, Workspace.platform == platform)
            )
        )
    named = [] if admins == "everyone" else [r.reference for r in admins if r.platform == platform]
    wanted = [handle for handle in named if handle not in known]
    if not wanted:
        return []
    try:
        return await runtime.platforms[platform].profiles(wanted)
    except (PermanentFailure, TemporaryFailure) as failure:
        log.warning("admins_not_read", platform=platform, problem=str(failure))
        return []


async def meet_named(runtime: Runtime, happened: Interaction) -> None:
    """Ask about the people whom somebody names, and who have never been seen: no list will ever bring them.

    Who had themselves forgotten stays so. If the platform does not answer, they stay unknown.
    """
    actor = happened.actor
    platform = runtime.platforms.get(actor.platform)
    named = sorted(_named(happened))
    if platform is None or not named:
        return
    async with runtime.sessions.read() as session:
        workspace = await session.scalar(
            select(Workspace).where(
                Workspace.team_id == runtime.team_id,
                Workspace.platform == actor.platform,
                Workspace.handle == actor.workspace,
                Workspace.id.in_(select(Channel.workspace_id).where(Channel.synced_at.is_(None))),
            )
        )
        if workspace is None:
            return
        known = await session.scalars(
            select(Account.handle).where(
                Account.workspace_id == workspace.id, Account.handle.in_(named), Account.active.is_(True)
            )
        )
        unknown = set(named) - set(known)
    if not unknown:
        return
    try:
        people = await platform.profiles(sorted(unknown)[:MOST_AT_ONCE])
    except (PermanentFailure, TemporaryFailure) as failure:
        log.warning("people_not_read", platform=actor.platform, problem=str(failure))
        return
    async with runtime.sessions.begin() as session:
        await settings.lock_team(session, runtime.team_id)
        new = await forgotten.without(session, workspace, people)
        await record_people(session, workspace, new, now=runtime.clock.now())


def _named(happened: Interaction) -> set[str]:
    """The accounts that are named in what somebody typed or chose."""
    match happened:
        case Command(text=text, own_words=own_words):
            return mentioned(text) | mentioned(own_words or "")
        case Submit(values=values):
            return {account for text in values.values() for account in mentioned(text)}
        case Shortcut(person=person):
            return {person}
        case _:
            return set()
