"""What is done at Discord before the gateway is opened: which intents there are, and which commands are offered."""

from __future__ import annotations

import discord
import structlog

from adapters.discord import commands
from adapters.discord.calling import Api
from adapters.discord.failures import failure
from bot.ports import TemporaryFailure

FIRST_PAUSE = 2.0  # seconds before another try to connect

log = structlog.get_logger(__name__)


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
