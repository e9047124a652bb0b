"""How things stand: rituals with their last and next rounds, deliveries by state, what could not be delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Channel, Delivery, MatchMember, Member, Ritual, Round, Team
from bot.domain.states import DeliveryState, RitualState, RoundState

UNDELIVERED = (DeliveryState.FAILED, DeliveryState.UNREACHABLE, DeliveryState.POSSIBLY_TWICE)
SHOWN = 50
NO_SECRET = ("introduction", "confirmation", "nudge", "question", "bye", "no_match", "carer", "questions")
"""What of a person's messages may be told of others: the rest would tell who was thanked, or has not answered."""
MESSAGE = "message"
TELLING = ("reminder", "thanks_nudge")
"""Goes only to those who are silent, and may well expire: so it is not told to whom."""
SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class RitualStanding:
    name: str
    kind: str
    state: RitualState
    last: datetime | None  # UTC; the latest round that opened
    next: datetime | None  # UTC


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not arrive (or may have arrived twice), to whom, and why."""

    what: str
    to: str
    state: DeliveryState
    problem: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    rituals: Sequence[RitualStanding]
    deliveries: Mapping[str, int]  # by state
    undeliverable: Sequence[Undelivered]  # the latest first; what only came too late after the rest

    @property
    def sent(self) -> int:
        """How many messages the platforms took."""
        return self.deliveries.get("sent", 0) + self.deliveries.get("possibly_twice", 0)


async def standing(session: AsyncSession, team: Team, *, now: datetime) -> Standing:
    """How things stand at `now`."""
    last = await session.execute(
        select(Round.ritual_id, func.max(Round.scheduled_for))
        .where(
            Round.team_id == team.id,
            Round.state.in_((RoundState.OPEN, RoundState.CLOSED)),
            Round.scheduled_for <= now,
        )
        .group_by(Round.ritual_id)
    )
    lasts = {ritual_id: at for ritual_id, at in last}
    rituals = await session.scalars(
        select(Ritual)
        .where(Ritual.team_id == team.id, Ritual.state != RitualState.ARCHIVED)
        .order_by(Ritual.id)
    )
    counts = await session.execute(
        select(Delivery.state, func.count()).where(Delivery.team_id == team.id).group_by(Delivery.state)
    )
    return Standing(
        rituals=[
            RitualStanding(
                r.name,
                r.kind,
                r.state,
                lasts.get(r.id),
                r.next_round_at if r.state is RitualState.ACTIVE else None,
            )
            for r in rituals
        ],
        deliveries={state.value: count for state, count in counts},
        undeliverable=await _undeliverable(session, team),
    )


async def _undeliverable(session: AsyncSession, team: Team) -> list[Undelivered]:
    in_vain = and_(  # it waited until it was of no use any more; what was taken back has no problem
        Delivery.state == DeliveryState.EXPIRED, Delivery.problem.is_not(None), Delivery.edits_id.is_(None)
    )
    rows = (
        await session.scalars(
            select(Delivery)
            .where(Delivery.team_id == team.id, or_(Delivery.state.in_(UNDELIVERED), in_vain))
            .order_by(Delivery.state == DeliveryState.EXPIRED, Delivery.id.desc())
            .limit(SHOWN)
        )
    ).all()
    members = await session.execute(
        select(Member.id, Member.name).where(Member.id.in_({r.member_id for r in rows if r.member_id}))
    )
    names = {member_id: name for member_id, name in members}
    channels = await session.execute(
        select(Channel.id, Channel.name).where(Channel.id.in_({r.channel_id for r in rows if r.channel_id}))
    )
    places = {channel_id: name for channel_id, name in channels}
    matched = await session.execute(
        select(MatchMember.match_id, Member.name)
        .join(Member, Member.id == MatchMember.member_id)
        .where(MatchMember.match_id.in_({r.match_id for r in rows if r.match_id and not r.member_id}))
        .order_by(MatchMember.id)
    )
    groups: dict[int, list[str]] = {}
    for match_id, name in matched:
        groups.setdefault(match_id, []).append(name)

    def to(row: Delivery) -> str:
        if row.state is DeliveryState.EXPIRED and row.what in TELLING:
            return SOMEBODY
        if row.member_id is not None:
            return names.get(row.member_id, "somebody who left")
        if row.channel_id is not None:
            return f"#{places.get(row.channel_id, '?')}"
        return ", ".join(groups.get(row.match_id or 0, []))

    found: list[Undelivered] = []
    told: set[tuple[str, str, DeliveryState, str]] = set()
    for row in rows:
        what = row.what if row.member_id is None or row.what in NO_SECRET else MESSAGE
        one = Undelivered(what, to(row), row.state, row.problem or "", row.owed_at)
        same = (what, one.to, one.state, one.problem)
        if row.member_id is None or same not in told:  # nobody is to count the thanks that somebody was given
            found.append(one)
        told.add(same)
    return found
