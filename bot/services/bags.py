"""The bag of prompts and starters, kept in the database, so that nothing repeats until it is used up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Prompt, Ritual, Round


@dataclass(frozen=True, slots=True)
class Bag:
    """What was drawn since the bag was filled for the `number`th time, in order."""

    number: int
    used: tuple[str, ...]


async def read_bag(session: AsyncSession, ritual: Ritual) -> Bag:
    """The ritual's bag as it is now."""
    number = await session.scalar(select(func.max(Prompt.bag)).where(Prompt.ritual_id == ritual.id)) or 1
    used = await session.scalars(
        select(Prompt.text).where(Prompt.ritual_id == ritual.id, Prompt.bag == number).order_by(Prompt.id)
    )
    return Bag(number, tuple(used))


async def store_drawn(
    session: AsyncSession, ritual: Ritual, round_: Round, bag: Bag, drawn: Sequence[str], *, now: datetime
) -> None:
    """Write down what a round drew; a text that was used before is the first of a new filling."""
    number, seen = bag.number, set(bag.used)
    rows: list[dict[str, object]] = []
    for text in drawn:
        if text in seen:
            number, seen = number + 1, set()
        seen.add(text)
        rows.append(
            {
                "team_id": ritual.team_id,
                "ritual_id": ritual.id,
                "round_id": round_.id,
                "text": text,
                "bag": number,
                "used_at": now,
            }
        )
    if rows:
        await session.execute(insert(Prompt), rows)
