"""Monday morning in a large team: a round for a thousand people, on SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

from benchmarks.measuring import Measured
from bot.clock import StillClock
from bot.config.loading import load_text
from bot.db.engine import connect
from bot.db.upgrade import upgrade
from bot.inbox import TransactionalInbox
from bot.ports import Profile
from bot.runtime import Runtime
from bot.services import roster, rounds
from bot.services.teams import apply_config
from jobs.sync_rosters import sync_rosters
from tests.fakes.platform import FakePlatform

PEOPLE = 1000
YEAR = 52
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CONFIG = """
[team]
name = "Acme"
timezone = "UTC"

[[coffee]]
name = "monday-coffee"
channel = "playground:#coffee"
every = "week"
on = "monday"
at = "09:00"
"""


def rounds_of_a_year(folder: Path) -> Iterator[Measured]:
    """The first round, and one after a year of them."""
    first, last, reading = asyncio.run(_play(folder))
    yield Measured(f"opening a round for {PEOPLE:,} people", first, 1)
    yield Measured(f"the same after {YEAR} rounds", last, None)
    yield Measured(f"reading who is in a channel of {PEOPLE:,}", reading, None)


async def _play(folder: Path) -> tuple[float, float, float]:
    """Seconds: the first round, the last one, and a reading of the channel in between."""
    config = load_text(CONFIG).config
    if config is None:
        raise RuntimeError("the benchmark's config is wrong")
    sessions = connect(f"sqlite:///{folder / 'kinkeeper.db'}")
    await upgrade(sessions)
    clock = StillClock(MONDAY - timedelta(days=1))
    async with sessions.begin() as session:
        team_id, _ = await apply_config(session, config, now=clock.now(), rng=Random(1))
    everybody = [Profile(id=f"u{i}", name=f"Person {i}", timezone="UTC") for i in range(PEOPLE)]
    platform = FakePlatform("playground", people=everybody)
    runtime = Runtime(sessions, {"playground": platform}, clock, team_id, folder / "kinkeeper.toml")
    await platform.start(TransactionalInbox(runtime))
    await sync_rosters(runtime)
    began = perf_counter()
    await roster.sync(runtime)
    reading = perf_counter() - began
    taken = []
    for week in range(YEAR + 1):
        clock.set(MONDAY + timedelta(weeks=week))
        async with sessions.read() as session:
            [ritual] = await rounds.due_rituals(session, team_id, now=clock.now())
        began = perf_counter()
        async with sessions.begin() as session:
            await rounds.open_due(session, ritual, now=clock.now())
        taken.append(perf_counter() - began)
    await platform.stop()
    await sessions.dispose()
    return taken[0], taken[-1], reading
