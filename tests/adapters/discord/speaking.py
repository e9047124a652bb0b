"""What the tests of the make-believe Discord share: a small team, and a bot made with discord.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.records import Channel, Server
from tests.fakes.discord.world import Clock

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


class Team:
    """Ana (who owns the server), Ben and Chloe in Knowledge Lab with its #coffee, and the Discord around them."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.ana, self.ben, self.chloe = (fake.world.add_user(name).id for name in ("ana", "ben", "chloe"))
        self.server: Server = fake.world.add_server(
            "Knowledge Lab", owner=self.ana, people=[self.ben, self.chloe]
        )
        self.coffee: Channel = fake.world.add_channel(self.server.id, "coffee")


@asynccontextmanager
async def small_team(clock: Clock, *, members_intent: bool = True) -> AsyncIterator[Team]:
    """The fake holds its own answers against the description of the API too."""
    async with FakeDiscord(clock=clock, members_intent=members_intent) as fake:
        fake.api.checks_itself = True
        yield Team(fake)


class Bot(discord.AutoShardedClient):
    """A bot that notes what it hears, and connects again without waiting."""

    def __init__(self, *, intents: discord.Intents, **more: Any) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.01, max_messages=None, **more)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[tuple[str, object]] = []
        self._news = asyncio.Event()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Discord asks for five seconds between two identifications; the one here does not."""

    def dispatch(self, event: str, /, *args: Any, **more: Any) -> None:
        self.heard.append((event, args[0] if args else None))
        self._news.set()
        super().dispatch(event, *args, **more)

    async def until(self, event: str, times: int = 1) -> list[Any]:
        """What came with an event, once it has come so many times."""
        async with asyncio.timeout(10):
            while len(found := [what for name, what in self.heard if name == event]) < times:
                self._news.clear()
                await self._news.wait()
        return found


@contextmanager
def pointed_at(fake: FakeDiscord) -> Iterator[None]:
    """discord.py speaks to the fake for as long as this lasts."""
    old = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = fake.api_url, yarl.URL(fake.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = old


@asynccontextmanager
async def connected(fake: FakeDiscord, bot: Bot) -> AsyncIterator[Bot]:
    """A bot that is ready, and closed cleanly."""
    with pointed_at(fake):
        await bot.login(fake.token)
        running = asyncio.create_task(bot.connect())
        try:
            await asyncio.wait_for(bot.wait_until_ready(), 10)
            yield bot
        finally:
            await bot.close()
            with suppress(asyncio.CancelledError):
                await running


def some_intents(*, members: bool = True) -> discord.Intents:
    return discord.Intents(guilds=True, members=members, guild_messages=True, dm_messages=True)


async def refused(call: Awaitable[object]) -> tuple[int, int]:
    """The status and the code that a request is refused with."""
    with pytest.raises(discord.HTTPException) as caught:
        await call
    return caught.value.status, caught.value.code


def texts(fake: FakeDiscord, channel: discord.abc.Snowflake) -> Sequence[str]:
    return fake.eyes.within(str(channel.id))
