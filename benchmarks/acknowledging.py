"""How soon a slash command is acknowledged while others come, beside a bare Bolt app; and how soon Slack is connected.

Both answer the same make-believe Slack over a socket, in turns, each as a process of its own on one core.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep

from benchmarks.measuring import Measured, command, environment
from benchmarks.starting import is_ready
from tests.fakes.slack import FakeSlack

ROOT = Path(__file__).parents[1]
A_SECOND = 50  # commands
SECONDS = 8  # of one turn
TURNS = 3  # of each
PEOPLE = 20
CONFIG = """
[team]
name = "Acme"
timezone = "Europe/Berlin"

[[coffee]]
name = "monday-coffee"
channel = "slack:#coffee"
every = "week"
on = "monday"
at = "10:00"
"""


def slack(folder: Path) -> Iterator[Measured]:
    """A process of ours and a bare one, asked in turns."""
    (folder / "kinkeeper.toml").write_text(CONFIG)
    try:
        yield from asyncio.run(_measured(folder))
    finally:
        only_on(cores())


async def _measured(folder: Path) -> list[Measured]:
    taken: dict[str, list[float]] = {"bare": [], "ours": []}
    only_on({max(cores())})
    async with _workspace() as bare, _workspace() as ours:
        with _bare(folder, bare), _ours(folder, ours) as log:
            began = perf_counter()
            await asyncio.to_thread(wait_until_ready, log)
            connected = perf_counter() - began
            await bare.sockets.until_connected()
            for turn in range(TURNS + 1):
                for name, each in (("bare", bare), ("ours", ours)):
                    found = await _ask(each)
                    if name == "ours":  # what is still to be answered must not burden the other's turn
                        await asyncio.to_thread(_until_answered, ours, (turn + 1) * A_SECOND * SECONDS)
                    if turn:  # the first warms both up
                        taken[name] += found
    slowest = {name: quantiles(found, n=100)[98] for name, found in taken.items()}
    return [
        Measured("kinkeeper run until connected to Slack", connected, 2),
        Measured("a bare Bolt app acknowledges, 99th percentile", slowest["bare"] * 1000, None, "ms"),
        Measured("Kinkeeper acknowledges, 99th percentile", slowest["ours"] * 1000, None, "ms"),
        Measured("Kinkeeper beside the bare app", slowest["ours"] / slowest["bare"], 1.5, "times"),
    ]


async def _ask(slack: FakeSlack) -> list[float]:
    """Fifty commands a second; how long each waited for its acknowledgement, in seconds."""
    people = [p for p in slack.workspace.people if p.startswith("U0P")]

    async def one(number: int) -> float:
        await asyncio.sleep(number / A_SECOND)
        began = perf_counter()
        await slack.hands.command(people[number % PEOPLE], "/coffee", "why")
        return perf_counter() - began

    return await asyncio.gather(*(one(n) for n in range(A_SECOND * SECONDS)))


@asynccontextmanager
async def _workspace() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as made:
        people = [made.workspace.add_person(f"p{n}").id for n in range(PEOPLE)]
        made.workspace.add_channel("coffee", members=people)
        yield made


@contextmanager
def _bare(folder: Path, slack: FakeSlack) -> Iterator[None]:
    with _process([sys.executable, "-m", "benchmarks.bare_bolt"], ROOT, slack, folder / "bare.log"):
        yield


@contextmanager
def _ours(folder: Path, slack: FakeSlack) -> Iterator[Path]:
    log = folder / "ours.log"
    with _process([command(), "run"], folder, slack, log):
        yield log


@contextmanager
def _process(words: list[str], folder: Path, slack: FakeSlack, log: Path) -> Iterator[None]:
    """A process on one core of its own, as long as the block."""
    with log.open("wb") as opened:
        started = subprocess.Popen(
            words, cwd=folder, env=environment(**slack.variables), stdout=opened, stderr=opened
        )
    only_on({min(cores())}, started.pid)
    try:
        yield
    finally:
        started.kill()
        started.wait()


def _until_answered(slack: FakeSlack, commands: int) -> None:
    while slack.faults.calls["response_url"] < commands:
        sleep(0.05)


def wait_until_ready(log: Path) -> None:
    """Returns once the process that writes this log says that all its parts are well."""
    while not is_ready(log):
        sleep(0.01)


def cores() -> set[int]:
    """Those of this machine, by their numbers."""
    return set(range(os.cpu_count() or 1))


def only_on(cores: set[int], pid: int = 0) -> None:
    """Let a process (0: this one) run on these cores alone, where the system can do so."""
    if hasattr(os, "sched_setaffinity"):
        with suppress(OSError):
            os.sched_setaffinity(pid, cores)
