"""Sends what is owed."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services import sending


async def deliver(runtime: Runtime) -> int:
    """Send one batch, and ask to be called again if there was one; returns how many deliveries were tried."""
    tried = await sending.deliver(runtime)
    if tried:
        runtime.owed.set()
    return tried
