"""How a story on Discord begins: a server of people, a config, and the bot that comes to them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from random import Random

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.clock import StillClock
from bot.config.loading import load_text
from bot.db.engine import Sessions
from bot.inbox import TransactionalInbox
from bot.ports import ChatPlatform
from bot.runtime import Runtime
from bot.services.teams import apply_config
from bot.travel import TimeMachine
from tests.adapters.discord.guildhall import FOUR, FRIDAY, Hall, bot_of
from tests.fakes.discord import FakeDiscord
from tests.world import Nobody, open_database

_NAMED = re.compile(r"discord:@(\w+)")


def team(*rituals: str, **settings: str) -> str:
    """A config in Berlin with these rituals; `settings` of the team as they are written in TOML."""
    of_team = {"name": '"Lab"', "timezone": '"Europe/Berlin"', "messages_per_week": "40"} | settings
    return "\n".join(["[team]", *(f"{key} = {value}" for key, value in of_team.items()), *rituals])


@contextmanager
def forgetting_where_discord_is() -> Iterator[None]:
    """The library keeps for the whole process where Discord is."""
    old: tuple[str, yarl.URL] = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = old


@asynccontextmanager
async def opened(sessions: Sessions) -> AsyncIterator[None]:
    """Disposed of at the end, whatever happens."""
    try:
        yield
    finally:
        await sessions.dispose()


@asynccontextmanager
async def hall(
    database: str,
    folder: Path,
    *,
    config: str,
    people: Iterable[str] = FOUR,
    channels: Iterable[str] = ("coffee",),
    now: datetime = FRIDAY,
    prepare: Callable[[FakeDiscord], None] = lambda discord: None,
    members_intent: bool = True,
    besides: Iterable[ChatPlatform] = (),
    seed: int = 1,
) -> AsyncIterator[Hall]:
    """People (the first owns the server) who see all channels, on the Friday before the first Monday of 2026.

    `prepare` changes the server before the bot comes; "discord:@ana" in the config becomes Ana's account. `besides` are
    the platforms that the team is on besides.
    """
    clock, sessions = StillClock(now), open_database(database)
    async with opened(sessions), FakeDiscord(clock=clock, members_intent=members_intent) as discord:
        first, *others = (discord.world.add_user(name).id for name in people)
        server = discord.world.add_server("Lab", owner=first, people=others).id
        for name in channels:
            discord.world.add_channel(server, name)
        prepare(discord)
        ids = {user.name: user.id for user in discord.world.users.values()}
        config = _NAMED.sub(lambda found: f"discord:{ids[found[1]]}", config)
        loaded = load_text(config)
        if loaded.config is None:
            raise AssertionError("\n".join(map(str, loaded.problems)))
        async with sessions.begin() as session:
            team_id, _ = await apply_config(session, loaded.config, now=now, rng=Random(seed))
        path = folder / "kinkeeper.toml"
        path.write_text(config)
        platform = bot_of(discord, clock)
        platforms: dict[str, ChatPlatform] = {each.name: each for each in (platform, *besides)}
        runtime = Runtime(
            sessions=sessions,
            platforms=platforms,
            clock=clock,
            team_id=team_id,
            config_path=path,
        )
        time = TimeMachine(runtime, clock, Nobody())
        there = Hall(discord, platform, runtime, clock, time, server)
        with forgetting_where_discord_is():
            for each in platforms.values():
                await each.start(TransactionalInbox(runtime))
            try:
                await there.rosters_are_read()
                yield there
            finally:
                await there.platform.stop()
