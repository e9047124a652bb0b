"""Being connected to Discord: what is done before the gateway is opened, and that it is opened again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import discord
import structlog

from adapters.discord import commands
from adapters.discord.calling import Api
from adapters.discord.client import Connection
from adapters.discord.failures import failure
from bot.ports import NeedsAdmin, PerhapsDone, PermanentFailure, TemporaryFailure, Unreachable

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds before another try to connect
AT_START = 10.0  # seconds that starting waits for Discord; after that it is waited for while others go on
FAILURES = (TemporaryFailure, PermanentFailure, Unreachable, PerhapsDone)

log = structlog.get_logger(__name__)


class Staying:
    """Connected by `connect`, and connected again whenever that fails or the library gives up.

    `again` is called at every connection that `start` did not wait for.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]], *, again: Callable[[], object]) -> None:
        self._connect, self._again = connect, again
        self._connection: Connection | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._has_tried = asyncio.Event()
        self._not_connected: Exception | None = TemporaryFailure("Discord has not been started.")

    async def start(self) -> None:
        """Returns when the first try has ended well or badly, or takes long."""
        self._not_connected = TemporaryFailure("I am connecting to Discord.")
        self._has_tried.clear()
        self._keeping = asyncio.create_task(self._keep_connected(), name="keep-discord-connected")
        with suppress(TimeoutError):
            await asyncio.wait_for(self._has_tried.wait(), AT_START)
        self._has_tried.set()

    async def stop(self) -> None:
        """Try no more; what is connected stays so until `close`."""
        self._not_connected = TemporaryFailure("Discord has been stopped.")
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping

    async def close(self) -> None:
        """Returns when nothing comes in any more."""
        if self._connection is not None:
            await self._connection.close()

    def state(self) -> str:
        """`"connected"`, or a sentence on what is wrong."""
        if self._not_connected is not None:
            return str(self._not_connected)
        problem = self._connection.problem() if self._connection is not None else None
        return problem or "connected"

    def ready(self) -> None:
        """One of the port's failures, until the connection stands."""
        match self._not_connected:
            case None:
                return
            case NeedsAdmin() as shut:
                raise NeedsAdmin(str(shut), retry_after=shut.retry_after, scope="workspace")
            case problem:
                raise TemporaryFailure(str(problem), retry_after=FIRST_PAUSE, scope="workspace")

    async def _keep_connected(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                self._connection = await self._connect()
                self._not_connected = None
            except Exception as problem:  # recorded, and tried again
                self._not_connected = problem
                if not isinstance(problem, FAILURES):
                    log.exception("discord_not_connected")
                    self._not_connected = TemporaryFailure(f"Connecting failed: {type(problem).__name__}.")
                else:
                    log.error("discord_not_connected", problem=str(problem))
                self._has_tried.set()
                await asyncio.sleep(max(pause, getattr(problem, "retry_after", None) or 0.0))
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            if self._has_tried.is_set():  # else who starts it reads the people
                log.info("discord_connected")
                self._again()
            pause = FIRST_PAUSE
            self._has_tried.set()
            self._not_connected = await self._connection.ended()


async def may_see_members(token: str) -> bool:
    """Whether the application has the privileged intent; it is asked for only then.

    https://docs.discord.com/developers/resources/application#application-object-application-flags
    """
    client = discord.Client(intents=discord.Intents(guilds=True))
    try:
        await client.login(token)
        flags = client.application_flags
        return flags.gateway_guild_members or flags.gateway_guild_members_limited
    except discord.LoginFailure as refused:
        raise failure(refused) from refused
    except (discord.HTTPException, OSError, TimeoutError) as error:
        raise TemporaryFailure(str(failure(error)), retry_after=FIRST_PAUSE) from error
    finally:
        await client.close()


async def sync_commands(api: Api, application: str) -> None:
    """Tell Discord the commands, if it has others."""
    template = "/applications/{application_id}/commands"
    ids = {"application_id": application}
    there = await api.get(template, ids=ids)
    wanted = commands.wanted()
    if commands.changed(wanted, there):
        await api.call("PUT", template, wanted, ids=ids)
        log.info("discord_commands_synced", commands=len(wanted))
