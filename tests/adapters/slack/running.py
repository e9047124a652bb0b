"""The program as processes of their own, with the make-believe Slack in front of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from adapters.slack.manifest import manifest
from tests.chaos.processes import PATIENCE, TEAM, Process, started
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.records import Post
from tests.fakes.slack.workspace import BOT_USER

ANA, BEN, CHLOE, DEV = "U0ANA", "U0BEN", "U0CHLOE", "U0DEV"
COFFEE = "C0COFFEE"
FAR_OFF = "0 0 1 1 *"
CONFIG = f"""{TEAM}
[[coffee]]
name = "monday-coffee"
channel = "slack:#coffee"
cron = "{FAR_OFF}"
"""
THANKS = f"""
[[gratitude]]
name = "friday-thanks"
channel = "slack:#coffee"
cron = "{FAR_OFF}"
prompts = ["Who made your week lighter?"]
"""
READY = "Kinkeeper is running"
WORKING = "worker is running"
TWENTY = (
    *("ana", "ben", "chloe", "dev", "emeka", "farah", "gus", "hana", "ivo", "jun"),
    *("kim", "lea", "max", "noor", "oto", "pia", "quinn", "ravi", "sara", "tom"),
)
PENDING = "SELECT count(*) FROM delivery WHERE state = 'pending'"

Found = TypeVar("Found")


@asynccontextmanager
async def workspace(
    *names: str, over_http: bool = False, with_history: bool = False
) -> AsyncIterator[FakeSlack]:
    """A Slack where the app is installed, with #coffee; Ana, the first, is an admin."""
    async with FakeSlack() as slack:
        slack.install(
            manifest(with_history=with_history, http="https://kinkeeper.example.org" if over_http else None)
        )
        people = [
            slack.workspace.add_person(name, is_admin=not number)
            for number, name in enumerate(names or ("ana", "ben", "chloe", "dev"))
        ]
        slack.workspace.add_channel("coffee", members=[p.id for p in people])
        yield slack


def variables(slack: FakeSlack, *, over_http: bool = False) -> dict[str, str]:
    """What a process is started with so that it finds this Slack."""
    if not over_http:
        return slack.variables
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.url,
    }


@dataclass(frozen=True, slots=True)
class Program:
    """A process; `address` is where its pages are, "" for a worker."""

    process: Process
    address: str

    async def ready(self) -> tuple[int, Mapping[str, str]]:
        """What /readyz answers: the status, and what it says of each part."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.address}/readyz") as response:
            return response.status, (await response.json())["parts"]

    async def until_ready(self) -> None:
        """Returns once /readyz says that all is well."""

        async def is_ready() -> bool:
            return (await self.ready())[0] == 200

        await _until(is_ready, what="it is ready")

    async def until_unready(self, words: str) -> None:
        """Returns once /readyz says these words of Slack."""

        async def says_so() -> bool:
            status, parts = await self.ready()
            return status == 503 and words in parts["slack"]

        await _until(says_so, what=f"it says {words!r}")

    async def stop(self) -> int:
        """Tell it to stop; its exit status."""
        return await asyncio.to_thread(self.process.stop)

    async def stopped(self) -> int:
        """Its exit status, once it has ended."""
        return await asyncio.to_thread(self.process.popen.wait, 15)

    def troubles(self) -> list[dict[str, Any]]:
        """The lines of its log that tell of something wrong; that a busy computer left out a tick is nothing wrong."""
        wrong = [line for line in self.process.events() if line["level"] not in ("debug", "info")]
        return [line for line in wrong if not line["event"].startswith("Execution of job ")]


@asynccontextmanager
async def running(
    slack: FakeSlack,
    folder: Path,
    *,
    command: str = "run",
    config: str = CONFIG,
    env: Mapping[str, str] | None = None,
    over_http: bool = False,
) -> AsyncIterator[Program]:
    """`kinkeeper run`, once it says so. What is `over_http` is told to Slack too, unless it is a worker."""
    path = folder / "kinkeeper.toml"
    if not path.exists():
        path.write_text(config)
    given = variables(slack, over_http=over_http) | dict(env or {})
    with started(command, cwd=folder, env=given) as process:
        if command == "worker":
            await asyncio.to_thread(process.says, WORKING)
            yield Program(process, "")
            return
        line = await asyncio.to_thread(process.says, READY)
        address = "http://" + line.split("http://")[1].split('"')[0]
        if over_http:
            slack.over_http(f"{address}/slack/events")
        yield Program(process, address)


async def until(condition: Callable[[], Found], *, what: str, seconds: float = PATIENCE) -> Found:
    """What the condition gives once it gives something true; AssertionError if it does not in time."""

    async def asked() -> Found:
        return condition()

    return await _until(asked, what=what, seconds=seconds)


async def _until(condition: Callable[[], Awaitable[Found]], *, what: str, seconds: float = PATIENCE) -> Found:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        found = await condition()
        if found:
            return found
        if loop.time() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s; it is {found!r}")
        await asyncio.sleep(0.02)


async def introduced(slack: FakeSlack, *, pairs: int) -> list[Post]:
    """The introductions, once there are as many."""
    await until(lambda: len(introductions(slack)) >= pairs, what=f"{pairs} introductions")
    return introductions(slack)


def introductions(slack: FakeSlack) -> list[Post]:
    """What the bot wrote into group conversations."""
    groups = [c.id for c in slack.workspace.conversations.values() if c.kind == "mpim"]
    return [post for group in groups for post in slack.workspace.within(group) if post.by_bot]


def only_for(slack: FakeSlack) -> Counter[str]:
    """How many messages people got that they alone can see."""
    return Counter(post.only_for for post in slack.workspace.posts if post.only_for is not None)


def somebody_in(slack: FakeSlack, post: Post) -> str:
    """One of the people who can read a message."""
    return next(p for p in slack.workspace.conversations[post.channel].members if p != BOT_USER)


def button(slack: FakeSlack, post: Post, verb: str) -> str:
    """The action of a message's button."""
    return next(a for a in slack.eyes.actions(post.blocks) if a.startswith(f"{verb}:"))


def database(folder: Path) -> str:
    return f"sqlite:///{folder}/kinkeeper.db"
