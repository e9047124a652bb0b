"""The demo: the playground with a ready team, in a browser page or played at once."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from adapters.playground.platform import Playground
from bot.app import (
    CannotStart,
    Parts,
    acting,
    on_playground,
    read_config,
    running,
    scheduled,
    serving,
)
from bot.clock import ShiftedClock, StillClock
from bot.config.schema import Config
from bot.config.settings import Settings
from bot.db.engine import explain
from bot.rituals import KINDS
from bot.services.chronicle import chronicle
from bot.travel import TimeMachine

CONFIG = Path(__file__).parent / "demo.toml"
FOLDER = Path(".kinkeeper-demo")
FIRST_DAY = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)  # a Friday; headless runs begin here, whatever day it is
LOOKED_AT = 8  # how many of the next coffees a demo may begin with
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line may say about a demo."""

    config: Path | None = None
    people: int = 9
    seed: int = 1
    away: float = 0.0


def demo_config(path: Path | None) -> Config:
    """The demo's own config, or another one moved to the playground."""
    return on_playground(read_config(path or CONFIG))


@asynccontextmanager
async def page(
    settings: Settings, choices: Choices, *, folder: Path = FOLDER, clock: ShiftedClock | None = None
) -> AsyncIterator[str]:
    """The demo in a browser page; all of it is kept in `folder`, so that a restart goes on where it was.

    `clock` is what it begins with, in place of the computer's.
    """
    config = demo_config(choices.config)
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    except OSError as problem:
        raise CannotStart(f"The demo cannot make the folder {folder}: {problem.strerror}.") from problem
    settings = replace(
        settings,
        config_path=choices.config or CONFIG,
        database_url=f"sqlite:///{folder / 'kinkeeper.db'}",
    )
    clock = clock or ShiftedClock()
    with keeping_its_file(folder / "playground.db"):
        playground = Playground(
            path=folder / "playground.db",
            clock=clock,
            people=choices.people,
            seed=choices.seed,
            colleagues_away=choices.away,
        )
    known = playground.clock_offset
    first = beginning(config, now=clock.now())
    if known is not None:
        clock.offset = known
    elif first is not None:
        clock.set(first[0])
    async with (
        running(
            settings,
            config,
            clock=clock,
            platforms={playground.name: playground},
            rng=Random(choices.seed),
            timetable=False,
            watch=False,
        ) as parts,
        serving(settings, parts) as address,
        scheduled(parts),
    ):
        machine = _machine(parts, clock, playground)
        if known is None and first is not None:
            await machine.travel(to=first[1])
        playground.travel = machine
        async with acting(parts):
            yield address


@contextmanager
def keeping_its_file(path: Path) -> Iterator[None]:
    """The playground opens its file inside; DatabaseProblem if it cannot."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise explain(error, f"sqlite:///{path}") from error


def _machine(parts: Parts, clock: ShiftedClock, playground: Playground) -> TimeMachine:
    def keep() -> None:
        playground.clock_offset = clock.offset

    if parts.ticking is None:
        return TimeMachine(parts.runtime, clock, playground, moved=keep)
    return TimeMachine(parts.runtime, clock, playground, still=parts.ticking.paused, moved=keep)


def beginning(config: Config, *, now: datetime) -> tuple[datetime, datetime] | None:
    """When (UTC) a demo begins, and when there is something to read: the first coffee, or whatever comes first.

    Of the next coffees it is the earliest in whose week everything else comes round too, if there is one: what came
    before it is left out, so that somebody new meets one thing after another. None if nothing ever happens.
    """
    leading = config.coffee or config.rituals
    ahead = sorted(
        (at, ritual.name, ritual)
        for ritual in leading
        for at in islice(ritual.cadence(config.team).occurrences(after=now), LOOKED_AT)
    )
    if not ahead:
        return None
    whole = (one for one in ahead if _all_within_a_week(config, one[0]))
    at, _, ritual = next(whole, ahead[0])
    before = KINDS[ritual.plays].before(ritual) if ritual.members == "each-round" else None
    return at - (before or timedelta()) - A_MINUTE, at + A_MINUTE


def _all_within_a_week(config: Config, start: datetime) -> bool:
    nexts = [ritual.cadence(config.team).next_after(start - A_MINUTE) for ritual in config.rituals]
    return all(at is not None and at - start < timedelta(days=7) for at in nexts)


def first_day(config: Config) -> datetime:
    """Where a headless demo begins: a fixed Friday, or three days before the first round if that is months ahead."""
    firsts = [ritual.cadence(config.team).next_after(FIRST_DAY) for ritual in config.rituals]
    first = min((at for at in firsts if at is not None), default=FIRST_DAY)
    return FIRST_DAY if first - FIRST_DAY < timedelta(weeks=6) else first - timedelta(days=3)


async def play(
    choices: Choices,
    *,
    weeks: int,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Play so many weeks at once, in a database that is thrown away; the document of `demo --headless --json`."""
    config = demo_config(choices.config)
    start = first_day(config)
    folder = Path(tempfile.mkdtemp(prefix="kinkeeper-demo-"))
    try:
        settings = Settings.from_environment({"DATABASE_URL": f"sqlite:///{folder / 'kinkeeper.db'}"})
        clock = StillClock(start)
        playground = Playground(
            path=":memory:",
            clock=clock,
            people=choices.people,
            seed=choices.seed,
            colleagues_away=choices.away,
        )
        playground.service.set_setting("you", "")  # nobody is at a page: all of them are simulated
        async with running(
            settings,
            config,
            clock=clock,
            platforms={playground.name: playground},
            rng=Random(choices.seed),
            timetable=False,
            watch=False,
            fast_and_loose=True,
        ) as parts:
            machine = TimeMachine(parts.runtime, clock, playground)
            for week in range(weeks):
                await machine.travel(to=start + timedelta(weeks=week + 1))
                if progress is not None:
                    progress(week + 1)
            async with parts.runtime.sessions.read() as session:
                return await chronicle(session, parts.runtime.team_id)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
