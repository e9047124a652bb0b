"""What the bot may do where, by what the library knows of servers and channels at this moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord

from adapters.discord import lacking
from adapters.discord.permissions import NEEDED, Permission, Server, in_server
from bot.ports import Finding


def troubles(channel: discord.TextChannel) -> tuple[Finding, ...]:
    """What keeps the bot from some of its work beside a channel, as `kinkeeper doctor` finds it too."""
    found = [
        (f"#{channel.name}", in_text(channel) or without_threads(channel)),
        ("voice", for_rooms(channel)),
    ]
    return tuple(Finding(about, text, well=False) for about, text in found if text)


def in_text(channel: discord.TextChannel, needed: Iterable[Permission] = NEEDED) -> str:
    """Which of the needed permissions the bot lacks in a channel, and how they are granted; "" if none."""
    server = _server(channel.guild)
    return lacking.in_text(_told(channel), server, needed) if server is not None else ""


def without_threads(channel: discord.TextChannel) -> str:
    """Why there can be no private thread beside a channel by its kind; "" if there can."""
    server = _server(channel.guild)
    return lacking.beside(_told(channel), server) if server is not None else ""


def for_rooms(channel: discord.TextChannel) -> str:
    """What it lacks to open voice channels beside a channel; "" if nothing."""
    server, category = _server(channel.guild), channel.category
    if server is None:
        return ""
    return lacking.for_rooms(server, _told(category) if category is not None else None)


def in_room(room: discord.VoiceChannel) -> str:
    """What it lacks to take a voice channel away; "" if nothing."""
    server = _server(room.guild)
    return lacking.in_room(_told(room), server) if server is not None else ""


def _server(guild: discord.Guild) -> Server | None:
    """The server with what the bot may do in it; None while it is not known which roles the bot has there."""
    me = guild.me
    if me is None:
        return None
    roles = [{"id": role.id, "permissions": role.permissions.value} for role in guild.roles]
    mine = [str(role.id) for role in me.roles]
    about = {"id": guild.id, "owner_id": guild.owner_id, "roles": roles}
    granted = in_server(about, me=str(me.id), my_roles=mine)
    return Server(str(guild.id), guild.name, str(me.id), me.display_name, mine, granted)


def _told(channel: discord.abc.GuildChannel) -> dict[str, Any]:
    """A channel as Discord tells of it."""
    overwrites = [
        {"id": whom.id, "allow": allow.value, "deny": deny.value}
        for whom, (allow, deny) in ((whom, each.pair()) for whom, each in channel.overwrites.items())
    ]
    return {
        "id": channel.id,
        "name": channel.name,
        "type": channel.type.value,
        "permission_overwrites": overwrites,
    }
