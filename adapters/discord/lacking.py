"""What keeps the bot from its work in a channel or a server: sentences that name each missing permission as Discord's
own settings do, and where it is granted. `kinkeeper doctor` says them, and so does the bot while it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.discord.permissions import FOR_ROOMS, NEEDED, Permission, Server, in_channel, missing

ANNOUNCEMENT = 5  # a kind of channel
HIDDEN = "___hidden___"
"""What Discord calls a channel that the bot may not view.
https://docs.discord.com/developers/resources/channel#channel-object"""

Json = Mapping[str, Any]


def in_text(channel: Json, server: Server, needed: Iterable[Permission] = NEEDED) -> str:
    """Which of the needed permissions it lacks in a text channel; "" if none."""
    lacking = missing(in_channel(channel, server), needed)
    if not lacking:
        return ""
    whys = " ".join(f"{each.name}: {each.why}" for each in lacking)
    return (
        f"In {_called(channel, server)} the bot lacks {_named(lacking)}. Open Edit Channel, Permissions, Advanced "
        f"permissions, choose {server.bot}, and allow that. {whys}"
    )


def beside(channel: Json, server: Server) -> str:
    """Why there can be no private thread beside a channel by its kind; "" if there can.

    https://docs.discord.com/developers/topics/threads
    """
    if channel["type"] != ANNOUNCEMENT:
        return ""
    return (
        f"{_called(channel, server)} is an announcement channel, beside which Discord opens no private threads: people "
        "are introduced by direct messages. Take a text channel."
    )


def for_rooms(server: Server, category: Json | None) -> str:
    """What it lacks to open voice channels in a server (and in the category they go into) and to take them away.

    A bot may grant in a channel only what it has in the server.
    https://docs.discord.com/developers/resources/guild#create-guild-channel
    """
    if lacking := missing(server.granted, FOR_ROOMS):
        return (
            f"The bot cannot open voice channels in {server.name}: its role lacks {_named(lacking)} (Server Settings, "
            "Roles). Only coffees with voice = true need that; `kinkeeper discord invite --voice` asks for it."
        )
    if category is not None and (lacking := missing(in_channel(category, server), FOR_ROOMS)):
        return (
            f"The bot cannot open voice channels in the category {category['name']} ({server.name}): it lacks "
            f"{_named(lacking)} there. Open Edit Category, Permissions, Advanced permissions, choose {server.bot}, and "
            "allow that. Only coffees with voice = true need it."
        )
    return ""


def in_room(room: Json, server: Server) -> str:
    """What it lacks to take a voice channel away; "" if nothing. Who may not connect to one cannot manage it either."""
    lacking = missing(in_channel(room, server), FOR_ROOMS)
    if not lacking:
        return ""
    return (
        f"The bot cannot take the voice channel {room['name']} ({server.name}) away: it lacks {_named(lacking)} there. "
        f"Grant its role that (Server Settings, Roles) or choose {server.bot} under Edit Channel, Permissions; or "
        "delete the channel."
    )


def _called(channel: Json, server: Server) -> str:
    name = f"the channel {channel['id']}" if channel["name"] == HIDDEN else f"#{channel['name']}"
    return f"{name} ({server.name})"


def _named(lacking: Iterable[Permission]) -> str:
    return ", ".join(each.name for each in lacking)
