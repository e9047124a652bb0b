"""Roundups: the public thanks since the last one, gathered in the channel once, each in the sender's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Delivery, Ritual, Team, Thanks
from bot.domain.states import Attention, DeliveryState, RitualState
from bot.rituals.thanks import ThanksView, in_posts, roundup, taken_back
from bot.services import settings
from bot.services.gratitude.thanks_copies import COPY, from_now_on, recipients_of, view
from bot.services.outbox import Owed, owe_ritual
from bot.services.teams import rituals_due, roundup_cadence, schedule_roundup

log = structlog.get_logger(__name__)

ROUNDUP = "roundup"
FIRST_REACHES_BACK = timedelta(days=62)  # a team that begins with roundups is not read years of thanks


async def due_roundups(session: AsyncSession, team_id: int, *, now: datetime) -> Sequence[int]:
    """The rituals whose thanks are to be gathered."""
    return await rituals_due(session, team_id, Ritual.next_roundup_at, now=now)


async def gather(session: AsyncSession, ritual_id: int, *, now: datetime) -> int:
    """Gather a ritual's thanks if that is still due; how many there were.

    One that is late by more than the team's `grace` is left out; its thanks stay for the next.
    """
    ritual = await session.get(Ritual, ritual_id, with_for_update=True)
    if ritual is None or ritual.state is not RitualState.ACTIVE:
        return 0
    if ritual.next_roundup_at is None or ritual.next_roundup_at > now:
        return 0
    team = await settings.team_row(session, ritual.team_id)
    meant_for = _latest_due(ritual, team, now=now)
    schedule_roundup(ritual, team, after=max(now, meant_for))
    if now - meant_for > settings.team_rules(team).grace:
        log.warning("roundup_missed", ritual=ritual.name, scheduled_for=meant_for)
        return 0
    gathered = await _not_gathered(session, ritual, now=now)
    recipients = await recipients_of(session, [thanks.id for thanks in gathered])
    for thanks in gathered:
        thanks.gathered_at = now
    shown = [view(thanks, recipients.get(thanks.id, ())) for thanks in gathered]
    for index, together in enumerate(in_posts(shown)):
        post = Owed(
            what=ROUNDUP,
            once=_once(ritual.id, index, together),
            message=roundup(ritual.name, together, first=index == 0),
            due_at=now,
            attention=Attention.FREE,
        )
        await owe_ritual(session, team.id, ritual.id, post, now=now)
    return len(gathered)


def _latest_due(ritual: Ritual, team: Team, *, now: datetime) -> datetime:
    """Of several that are due, the latest."""
    cadence, latest = roundup_cadence(ritual, team), ritual.next_roundup_at or now
    while cadence is not None and (later := cadence.next_after(latest)) is not None and later <= now:
        latest = later
    return latest


async def _not_gathered(session: AsyncSession, ritual: Ritual, *, now: datetime) -> Sequence[Thanks]:
    """Public thanks that stand in no roundup yet, and that all who are thanked have had."""
    on_their_way = (
        select(Delivery.id)
        .where(
            Delivery.thanks_id == Thanks.id,
            Delivery.what == COPY,
            Delivery.edits_id.is_(None),
            Delivery.state == DeliveryState.PENDING,
        )
        .exists()
    )
    begun = await session.scalar(
        select(func.count()).where(Thanks.ritual_id == ritual.id, Thanks.gathered_at.is_not(None))
    )
    query = (
        select(Thanks)
        .where(
            Thanks.ritual_id == ritual.id,
            Thanks.in_channel.is_(True),
            Thanks.taken_out_at.is_(None),
            Thanks.taken_back_at.is_(None),
            Thanks.gathered_at.is_(None),
            ~on_their_way,
        )
        .order_by(Thanks.id)
        .with_for_update(key_share=True)
    )
    if not begun:
        query = query.where(Thanks.said_at > now - FIRST_REACHES_BACK)
    return (await session.scalars(query)).all()


async def follow(session: AsyncSession, thanks: Thanks, *, now: datetime) -> None:
    """A roundup that has these thanks in it says from now on what they say now, or leaves them out."""
    if thanks.gathered_at is None or thanks.ritual_id is None:
        return
    ritual = await session.get_one(Ritual, thanks.ritual_id)
    posts = await session.scalars(
        select(Delivery)
        .where(
            Delivery.team_id == thanks.team_id,
            Delivery.what == ROUNDUP,
            Delivery.owed_at == thanks.gathered_at,
            Delivery.once.startswith(f"{ROUNDUP}:{ritual.id}:"),
        )
        .order_by(Delivery.id)
        .with_for_update(key_share=True)
    )
    mine = [post for post in posts.all() if _first(post) <= thanks.id <= _last(post)]
    if not mine:
        return
    rows = await session.scalars(
        select(Thanks)
        .where(
            Thanks.ritual_id == ritual.id,
            Thanks.gathered_at == thanks.gathered_at,
            Thanks.id.between(_first(mine[0]), _last(mine[0])),
            Thanks.taken_out_at.is_(None),
            Thanks.taken_back_at.is_(None),
        )
        .order_by(Thanks.id)
    )
    left = rows.all()
    recipients = await recipients_of(session, [each.id for each in left])
    shown = [view(each, recipients.get(each.id, ())) for each in left]
    says = [(post, roundup(ritual.name, shown, first=_index(post) == 0)) for post in mine]
    instead = taken_back(thanks.sender_id) if thanks.taken_back_at is not None else None
    await from_now_on(session, says, instead=instead, now=now)


def _once(ritual_id: int, index: int, together: Sequence[ThanksView]) -> str:
    """What a post of a roundup is for: its number, and the first and the last thanks in it."""
    return f"{ROUNDUP}:{ritual_id}:{index}:{together[0].id}:{together[-1].id}"


def _index(post: Delivery) -> int:
    return int(post.once.split(":")[2])


def _first(post: Delivery) -> int:
    return int(post.once.split(":")[3])


def _last(post: Delivery) -> int:
    return int(post.once.split(":")[4])
