"""Claiming what is due in the outbox: the first of each lane, unless its people want quiet or their week is full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    bindparam,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.db.models import Delivery, Hold
from bot.domain.attention import not_before, somebodys_week_is_full
from bot.domain.contents import people_in, with_people
from bot.domain.messages import Message, Person, from_json
from bot.domain.states import Attention, DeliveryState
from bot.ports import Sent
from bot.services import reached, settings
from bot.services.recipients import COUNTED, Context, Where, read_context

CLAIM = timedelta(minutes=2)
BATCH = 100
MERGE_AT_MOST = 4
TOO_LATE = "it was of no use any more before it could be sent"
QUIET = "quiet hours or days off would have lasted until it was of no use"
WEEK_FULL = "the messages of the week were used up until it would have been of no use"


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to send until the claim runs out; all that sending needs, no row among it."""

    id: int
    what: str
    platform: str
    workspace_id: int
    lane: str
    to: Where
    message: Message
    addressee: Person | None
    owed_at: datetime
    attempts: int  # this one included
    uncertain: bool  # an earlier attempt may have arrived
    is_edit: bool
    edits: Sent | None  # the message that is replaced, if it went out

    @property
    def key(self) -> str:
        """The delivery's id as platforms are told it."""
        return f"kinkeeper-{self.id}"


async def claim(session: AsyncSession, team_id: int, *, now: datetime) -> list[Claim]:
    """Claim what may be sent now, at most one delivery a lane; the rest is given its new due time or has expired."""
    due = await _due(session, team_id, now=now)
    if not due:
        return []
    team = await settings.team_row(session, team_id)
    budget = settings.team_rules(team).messages_per_week
    context = await read_context(session, team, due, now=now)
    claims: list[Claim] = []
    for delivery in due:
        if delivery.useful_until is not None and delivery.useful_until <= now:
            _expire(delivery, TOO_LATE)
            await reached.in_vain(session, delivery, now=now)
            continue
        people = context.recipients(delivery)
        wait = not_before(delivery.attention, people, now=now, messages_per_week=budget)
        if wait > now and delivery.claimed_until is None:
            if delivery.useful_until is None or delivery.useful_until > wait:
                delivery.due_at = wait
                continue
            full = somebodys_week_is_full(people, now=now, messages_per_week=budget)
            _expire(delivery, WEEK_FULL if full and delivery.attention is Attention.PRIVATE else QUIET)
            await reached.in_vain(session, delivery, now=now)
            continue
        claimed = await session.execute(
            update(Delivery)
            .where(
                Delivery.id == delivery.id,
                Delivery.state == DeliveryState.PENDING,
                or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= now),
            )
            .values(claimed_until=now + CLAIM, attempts=Delivery.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        if claimed.rowcount != 1:  # type: ignore[attr-defined]
            continue
        if delivery.attention in COUNTED and delivery.edits_id is None:
            context.count(delivery, now=now)
        claims.append(await _as_claim(session, delivery, context, now=now))
    return claims


@cache
def next_due() -> ScalarSelect[datetime]:
    """When the outbox has something to do next (UTC; may be past), of the team bound to `team`; NULL if never."""
    held = select(Hold.held).where(Hold.team_id == bindparam("team"))
    return (
        select(func.min(func.coalesce(Delivery.claimed_until, Delivery.due_at)))
        .where(
            Delivery.team_id == bindparam("team"),
            Delivery.state == DeliveryState.PENDING,
            ("workspace:" + cast(Delivery.workspace_id, String)).not_in(held),
            _is_head(),
        )
        .scalar_subquery()
    )


@cache
def next_release() -> ScalarSelect[datetime]:
    """When the first workspace that was told to wait may be sent to again, of the team bound to `team`."""
    return select(func.min(Hold.held_until)).where(Hold.team_id == bindparam("team")).scalar_subquery()


@cache
def _is_head() -> ColumnElement[bool]:
    """No earlier delivery of the lane is still pending."""
    earlier = aliased(Delivery)
    return ~exists().where(
        earlier.team_id == Delivery.team_id,
        earlier.lane == Delivery.lane,
        earlier.state == DeliveryState.PENDING,
        earlier.id < Delivery.id,
    )


@cache
def _due_now() -> Select[Delivery]:
    """Heads of lanes that are due at `now`, unclaimed or with a claim that ran out."""
    return (
        select(Delivery)
        .where(
            Delivery.team_id == bindparam("team"),
            Delivery.state == DeliveryState.PENDING,
            Delivery.due_at <= bindparam("now"),
            or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= bindparam("now")),
            _is_head(),
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


async def _due(session: AsyncSession, team_id: int, *, now: datetime) -> Sequence[Delivery]:
    holds = (await session.scalars(select(Hold).where(Hold.team_id == team_id))).all()
    held = [hold.held for hold in holds if hold.held_until > now]
    if len(held) < len(holds):
        await session.execute(delete(Hold).where(Hold.team_id == team_id, Hold.held_until <= now))
    query = _due_now()
    if held:
        query = query.where(Delivery.workspace_id.not_in([int(h.partition(":")[2]) for h in held]))
    return (await session.scalars(query, {"team": team_id, "now": now})).all()


def _expire(delivery: Delivery, reason: str) -> None:
    """It is not sent any more; what it waited for before, if anything, is the better reason."""
    delivery.state, delivery.claimed_until = DeliveryState.EXPIRED, None
    delivery.problem = delivery.problem or reason


async def _merge(session: AsyncSession, head: Delivery, *, now: datetime) -> list[Message]:
    """The messages that go out inside `head`: other private ones to the same person that are due too.

    Which they are is written down, so that a second attempt sends just the same.
    """
    if head.attention is not Attention.PRIVATE or head.member_id is None or head.part_of_id is not None:
        return []  # a copy of a group message is edited as a whole, so it stands alone
    if not head.attempts:
        waiting = (
            await session.scalars(
                select(Delivery)
                .where(
                    Delivery.team_id == head.team_id,
                    Delivery.lane == head.lane,
                    Delivery.id > head.id,
                    Delivery.state == DeliveryState.PENDING,
                )
                .order_by(Delivery.id)
                .limit(MERGE_AT_MOST)
            )
        ).all()
        for other in waiting:
            if (
                other.attention is not Attention.PRIVATE
                or other.due_at > now
                or other.edits_id
                or other.part_of_id
            ):
                break
            if other.useful_until is None or other.useful_until > now:
                other.state, other.part_of_id = DeliveryState.MERGED, head.id
            else:
                _expire(other, TOO_LATE)
        await session.flush()
    merged = await session.scalars(
        select(Delivery)
        .where(Delivery.part_of_id == head.id, Delivery.state == DeliveryState.MERGED)
        .order_by(Delivery.id)
    )
    return [from_json(m.message) for m in merged]


async def _as_claim(session: AsyncSession, delivery: Delivery, context: Context, *, now: datetime) -> Claim:
    message = from_json(delivery.message)
    for other in await _merge(session, delivery, now=now):
        message += other
    workspace = context.workspaces[delivery.workspace_id]
    original = await session.get(Delivery, delivery.edits_id) if delivery.edits_id else None
    return Claim(
        id=delivery.id,
        what=delivery.what,
        platform=workspace.platform,
        workspace_id=workspace.id,
        lane=delivery.lane,
        to=context.address(delivery),
        message=with_people(message, await context.people(session, workspace.id, people_in(message))),
        addressee=context.person(delivery.member_id, workspace.id) if delivery.member_id else None,
        owed_at=delivery.owed_at,
        attempts=delivery.attempts + 1,
        uncertain=delivery.claimed_until is not None,
        edits=Sent(original.sent_in, original.sent_as)
        if original is not None and original.sent_in and original.sent_as
        else None,
        is_edit=delivery.edits_id is not None,
    )
