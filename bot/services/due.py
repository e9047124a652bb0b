"""When something is due next: for whoever moves the clock. One query, since a demo asks thousands of times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Ritual
from bot.domain.states import RitualState
from bot.services import claims, closing
from bot.services.coffee import tending


@dataclass(frozen=True, slots=True)
class Due:
    """The next instant (UTC) at which each job has something to do; None where it has nothing."""

    open_rounds: datetime | None
    nudge: datetime | None
    close_rounds: datetime | None
    deliver: datetime | None
    roundup: datetime | None
    tend_rooms: datetime | None

    @property
    def first(self) -> datetime | None:
        """The earliest of them."""
        return _earliest(
            self.open_rounds, self.nudge, self.close_rounds, self.deliver, self.roundup, self.tend_rooms
        )


async def due(session: AsyncSession, team_id: int) -> Due:
    """What is due when."""
    found = (await session.execute(_moments(), {"team": team_id})).one()
    next_round, next_ask, pause_ends, nudge, close, deliver, release, roundup, room = found
    return Due(
        open_rounds=_earliest(next_round, next_ask, pause_ends),
        nudge=nudge,
        close_rounds=close,
        deliver=_earliest(deliver, release),
        roundup=roundup,
        tend_rooms=room,
    )


@cache
def _moments() -> Select[*tuple[datetime | None, ...]]:
    active = (Ritual.team_id == bindparam("team"), Ritual.state == RitualState.ACTIVE)
    paused = (Ritual.team_id == bindparam("team"), Ritual.state == RitualState.PAUSED)
    return select(
        select(func.min(Ritual.next_round_at)).where(*active).scalar_subquery(),
        select(func.min(Ritual.next_ask_at)).where(*active).scalar_subquery(),
        select(func.min(Ritual.paused_until)).where(*paused).scalar_subquery(),
        closing.next_nudge(),
        closing.next_close(),
        claims.next_due(),
        claims.next_release(),
        select(func.min(Ritual.next_roundup_at)).where(*active).scalar_subquery(),
        tending.next_room(),
    )


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)
