"""Enforces the retention limits of the config, every night."""

from __future__ import annotations

import structlog

from bot.runtime import Runtime
from bot.services import retention

log = structlog.get_logger(__name__)


async def purge(runtime: Runtime) -> int:
    """Returns how many rows went."""
    async with runtime.sessions.begin() as session:
        gone = await retention.purge(session, runtime.team_id, now=runtime.clock.now())
    if not await runtime.sessions.wipe():
        log.warning("deleted_but_not_wiped", again="tomorrow night")
    return gone
