"""Many events in a short time are one piece of work, done a little later."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)


class Together:
    """Does `work` once for all that `ask` asked for within `seconds`; it is told the newest reason.

    What goes wrong is recorded, and the next time it is done anew.
    """

    def __init__(self, work: Callable[[str], Awaitable[None]], *, seconds: float) -> None:
        self._work = work
        self._seconds = seconds
        self._reason = ""
        self._doing: asyncio.Task[None] | None = None

    def ask(self, reason: str) -> None:
        """Let it be done, soon."""
        self._reason = reason
        if self._doing is None or self._doing.done():
            self._doing = asyncio.create_task(self._do(), name="together")

    async def quiet(self) -> None:
        """Returns when nothing is to be done."""
        if self._doing is not None:
            await asyncio.wait({self._doing})

    async def stop(self) -> None:
        """Begin nothing any more; returns when nothing is under way."""
        self._reason = ""
        if self._doing is not None:
            self._doing.cancel()
            await asyncio.gather(self._doing, return_exceptions=True)

    async def _do(self) -> None:
        while self._reason:
            await asyncio.sleep(self._seconds)
            reason, self._reason = self._reason, ""
            try:
                await self._work(reason)
            except Exception:  # recorded
                log.exception("not_done_together", reason=reason)
