"""The gateway: the WebSocket over which the app hears what happens.

https://docs.discord.com/developers/events/gateway
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSMsgType, web

from tests.fakes.discord import opcodes
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.records import Json
from tests.fakes.discord.sessions import (
    ALL_INTENTS,
    GUILD_MEMBERS,
    GUILD_PRESENCES,
    MESSAGE_CONTENT,
    Line,
    Session,
    as_heard,
    begin,
    tell_members,
)
from tests.fakes.discord.webapi import TOKEN
from tests.fakes.discord.world import World

STARTS_A_DAY = 1000

How = Literal["asked", "cut"]


@dataclass(slots=True)
class _Waiter:
    wanted: int
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Gateway:
    """All sessions of the app. `identified` and `resumed` count how often one began and one went on.

    `shards` is how many Discord recommends, `interval` the milliseconds between heartbeats; with `is_deaf` it leaves
    heartbeats unanswered.
    """

    def __init__(self, there: World, faults: Faults, *, url: Callable[[], str]) -> None:
        self.there = there
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        self.resumed = 0
        self.shards = 1
        self.interval = 41_250
        self.is_deaf = False
        self.violations: list[str] = []
        self._faults = faults
        self._url = url
        self._lines: list[Line] = []
        self._door = asyncio.Event()
        self._door.set()
        self._waiters: list[_Waiter] = []
        self._beats = asyncio.Condition()
        self._numbers = 0
        there.tell = self.tell

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/gateway/", self._link)

    @property
    def open(self) -> int:
        """How many sessions somebody listens to."""
        return sum(s.line is not None for s in self.sessions.values())

    @property
    def connected(self) -> int:
        """How often a session began or went on."""
        return self.identified + self.resumed

    def told(self) -> Json:
        """Where to connect, and how. https://docs.discord.com/developers/events/gateway#get-gateway-bot"""
        limit = {
            "total": STARTS_A_DAY,
            "remaining": max(STARTS_A_DAY - self.identified, 0),
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        }
        return {"url": self._url(), "shards": self.shards, "session_start_limit": limit}

    def tell(self, name: str, said: Json, server: str | None) -> None:
        """Tell of an event everybody who hears of it: the sessions with the server's shard, by their intents."""
        for session in self.sessions.values():
            if (
                session.has_shard_of(server)
                and (heard := as_heard(self.there, session, name, said)) is not None
            ):
                session.say(name, heard)

    def hears(self, server: str | None) -> bool:
        """Whether somebody listens, or can still go on listening, to what happens in a server."""
        return any(s.has_shard_of(server) for s in self.sessions.values())

    async def drop(
        self,
        times: int = 1,
        *,
        how: How = "cut",
        resumable: bool = True,
        code: int | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Break all connections, and wait until there are as many again, `times` over.

        Asked to reconnect, closed with a code, or just cut; `meanwhile` is called when nobody listens any more. What
        happens then is heard after resuming, unless sessions are not `resumable` (a new one is needed then).
        """
        for _ in range(times):
            wanted = self.connected + max(1, self.open)
            self.cut(how=how, resumable=resumable, code=code)
            if meanwhile is not None:
                meanwhile()
            await self.until_connected(wanted)

    def cut(self, *, how: How = "cut", resumable: bool = True, code: int | None = None) -> None:
        """Break all connections, and wait for nothing."""
        for line in list(self._lines):
            self._leave(line)
            if code is not None:
                line.close(code)
            elif how == "asked":
                line.say(opcodes.RECONNECT)
            else:
                line.cut()
        if not resumable:
            self.sessions.clear()

    @asynccontextmanager
    async def away(self, *, resumable: bool = True) -> AsyncIterator[None]:
        """Nobody can connect for as long as this lasts; on leaving it waits until as many are connected again."""
        wanted = self.connected + max(1, self.open)
        self._door.clear()
        self.cut(resumable=resumable)
        try:
            yield
        finally:
            self._door.set()
        await self.until_connected(wanted)

    async def until_connected(self, times: int = 1) -> None:
        """Wait until a session began or went on so many times, all in all."""
        if self.connected >= times:
            return
        waiter = _Waiter(times)
        self._waiters.append(waiter)
        await asyncio.wait_for(waiter.done.wait(), 30)

    async def settled(self) -> None:
        """Wait until everybody who listens has heard all that they were told: Discord asks for a heartbeat, and it
        comes back with the number of the last event.
        """
        for session in list(self.sessions.values()):
            if isinstance(session.line, Line):
                session.line.say(opcodes.HEARTBEAT)
        async with asyncio.timeout(30), self._beats:
            await self._beats.wait_for(self._have_heard)

    def revoke(self) -> None:
        """The bot's token is worth nothing any more: every session is closed, and nobody comes in."""
        self._faults.revoked = True
        self.cut(code=opcodes.BAD_TOKEN, resumable=False)

    async def close(self) -> None:
        self._door.set()
        for line in list(self._lines):
            self._leave(line)
            await line.socket.close(code=1001)

    async def _link(self, request: web.Request) -> web.StreamResponse:
        wanted = request.query.get("compress")
        if wanted not in {None, "zlib-stream"}:
            raise web.HTTPBadRequest(text=f"this gateway does not compress by {wanted}")
        await self._door.wait()
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        line = Line(socket, compressed=wanted is not None)
        self._lines.append(line)
        writing = asyncio.ensure_future(line.write())
        line.say(opcodes.HELLO, {"heartbeat_interval": self.interval, "_trace": []})
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._heard(line, message.data)
                    async with self._beats:
                        self._beats.notify_all()
        except ConnectionError:
            pass
        finally:
            self._leave(line)
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            if socket.close_code in {1000, 1001}:
                self._end(line)
        return socket

    def _heard(self, line: Line, text: str) -> None:
        try:
            said = json.loads(text)
            op, about = said["op"], said.get("d")
        except (ValueError, KeyError, TypeError):
            line.close(opcodes.DECODE_ERROR)
            return
        match op:
            case opcodes.HEARTBEAT:
                if line.session is not None:
                    line.session.heard = int(about or 0)
                if not self.is_deaf:
                    line.say(opcodes.HEARTBEAT_ACK)
            case opcodes.IDENTIFY:
                self._identify(line, about)
            case opcodes.RESUME:
                self._resume(line, about)
            case _ if line.session is None:
                line.close(opcodes.NOT_AUTHENTICATED)
            case opcodes.REQUEST_MEMBERS:
                if (complaint := tell_members(self.there, line.session, about)) is not None:
                    self.violations.append(complaint)
            case opcodes.PRESENCE | opcodes.VOICE:
                pass
            case _:
                line.close(opcodes.UNKNOWN_OPCODE)

    def _identify(self, line: Line, about: Json) -> None:
        intents, shard = int(about["intents"]), tuple(about.get("shard", (0, 1)))
        allowed = GUILD_MEMBERS if self.there.members_intent else 0
        if line.session is not None:
            line.close(opcodes.ALREADY_AUTHENTICATED)
        elif about["token"] != TOKEN or self._faults.revoked:
            line.close(opcodes.BAD_TOKEN)
        elif not 0 <= shard[0] < shard[1]:
            line.close(opcodes.INVALID_SHARD)
        elif intents & ~ALL_INTENTS:
            line.close(opcodes.INVALID_INTENTS)
        elif intents & (GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT) & ~allowed:
            line.close(opcodes.DISALLOWED_INTENTS)
        else:
            self._numbers += 1
            session = Session(f"session-{self._numbers}", (shard[0], shard[1]), intents)
            self.sessions[session.id] = session
            self._take(line, session)
            self.identified += 1
            begin(self.there, session, url=self._url())
            self._connected()

    def _resume(self, line: Line, about: Json) -> None:
        """Everything since `seq` once more, and on from there."""
        session = self.sessions.get(about["session_id"])
        if about["token"] != TOKEN or self._faults.revoked:
            line.close(opcodes.BAD_TOKEN)
        elif session is None:
            line.say(opcodes.INVALID_SESSION, False)
        elif not 0 <= (seq := int(about["seq"] or 0)) <= len(session.sent):
            line.close(opcodes.INVALID_SEQUENCE)
        else:
            for text in session.sent[seq:]:
                line.put(text)
            self._take(line, session)
            self.resumed += 1
            session.say("RESUMED", {"_trace": []})
            self._connected()

    def _have_heard(self) -> bool:
        return all(s.line is None or s.heard >= len(s.sent) for s in self.sessions.values())

    def _take(self, line: Line, session: Session) -> None:
        """A session has one line; who had it before hears nothing more."""
        if isinstance(session.line, Line):
            session.line.session = None
        line.session, session.line = session, line

    def _leave(self, line: Line) -> None:
        """Nobody listens on this line any more; its session can still be resumed."""
        if line in self._lines:
            self._lines.remove(line)
        if line.session is not None and line.session.line is line:
            line.session.line = None

    def _end(self, line: Line) -> None:
        """Who closes with 1000 or 1001 does not come back to the session."""
        if line.session is not None and line.session.line is None:
            self.sessions.pop(line.session.id, None)

    def _connected(self) -> None:
        for waiter in self._waiters:
            if self.connected >= waiter.wanted:
                waiter.done.set()
