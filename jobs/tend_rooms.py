"""Opens rooms to talk in shortly before the time of a match, and takes them away after it."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services.coffee import tending
from jobs.each import each


async def tend_rooms(runtime: Runtime) -> int:
    """One room after another; returns how many were due."""
    async with runtime.sessions.read() as session:
        due = await tending.rooms_due(session, runtime.team_id, now=runtime.clock.now())
    if not due:
        return 0

    async def one(room_id: int) -> None:
        await tending.tend(runtime, room_id)

    try:
        await each(due, one)
    finally:
        runtime.owed.set()
    return len(due)
