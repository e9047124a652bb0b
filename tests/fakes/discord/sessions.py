"""A session of the gateway: which events one shard of the app hears, kept so that it can hear them again.

https://docs.discord.com/developers/events/gateway
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import web

from tests.fakes.discord import documents, telling
from tests.fakes.discord.records import Json, Kind
from tests.fakes.discord.world import World

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
MESSAGE_CONTENT = 1 << 15
ALL_INTENTS = (1 << 26) - 1
CHUNK = 1000
LARGE = 250

_NEEDED: Mapping[str, int] = {
    "GUILD_MEMBER_ADD": GUILD_MEMBERS,
    "GUILD_MEMBER_UPDATE": GUILD_MEMBERS,
    "GUILD_MEMBER_REMOVE": GUILD_MEMBERS,
    "THREAD_MEMBERS_UPDATE": GUILDS,
    "THREAD_CREATE": GUILDS,
    "THREAD_UPDATE": GUILDS,
    "THREAD_DELETE": GUILDS,
    "CHANNEL_CREATE": GUILDS,
    "CHANNEL_UPDATE": GUILDS,
    "CHANNEL_DELETE": GUILDS,
    "GUILD_CREATE": GUILDS,
    "GUILD_UPDATE": GUILDS,
    "GUILD_DELETE": GUILDS,
    "GUILD_ROLE_CREATE": GUILDS,
    "GUILD_ROLE_UPDATE": GUILDS,
    "GUILD_ROLE_DELETE": GUILDS,
}
_MESSAGES = {"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"}
_CONTENT: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


class Out(Protocol):
    """Where a session's events go while somebody listens."""

    def put(self, text: str) -> None: ...


@dataclass(slots=True)
class Session:
    """`sent` is everything it was ever told, by number from 1; `heard` is the number that its last heartbeat came with.

    `line` is None while nobody listens.
    """

    id: str
    shard: tuple[int, int]
    intents: int
    line: Out | None = None
    sent: list[str] = field(default_factory=list)
    heard: int = 0

    def say(self, name: str, said: Json) -> None:
        """Number an event, keep it, and send it if somebody listens."""
        number = len(self.sent) + 1
        text = json.dumps({"op": 0, "t": name, "s": number, "d": said})
        self.sent.append(text)
        if self.line is not None:
            self.line.put(text)

    def has_shard_of(self, server: str | None) -> bool:
        """Whether it is told of this server; of what is of no server the first shard is told."""
        number, count = self.shard
        return number == ((int(server) >> 22) % count if server else 0)


def as_heard(there: World, session: Session, name: str, said: Json) -> Json | None:
    """An event as this session hears it: None if its intents do not cover it; without the words that are not for it.

    https://docs.discord.com/developers/events/gateway#gateway-intents
    """
    server = said.get("guild_id")
    if name in _MESSAGES:
        if not session.intents & (GUILD_MESSAGES if server else DIRECT_MESSAGES):
            return None
        return _without_words(there, session, said)
    if name == "GUILD_MEMBER_UPDATE" and said["user"]["id"] == there.bot:
        return said
    if name == "THREAD_MEMBERS_UPDATE" and not session.intents & GUILD_MEMBERS:
        people = {m["user_id"] for m in said.get("added_members", ())} | {*said.get("removed_member_ids", ())}
        return said if there.bot in people else None
    if _is_hidden(there, name, said):
        return None
    if name in {"CHANNEL_CREATE", "CHANNEL_UPDATE"}:
        said = telling.channel(there, there.channels[said["id"]])
    needed = _NEEDED.get(name, 0)
    return said if session.intents & needed == needed else None


def _is_hidden(there: World, name: str, said: Json) -> bool:
    """Threads that the bot may not see are not told of."""
    if name not in {"THREAD_CREATE", "THREAD_UPDATE"} or said.get("type") != Kind.PRIVATE_THREAD:
        return False
    return not there.may(there.channels[said["id"]])


def _without_words(there: World, session: Session, said: Json) -> Json:
    """Words in a server are for the privileged intent only, but for the bot's own and where it is mentioned."""
    if session.intents & MESSAGE_CONTENT or not said.get("guild_id") or "author" not in said:
        return said
    if said["author"]["id"] == there.bot or any(u["id"] == there.bot for u in said["mentions"]):
        return said
    return said | _CONTENT


def begin(there: World, session: Session, *, url: str) -> None:
    """READY, and then each server of the shard; `url` is where to go to resume."""
    mine = [s for s in there.servers.values() if there.bot in s.members and session.has_shard_of(s.id)]
    ready: Json = {
        "v": 10,
        "user": documents.user(there.users[there.bot]) | {"mfa_enabled": True, "verified": True},
        "guilds": [{"id": s.id, "unavailable": True} for s in mine],
        "private_channels": [],
        "session_id": session.id,
        "resume_gateway_url": url,
        "shard": list(session.shard),
        "application": {"id": documents.APPLICATION, "flags": documents.flags(there)},
    }
    session.say("READY", ready)
    for server in mine:
        if not server.unavailable:
            everybody = bool(session.intents & GUILD_MEMBERS) and len(server.members) <= LARGE
            session.say("GUILD_CREATE", telling.server(there, server, with_everybody=everybody))


def tell_members(there: World, session: Session, asked: Json) -> str | None:
    """Members of a server, in chunks; what is wrong where they may not be asked for.

    https://docs.discord.com/developers/events/gateway-events#request-guild-members
    """
    server = there.servers[str(asked["guild_id"])]
    wanted, query, limit = asked.get("user_ids"), asked.get("query"), int(asked.get("limit") or 0)
    found = list(server.members.values())
    if wanted is not None:
        ids = {str(w) for w in (wanted if isinstance(wanted, list) else [wanted])}
        found = [m for m in found if m.user in ids]
    elif query:
        found = [m for m in found if (m.nick or there.users[m.user].name).startswith(query)]
    elif not limit and not session.intents & GUILD_MEMBERS:
        return "all members of a server were asked for without the intent for members"
    found = found[: limit or None]
    pages = [found[n : n + CHUNK] for n in range(0, len(found), CHUNK)] or [[]]
    nonce = {"nonce": asked["nonce"]} if asked.get("nonce") else {}
    for number, page in enumerate(pages):
        said: Json = {
            "guild_id": server.id,
            "members": [documents.member(there, m) for m in page],
            "chunk_index": number,
            "chunk_count": len(pages),
            "not_found": [],
        }
        session.say("GUILD_MEMBERS_CHUNK", said | nonce)
    return None


class Line:
    """One WebSocket: what is put in it goes out in order, compressed as was asked for."""

    def __init__(self, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        self.socket = socket
        self.session: Session | None = None
        self._press = zlib.compressobj() if compressed else None
        self._waiting: asyncio.Queue[str | int] = asyncio.Queue()

    def put(self, text: str) -> None:
        self._waiting.put_nowait(text)

    def say(self, op: int, said: Any = None) -> None:
        self.put(json.dumps({"op": op, "d": said, "s": None, "t": None}))

    def close(self, code: int) -> None:
        """Close it once everything before has gone out."""
        self._waiting.put_nowait(code)

    def cut(self) -> None:
        """The connection is just gone."""
        writer = self.socket._writer
        if writer is not None and writer.transport is not None:
            writer.transport.abort()

    async def write(self) -> None:
        """Send until it is closed. https://docs.discord.com/developers/events/gateway#transport-compression"""
        with suppress(ConnectionError):
            while isinstance(item := await self._waiting.get(), str):
                if self._press is None:
                    await self.socket.send_str(item)
                else:
                    pressed = self._press.compress(item.encode()) + self._press.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(pressed)
            await self.socket.close(code=item)
