"""The program as processes of their own, with the make-believe Discord in front of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from tests.chaos.processes import PATIENCE, TEAM, Process, started
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.records import Channel, Message, Modal

COFFEE = "coffee"
FAR_OFF = "0 0 1 1 *"
CONFIG = f"""{TEAM}
[[coffee]]
name = "monday-coffee"
channel = "discord:#coffee"
members = "opt-in"
cron = "{FAR_OFF}"
"""
ALL = CONFIG.replace('members = "opt-in"\n', "")
THANKS = f"""
[[gratitude]]
name = "friday-thanks"
channel = "discord:#coffee"
cron = "{FAR_OFF}"
prompts = ["Who made your week lighter?"]
"""
QUESTIONS = f"""
[[checkin]]
name = "weekly"
channel = "discord:#coffee"
cron = "{FAR_OFF}"
kind = "questions"
members = "opt-in"
questions = [{{ ask = "What went well?" }}]
"""
READY = "Kinkeeper is running"
FOUR = ("ana", "ben", "chloe", "dev")
TEN = (*FOUR, "emeka", "farah", "gus", "hana", "ivo", "jun")
PENDING = "SELECT count(*) FROM delivery WHERE state = 'pending'"
SENT = "SELECT count(*) FROM delivery WHERE state = 'sent'"

Found = TypeVar("Found")


@asynccontextmanager
async def server(*names: str, members_intent: bool = True) -> AsyncIterator[FakeDiscord]:
    """A server with #coffee where the bot is; it is Ana's, the first."""
    async with FakeDiscord(members_intent=members_intent) as discord:
        inhabit(discord, "Knowledge Lab", *(names or FOUR))
        yield discord


def inhabit(discord: FakeDiscord, name: str, *names: str, channel: str = COFFEE) -> str:
    """One more server of these people, the first of whom owns it; its id."""
    world = discord.world
    people = [world.add_user(each).id for each in names]
    made = world.add_server(name, owner=people[0], people=people)
    world.add_channel(made.id, channel)
    return made.id


def person(discord: FakeDiscord, name: str) -> str:
    return next(user.id for user in discord.world.users.values() if user.name == name)


def coffee(discord: FakeDiscord) -> Channel:
    return discord.world.channel_named(COFFEE)


@dataclass(frozen=True, slots=True)
class Program:
    """A process that runs; `address` is where its pages are."""

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
        """Returns once /readyz says these words of Discord."""

        async def says_so() -> bool:
            status, parts = await self.ready()
            return status == 503 and words in parts["discord"]

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
    discord: FakeDiscord,
    folder: Path,
    *,
    config: str = CONFIG,
    env: Mapping[str, str] | None = None,
) -> AsyncIterator[Program]:
    """`kinkeeper run`, once it says so."""
    path = folder / "kinkeeper.toml"
    if not path.exists():
        path.write_text(config)
    with started("run", cwd=folder, env={**discord.variables, **(env or {})}) as process:
        line = await asyncio.to_thread(process.says, READY)
        yield Program(process, "http://" + line.split("http://")[1].split('"')[0])


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


async def introduced(discord: FakeDiscord, *, pairs: int) -> list[Message]:
    """The introductions, once there are as many."""
    await until(lambda: len(introductions(discord)) >= pairs, what=f"{pairs} introductions")
    return introductions(discord)


def introductions(discord: FakeDiscord) -> list[Message]:
    """What the bot wrote into private threads, the first piece of each."""
    world = discord.world
    threads = [channel.id for channel in world.channels.values() if channel.thread]
    return [post for thread in threads for post in world.within(thread) if _has(discord, post, "met")]


def button(discord: FakeDiscord, post: Message, verb: str) -> str:
    """The action of a message's button."""
    return next(a for a in discord.eyes.actions(post) if a.startswith(f"{verb}:"))


def _has(discord: FakeDiscord, post: Message, verb: str) -> bool:
    return post.author == discord.world.bot and any(
        c["custom_id"].startswith(f"{verb}:") for row in post.components for c in row.get("components", ())
    )


async def post_with(discord: FakeDiscord, channel: str, verb: str) -> Message:
    """The first message of a conversation with such a button, once it is there."""

    def found() -> Sequence[Message]:
        return [post for post in discord.world.within(channel) if _has(discord, post, verb)]

    return (await until(found, what=f"a message with the button {verb!r}"))[0]


async def form(discord: FakeDiscord, account: str, post: Message) -> Modal:
    """The form behind a message's button "answer", which opens at once."""
    await discord.hands.press(account, post, button(discord, post, "answer"))
    modal = discord.eyes.modal(account)
    assert modal is not None, discord.eyes.privately(account)
    return modal


def answers(discord: FakeDiscord, account: str) -> list[str]:
    """What somebody was answered where they alone can see it, once the bot has thought."""
    return [text for text in discord.eyes.privately(account) if "thinking" not in text]


def database(folder: Path) -> str:
    return f"sqlite:///{folder}/kinkeeper.db"
