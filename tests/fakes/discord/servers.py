"""Servers, their members, roles and channels, and direct conversations.

https://docs.discord.com/developers/resources/guild and https://docs.discord.com/developers/resources/channel
"""

from __future__ import annotations

from tests.fakes.discord import documents, permissions, threads
from tests.fakes.discord.asking import Asked
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Channel, Json, Kind, Server
from tests.fakes.discord.refusals import (
    INVALID_RECIPIENT,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NOT_IN_A_DM,
    UNKNOWN_MEMBER,
    UNKNOWN_USER,
    Problems,
    refuse,
)
from tests.fakes.discord.world import World


def list_own(there: World, asked: Asked) -> list[Json]:
    """The servers that the bot is in, by their ids."""
    mine = [s for s in there.servers.values() if there.bot in s.members]
    found = sorted((s for s in mine if int(s.id) > asked.after()), key=lambda s: int(s.id))
    return [
        {
            "id": s.id,
            "name": s.name,
            "icon": None,
            "banner": None,
            "owner": s.owner == there.bot,
            "permissions": str(permissions.in_server(s, there.bot)),
            "features": [],
            "approximate_member_count": len(s.members),
            "approximate_presence_count": 1,
        }
        for s in found[: asked.number("limit", otherwise=200, most=200)]
    ]


def get_server(there: World, asked: Asked) -> Json:
    with_counts = asked.query.get("with_counts") in {"1", "true", "True"}
    return documents.server(there, _server(there, asked), with_counts=with_counts)


def list_roles(there: World, asked: Asked) -> list[Json]:
    return [documents.role(r) for r in _server(there, asked).roles.values()]


def list_channels(there: World, asked: Asked) -> list[Json]:
    """Those that the bot may view, without threads."""
    server = _server(there, asked)
    mine = [c for c in there.channels.values() if c.server == server.id and c.thread is None]
    return [documents.channel(there, c) for c in mine if there.may(c)]


def create_channel(there: World, asked: Asked) -> Json:
    """The bot allows and denies in it only what it may do itself.

    https://docs.discord.com/developers/resources/guild#create-guild-channel
    """
    server = _server(there, asked)
    may = permissions.in_server(server, there.bot)
    said = asked.form
    overwrites = said.get("permission_overwrites") or ()
    touched = [int(o.get("allow") or 0) | int(o.get("deny") or 0) for o in overwrites]
    if not may & Permission.MANAGE_CHANNELS or any(bits & ~may for bits in touched):
        raise refuse(MISSING_PERMISSIONS)
    parent = there.channels.get(str(said.get("parent_id")))
    if parent is not None and not there.may(parent) & Permission.MANAGE_CHANNELS:
        raise refuse(MISSING_PERMISSIONS)
    _check_name(said.get("name"))
    made = there.add_channel(
        server.id, said["name"], Kind(said.get("type") or Kind.TEXT), parent=said.get("parent_id")
    )
    for overwrite in overwrites:
        there.permit(made.id, str(overwrite["id"]), int(overwrite.get("allow") or 0))
        there.forbid(made.id, str(overwrite["id"]), int(overwrite.get("deny") or 0))
    there.tell("CHANNEL_CREATE", documents.channel(there, made), server.id)
    return documents.channel(there, made)


def list_members(there: World, asked: Asked) -> list[Json]:
    """By their ids; needs the intent for members. https://docs.discord.com/developers/resources/guild#list-guild-members"""
    server = _server(there, asked)
    if not there.members_intent:
        raise refuse(MISSING_ACCESS)
    found = sorted(
        (m for m in server.members.values() if int(m.user) > asked.after()), key=lambda m: int(m.user)
    )
    return [documents.member(there, m) for m in found[: asked.number("limit", otherwise=1, most=1000)]]


def search_members(there: World, asked: Asked) -> list[Json]:
    """Those whose name or nick begins so."""
    server = _server(there, asked)
    wanted = asked.query.get("query", "").lower()
    found = [
        m
        for m in server.members.values()
        if any((n or "").lower().startswith(wanted) for n in (m.nick, there.users[m.user].name))
    ]
    return [documents.member(there, m) for m in found[: asked.number("limit", otherwise=1, most=1000)]]


def get_member(there: World, asked: Asked) -> Json:
    server = _server(there, asked)
    found = server.members.get(asked.names["user_id"])
    if found is None:
        raise refuse(UNKNOWN_MEMBER if asked.names["user_id"] in there.users else UNKNOWN_USER)
    return documents.member(there, found)


def get_channel(there: World, asked: Asked) -> Json:
    return documents.channel(there, there.visible(asked.names["channel_id"]))


def change_channel(there: World, asked: Asked) -> Json:
    what = there.visible(asked.names["channel_id"])
    if what.server is None:
        raise refuse(NOT_IN_A_DM)
    if what.thread:
        threads.change(there, what, asked.form)
    else:
        _needs_management(there, what)
        if "name" in asked.form:
            _check_name(asked.form["name"])
            what.name = asked.form["name"]
        what.topic = asked.form.get("topic", what.topic)
        there.tell("CHANNEL_UPDATE", documents.channel(there, what), what.server)
    return documents.channel(there, what)


def delete_channel(there: World, asked: Asked) -> Json:
    """A direct conversation is only closed, and is there again when somebody writes."""
    what = there.visible(asked.names["channel_id"])
    about = documents.channel(there, what)
    if what.server is None:
        return about
    _needs_management(there, what)
    remove_channel(there, what)
    return about


def remove_channel(there: World, what: Channel) -> None:
    """Take a channel or thread away with all that is in it, and tell of it."""
    inside = [c for c in there.channels.values() if c.parent == what.id and c.thread]
    for channel in (*inside, what):
        del there.channels[channel.id]
    gone = {c.id for c in (*inside, what)}
    there.messages = [m for m in there.messages if m.channel not in gone]
    if what.thread:
        about = {"id": what.id, "guild_id": what.server, "parent_id": what.parent, "type": int(what.kind)}
        there.tell("THREAD_DELETE", about, what.server)
    else:
        there.tell("CHANNEL_DELETE", documents.channel(there, what), what.server)


def open_direct(there: World, asked: Asked) -> Json:
    """https://docs.discord.com/developers/resources/user#create-dm"""
    person = str(asked.form.get("recipient_id"))
    if person not in there.users or there.users[person].is_bot:
        raise refuse(INVALID_RECIPIENT)
    return documents.channel(there, there.direct(person))


def get_user(there: World, asked: Asked) -> Json:
    return documents.user(there.user(asked.names["user_id"]))


def typing(there: World, asked: Asked) -> None:
    there.visible(asked.names["channel_id"])


def _server(there: World, asked: Asked) -> Server:
    return there.server(asked.names["guild_id"])


def _needs_management(there: World, what: Channel) -> None:
    """Who may not connect to a voice channel has no access to it."""
    if what.kind == Kind.VOICE and not there.may(what) & Permission.CONNECT:
        raise refuse(MISSING_ACCESS)
    needed = Permission.MANAGE_THREADS if what.thread else Permission.MANAGE_CHANNELS
    if not there.may(what) & needed:
        raise refuse(MISSING_PERMISSIONS)


def _check_name(name: object) -> None:
    problems = Problems()
    problems.length("name", name or "", 100, least=1)
    problems.complain()
