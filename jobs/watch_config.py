"""Takes up the config file whenever it changes; the last good one stays in force meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog
from watchfiles import Change, awatch

from bot.runtime import Runtime
from bot.services import reloading, settings
from jobs.sync_rosters import sync_rosters

log = structlog.get_logger(__name__)

LOOK = 500  # milliseconds after which it is seen that watching is to end


async def watch_config(runtime: Runtime, *, stop: asyncio.Event) -> None:
    """Watch until `stop`.

    The folder is watched, since editors put a new file in the old one's place, and what the name leads to is
    compared, since a file that an orchestrator mounts is a link that it moves.
    """
    path = runtime.config_path.absolute()
    known = _mark(path)

    def is_another(_change: Change, _changed: str) -> bool:
        return _mark(path) != known

    async for _ in awatch(
        path.parent, watch_filter=is_another, stop_event=stop, recursive=False, rust_timeout=LOOK
    ):
        known = _mark(path)
        try:
            await take_up(runtime)
        except Exception:  # recorded; what was in force stays so, and the next change is looked at
            log.exception("config_not_taken_up")


async def take_up(runtime: Runtime) -> None:
    """Read the file and apply it, if it is right."""
    async with runtime.sessions.begin(alone="config") as session:
        team = await settings.team_row(session, runtime.team_id)
        done = await reloading.reload_file(session, team, runtime.config_path, now=runtime.clock.now())
    if done.changes:
        await sync_rosters(runtime)
    runtime.owed.set()


def _mark(path: Path) -> tuple[int, int, int] | None:
    """What differs between one state of a file and another; None while it is away."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
