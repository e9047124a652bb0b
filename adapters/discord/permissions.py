"""The permissions that the bot needs on Discord, as few as do, each with the reason; and which it has where.

https://docs.discord.com/developers/topics/permissions
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ADMINISTRATOR = 1 << 3
VIEW_CHANNEL, SEND_MESSAGES, ATTACH_FILES = 1 << 10, 1 << 11, 1 << 15
EVERYTHING = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission: its bit, its name in the settings of a channel on Discord, and a sentence on what it is for."""

    bit: int
    name: str
    why: str


NEEDED: Sequence[Permission] = (
    Permission(VIEW_CHANNEL, "View Channel", "See the channels of the config, and open threads beside them."),
    Permission(SEND_MESSAGES, "Send Messages", "Post in the channels of the config."),
    Permission(
        1 << 36, "Create Private Threads", "Bring those who are matched together where only they read."
    ),
    Permission(
        1 << 38, "Send Messages in Threads", "Introduce people in these threads, and ask how it went."
    ),
    Permission(
        1 << 16, "Read Message History", "Look for a message of its own that it may have sent before a crash."
    ),
    Permission(ATTACH_FILES, "Attach Files", "Send calendar entries and charts."),
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


def in_channel(
    channel: Mapping[str, Any], granted: int, *, server: str, me: str, my_roles: Collection[str]
) -> int:
    """What a channel leaves of what was `granted` in its server, or adds to it.

    https://docs.discord.com/developers/topics/permissions#permission-overwrites
    """
    if granted == EVERYTHING:
        return EVERYTHING
    overwrites = {str(each["id"]): each for each in channel.get("permission_overwrites") or ()}
    for layer in ([server], my_roles, [me]):
        denied = allowed = 0
        for overwrite in [overwrites[id_] for id_ in layer if id_ in overwrites]:
            denied, allowed = denied | int(overwrite["deny"]), allowed | int(overwrite["allow"])
        granted = granted & ~denied | allowed
    if not granted & VIEW_CHANNEL:  # then all else is denied too, and so are files to who may not write
        return 0
    return granted if granted & SEND_MESSAGES else granted & ~ATTACH_FILES
