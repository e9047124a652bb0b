"""Recording what members did; append-only, each thing once a round."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Participation, Ritual, Round
from bot.domain.states import Participated


async def record(
    session: AsyncSession, round_: Round, member_id: int, what: Participated, *, now: datetime
) -> None:
    """Write down that a member did something in a round; a second time changes nothing."""
    already = await session.scalar(
        select(Participation.id).where(
            Participation.round_id == round_.id,
            Participation.member_id == member_id,
            Participation.what == what,
        )
    )
    if already is None:
        session.add(
            Participation(
                team_id=round_.team_id,
                member_id=member_id,
                what=what,
                ritual_id=round_.ritual_id,
                round_id=round_.id,
                at=now,
            )
        )


def record_joined(session: AsyncSession, ritual: Ritual, member_id: int, *, now: datetime) -> None:
    """Write down that a member joined a ritual; each time they do."""
    session.add(
        Participation(
            team_id=ritual.team_id,
            member_id=member_id,
            what=Participated.JOINED,
            ritual_id=ritual.id,
            round_id=None,
            at=now,
        )
    )
