"""Brings up to date what is kept in memory, where another process has opened or closed a round meanwhile."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services.remembering import remember


async def refresh_memory(runtime: Runtime) -> int:
    """Always 0: nothing was due."""
    await remember(runtime)
    return 0
