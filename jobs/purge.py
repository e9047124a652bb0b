"""Enforces the retention limits of the config, every night."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services import retention


async def purge(runtime: Runtime) -> int:
    """Returns how many rows went."""
    async with runtime.sessions.begin() as session:
        gone = await retention.purge(session, runtime.team_id, now=runtime.clock.now())
    await retention.wipe(runtime)
    return gone
