"""What somebody may do in a server and in its channels.

https://docs.discord.com/developers/topics/permissions
"""

from __future__ import annotations

from enum import IntFlag

from tests.fakes.discord.records import Channel, Kind, Overwrite, Server


class Permission(IntFlag):
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_SERVER = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYTHING = (1 << 52) - 1
EVERYONES = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.CONNECT
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What @everyone is given in a new server."""

IN_DIRECT = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
)


def in_server(server: Server, person: str) -> int:
    """What somebody may do in the server as a whole; nothing if they are not in it."""
    member = server.members.get(person)
    if member is None:
        return 0
    if server.owner == person:
        return EVERYTHING
    given = server.roles[server.id].permissions
    for role in member.roles:
        given |= server.roles[role].permissions
    return EVERYTHING if given & Permission.ADMINISTRATOR else given


def in_channel(server: Server, channel: Channel, person: str, *, parent: Channel | None = None) -> int:
    """What somebody may do in a channel; `parent` is a thread's channel, whose rules hold for the thread.

    Who may not view a channel may do nothing there; a private thread is seen by its members and by who manages threads.
    """
    given = in_server(server, person)
    if given == EVERYTHING or person not in server.members:
        return given
    ruled = parent or channel
    for overwrites in _overwrites(server, ruled, person):
        denied = allowed = 0
        for overwrite in overwrites:
            denied, allowed = denied | overwrite.deny, allowed | overwrite.allow
        given = given & ~denied | allowed
    if not given & Permission.VIEW_CHANNEL:
        return 0
    if channel.kind == Kind.PRIVATE_THREAD and channel.thread is not None:
        is_in = person in channel.thread.members
        return given if is_in or given & Permission.MANAGE_THREADS else 0
    return given


def _overwrites(server: Server, channel: Channel, person: str) -> list[list[Overwrite]]:
    """In the order in which they count: of everybody, of the person's roles together, of the person."""
    found = channel.overwrites
    roles = server.members[person].roles
    return [
        [found[server.id]] if server.id in found else [],
        [found[r] for r in roles if r in found],
        [found[person]] if person in found else [],
    ]
