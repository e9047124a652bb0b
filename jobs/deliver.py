"""Sends what is owed."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services import sending


async def deliver(runtime: Runtime) -> int:
    """Send until nothing is due; returns how many deliveries were tried."""
    tried = 0
    while batch := await sending.deliver(runtime):
        tried += batch
    return tried
