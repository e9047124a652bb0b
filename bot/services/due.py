"""When something is due next: for whoever moves the clock, and for a look at what is coming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Ritual
from bot.domain.states import RitualState
from bot.services import claims, closing


@dataclass(frozen=True, slots=True)
class Due:
    """The next instant (UTC) at which each job has something to do; None where it has nothing."""

    open_rounds: datetime | None
    later_steps: datetime | None
    deliver: datetime | None

    @property
    def first(self) -> datetime | None:
        """The earliest of them."""
        return min((at for at in (self.open_rounds, self.later_steps, self.deliver) if at), default=None)


async def due(session: AsyncSession, team_id: int) -> Due:
    """What is due when."""
    active = (Ritual.team_id == team_id, Ritual.state == RitualState.ACTIVE)
    moments = await session.execute(
        select(
            select(func.min(Ritual.next_round_at)).where(*active).scalar_subquery(),
            select(func.min(Ritual.next_ask_at)).where(*active).scalar_subquery(),
            select(func.min(Ritual.paused_until))
            .where(Ritual.team_id == team_id, Ritual.state == RitualState.PAUSED)
            .scalar_subquery(),
        )
    )
    return Due(
        open_rounds=min((at for at in moments.one() if at is not None), default=None),
        later_steps=await closing.next_step_at(session, team_id),
        deliver=await claims.next_due_at(session, team_id),
    )
