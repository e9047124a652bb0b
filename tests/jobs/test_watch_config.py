"""The config file is taken up when it changes, however it is put in place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Ritual
from jobs.watch_config import watch_config
from tests.world import CONFIG, World, world

OTHER = CONFIG.format(more="").replace("monday-coffee", "tea")


@asynccontextmanager
async def watched(team: World) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(watch_config(team.runtime, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await task


def overwritten(path: Path, text: str) -> None:
    path.write_text(text)


def replaced(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.replace(path)


def linked(path: Path, text: str) -> None:
    """As an orchestrator does that mounts a file: the name is a link, and it is moved."""
    elsewhere = path.parent / "mounted"
    elsewhere.mkdir(exist_ok=True)
    target = elsewhere / f"{len(list(elsewhere.iterdir()))}.toml"
    target.write_text(text)
    link = path.parent / "link"
    link.symlink_to(target)
    link.replace(path)


@pytest.mark.parametrize("put", [overwritten, replaced, linked])
async def test_it_is_taken_up_however_it_is_put_in_place(
    sqlite_url: str, tmp_path: Path, put: Callable[[Path, str], None]
) -> None:
    from bot.db.engine import connect

    sessions = connect(sqlite_url)
    async with world(sessions, tmp_path) as team, watched(team):
        async with asyncio.timeout(20):
            attempt = 0
            while await team.count(Ritual, Ritual.name == "tea") == 0:
                if attempt % 20 == 0:  # the watch may not have begun at the first
                    put(team.config_path, OTHER + "\n" * attempt)
                attempt += 1
                await asyncio.sleep(0.1)
    await sessions.dispose()


async def test_a_file_that_goes_wrong_ends_neither_the_watch_nor_what_was_in_force(
    sqlite_url: str, tmp_path: Path
) -> None:
    from bot.db.engine import connect

    sessions: Sessions = connect(sqlite_url)
    async with world(sessions, tmp_path) as team, watched(team):
        async with asyncio.timeout(20):
            team.config_path.write_text("nonsense")
            attempt = 0
            while await team.count(Ritual, Ritual.name == "tea") == 0:
                if attempt % 20 == 10:
                    team.config_path.write_text(OTHER + "\n" * attempt)
                attempt += 1
                await asyncio.sleep(0.1)
        [old, new] = await team.rows(Ritual)
        assert (old.name, new.name) == ("monday-coffee", "tea")
    await sessions.dispose()
