"""Rooms to talk in are opened in time and taken away again; no transaction is open while a platform thinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import structlog
from sqlalchemy import ScalarSelect, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import (
    Account,
    Channel,
    Match,
    MatchMember,
    Ritual,
    RitualChannel,
    Round,
    VoiceRoom,
    Workspace,
)
from bot.domain.messages import Given, Say
from bot.domain.phrasing import list_text, plain
from bot.domain.states import RitualState
from bot.ports import (
    CannotTell,
    ChatPlatform,
    NeedsAdmin,
    PermanentFailure,
    TemporaryFailure,
    Unreachable,
)
from bot.runtime import Runtime
from bot.services import notices, settings
from bot.services.coffee.room_messages import say_gone, say_where
from bot.services.coffee.rooms import OPENS_BEFORE

log = structlog.get_logger(__name__)

CLAIM = timedelta(minutes=2)
TRIED_AGAIN = timedelta(minutes=1)  # while it is to be open
TAKEN_AWAY_AGAIN = timedelta(minutes=10)
PATIENCE = timedelta(days=1)  # for which a room that cannot be taken away is tried again
LONGEST_NAME = 100  # characters


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done with a room that was claimed; all that the platform is asked with, no row among it."""

    room_id: int
    workspace_id: int
    platform: str
    handle: str | None  # the platform's id, where it is known
    is_over: bool  # it is to be taken away
    people: tuple[str, ...]
    near: str
    name: str

    @property
    def key(self) -> str:
        """What the room is called when it is asked for a second time."""
        return f"kinkeeper-voice-{self.room_id}"


@dataclass(frozen=True, slots=True)
class Opened:
    """It is there."""

    handle: str


@dataclass(frozen=True, slots=True)
class TakenAway:
    """It is not there, or not any more."""


Outcome = Opened | TakenAway | CannotTell | Exception


async def rooms_due(session: AsyncSession, team_id: int, *, now: datetime) -> Sequence[int]:
    """The rooms with which something is to be done."""
    return (
        await session.scalars(
            select(VoiceRoom.id)
            .where(
                VoiceRoom.team_id == team_id,
                VoiceRoom.due_at <= now,
                or_(VoiceRoom.claimed_until.is_(None), VoiceRoom.claimed_until <= now),
            )
            .order_by(VoiceRoom.due_at, VoiceRoom.id)
        )
    ).all()


@cache
def next_room() -> ScalarSelect[datetime]:
    """When the next room is opened or taken away (UTC), of the team bound to `team`."""
    return (
        select(func.min(func.coalesce(VoiceRoom.claimed_until, VoiceRoom.due_at)))
        .where(VoiceRoom.team_id == bindparam("team"), VoiceRoom.due_at.is_not(None))
        .scalar_subquery()
    )


async def tend(runtime: Runtime, room_id: int) -> None:
    """Open a room, or take it away, whichever is due. Safe to run anywhere, at any time."""
    async with runtime.sessions.begin() as session:
        task = await _claim(session, room_id, now=runtime.clock.now())
    if task is None:
        return
    outcome = await _do(runtime, task)
    now = runtime.clock.now()
    async with runtime.sessions.begin() as session:
        await _settle(session, task, outcome, now=now)
    if isinstance(outcome, NeedsAdmin):
        async with runtime.sessions.begin() as session:
            await notices.waits_for_admin(session, task.workspace_id, task.near, outcome, now=now)


async def _claim(session: AsyncSession, room_id: int, *, now: datetime) -> Task | None:
    """What is to be done, and the room ours until the claim runs out; None if somebody else is at it, or nothing is."""
    claimed = await session.execute(
        update(VoiceRoom)
        .where(
            VoiceRoom.id == room_id,
            VoiceRoom.due_at <= now,
            or_(VoiceRoom.claimed_until.is_(None), VoiceRoom.claimed_until <= now),
        )
        .values(claimed_until=now + CLAIM, attempts=VoiceRoom.attempts + 1)
        .returning(VoiceRoom.id)
        .execution_options(synchronize_session=False)
    )
    if claimed.scalar() is None:
        return None
    room = await session.get_one(VoiceRoom, room_id)
    match = await session.get_one(Match, room.match_id)
    round_ = await session.get_one(Round, match.round_id)
    ritual = await session.get_one(Ritual, round_.ritual_id)
    rows = await session.execute(
        select(Account.handle, Account.name)
        .join(MatchMember, MatchMember.member_id == Account.member_id)
        .where(
            MatchMember.match_id == match.id,
            Account.workspace_id == room.workspace_id,
            Account.active.is_(True),
        )
        .order_by(MatchMember.id, Account.id)
    )
    people = rows.all()
    near = await _near(session, ritual, room.workspace_id)
    is_wanted = (
        room.closes_at > now
        and len(people) > 1
        and ritual.state is not RitualState.ARCHIVED
        and ritual.kind == "coffee"
        and settings.coffee_rules(ritual).voice
    )
    never_tried = room.attempts == 1
    if room.handle is None and (near is None or (never_tried and not is_wanted)):
        room.due_at = room.claimed_until = None
        return None
    if not is_wanted:
        room.closes_at = min(room.closes_at, now)
    named = list_text([name for _, name in people])
    return Task(
        room_id=room.id,
        workspace_id=room.workspace_id,
        platform=(await session.get_one(Workspace, room.workspace_id)).platform,
        handle=room.handle,
        is_over=not is_wanted,
        people=tuple(handle for handle, _ in people),
        near=near or "",
        name=plain(Say("coffee.voice_name", {"people": Given(named)}))[:LONGEST_NAME],
    )


async def _near(session: AsyncSession, ritual: Ritual, workspace_id: int) -> str | None:
    """A channel of the ritual in the workspace: the oldest."""
    found: str | None = await session.scalar(
        select(Channel.handle)
        .join(RitualChannel, RitualChannel.channel_id == Channel.id)
        .where(RitualChannel.ritual_id == ritual.id, Channel.workspace_id == workspace_id)
        .order_by(RitualChannel.active.desc(), Channel.id)
        .limit(1)
    )
    return found


async def _do(runtime: Runtime, task: Task) -> Outcome:
    """Ask the platform; every way it can end is a value."""
    platform = runtime.platforms.get(task.platform)
    if platform is None:
        return TemporaryFailure(f"nothing here speaks {task.platform}")
    try:
        if not task.is_over:
            return await _open(platform, task)
        # what a process that died had opened is found by its key, so that it does not stay
        there = Opened(task.handle) if task.handle is not None else await _open(platform, task)
        if isinstance(there, Opened):
            await platform.close_voice(there.handle)
        return TakenAway()
    except (TemporaryFailure, PermanentFailure, Unreachable) as failure:
        return failure
    except Exception as defect:  # recorded, and tried again
        log.exception("voice_room_defect", room=task.room_id)
        return defect


async def _open(platform: ChatPlatform, task: Task) -> Opened | CannotTell:
    if task.handle is not None:
        return Opened(task.handle)
    made = await platform.open_voice(task.people, near=task.near, name=task.name, key=task.key)
    return made if isinstance(made, CannotTell) else Opened(made)


async def _settle(session: AsyncSession, task: Task, outcome: Outcome, *, now: datetime) -> None:
    """Write down what became of it. Meanwhile another time may have been chosen, and the room be wanted or not."""
    room = await session.get(VoiceRoom, task.room_id, populate_existing=True, with_for_update=True)
    if room is None:
        return
    room.claimed_until = None
    match outcome:
        case Opened(handle=handle):
            is_new = room.handle is None
            room.handle, room.problem = handle, None
            room.due_at = max(room.closes_at, now)
            if is_new and room.closes_at > now:
                await say_where(session, room, name=task.name, now=now)
        case TakenAway():
            if room.handle is not None:
                await say_gone(session, room, now=now)
            room.handle, room.problem, room.attempts = None, None, 0
            chosen_again = room.closes_at > now
            room.due_at = max(room.meets_at - OPENS_BEFORE, now) if chosen_again else None
        case _:
            _not_done(room, task, outcome, now=now)


def _not_done(room: VoiceRoom, task: Task, why: CannotTell | Exception, *, now: datetime) -> None:
    """It is tried again where that may be of use; else there is no room, and they meet wherever they like."""
    is_final = isinstance(why, CannotTell | PermanentFailure | Unreachable)
    room.problem = why.reason if isinstance(why, CannotTell) else str(why) or type(why).__name__
    log.info("voice_room_not_done", room=room.id, problem=room.problem)
    if isinstance(why, TemporaryFailure) and not task.is_over and room.handle is None:
        room.attempts -= 1  # certainly not opened
    if is_final or now - room.closes_at > PATIENCE:
        room.due_at = None
        return
    pause = TAKEN_AWAY_AGAIN if task.is_over else TRIED_AGAIN
    asked = timedelta(seconds=(why.retry_after or 0) if isinstance(why, TemporaryFailure) else 0)
    again = now + max(pause, asked)
    room.due_at = again if task.is_over else min(again, max(room.closes_at, now))
