"""Bringing the tables to this version's shape, and noticing a database from a newer one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from bot.db.engine import DatabaseProblem, Sessions, Unusable, explain

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"

NO_TABLES = "The database has no tables yet. Run: kinkeeper db upgrade"
OLDER = "The database is from an older version. Run: kinkeeper db upgrade"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for our migrations, on an open connection where one is given."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def revisions() -> list[str]:
    """All revisions that this version knows, oldest first: what the names of the files begin with.

    Alembic knows them too, but it is read only where there is something to migrate: it takes longer to import than all
    else that an ordinary start does with the database.
    """
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def head() -> str:
    """This version's revision."""
    return revisions()[-1]


async def upgrade(sessions: Sessions) -> str | None:
    """Run the migrations that are missing; returns the new revision, or None if there was nothing to do.

    Raises DatabaseProblem if the database cannot be used, is from a newer version, or is another program's.
    """
    try:
        async with sessions.engine.begin() as connection:
            return await connection.run_sync(_upgrade)
    except Unusable as error:
        raise explain(error, sessions.engine.url) from error


async def revision_problem(sessions: Sessions) -> str | None:
    """What is wrong with the database's revision, as a sentence; None if it is this version's."""
    try:
        async with sessions.engine.connect() as connection:
            await connection.execution_options(kinkeeper_reads=True)
            current = await connection.run_sync(_current)
            other = await connection.run_sync(_others) if current is None else None
    except Unusable as error:
        raise explain(error, sessions.engine.url) from error
    if current == head():
        return None
    if other is not None:
        return other
    if current is None:
        return NO_TABLES
    if current not in revisions():
        return _too_new(current)
    return OLDER


def _upgrade(connection: Connection) -> str | None:
    if connection.dialect.name == "postgresql":  # SQLite has one writer in any case
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('kinkeeper'), hashtext('upgrade'))"))
    current = _current(connection)
    if current == head():
        return None
    if current is not None and current not in revisions():
        raise DatabaseProblem(_too_new(current))
    if current is None and (problem := _others(connection)):
        raise DatabaseProblem(problem)
    from alembic import command

    command.upgrade(alembic_config(connection), "head")
    return head()


def _current(connection: Connection) -> str | None:
    """The revision that Alembic wrote down; None for a database without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _others(connection: Connection) -> str | None:
    """That a SQLite file is another program's, if it is; on a server a database is made for one program."""
    if connection.dialect.name != "sqlite":
        return None
    tables = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    if not tables:
        return None
    return (
        f"{connection.engine.url.database} is another program's database: it has a table {tables[0]!r}. "
        "Move it away, or set DATABASE_URL to another file."
    )


def _too_new(revision: str) -> str:
    return (
        f"The database is from a newer version of Kinkeeper (revision {revision}). "
        "Install that version, or restore the backup you made before upgrading."
    )
