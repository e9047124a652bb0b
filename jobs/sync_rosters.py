"""Reads who is in the channels, and introduces the bot where a ritual came to a new one."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services import reloading, roster, welcoming


async def sync_rosters(runtime: Runtime) -> int:
    """Returns how many channels were welcomed."""
    await roster.sync(runtime)
    async with runtime.sessions.begin() as session:
        welcomed = await welcoming.welcome(session, runtime.team_id, now=runtime.clock.now())
    await reloading.remember_names(runtime)
    if welcomed:
        runtime.owed.set()
    return welcomed
