"""SQLite in a thread of its own, as a program uses it whose event loop has other things to do meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import aiosqlite

GOODBYE = 5  # seconds


async def connect_in_thread(path: str, **options: Any) -> aiosqlite.Connection:
    """Open a file; the arguments are those of `sqlite3.connect`.

    If it cannot be opened, the thread has ended before that is raised: aiosqlite leaves it behind, and a program that
    stops for want of its database would end with the thread's complaint that there is no event loop any more.
    """
    connection = aiosqlite.connect(path, **options)
    connection._thread.daemon = True  # noqa: SLF001 as SQLAlchemy does for the connections it makes
    try:
        return await connection
    except BaseException:
        await asyncio.to_thread(connection._thread.join, GOODBYE)  # noqa: SLF001
        raise
