"""The permissions that the bot needs on Discord, as few as do, each with the reason; and which it has where.

https://docs.discord.com/developers/topics/permissions
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ADMINISTRATOR = 1 << 3
EVERYTHING = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission: its bit, its name in the settings of a channel on Discord, and a sentence on what it is for."""

    bit: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Server:
    """A server, and what the bot may do in it as a whole by its roles there; ids as text."""

    id: str
    name: str
    me: str
    bot: str  # what the bot is called there
    roles: Collection[str]  # the bot's
    granted: int


NEEDED: Sequence[Permission] = (
    Permission(1 << 10, "View Channel", "See the channels of the config, and open threads beside them."),
    Permission(1 << 11, "Send Messages", "Post in the channels of the config."),
    Permission(
        1 << 36, "Create Private Threads", "Bring those who are matched together where only they read."
    ),
    Permission(
        1 << 38, "Send Messages in Threads", "Introduce people in these threads, and ask how it went."
    ),
    Permission(
        1 << 16, "Read Message History", "Look for a message of its own that it may have sent before a crash."
    ),
    Permission(1 << 15, "Attach Files", "Send calendar entries and charts."),
)
"""Without these something fails, in any channel of the config."""

FOR_VOICE: Sequence[Permission] = (
    Permission(
        1 << 4, "Manage Channels", "Open a voice channel for the hour of a match, and take it away again."
    ),
    Permission(1 << 20, "Connect", "Let those who are matched into that voice channel, and nobody else."),
)
"""What `voice = true` needs besides, in the server as a whole: a bot may grant in a channel only what it has itself.
https://docs.discord.com/developers/resources/guild#create-guild-channel"""


_VIEW, _SEND, _CREATE, _IN_THREADS, *_ = NEEDED
TO_WRITE = (_VIEW, _SEND)
IN_THREADS = (_VIEW, _IN_THREADS)
FOR_THREADS = (_VIEW, _CREATE, _IN_THREADS)
FOR_ROOMS = (_VIEW, *FOR_VOICE)
"""What it takes to post in a channel, to use a private thread, to open one, and to open or close a voice channel."""


def bits(*, voice: bool = False) -> int:
    """The permissions to ask for, as one number."""
    return sum(permission.bit for permission in (*NEEDED, *(FOR_VOICE if voice else ())))


def missing(granted: int, needed: Iterable[Permission] = NEEDED) -> list[Permission]:
    """Those of the needed ones that were not granted."""
    return [permission for permission in needed if not granted & permission.bit]


def in_server(server: Mapping[str, Any], *, me: str, my_roles: Collection[str]) -> int:
    """What somebody with these roles may do in a server as a whole, by what Discord tells about the server."""
    if str(server.get("owner_id")) == me:
        return EVERYTHING
    mine = {str(server["id"]), *my_roles}  # the role @everyone has the server's id
    granted = 0
    for role in server["roles"]:
        if str(role["id"]) in mine:
            granted |= int(role["permissions"])
    return EVERYTHING if granted & ADMINISTRATOR else granted


def in_channel(channel: Mapping[str, Any], server: Server) -> int:
    """What a channel leaves of what is granted in its server, or adds to it.

    Discord also denies everything to who may not view a channel. That is left out, so that exactly those permissions
    are missing that have to be granted.
    https://docs.discord.com/developers/topics/permissions#permission-overwrites
    """
    granted = server.granted
    if granted == EVERYTHING:
        return EVERYTHING
    overwrites = {str(each["id"]): each for each in channel.get("permission_overwrites") or ()}
    for layer in ([server.id], server.roles, [server.me]):
        denied = allowed = 0
        for overwrite in [overwrites[id_] for id_ in layer if id_ in overwrites]:
            denied, allowed = denied | int(overwrite["deny"]), allowed | int(overwrite["allow"])
        granted = granted & ~denied | allowed
    return granted
