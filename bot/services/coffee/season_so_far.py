"""Whom the members of a coffee ritual have been introduced to this season, as they are told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Enrolment, Member, Ritual
from bot.domain.pairs import pair, pairs_of
from bot.services import settings
from bot.services.coffee.pasts import Past, pasts
from bot.services.participants import takes_part


@dataclass(frozen=True, slots=True)
class SeasonSoFar:
    """Whom a member avoids, or who avoids them, counts like anybody else: nothing here differs by it."""

    before: Past
    members: Sequence[int]  # who takes part, also those who are away
    since: int  # the number of the round from which on this season counts

    def met(self, member: int) -> list[int]:
        """The others that a member has been introduced to this season."""
        last = self.before.history.last
        return [m for m in self.members if m != member and last.get(pair(member, m), -1) >= self.since]


async def season_so_far(session: AsyncSession, ritual: Ritual, *, begins_anew: bool = True) -> SeasonSoFar:
    """The season that counts now; once all have met, it is the next one where that `begins_anew` at once."""
    return (await seasons_so_far(session, [ritual], begins_anew=begins_anew))[ritual.id]


async def seasons_so_far(
    session: AsyncSession, rituals: Sequence[Ritual], *, begins_anew: bool = True
) -> dict[int, SeasonSoFar]:
    """The seasons that count now of several rituals by their ids, in as many queries as that of one."""
    if not rituals:
        return {}
    members = await _members(session, rituals)
    before = await pasts(session, rituals)
    return {
        ritual.id: _so_far(before[ritual.id], members[ritual.id], begins_anew=begins_anew)
        for ritual in rituals
    }


def _so_far(before: Past, members: Sequence[int], *, begins_anew: bool) -> SeasonSoFar:
    last, since = before.history.last, before.lap
    if begins_anew and all(last.get(each, -1) >= since for each in pairs_of(members)):
        since = before.history.round  # the next round begins a season
    return SeasonSoFar(before, members, since)


async def _members(session: AsyncSession, rituals: Sequence[Ritual]) -> dict[int, list[int]]:
    """Who takes part in each ritual and has an account to be written to, in the order they came."""
    rows = await session.scalars(
        select(Enrolment)
        .join(Member, Member.id == Enrolment.member_id)
        .where(
            Enrolment.ritual_id.in_([ritual.id for ritual in rituals]),
            Member.left_at.is_(None),
            exists().where(Account.member_id == Member.id, Account.active.is_(True)),
        )
        .order_by(Member.id)
    )
    rule = {ritual.id: settings.rules(ritual).members for ritual in rituals}
    found: dict[int, list[int]] = {ritual.id: [] for ritual in rituals}
    for enrolment in rows:
        if takes_part(enrolment, rule[enrolment.ritual_id]):
            found[enrolment.ritual_id].append(enrolment.member_id)
    return found
