"""The migrations make what the models say, and unmake all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from bot.db.engine import DatabaseProblem, Sessions, connect
from bot.db.models import Base
from bot.db.types import render_item
from bot.db.upgrade import alembic_config, head, revision_problem, revisions, upgrade


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True, "render_item": render_item}
    )
    found: list[object] = compare_metadata(context, Base.metadata)
    return found


def down(connection: Connection) -> list[str]:
    command.downgrade(alembic_config(connection), "base")
    return sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})


async def test_the_tables_are_those_of_the_models(sessions: Sessions) -> None:
    async with sessions.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_downgraded_nothing_is_left_and_upgraded_again_all_is_there(sessions: Sessions) -> None:
    async with sessions.engine.begin() as connection:
        assert await connection.run_sync(down) == []
    assert await revision_problem(sessions) == "The database has no tables yet. Run: kinkeeper db upgrade"
    assert await upgrade(sessions) is not None
    async with sessions.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def test_the_revisions_are_those_that_alembic_knows() -> None:
    script = ScriptDirectory.from_config(alembic_config())
    assert script.get_heads() == [head()]
    assert sorted(one.revision for one in script.walk_revisions()) == revisions()


async def test_upgraded_twice_is_as_once(sessions: Sessions) -> None:
    assert await upgrade(sessions) is None
    assert await revision_problem(sessions) is None


async def test_a_database_from_a_newer_version_is_left_as_it_is(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        DatabaseProblem, match=r"from a newer version of Kinkeeper \(revision 9999\)"
    ) as refused:
        await upgrade(sessions)
    assert refused.value.exit_status == 3
    assert "newer version" in (await revision_problem(sessions) or "")


async def test_another_programs_sqlite_file_is_left_as_it_is(tmp_path: Path) -> None:
    sessions = connect(f"sqlite:///{tmp_path}/todo.db")
    async with sessions.begin() as session:
        await session.execute(text("CREATE TABLE todo (what TEXT)"))
    with pytest.raises(DatabaseProblem, match="another program's database: it has a table 'todo'"):
        await upgrade(sessions)
    await sessions.dispose()


def test_the_alembic_command_works_on_the_address_of_the_environment(tmp_path: Path) -> None:
    import subprocess
    import sys

    from tests.chaos.processes import REPOSITORY, environment

    done = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=REPOSITORY,
        env=environment(DATABASE_URL=f"sqlite:///{tmp_path}/by-hand.db"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "by-hand.db").is_file()
