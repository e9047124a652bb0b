"""Servers whose shards another process listens to: nobody tells of them here, so they are read when they are needed."""

from __future__ import annotations

import discord

from adapters.discord.failures import failure
from bot.ports import PerhapsDone, TemporaryFailure

GONE = (10003, 10004, 50001)  # unknown channel, unknown guild, missing access


class Elsewhere:
    """Knows a server once it was read, and reads it again on request; without several processes it knows none."""

    def __init__(self, client: discord.AutoShardedClient) -> None:
        self._client = client
        self.guilds: dict[int, discord.Guild] = {}
        self._has_read_all = False

    @property
    def is_there(self) -> bool:
        """Whether there are shards that this process does not listen to."""
        return self._client.shard_ids is not None

    async def of_channel(self, channel: int) -> discord.Guild | None:
        """The server of a channel, as it is now; None where there is none, or the bot cannot see it."""
        try:
            found = await self._client.fetch_channel(channel)
        except discord.HTTPException as error:
            _pass_over_what_is_gone(error)
            return None
        guild = getattr(found, "guild", None)
        return None if guild is None else await self.read(guild.id)

    async def read(self, guild: int) -> discord.Guild | None:
        """A server as it is now, with its channels, its roles and the bot as a member; None where the bot is not."""
        try:
            found = await self._client.fetch_guild(guild, with_counts=False)
            if self._client.user is not None:
                found._add_member(await found.fetch_member(self._client.user.id))  # noqa: SLF001
            for channel in await found.fetch_channels():
                found._add_channel(channel)  # noqa: SLF001 - the library fills a server by its own events alone
        except discord.HTTPException as error:
            self.guilds.pop(guild, None)
            _pass_over_what_is_gone(error)
            return None
        self.guilds[guild] = found
        return found

    async def read_once(self) -> None:
        """Every server that this process hears nothing of, if that was not done before."""
        if self._has_read_all or not self.is_there:
            return
        try:
            every = [guild.id async for guild in self._client.fetch_guilds(limit=None, with_counts=False)]
        except discord.HTTPException as error:
            _pass_over_what_is_gone(error)
            return
        for guild in every:
            if self._client.get_guild(guild) is None:
                await self.read(guild)
        self._has_read_all = True


def _pass_over_what_is_gone(error: discord.HTTPException) -> None:
    """Nothing where it is gone or hidden; else one of the port's failures."""
    if error.code in GONE:
        return
    found = failure(error)
    if isinstance(found, PerhapsDone):
        raise TemporaryFailure(str(found), retry_after=5.0) from error
    raise found from error
