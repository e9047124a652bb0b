"""Opens the rounds that are due, and asks who takes part where a ritual asks before each round."""

from __future__ import annotations

import structlog

from bot.runtime import Runtime
from bot.services import roster, rounds

log = structlog.get_logger(__name__)


async def open_rounds(runtime: Runtime) -> int:
    """One transaction a ritual, with the people as they are now; returns how many were due."""
    now = runtime.clock.now()
    async with runtime.sessions.begin() as session:
        await rounds.end_pauses(session, runtime.team_id, now=now)
        to_ask = await rounds.rituals_to_ask(session, runtime.team_id, now=now)
        due = await rounds.due_rituals(session, runtime.team_id, now=now)
    for ritual_id in to_ask:
        async with runtime.sessions.begin() as session:
            await rounds.ask_due(session, ritual_id, now=now)
    if due:
        await roster.sync(runtime)
    for ritual_id in due:
        async with runtime.sessions.begin() as session:
            await rounds.open_due(session, ritual_id, now=now)
    if due or to_ask:
        runtime.owed.set()
    return len(due) + len(to_ask)
