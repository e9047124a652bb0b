"""Recording what members did; append-only, each thing once a round."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.inserting import insert_into
from bot.db.models import Participation, Ritual, Round
from bot.domain.states import Participated


async def record(
    session: AsyncSession, round_: Round, members: Iterable[int], what: Participated, *, now: datetime
) -> None:
    """Write down that members did something in a round; a second time changes nothing."""
    rows = [
        {
            "team_id": round_.team_id,
            "member_id": member_id,
            "what": what,
            "ritual_id": round_.ritual_id,
            "round_id": round_.id,
            "at": now,
        }
        for member_id in members
    ]
    statement = insert_into(session, Participation).on_conflict_do_nothing(
        index_elements=["member_id", "what", "ritual_id", "round_id"]
    )
    await (await session.connection()).execute(statement, rows)


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
