"""A database that cannot be used: one clear sentence, and nothing is changed."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.db import engine, problems
from bot.db.engine import DatabaseProblem, connect
from bot.db.upgrade import upgrade


async def told(url: str) -> str:
    """What whoever started it is told."""
    sessions = connect(url)
    try:
        with pytest.raises(DatabaseProblem) as refused:
            await upgrade(sessions)
    finally:
        await sessions.dispose()
    assert refused.value.exit_status == 3
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith((".", "upgrade"))
    return sentence


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock is waited for only a moment."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A file on which somebody else holds a lock."""
    path = tmp_path / "locked.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("CREATE TABLE held (x)")
    holder.execute("BEGIN EXCLUSIVE")
    yield path
    holder.close()


@pytest.mark.usefixtures("impatient")
async def test_a_file_that_another_program_holds_on_to(locked: Path) -> None:
    assert f"{locked} has been locked by another program" in await told(f"sqlite:///{locked}")


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Ana, this is a letter and no database at all.\n" * 20)
    assert f"{path} is not a Kinkeeper database" in await told(f"sqlite:///{path}")
    assert path.read_text().startswith("Dear Ana")


async def test_a_file_that_may_only_be_read(tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "old.db"
    with sqlite3.connect(sqlite_template) as template, sqlite3.connect(path) as copy:
        template.backup(copy)
        copy.execute("DELETE FROM alembic_version")
        for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if name not in ("alembic_version", "sqlite_sequence"):
                copy.execute(f'DROP TABLE "{name}"')
    template.close()
    copy.close()
    sentence = await told(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert sentence == f"{path} is read-only. Make the file and its folder writable for this user."


async def test_a_folder(tmp_path: Path) -> None:
    assert f"{tmp_path} is a folder." in await told(f"sqlite:///{tmp_path}")


async def test_a_file_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert f"there is no folder {tmp_path}/nowhere" in await told(f"sqlite:///{tmp_path}/nowhere/kin.db")


async def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    sentence = await told(f"postgresql://ana:hush-pw@127.0.0.1:{port}/kinkeeper")
    assert f"The database at 127.0.0.1:{port} cannot be used" in sentence
    assert "Check DATABASE_URL, and that the server is running." in sentence
    assert "hush-pw" not in sentence


async def test_a_database_that_the_server_does_not_have(postgres_server: str) -> None:
    head, _, query = postgres_server.partition("?")
    sentence = await told(f"{head.rsplit('/', 1)[0]}/nobodys?{query}")
    assert 'database "nobodys" does not exist' in sentence


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("database or disk is full", "is full. Make room and try again."),
        ("database disk image is malformed", "is not a Kinkeeper database."),
        ("attempt to write a readonly database", "is read-only."),
        ("no such table: team", "does not have the tables"),
        ("something new", "cannot be used: something new"),
    ],
)
def test_what_sqlite_says_is_said_in_a_sentence(said: str, told: str) -> None:
    assert told in str(problems.explain(sqlite3.OperationalError(said), "sqlite:////srv/kin.db"))


def test_a_password_in_a_servers_words_is_not_repeated() -> None:
    problem = problems.explain(OSError("no such user ana:hush-pw"), "postgresql://ana:hush-pw@db/kin")
    assert "hush-pw" not in str(problem)
