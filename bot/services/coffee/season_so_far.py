"""Whom the members of a coffee ritual have been introduced to this season, as they are told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Ritual, Team
from bot.domain.pairs import pair, pairs_of
from bot.services.coffee.pasts import Past, past
from bot.services.participants import participants


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


async def season_so_far(
    session: AsyncSession, ritual: Ritual, team: Team, *, now: datetime, begins_anew: bool = True
) -> SeasonSoFar:
    """The season that counts at `now`; once all have met, it is the next one where that `begins_anew` at once."""
    everybody = await participants(session, ritual, team, at=now)
    members = [p.id for p in everybody if p.absent != "absence.gone"]
    before = await past(session, ritual)
    last, since = before.history.last, before.lap
    if begins_anew and all(last.get(each, -1) >= since for each in pairs_of(members)):
        since = before.history.round  # the next round begins a season
    return SeasonSoFar(before, members, since)
