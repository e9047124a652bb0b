"""Gathers the public thanks of rituals whose roundup is due."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services.gratitude import roundups
from jobs.each import each


async def roundup(runtime: Runtime) -> int:
    """One transaction a ritual; returns how many were due."""
    now = runtime.clock.now()
    async with runtime.sessions.read() as session:
        due = await roundups.due_roundups(session, runtime.team_id, now=now)
    if not due:
        return 0

    async def one(ritual_id: int) -> None:
        async with runtime.sessions.begin() as session:
            await roundups.gather(session, ritual_id, now=now)

    try:
        await each(due, one)
    finally:
        runtime.owed.set()
    return len(due)
