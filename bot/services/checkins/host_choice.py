"""What the choice of a host is made from: the ledger, the week, and the turns that are sure to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Ritual, Round, Team
from bot.domain.states import RitualState
from bot.domain.turns import TurnKind
from bot.rituals.kind import HostPast
from bot.services import rotations, settings
from bot.services.checkins.played import RING
from bot.services.participants import Participant, participants, present
from bot.services.rotations import Taken


async def host_past(
    session: AsyncSession, ritual: Ritual, team: Team, people: Sequence[Participant], round_: Round
) -> HostPast:
    """What the choice of a host wants to know; in the week of the round also of the turns that are sure to come."""
    ledger = await rotations.ledger(session, ritual, team, people, before=round_.id)
    begin, end = rotations.week_of(team, round_.scheduled_for)
    this_week = Counter(await rotations.turns_in_week(session, team, round_.scheduled_for))
    this_week.update(
        turn.member for turn in await care_to_come(session, team, until=end) if turn.at >= begin.timestamp()
    )
    return HostPast(
        standing=ledger.standing(),
        last=ledger.last(ritual.id, TurnKind.HOST),
        there=ledger.there,
        this_week=this_week,
    )


async def care_to_come(session: AsyncSession, team: Team, *, until: datetime) -> Sequence[Taken]:
    """The turns as carers in all rounds of rings before `until` (UTC) that are not open yet, as things stand now."""
    rows = await session.scalars(
        select(Ritual)
        .where(
            Ritual.team_id == team.id,
            Ritual.kind == "checkin",
            Ritual.state == RitualState.ACTIVE,
            Ritual.next_round_at < until,
        )
        .order_by(Ritual.id)
    )
    found: list[Taken] = []
    for ring in rows.all():
        if settings.rules(ring).plays != RING or ring.next_round_at is None:
            continue
        following = settings.cadence(ring, team).occurrences(after=ring.next_round_at)
        at: datetime | None = ring.next_round_at
        while at is not None and at < until:
            people = present(await participants(session, ring, team, at=at))
            if len(people) > 1:
                found += [Taken(p.id, TurnKind.CARER, at.timestamp(), ring.id) for p in people]
            at = next(following, None)
    return found
