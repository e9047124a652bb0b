"""Tells every open page that something changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from aiohttp import web

_HEARTBEAT = 10.0  # seconds; also how often a page hears the time
_GATHER = 0.03  # seconds in which changes are told as one


class Bell:
    """Rung at every change; each open page hears it through one event stream."""

    def __init__(self) -> None:
        self._pages: set[asyncio.Event] = set()
        self._open = True

    def ring(self) -> None:
        for page in self._pages:
            page.set()

    async def close(self, app: web.Application) -> None:
        """End all streams, so that a server can stop."""
        self._open = False
        self.ring()

    async def stream(self, request: web.Request, *, tell: Callable[[], object]) -> web.StreamResponse:
        """Send what `tell` says: now, at every change and heartbeat, until the page or the server closes.

        https://html.spec.whatwg.org/multipage/server-sent-events.html
        """
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        response.headers["Cache-Control"] = "no-store"
        await response.prepare(request)
        changed = asyncio.Event()
        self._pages.add(changed)
        name = "changed"
        try:
            while self._open:
                data = json.dumps(tell())
                await response.write(f"retry: 1000\nevent: {name}\ndata: {data}\n\n".encode())
                try:
                    async with asyncio.timeout(_HEARTBEAT):
                        await changed.wait()
                    name = "changed"
                    await asyncio.sleep(_GATHER)
                except TimeoutError:
                    name = "heartbeat"
                changed.clear()
        except ConnectionResetError:
            pass
        finally:
            self._pages.discard(changed)
        return response
