"""Socket Mode: what people do travels in envelopes over a WebSocket, and each is acknowledged by its id.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.records import Json
from tests.fakes.slack.workspace import APP


class Unacknowledged(Exception):
    """Nobody acknowledged what a person did; Slack shows them that the app did not respond."""


@dataclass(slots=True, eq=False)
class Envelope:
    content: Json
    answered: asyncio.Future[Json]
    over: web.WebSocketResponse | None = None  # the socket it was last sent over
    acknowledged: int = 0  # how often


@dataclass(slots=True)
class _Waiter:
    wanted: int
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Sockets:
    """All sockets of the app; each envelope goes over one of them, in turn.

    With `keeps` what nobody acknowledged, or nobody was there for, is delivered again to whoever connects next;
    otherwise it fails with Unacknowledged. `patience` is in seconds. With `refuses` the next to connect with a good
    ticket is turned away, and so is whoever comes with that ticket later.
    """

    def __init__(self) -> None:
        self.keeps = False
        self.refuses = False
        self.patience = 3.0
        self.connected = 0  # how often a socket was opened
        self._open: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._numbers = 0
        self._sent: dict[str, Envelope] = {}
        self._waiting: deque[Envelope] = deque()
        self._waiters: list[_Waiter] = []
        self._turn = 0

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/link", self._link)

    @property
    def open(self) -> int:
        """How many sockets there are."""
        return len(self._open)

    def ticket(self) -> str:
        """What lets one socket in, once."""
        self._numbers += 1
        ticket = f"ticket-{self._numbers}"
        self._tickets.add(ticket)
        return ticket

    async def deliver(
        self, kind: str, payload: Json, *, retry: int = 0, reason: str = "", times: int = 1
    ) -> Json:
        """Send an envelope ("slash_commands", "interactive", "events_api"), `times` over; its first answer."""
        self._numbers += 1
        id_ = f"envelope-{self._numbers}"
        content: Json = {
            "envelope_id": id_,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            content |= {"retry_attempt": retry, "retry_reason": reason}
        envelope = self._sent[id_] = Envelope(content, asyncio.get_running_loop().create_future())
        for _ in range(times):
            await self._send(envelope)
        try:
            return await asyncio.wait_for(
                asyncio.shield(envelope.answered), self.patience * (10 if self.keeps else 1)
            )
        except TimeoutError:
            envelope.answered.cancel()
            raise Unacknowledged(f"{kind} was not acknowledged within {self.patience} seconds") from None

    async def drop(
        self, times: int = 1, *, gracefully: bool = True, reason: str = "refresh_requested"
    ) -> None:
        """Break all connections and wait until there are as many new ones, `times` over.

        Gracefully, Slack asks the app to connect anew; else the connection is just gone.
        """
        for _ in range(times):
            wanted = self.connected + max(1, len(self._open))
            for socket in list(self._open):
                if gracefully:
                    await socket.send_json(
                        {"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}}
                    )
                else:
                    self._cut(socket)
            await self.until_connected(wanted)

    def cut(self) -> None:
        """Break all connections, and wait for nothing."""
        for socket in list(self._open):
            self._cut(socket)

    async def until_connected(self, times: int = 1) -> None:
        """Wait until a socket was opened so many times, all in all."""
        if self.connected >= times:
            return
        waiter = _Waiter(times)
        self._waiters.append(waiter)
        await asyncio.wait_for(waiter.done.wait(), 30)

    async def warn(self) -> None:
        """Tell every socket that it will be closed soon."""
        for socket in self._open:
            await socket.send_json(
                {"type": "disconnect", "reason": "warning", "debug_info": {"host": "fake"}}
            )

    async def close(self) -> None:
        for socket in list(self._open):
            await socket.close()

    async def _send(self, envelope: Envelope) -> None:
        usable = [s for s in self._open if not s.closed]
        if not usable:
            self._undelivered(envelope)
            return
        self._turn += 1
        envelope.over = usable[self._turn % len(usable)]
        try:
            await envelope.over.send_json(envelope.content)
        except ConnectionError:
            self._undelivered(envelope)

    def _undelivered(self, envelope: Envelope) -> None:
        if envelope.answered.done():
            return
        if not self.keeps:
            envelope.answered.set_exception(Unacknowledged("nobody is connected"))
        elif envelope not in self._waiting:
            self._waiting.append(envelope)

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="no such ticket")
        self._tickets.remove(ticket)
        if self.refuses:
            self.refuses = False
            raise web.HTTPForbidden(text="not now")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open.append(socket)
        try:
            await self._hello(socket)
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(message.data)
        except ConnectionError:
            pass
        finally:
            await self._gone(socket)
        return socket

    async def _hello(self, socket: web.WebSocketResponse) -> None:
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._open),
                "connection_info": {"app_id": APP},
                "debug_info": {"host": "fake", "approximate_connection_time": 18060},
            }
        )
        self.connected += 1
        for waiter in self._waiters:
            if self.connected >= waiter.wanted:
                waiter.done.set()
        again = [e for e in self._waiting if not e.answered.done()]
        self._waiting.clear()
        for envelope in again:
            if envelope.content["type"] == "events_api":
                envelope.content |= {
                    "retry_attempt": envelope.content["retry_attempt"] + 1,
                    "retry_reason": "timeout",
                }
            await self._send(envelope)

    def _acknowledged(self, text: str) -> None:
        said: dict[str, Any] = json.loads(text)
        envelope = self._sent.get(str(said.get("envelope_id")))
        if envelope is None:
            return
        envelope.acknowledged += 1
        if not envelope.answered.done():
            envelope.answered.set_result(said.get("payload") or {})

    async def _gone(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)
        for envelope in list(self._sent.values()):
            if envelope.over is socket and not envelope.answered.done():
                if self.keeps:
                    await self._send(envelope)
                else:
                    self._undelivered(envelope)

    def _cut(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)
        writer = socket._writer
        if writer is not None and writer.transport is not None:
            writer.transport.abort()
