"""Who somebody is on a server: their name there, and whether they may manage it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from adapters.discord.client import Client
from adapters.discord.failures import failure
from bot.ports import CannotTell, PermanentFailure, Profile, Unreachable

NO_MEMBERS = (
    "Discord shows me no members without the Server Members Intent. Switch it on in the Developer Portal (Bot, "
    'Privileged Gateway Intents) and start me again, or let people join by themselves: members = "opt-in".'
)
GONE = (10007, 10013)  # unknown member, unknown user


def profile_of(member: discord.Member) -> Profile:
    """A member of a server as the core knows people. Discord tells neither zones nor who is away."""
    may = member.guild_permissions
    return Profile(
        id=str(member.id),
        name=member.display_name,
        locale=str(member.guild.preferred_locale),
        is_bot=member.bot,
        is_admin=may.administrator or may.manage_guild,
    )


async def profile(guild: discord.Guild, account: str) -> Profile | None:
    """One person of a server, or None where they are not in it."""
    if not account.isdecimal():
        return None
    try:
        return profile_of(await guild.fetch_member(int(account)))
    except discord.HTTPException as error:
        if error.code in GONE:
            return None
        raise failure(error) from error


async def profiles(guild: discord.Guild, accounts: Sequence[str]) -> list[Profile]:
    """These people in their order, without those who left."""
    found = [await profile(guild, account) for account in accounts]
    return [each for each in found if each is not None]


async def members(client: Client, channel: Any) -> list[Profile] | CannotTell:
    """Everybody who can see a channel; CannotTell without the privileged intent.

    https://docs.discord.com/developers/events/gateway#privileged-intents
    """
    if not client.intents.members:
        return CannotTell(NO_MEMBERS)
    try:
        return [
            profile_of(member)
            async for member in channel.guild.fetch_members(limit=None)
            if channel.permissions_for(member).view_channel
        ]
    except discord.HTTPException as error:
        found = failure(error)
        if isinstance(found, Unreachable):
            raise PermanentFailure(str(found)) from error
        raise found from error
