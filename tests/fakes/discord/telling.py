"""How the gateway tells of servers and channels: of what the bot may not view, that it is there."""

from __future__ import annotations

from tests.fakes.discord import documents
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Channel, Json, Server
from tests.fakes.discord.world import World

HIDDEN, OBFUSCATED = "___hidden___", 1 << 17


def channel(there: World, what: Channel) -> Json:
    """A channel as the gateway tells of it: of one that the bot may not view, that it is there, and for whom.

    https://docs.discord.com/developers/resources/channel#channel-object
    """
    about = documents.channel(there, what)
    if there.may(what) & Permission.VIEW_CHANNEL:
        return about
    nothing = {each: None for each in ("topic", "last_message_id") if each in about}
    return about | nothing | {"name": HIDDEN, "flags": OBFUSCATED}


def server(there: World, what: Server, *, with_everybody: bool = False) -> Json:
    """A server as the gateway tells of it: with its channels and active threads, and, without the intent for members,
    the bot alone of all members.

    https://docs.discord.com/developers/events/gateway-events#guild-create
    """
    everybody = what.members.values() if with_everybody else [what.members[there.bot]]
    mine = [c for c in there.channels.values() if c.server == what.id and c.thread is None]
    seen = [c for c in there.threads_of(what.id) if there.may(c)]
    return documents.server(there, what) | {
        "joined_at": documents.at(what.members[there.bot].joined_at),
        "large": len(what.members) > 250,
        "unavailable": False,
        "member_count": len(what.members),
        "members": [documents.member(there, m) for m in everybody],
        "channels": [channel(there, c) for c in mine],
        "threads": [documents.channel(there, c) for c in seen],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
