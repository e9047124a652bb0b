"""The connection to Discord's gateway, in as many shards as Discord asks for; it comes back by itself.

https://docs.discord.com/developers/events/gateway
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.calling import LONGEST_WAIT
from adapters.discord.failures import PATIENCE, failure
from bot.ports import NeedsAdmin, PerhapsDone, TemporaryFailure

LONGEST_CONNECTING = 60.0  # seconds, and as long as the shards have to wait for each other
LONGEST_LOST = 60.0  # seconds after which a connection that does not come back is made anew
LOOK = 5.0  # seconds between two looks at whether it came back
CLOSED = "The connection to Discord was closed; I am connecting again."
BETWEEN_IDENTIFIES = 5.0
"""Seconds. https://docs.discord.com/developers/events/gateway#rate-limiting"""

discord.VoiceClient.warn_nacl = False  # nothing is said aloud
if hasattr(discord.VoiceClient, "warn_dave"):
    discord.VoiceClient.warn_dave = False
logging.getLogger("discord").setLevel(logging.WARNING)  # below that, the library logs what people write

Happened = Callable[..., Awaitable[None]]


def point_at(*, api_url: str | None, gateway_url: str | None) -> None:
    """Let the library speak to these addresses in place of Discord's own; it keeps them for the whole process."""
    if api_url:
        Route.BASE = api_url.rstrip("/")
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class Client(discord.AutoShardedClient):
    """Hands what happens to `happened(kind, thing)`. It keeps servers, channels and roles in memory, and no people."""

    def __init__(
        self,
        happened: Happened,
        *,
        with_members: bool,
        gateway_url: str | None,
        shard_ids: Sequence[int] | None,
        shard_count: int | None,
        settling: float,
        between_identifies: float = BETWEEN_IDENTIFIES,
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        intents.dm_messages = True
        intents.members = with_members
        super().__init__(
            intents=intents,
            shard_count=shard_count,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=settling,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            max_ratelimit_timeout=LONGEST_WAIT,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        if shard_ids is not None:
            self.shard_ids = list(shard_ids)
        self._happened = happened
        self._gateway_url = gateway_url
        self._between_identifies = between_identifies
        self._may_identify_at = 0.0  # by the loop's clock
        self._tried: set[int] = set()
        self._was_ready = False

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Returns when Discord may be asked for a new session: not sooner than so long after the one before."""
        now = asyncio.get_running_loop().time()
        wait = max(0.0, self._may_identify_at - now)
        self._may_identify_at = now + wait + self._between_identifies
        await asyncio.sleep(wait)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """At the address that was set, else at the one Discord gave. TemporaryFailure where it does not answer: the
        library itself would try for ever."""
        if shard_id in self._tried:
            raise TemporaryFailure("Discord's gateway cannot be reached.", retry_after=5.0)
        self._tried.add(shard_id)
        if self._gateway_url is None and self.shard_ids is not None:
            _, found, _ = await self.http.get_bot_gateway()
            gateway = yarl.URL(found)
        await super().launch_shard(
            yarl.URL(self._gateway_url) if self._gateway_url else gateway, shard_id, initial=initial
        )

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await self._happened("interaction", interaction)

    async def on_message(self, message: discord.Message) -> None:
        await self._happened("message", message)

    async def on_resumed(self) -> None:
        await self._happened("roster", "resumed")

    async def on_ready(self) -> None:
        """A further session: nobody tells what happened since the one before."""
        if self._was_ready:
            await self._happened("roster", "new session")
        self._was_ready = True

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._happened("roster", f"guild-join:{guild.id}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._happened("roster", f"guild-remove:{guild.id}")

    async def on_guild_channel_update(self, _before: Any, after: discord.abc.GuildChannel) -> None:
        await self._happened("roster", f"channel:{after.id}")

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        await self._happened("roster", f"channel:{channel.id}")

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._happened("roster", f"channel:{channel.id}")

    async def on_guild_role_update(self, _before: Any, after: discord.Role) -> None:
        await self._happened("roster", f"role:{after.id}")

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        await self._happened("roster", f"role:{role.id}")

    async def on_member_join(self, member: discord.Member) -> None:
        await self._happened("roster", f"member:{member.id}")

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Of the bot itself Discord tells without any intent, and of nobody else is anything kept: its roles count."""
        if before.roles != after.roles:
            await self._happened("roster", f"member:{after.id}")

    async def on_raw_member_remove(self, left: discord.RawMemberRemoveEvent) -> None:
        await self._happened("roster", f"member:{left.user.id}")

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        logging.getLogger("kinkeeper.discord").exception("event_failed: %s", event_method)


class Connection:
    """One client, logged in and connected; a new one is made for each try."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._running: asyncio.Task[None] | None = None

    async def log_in(self, token: str) -> None:
        """From here on Discord can be asked, and tells nothing yet; one of the port's failures where that cannot be."""
        async with self._closed_if_it_fails():
            await self.client.login(token)

    async def open(self) -> None:
        """Returns once all shards are ready; one of the port's failures where that cannot be."""
        async with self._closed_if_it_fails():
            self._running = asyncio.create_task(self.client.connect(), name="discord-gateway")
            ready = asyncio.create_task(self.client.wait_until_ready())
            waiting_for_each_other = BETWEEN_IDENTIFIES * (self.client.shard_count or 1)
            try:
                await asyncio.wait(
                    {self._running, ready},
                    timeout=LONGEST_CONNECTING + waiting_for_each_other,
                    return_when=asyncio.FIRST_COMPLETED,
                )
            finally:
                ready.cancel()
            if self._running.done():
                self._running.result()
            if not self.client.is_ready():
                raise TemporaryFailure("Discord's gateway does not answer.", retry_after=5.0)

    def problem(self) -> str | None:
        """What is wrong with the connection now, or None."""
        if self.client.is_closed() or self._running is None or self._running.done():
            return CLOSED
        if not self.client.shards or any(shard.is_closed() for shard in self.client.shards.values()):
            return "A connection to Discord was closed; I am connecting again."
        return None

    async def ended(self) -> Exception:
        """Returns when the library gives the connection up, with why; or when it has not come back for long."""
        lost = 0.0
        while self._running is not None and not self._running.done() and lost < LONGEST_LOST:
            await asyncio.wait({self._running}, timeout=LOOK)
            lost = lost + LOOK if self.problem() else 0.0
        gone = self._running is not None and self._running.done() and not self._running.cancelled()
        why = self._running.exception() if self._running is not None and gone else None
        await self.close()
        return told(why) if isinstance(why, Exception) else TemporaryFailure(CLOSED, retry_after=LOOK)

    async def close(self) -> None:
        """Returns when nothing comes in any more."""
        if not self.client.is_closed():
            await self.client.close()
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    @asynccontextmanager
    async def _closed_if_it_fails(self) -> AsyncIterator[None]:
        try:
            yield
        except Exception as error:
            await self.close()
            raise told(error) from error
        except BaseException:
            await self.close()
            raise


def told(error: Exception) -> Exception:
    """Why there is no connection, as one of the port's failures; what is nothing of Discord's stays what it is.

    https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
    """
    match error:
        case discord.ConnectionClosed(code=4004):
            return failure(discord.LoginFailure())
        case discord.ConnectionClosed(code=4010 | 4011):
            return NeedsAdmin(
                "Discord does not take my shards: look at DISCORD_SHARD_IDS and DISCORD_SHARD_COUNT.",
                retry_after=PATIENCE,
                scope="workspace",
            )
        case discord.PrivilegedIntentsRequired():
            return TemporaryFailure("The Server Members Intent was switched off.", retry_after=5.0)
        case discord.ConnectionClosed() | discord.GatewayNotFound():
            return TemporaryFailure(f"Discord's gateway turned me away: {error}.", retry_after=5.0)
    found = failure(error)
    return TemporaryFailure(str(found), retry_after=5.0) if isinstance(found, PerhapsDone) else found
