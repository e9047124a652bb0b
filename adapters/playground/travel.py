"""What the page's clock asks of the program when somebody moves it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Travel(Protocol):
    """Moves the whole program through time, doing on the way all that falls due."""

    def now(self) -> datetime:
        """This instant on the moved clock (UTC)."""

    async def next_event(self) -> datetime | None:
        """When the next thing is due (UTC), or None if nothing is."""

    async def travel(self, *, to: datetime | None) -> int:
        """Go to `to` (UTC), or to the next event if None; how many moments were stepped through."""
