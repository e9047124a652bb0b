"""Reaching the database: SQLite as the embedded default, PostgreSQL for several machines; the same code for both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from bot.db.in_place import connect_in_place

BUSY_SECONDS = 10


class DatabaseProblem(Exception):
    """The database cannot be used; the text says why and what to do."""

    exit_status = 3


@dataclass(frozen=True, slots=True)
class Sessions:
    """Opens transactions. One engine a process."""

    engine: AsyncEngine
    _maker: async_sessionmaker[AsyncSession]

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A transaction that may write: committed at the end, rolled back by an exception.

        On SQLite it takes the write lock at once, so that a read is never overtaken before it is acted on.
        """
        async with self._maker() as session, session.begin():
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads, and waits for no writer."""
        async with self._maker() as session:
            await session.connection(execution_options={"kinkeeper_reads": True})
            yield session

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def connect(url: str, *, fast_and_loose: bool = False) -> Sessions:
    """Open the database at `url` (`sqlite:///…`, `postgresql://…`); nothing is asked of it yet.

    `fast_and_loose` gives up surviving a power cut and blocks the event loop while SQLite works, for a database
    that is thrown away (headless demo, tests).
    """
    url = with_async_driver(url)
    options: dict[str, Any] = {"pool_pre_ping": True}
    if url.startswith("sqlite"):
        options = {"connect_args": {"async_creator_fn": connect_in_place}} if fast_and_loose else {}
    engine = create_async_engine(url, **options)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, synchronous="OFF" if fast_and_loose else "NORMAL")
    return Sessions(engine, async_sessionmaker(engine, expire_on_commit=False))


def with_async_driver(url: str) -> str:
    """The same address for SQLAlchemy's asyncio drivers; `postgres://`, as hosting providers write it, is understood.

    DatabaseProblem for an address that is neither SQLite nor PostgreSQL.
    """
    scheme, separator, rest = url.partition("://")
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "postgres": "postgresql+psycopg",
        "postgresql": "postgresql+psycopg",
    }
    if not separator or scheme not in {*drivers, *drivers.values()}:
        raise DatabaseProblem(f"DATABASE_URL must start with sqlite:/// or postgresql://, not {scheme!r}.")
    return f"{drivers.get(scheme, scheme)}://{rest}"


def _prepare_sqlite(engine: AsyncEngine, *, synchronous: str) -> None:
    """Foreign keys, write-ahead log, and transactions that we begin ourselves.

    https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#enabling-non-legacy-sqlite-transactional-modes-with-the-sqlite3-or-aiosqlite-driver
    """

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            f"busy_timeout = {BUSY_SECONDS * 1000}",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        reads = connection.get_execution_options().get("kinkeeper_reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def explain(error: DatabaseError | InterfaceError | OSError, url: str) -> DatabaseProblem:
    """What a person is told when the database at `url` cannot be used."""
    where = make_url(url)
    if where.get_backend_name() != "sqlite":
        return DatabaseProblem(
            f"The database at {where.host or 'localhost'}:{where.port or 5432} cannot be used: {_first_line(error)}. "
            "Check DATABASE_URL, and that the server is running."
        )
    path = Path(where.database or "")
    text = str(error).lower()
    if "readonly" in text or "read-only" in text:
        return DatabaseProblem(f"{path} is read-only. Make the file and its folder writable for this user.")
    if "not a database" in text or "malformed" in text:
        return DatabaseProblem(
            f"{path} is not a Kinkeeper database. Move it away, or set DATABASE_URL to another file."
        )
    if "locked" in text or "busy" in text:
        return DatabaseProblem(
            f"{path} is locked by another program for more than {BUSY_SECONDS} seconds. "
            "Close that program and try again."
        )
    if "unable to open" in text:
        reason = "is a folder" if path.is_dir() else "cannot be opened or created"
        return DatabaseProblem(f"{path} {reason}. Check DATABASE_URL and the folder's permissions.")
    return DatabaseProblem(f"{path} cannot be used: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    origin = getattr(error, "orig", None) or error
    return str(origin).strip().splitlines()[0] if str(origin).strip() else type(origin).__name__
