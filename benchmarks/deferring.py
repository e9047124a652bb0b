"""How soon a slash command is deferred while others come, beside a bare discord.py client; how soon Discord is
connected; and what a bot in many servers takes of the machine.

Both answer the same make-believe Discord, in turns, each as a process of its own on one core.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from benchmarks.acknowledging import ROOT, cores, only_on, wait_until_ready
from benchmarks.measuring import Measured, command, environment
from benchmarks.starting import IDLE, resident
from tests.fakes.discord import FakeDiscord

A_SECOND = 50  # commands
SECONDS = 8  # of one turn
TURNS = 3  # of each
PEOPLE = 20
SERVERS, PEOPLE_EACH = 100, 50
CONFIG = """
[team]
name = "Acme"
timezone = "Europe/Berlin"

[[coffee]]
name = "monday-coffee"
channel = "discord:#coffee"
every = "week"
on = "monday"
at = "10:00"
"""


def discord(folder: Path) -> Iterator[Measured]:
    """A process of ours and a bare one, asked in turns; then ours in a hundred servers."""
    (folder / "kinkeeper.toml").write_text(CONFIG)
    try:
        yield from asyncio.run(_deferred(folder))
        yield asyncio.run(_remembered(folder))
    finally:
        only_on(cores())


async def _deferred(folder: Path) -> list[Measured]:
    taken: dict[str, list[float]] = {"bare": [], "ours": []}
    only_on({max(cores())})
    async with _servers(1, PEOPLE) as bare, _servers(1, PEOPLE) as ours:
        began = perf_counter()
        with _ours(folder, ours) as log:
            await asyncio.to_thread(wait_until_ready, log)
            connected = perf_counter() - began
            bare.world.commands = ours.world.commands
            with _bare(folder, bare):
                await bare.gateway.until_connected()
                for turn in range(TURNS + 1):
                    for name, each in (("bare", bare), ("ours", ours)):
                        found = await _ask(each)
                        await _all_answered(ours)  # else what is left of one turn would slow the next
                        if turn:  # the first warms both up
                            taken[name] += found
    slowest = {name: quantiles(found, n=100)[98] for name, found in taken.items()}
    return [
        Measured("kinkeeper run until connected to Discord", connected, None),
        Measured("a bare discord.py client defers, 99th percentile", slowest["bare"] * 1000, None, "ms"),
        Measured("Kinkeeper defers, 99th percentile", slowest["ours"] * 1000, None, "ms"),
        Measured("Kinkeeper beside the bare client", slowest["ours"] / slowest["bare"], 1.5, "times"),
    ]


async def _remembered(folder: Path) -> Measured:
    """The memory of a process that serves one of many servers, which all count."""
    only_on(cores())
    (folder / "kinkeeper.db").unlink()
    async with _servers(SERVERS, PEOPLE_EACH) as many:
        with _ours(folder, many) as log:
            await asyncio.to_thread(wait_until_ready, log)
            await asyncio.sleep(IDLE)
            held = resident(int((folder / "pid").read_text()))
    return Measured(f"resident memory with {SERVERS} servers of {PEOPLE_EACH} people", held, 150, "MB")


async def _ask(there: FakeDiscord) -> list[float]:
    """Fifty commands a second; how long each waited until it was deferred, in seconds."""
    world = there.world
    people = [user.id for user in world.users.values() if user.name.startswith("p0-")]
    here = world.channel_named("coffee").id

    async def one(number: int) -> float:
        await asyncio.sleep(number / A_SECOND)
        began = perf_counter()
        await there.hands.command(people[number % PEOPLE], "coffee why", channel=here)
        return perf_counter() - began

    return await asyncio.gather(*(one(n) for n in range(A_SECOND * SECONDS)))


async def _all_answered(there: FakeDiscord) -> None:
    """Returns when the bot does not think about anything any more; RuntimeError if it thinks for long."""
    for _ in range(600):
        if not any(message.is_loading for message in there.world.messages):
            return
        await asyncio.sleep(0.05)
    raise RuntimeError("some commands were deferred and never answered")


@asynccontextmanager
async def _servers(servers: int, people_each: int) -> AsyncIterator[FakeDiscord]:
    """Servers of so many people; #coffee is in the first, and each has ten more channels and five roles."""
    async with FakeDiscord() as made:
        world = made.world
        for number in range(servers):
            people = [world.add_user(f"p{number}-{n}").id for n in range(people_each)]
            server = world.add_server(f"Server {number}", owner=people[0], people=people)
            for n in range(10):
                world.add_channel(server.id, f"channel-{n}")
            for n in range(5):
                world.add_role(server.id, f"role-{n}", holders=people[n::5])
            world.add_channel(server.id, "coffee" if number == 0 else "tea")
        yield made


@contextmanager
def _bare(folder: Path, there: FakeDiscord) -> Iterator[None]:
    with _process([sys.executable, "-m", "benchmarks.bare_discord"], ROOT, there, folder / "bare.log"):
        yield


@contextmanager
def _ours(folder: Path, there: FakeDiscord) -> Iterator[Path]:
    """The process, and where it writes its log; its number stands in the file `pid`."""
    log = folder / "ours.log"
    with _process([command(), "run"], folder, there, log) as pid:
        (folder / "pid").write_text(str(pid))
        yield log


@contextmanager
def _process(words: list[str], folder: Path, there: FakeDiscord, log: Path) -> Iterator[int]:
    """A process on one core of its own, as long as the block; its number."""
    with log.open("wb") as opened:
        started = subprocess.Popen(
            words, cwd=folder, env=environment(**there.variables), stdout=opened, stderr=opened
        )
    only_on({min(cores())}, started.pid)
    try:
        yield started.pid
    finally:
        started.kill()
        started.wait()
