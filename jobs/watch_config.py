"""Takes up the config file whenever it changes; the last good one stays in force meanwhile."""

from __future__ import annotations

import asyncio

from watchfiles import Change, awatch

from bot.runtime import Runtime
from bot.services import reloading, settings
from jobs.sync_rosters import sync_rosters


async def watch_config(runtime: Runtime, *, stop: asyncio.Event) -> None:
    """Watch until `stop`. The folder is watched, since editors put a new file in the old one's place."""
    path = runtime.config_path.resolve()

    def is_ours(_change: Change, changed: str) -> bool:
        return changed == str(path)

    async for _ in awatch(path.parent, watch_filter=is_ours, stop_event=stop, recursive=False):
        await take_up(runtime)


async def take_up(runtime: Runtime) -> None:
    """Read the file and apply it, if it is right."""
    async with runtime.sessions.begin() as session:
        team = await settings.team_row(session, runtime.team_id)
        done = await reloading.reload_file(session, team, runtime.config_path, now=runtime.clock.now())
    if done.changes:
        await sync_rosters(runtime)
    runtime.owed.set()
