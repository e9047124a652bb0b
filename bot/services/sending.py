"""Sending what was claimed, and writing down what became of it. No transaction is open while a platform thinks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.inserting import insert_into
from bot.db.models import Conversation, Delivery, Hold
from bot.domain.messages import Code, Message, Say
from bot.domain.states import DeliveryState
from bot.ports import (
    Address,
    CannotTell,
    ChatPlatform,
    NeedsAdmin,
    PerhapsDone,
    PermanentFailure,
    Sent,
    TemporaryFailure,
    ToChannel,
    ToChat,
    ToPerson,
    Unreachable,
)
from bot.runtime import Runtime
from bot.services import notices, reached
from bot.services.claims import Claim, claim
from bot.services.outbox import owe_copies
from bot.services.recipients import Direct, OpenChat

log = structlog.get_logger(__name__)

AT_ONCE = 10  # sends under way at a time; lanes keep their order since a claim takes one a lane
DEFECTS = 5  # attempts before an unexpected error is taken as final
TRIES = 20  # attempts before a temporary failure is taken as final: about a day, with the pauses below
WORTH_A_MENTION = (
    "introduction",
    "bye",
    "no_match",
)  # reminders and questions are not: nobody is nagged in public
BY_MENTION = "by a mention in the channel"
LONGEST_PAUSE = timedelta(hours=2)
UNSURE = (
    8  # attempts that may have arrived, before it is given up: over seven hours, since each may be a double
)
ASK_AGAIN = 600.0  # seconds after which something that an admin has to mend is tried again
PATIENCE = timedelta(days=7)  # for which it is, where the message has no end of its own
LOCK = {"key_share": True}  # whoever takes it out of the outbox meanwhile is waited for


@dataclass(frozen=True, slots=True)
class Arrived:
    """The platform took it."""

    sent: Sent | None
    possibly_twice: bool = False
    reason: str | None = None  # what it may be twice for, or which rung reached the person


class NoWayLeft(Unreachable):
    """Every rung of the ladder was tried."""


Outcome = Arrived | TemporaryFailure | PermanentFailure | Unreachable | Exception


async def deliver(runtime: Runtime) -> int:
    """Claim a batch of what is due and send it; returns how many were tried. Safe to run anywhere, at any time."""
    async with runtime.sessions.begin() as session:
        claims = await claim(session, runtime.team_id, now=runtime.clock.now())
    limit = asyncio.Semaphore(AT_ONCE)
    shut: dict[int, NeedsAdmin] = {}  # workspaces that let the bot in no more: nothing more is tried there
    to_mend: dict[tuple[int, str | None, str], NeedsAdmin] = {}  # by workspace, channel and text

    async def one(claimed: Claim) -> None:
        async with limit:
            outcome = shut.get(claimed.workspace_id) or await _send(runtime, claimed)
            if isinstance(outcome, NeedsAdmin):
                to_mend[claimed.workspace_id, _channel_of(claimed), str(outcome)] = outcome
                if outcome.scope == "workspace":
                    shut[claimed.workspace_id] = outcome
            async with runtime.sessions.begin() as session:
                await settle(session, runtime.team_id, claimed, outcome, now=runtime.clock.now())

    await asyncio.gather(*(one(c) for c in claims))
    if to_mend:  # a transaction of its own: what is settled beside another may be such a notice itself
        async with runtime.sessions.begin() as session:
            for (workspace_id, channel, _), failure in to_mend.items():
                now = runtime.clock.now()
                await notices.waits_for_admin(session, workspace_id, channel, failure, now=now)
        runtime.owed.set()
    return len(claims)


def _channel_of(claimed: Claim) -> str | None:
    """The channel that a delivery goes to, if it does; a person is met in one by every rung but the first."""
    match claimed.to:
        case ToChannel(channel):
            return channel
        case Direct(rung=rung, near=near) if rung > 0:
            return near
    return None


async def _send(runtime: Runtime, claimed: Claim) -> Outcome:
    """Hand it to the platform; every way it can end is a value."""
    platform = runtime.platforms.get(claimed.platform)
    if platform is None:
        return TemporaryFailure(
            f"nothing here speaks {claimed.platform}", retry_after=3600, scope="workspace"
        )
    try:
        if claimed.is_edit:
            if claimed.edits is None:
                return PermanentFailure("the message it would have changed was never sent")
            if claimed.message.parts:
                await platform.edit(claimed.edits, claimed.message)
            else:
                await platform.remove(claimed.edits)
            return Arrived(claimed.edits)
        address, message, reason = await _address(runtime, platform, claimed)
        cannot_tell = None
        if claimed.uncertain:
            found = await platform.find_sent(address, message, key=claimed.key, since=claimed.owed_at)
            if isinstance(found, Sent):
                return Arrived(found, reason=reason)
            if isinstance(found, CannotTell):
                cannot_tell = found.reason
        sent = await platform.send(address, message, key=claimed.key)
        return Arrived(sent, possibly_twice=cannot_tell is not None, reason=cannot_tell or reason)
    except (TemporaryFailure, PermanentFailure, Unreachable, PerhapsDone) as failure:
        return failure
    except Exception as defect:  # counted as an attempt, recorded, and shown by `status`
        log.exception("delivery_defect", delivery=claimed.id)
        return defect


async def _address(
    runtime: Runtime, platform: ChatPlatform, claimed: Claim
) -> tuple[Address, Message, str | None]:
    """Where the platform sends it, and what: a rung without content gets a line that says where to look."""
    match claimed.to:
        case OpenChat(somebody_left=True):
            raise Unreachable("one of them has left the workspace")
        case OpenChat() as chat:
            handle = await platform.open_chat(chat.people, near=chat.near, key=chat.key)
            async with runtime.sessions.begin() as session:
                session.add(
                    Conversation(
                        team_id=runtime.team_id,
                        match_id=chat.match_id,
                        workspace_id=claimed.workspace_id,
                        handle=handle,
                        closed_at=None,
                    )
                )
            return ToChat(handle), claimed.message, None
        case Direct(account=account, rung=rung, near=near):
            if rung >= len(platform.ladder) or not account:
                raise NoWayLeft("no way is left to reach this person")
            step = platform.ladder[rung]
            if step == "mention":
                if claimed.what not in WORTH_A_MENTION:
                    raise NoWayLeft("this person takes no private messages, and it is not worth a mention")
                if near is None or claimed.addressee is None:
                    raise NoWayLeft("there is no channel to mention this person in")
                if not await platform.profiles([account]):
                    raise NoWayLeft("this person has left the workspace")
                knock = Message(
                    (Say("outbox.knock", {"person": claimed.addressee, "why": Code("/coffee why")}),)
                )
                return ToChannel(near), knock, BY_MENTION
            return ToPerson(account, step, near), claimed.message, None if rung == 0 else f"by {step}"
        case ToChannel() | ToChat() as place:
            return place, claimed.message, None


async def settle(
    session: AsyncSession, team_id: int, claimed: Claim, outcome: Outcome, *, now: datetime
) -> None:
    """Write down what became of a claimed delivery, and what follows from it."""
    delivery = await session.get(Delivery, claimed.id)
    if delivery is None:
        return
    await reached.hold(session, delivery)
    delivery = await session.get(Delivery, claimed.id, populate_existing=True, with_for_update=LOCK)
    if delivery is None or delivery.state is not DeliveryState.PENDING:
        return
    delivery.claimed_until = None
    match outcome:
        case Arrived(sent=sent, possibly_twice=twice, reason=reason):
            delivery.state = DeliveryState.POSSIBLY_TWICE if twice else DeliveryState.SENT
            delivery.sent_at, delivery.problem = now, reason
            if (
                sent is not None and reason != BY_MENTION
            ):  # a mention is not the message: edits leave it alone
                delivery.sent_in, delivery.sent_as = sent.conversation, sent.message
            await reached.arrived(session, delivery, now=now)
        case NeedsAdmin() as failure:
            await _wait_for_admin(session, delivery, claimed, failure, now=now)
        case TemporaryFailure() as failure if delivery.attempts < TRIES:
            delivery.problem = str(failure)
            delivery.due_at = now + _pause(delivery.attempts, failure.retry_after)
            if claimed.uncertain:
                delivery.claimed_until = delivery.due_at  # an earlier try may have arrived all the same
            if failure.scope == "workspace":
                await _hold(session, team_id, claimed.workspace_id, str(failure), until=delivery.due_at)
        case PerhapsDone() if delivery.attempts < UNSURE:
            delivery.problem = str(outcome)
            delivery.due_at = now + min(timedelta(minutes=4 ** (delivery.attempts - 1)), LONGEST_PAUSE)
            delivery.claimed_until = delivery.due_at  # so that it is looked for before it is sent again
        case PermanentFailure() if claimed.is_edit and claimed.edits is None:
            delivery.state, delivery.problem = DeliveryState.EXPIRED, str(outcome)
        case Unreachable() | PermanentFailure() if _is_to_group(delivery):
            gone = isinstance(outcome, PermanentFailure)
            delivery.state = DeliveryState.FAILED if gone else DeliveryState.SPLIT
            delivery.problem = str(outcome)
            await owe_copies(session, delivery, now=now)
        case Unreachable() if isinstance(claimed.to, Direct):
            delivery.rung += 1
            delivery.problem = str(outcome)
            if isinstance(outcome, NoWayLeft):
                await _give_up(session, delivery, DeliveryState.UNREACHABLE, now=now)
        case Exception() as error:
            expected = isinstance(error, TemporaryFailure | PermanentFailure | Unreachable | PerhapsDone)
            delivery.problem = str(error) if expected else f"{type(error).__name__}: {error}"
            if expected or delivery.attempts >= DEFECTS:
                await _give_up(session, delivery, DeliveryState.FAILED, now=now)
                if isinstance(error, PermanentFailure) and delivery.channel_id and not claimed.is_edit:
                    await notices.cannot_post(session, team_id, delivery.channel_id, str(error), now=now)
            else:
                delivery.due_at = now + _pause(delivery.attempts, None)
                delivery.claimed_until = delivery.due_at  # it may have arrived all the same: uncertain


async def _wait_for_admin(
    session: AsyncSession, delivery: Delivery, claimed: Claim, failure: NeedsAdmin, *, now: datetime
) -> None:
    """It waits, as if it had not been tried, for a week at most."""
    delivery.attempts -= 1
    delivery.problem = str(failure)
    if delivery.useful_until is None:
        delivery.useful_until = delivery.due_at + PATIENCE
    delivery.due_at = now + timedelta(seconds=failure.retry_after or ASK_AGAIN)
    if claimed.uncertain:
        delivery.claimed_until = delivery.due_at  # an earlier try may have arrived all the same
    else:
        await _release_merged(session, delivery)
    if failure.scope == "workspace":
        await _hold(session, delivery.team_id, claimed.workspace_id, str(failure), until=delivery.due_at)


async def _release_merged(session: AsyncSession, delivery: Delivery) -> None:
    """What was to go out inside it did not, and each may find another way, or its end, by itself."""
    await session.execute(
        update(Delivery)
        .where(Delivery.part_of_id == delivery.id, Delivery.state == DeliveryState.MERGED)
        .values(state=DeliveryState.PENDING, part_of_id=None)
        .execution_options(synchronize_session=False)
    )


def _is_to_group(delivery: Delivery) -> bool:
    """Whether it is a match's own message: if it cannot arrive there, each of them gets a copy."""
    return (
        delivery.match_id is not None
        and delivery.member_id is None
        and delivery.channel_id is None
        and delivery.edits_id is None
    )


async def _give_up(session: AsyncSession, delivery: Delivery, state: DeliveryState, *, now: datetime) -> None:
    """It will never arrive, nor will what was to go out inside it; those concerned are told."""
    delivery.state = state
    await session.execute(
        update(Delivery)
        .where(Delivery.part_of_id == delivery.id, Delivery.state == DeliveryState.MERGED)
        .values(state=state, problem=delivery.problem)
        .execution_options(synchronize_session=False)
    )
    await reached.not_arrived(session, delivery, now=now)


async def _hold(
    session: AsyncSession, team_id: int, workspace_id: int, reason: str, *, until: datetime
) -> None:
    """A workspace that is told to wait waits as a whole. (A lane waits by itself: its first is not due.)"""
    asked = insert_into(session, Hold).values(
        team_id=team_id, held=f"workspace:{workspace_id}", held_until=until, reason=reason
    )
    await session.execute(
        asked.on_conflict_do_update(
            index_elements=["team_id", "held"],
            set_={"held_until": asked.excluded.held_until, "reason": asked.excluded.reason},
            where=Hold.held_until < asked.excluded.held_until,
        )
    )


def _pause(attempts: int, retry_after: float | None) -> timedelta:
    """2 s, 4 s, 8 s … up to two hours, and at least as long as the platform says."""
    own = min(timedelta(seconds=2 ** min(attempts, 20)), LONGEST_PAUSE)
    return max(own, timedelta(seconds=retry_after or 0))
