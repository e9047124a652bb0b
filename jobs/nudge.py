"""Takes the nudges of open rounds when they are due: what that is, their kind says."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services import closing
from jobs.each import each


async def nudge(runtime: Runtime) -> int:
    """One transaction a round; returns how many were due."""
    now = runtime.clock.now()
    async with runtime.sessions.read() as session:
        due = await closing.rounds_to_nudge(session, runtime.team_id, now=now)
    if not due:
        return 0

    async def one(round_id: int) -> None:
        async with runtime.sessions.begin() as session:
            await closing.nudge(session, round_id, now=now)

    try:
        await each(due, one)
    finally:
        runtime.owed.set()
    return len(due)
