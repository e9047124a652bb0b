"""Reading the people again, and all that follows from who came and who left."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.services import roster, welcoming
from bot.services.checkins import departures
from bot.services.remembering import remember


async def gather(runtime: Runtime) -> int:
    """Read who is where, introduce the bot where a ritual came, hand on the turns of those who left.

    Returns how many channels were welcomed.
    """
    await roster.sync(runtime)
    now = runtime.clock.now()
    async with runtime.sessions.begin() as session:
        welcomed = await welcoming.welcome(session, runtime.team_id, now=now)
        await departures.hand_on(session, runtime.team_id, now=now)
    await remember(runtime)
    runtime.owed.set()  # the admins may be told something too
    return welcomed
