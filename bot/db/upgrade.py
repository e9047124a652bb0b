"""Bringing the tables to this version's shape, and noticing a database from a newer one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError, InterfaceError

from bot.db.engine import DatabaseProblem, Sessions, explain

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for our migrations, on an open connection where one is given."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def upgrade(sessions: Sessions) -> str | None:
    """Run the migrations that are missing; returns the new revision, or None if there was nothing to do.

    Raises DatabaseProblem if the database cannot be used or is from a newer version.
    """
    url = sessions.engine.url.render_as_string(hide_password=False)
    try:
        async with sessions.engine.begin() as connection:
            return await connection.run_sync(_upgrade)
    except (DatabaseError, InterfaceError, OSError) as error:
        raise explain(error, url) from error


async def revision_problem(sessions: Sessions) -> str | None:
    """What is wrong with the database's revision, as a sentence; None if it is this version's."""
    url = sessions.engine.url.render_as_string(hide_password=False)
    try:
        async with sessions.engine.connect() as connection:
            current = await connection.run_sync(_current)
    except (DatabaseError, InterfaceError, OSError) as error:
        raise explain(error, url) from error
    script = ScriptDirectory.from_config(alembic_config())
    if current == script.get_current_head():
        return None
    if current is None:
        return "The database has no tables yet. Run: kinkeeper db upgrade"
    if current not in {s.revision for s in script.walk_revisions()}:
        return _too_new(current)
    return "The database is from an older version. Run: kinkeeper db upgrade"


def _upgrade(connection: Connection) -> str | None:
    script = ScriptDirectory.from_config(alembic_config())
    head = script.get_current_head()
    current = _current(connection)
    if current == head:
        return None
    if current is not None and current not in {s.revision for s in script.walk_revisions()}:
        raise DatabaseProblem(_too_new(current))
    command.upgrade(alembic_config(connection), "head")
    return head


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _too_new(revision: str) -> str:
    return (
        f"The database is from a newer version of Kinkeeper (revision {revision}). "
        "Install that version, or restore the backup you made before upgrading."
    )
