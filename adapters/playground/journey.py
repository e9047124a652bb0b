"""The journey through time that the page may be on: one at a time, told to every page, stopped with the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.playground.travel import Travel
from adapters.playground.views import instant

if TYPE_CHECKING:
    from adapters.playground.platform import Playground

log = logging.getLogger(__name__)
STEPS = {"day": timedelta(days=1), "week": timedelta(weeks=1)}


class Journey:
    """Moves a playground's clock; `ring` is called when a journey begins and ends."""

    def __init__(self, playground: Playground, *, ring: Callable[[], None]) -> None:
        self._playground = playground
        self._ring = ring
        self._under_way: asyncio.Task[None] | None = None
        self._trouble = ""

    async def told(self) -> dict[str, Any]:
        """What the page shows of it."""
        travel, under_way = self._playground.travel, self._under_way is not None
        return {
            "possible": travel is not None,
            "under_way": under_way,
            "next": None if travel is None or under_way else instant(await travel.next_event()),
            "trouble": self._trouble,
        }

    def set_out(self, by: str) -> None:
        """Begin a journey to the next "event", or by a "day" or "week"; an HTTP error where that cannot be."""
        travel = self._playground.travel
        if travel is None:
            raise web.HTTPNotFound(text="this clock cannot be moved")
        if by not in {"event", *STEPS}:
            raise web.HTTPBadRequest(text="by has to be event, day or week")
        if self._under_way is not None:
            raise web.HTTPConflict(text="a journey through time is under way")
        to = travel.now() + STEPS[by] if by in STEPS else None
        self._trouble = ""
        self._under_way = asyncio.create_task(self._travel(travel, to=to))
        self._ring()

    async def stop(self, app: web.Application) -> None:
        """End a journey that is under way, at the moment it has come to."""
        if self._under_way is not None:
            self._under_way.cancel()
            with suppress(asyncio.CancelledError):
                await self._under_way

    async def _travel(self, travel: Travel, *, to: datetime | None) -> None:
        try:
            await travel.travel(to=to)
        except Exception as failure:
            log.exception("the playground's clock stopped on its way")
            self._trouble = f"The clock stopped on its way: {failure}"
        finally:
            self._under_way = None
            self._ring()
