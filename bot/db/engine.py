"""Reaching the database: SQLite as the embedded default, PostgreSQL for several machines; the same code for both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from bot.db.addresses import with_async_driver
from bot.db.in_place import connect_in_place
from bot.db.in_thread import connect_in_thread
from bot.db.problems import BUSY_SECONDS, DatabaseProblem, Unusable, explain

__all__ = ["DatabaseProblem", "Sessions", "Unusable", "connect", "explain", "with_async_driver"]

WIPES = 3  # times to try, each as long as anybody waits for a busy database
CONNECT_SECONDS = 10  # a server that says nothing for longer is not there


@dataclass(frozen=True, slots=True)
class Sessions:
    """Opens transactions. One engine a process."""

    engine: AsyncEngine
    _maker: async_sessionmaker[AsyncSession]

    @asynccontextmanager
    async def begin(self, *, alone: str | None = None) -> AsyncIterator[AsyncSession]:
        """A transaction that may write: committed at the end, rolled back by an exception.

        On SQLite it takes the write lock at once, so that a read is never overtaken before it is acted on. `alone`
        does the same elsewhere: of the transactions that name the same word, in whichever process, one runs at a time.
        """
        async with self._maker() as session, session.begin():
            if alone is not None and self.engine.dialect.name == "postgresql":
                await session.execute(_ALONE, {"word": alone})
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads, and waits for no writer."""
        async with self._maker() as session:
            await session.connection(execution_options={"kinkeeper_reads": True})
            yield session

    async def wipe(self) -> bool:
        """Leave nothing of what was deleted in SQLite's files, outside of any transaction; whether that is so now.

        `secure_delete` overwrites what is deleted where it stands, but not the copies that are left behind wherever
        SQLite has moved rows between pages, nor those in the write-ahead log. So the file is written anew and the log
        cut off. False if others use the database for too long. Elsewhere there is nothing to do: `docs/privacy.md`.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        for attempt in range(WIPES):
            if attempt:
                await asyncio.sleep(0.1 * attempt)
            try:
                async with self.engine.connect() as connection:
                    await connection.execution_options(kinkeeper_bare=True)
                    await connection.exec_driver_sql("VACUUM")
                    row = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
            except OperationalError:  # somebody writes for longer than anybody waits
                continue
            if not row[0]:
                return True
        return False

    def problem(self, error: BaseException) -> DatabaseProblem | None:
        """What a person is told if it is the database that cannot be used; None if the error is of another kind."""
        if not isinstance(error, Unusable) or isinstance(
            error, IntegrityError | ProgrammingError | DataError
        ):
            return None
        return explain(error, self.engine.url)

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('kinkeeper'), hashtext(:word))")


def connect(url: str, *, fast_and_loose: bool = False) -> Sessions:
    """Open the database at `url` (`sqlite:///…`, `postgresql://…`); nothing is asked of it yet.

    BadAddress for an address of nothing that can be used. `fast_and_loose` gives up surviving a power cut and blocks
    the event loop while SQLite works, for a database that is thrown away (headless demo, tests).
    """
    address = with_async_driver(url)
    if address.get_backend_name() == "sqlite":
        creator = connect_in_place if fast_and_loose else connect_in_thread
        engine = create_async_engine(
            address, hide_parameters=True, connect_args={"async_creator_fn": creator}
        )
        _prepare_sqlite(engine, synchronous="OFF" if fast_and_loose else "NORMAL")
    else:
        engine = create_async_engine(
            address,
            pool_pre_ping=True,
            hide_parameters=True,  # what people wrote is in no log
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )
    return Sessions(engine, async_sessionmaker(engine, expire_on_commit=False))


def _prepare_sqlite(engine: AsyncEngine, *, synchronous: str) -> None:
    """Foreign keys, write-ahead log, and transactions that we begin ourselves.

    https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#enabling-non-legacy-sqlite-transactional-modes-with-the-sqlite3-or-aiosqlite-driver
    """

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {int(BUSY_SECONDS * 1000)}",  # first: the next ones may have to wait as well
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        if connection.get_execution_options().get("kinkeeper_bare"):
            return
        reads = connection.get_execution_options().get("kinkeeper_reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
