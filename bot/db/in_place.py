"""SQLite without a thread of its own, for a database that one task uses and then throws away.

aiosqlite hands every call to a thread and waits. Where nothing else runs in the event loop (a headless demo, a test),
the handing over costs several times what SQLite itself does, so here the call is made in place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite


class InPlace(aiosqlite.Connection):
    """A connection whose calls are made in the event loop's own thread."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self._running or not self._connection:
            raise ValueError("Connection closed")
        return fn(*args, **kwargs)


async def connect_in_place(path: str, **options: Any) -> aiosqlite.Connection:
    """Open a file; the arguments are those of `sqlite3.connect`."""

    def connector() -> sqlite3.Connection:
        opened: sqlite3.Connection = sqlite3.connect(path, **{**options, "check_same_thread": False})
        return opened

    connection = InPlace(connector, iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 as SQLAlchemy does for the connections it makes
    await connection
    return connection
