"""Whoever is no longer in a ritual, without having said so, has no turn in it any more: it is handed on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Assignment, Enrolment, Ritual, Round
from bot.domain.states import RitualState, RoundState
from bot.services import settings
from bot.services.participants import takes_part
from bot.services.rotations import HELD
from bot.services.stages import step_back


async def hand_on(session: AsyncSession, team_id: int, *, now: datetime) -> int:
    """Hand on the turns under way of those who left a channel; returns how many people left any."""
    rows = await session.execute(
        select(Ritual, Assignment.member_id, Assignment.cares_for_id)
        .join(Round, Round.ritual_id == Ritual.id)
        .join(Assignment, Assignment.round_id == Round.id)
        .where(
            Ritual.team_id == team_id,
            Ritual.state != RitualState.ARCHIVED,
            Round.state == RoundState.OPEN,
            Assignment.state.in_(HELD),
        )
    )
    under_way: dict[
        Ritual, dict[int, bool]
    ] = {}  # and whether it is as a host, who need only be in the channel
    for ritual, member, cared_for in rows:
        under_way.setdefault(ritual, {})[member] = cared_for is None
        if cared_for is not None:
            under_way[ritual][cared_for] = False
    members_rule = {ritual.id: settings.rules(ritual).members for ritual in under_way}
    hosts = {
        (ritual.id, each) for ritual, turns in under_way.items() for each, hosts in turns.items() if hosts
    }
    here = {
        (row.ritual_id, row.member_id)
        for row in await session.scalars(select(Enrolment).where(Enrolment.ritual_id.in_(members_rule)))
        if takes_part(row, members_rule[row.ritual_id])
        or (row.in_channel and (row.ritual_id, row.member_id) in hosts)
    }
    team = await settings.team_row(session, team_id)
    left = [
        (ritual, member)
        for ritual, members in sorted(under_way.items(), key=lambda each: each[0].id)
        for member in sorted(members)
        if (ritual.id, member) not in here
    ]
    for ritual, member in left:
        await step_back(session, ritual, team, member, until=None, now=now)
    return len(left)
