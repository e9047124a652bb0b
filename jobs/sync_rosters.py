"""Reads who is in the channels: introduces the bot where a ritual came, hands on the turns of those who left."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services.gathering import gather


async def sync_rosters(runtime: Runtime) -> int:
    """Returns how many channels were welcomed."""
    return await gather(runtime)
