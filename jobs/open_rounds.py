"""Opens the rounds that are due, and asks who takes part where a ritual asks before each round."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services import roster, rounds
from bot.services.remembering import remember
from jobs.each import each


async def open_rounds(runtime: Runtime) -> int:
    """One transaction a ritual, with the people as they are now; returns how many were due."""
    now = runtime.clock.now()
    async with runtime.sessions.begin() as session:
        await rounds.end_pauses(session, runtime.team_id, now=now)
        to_ask = await rounds.rituals_to_ask(session, runtime.team_id, now=now)
        due = await rounds.due_rituals(session, runtime.team_id, now=now)

    async def ask(ritual_id: int) -> None:
        async with runtime.sessions.begin() as session:
            await rounds.ask_due(session, ritual_id, now=now)

    async def open_(ritual_id: int) -> None:
        async with runtime.sessions.begin() as session:
            await rounds.open_due(session, ritual_id, now=now)

    try:
        await each(to_ask, ask)
        if due:
            await roster.sync(runtime)
            await each(due, open_)
    finally:
        if due or to_ask:
            await remember(runtime)
            runtime.owed.set()
    return len(due) + len(to_ask)
