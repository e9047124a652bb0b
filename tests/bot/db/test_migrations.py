"""The migrations make what the models say, and unmake all of it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlalchemy.engine import Connection

from bot.db.engine import DatabaseProblem, Sessions, connect
from bot.db.models import Account, Base, Member, Team, Workspace
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


def to(revision: str, connection: Connection) -> None:
    step = command.upgrade if revision == "head" else command.downgrade
    step(alembic_config(connection), revision)


async def test_who_was_away_before_there_were_spans_is_so_until_the_roster_is_read_and_back(
    sessions: Sessions,
) -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    async with sessions.begin() as session:
        team = Team(key="main", name="Acme", seed=1, settings={}, retention={}, config_applied_at=at)
        session.add(team)
        await session.flush()
        workspace = Workspace(team_id=team.id, platform="slack", handle="T1")
        member = Member(team_id=team.id, name="Ana", joined_at=at)
        session.add_all([workspace, member])
        await session.flush()
        for handle, away in (("ana", [{"by": "dnd", "since": None, "until": None}]), ("ben", [])):
            named = {"team_id": team.id, "member_id": member.id, "workspace_id": workspace.id, "name": handle}
            flags = {"is_bot": False, "is_guest": False, "is_admin": False, "active": True}
            session.add(Account(handle=handle, locale="en", away=away, **named, **flags))
    async with sessions.engine.begin() as connection:
        await connection.run_sync(partial(to, "0002"))
        was = await connection.execute(text("SELECT handle, is_away FROM account ORDER BY handle"))
        assert [(handle, bool(away)) for handle, away in was] == [("ana", True), ("ben", False)]
        await connection.run_sync(partial(to, "head"))
    async with sessions.read() as session:
        kept = await session.execute(select(Account.handle, Account.away).order_by(Account.handle))
        assert [tuple(row) for row in kept] == [
            ("ana", [{"by": "status", "since": None, "until": None}]),
            ("ben", []),
        ]


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
