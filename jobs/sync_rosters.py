"""Reads who is in the channels: introduces the bot where a ritual came, hands on the turns of those who left."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services import roster, welcoming
from bot.services.checkins import departures
from bot.services.remembering import remember


async def sync_rosters(runtime: Runtime) -> int:
    """Returns how many channels were welcomed."""
    await roster.sync(runtime)
    async with runtime.sessions.begin() as session:
        welcomed = await welcoming.welcome(session, runtime.team_id, now=runtime.clock.now())
        left = await departures.hand_on(session, runtime.team_id, now=runtime.clock.now())
    await remember(runtime)
    if welcomed or left:
        runtime.owed.set()
    return welcomed
