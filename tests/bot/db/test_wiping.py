"""What is deleted is gone from SQLite's files, not only from its tables."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from random import Random

from bot.db.engine import connect


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("some.db*"))


async def fill_and_delete(path: Path) -> None:
    """Rows of all lengths that push each other from page to page, of which some are deleted."""
    sessions = connect(f"sqlite:///{path}", fast_and_loose=True)
    rng = Random(0)
    async with sessions.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "CREATE TABLE said (id INTEGER PRIMARY KEY, who INTEGER, once TEXT UNIQUE, words TEXT)"
        )
        for number in range(1, 1500):
            theirs = rng.randrange(9) == 3
            words = ("marmalade " if theirs else "tea ") * rng.randrange(1, 120)
            once = f"{'marmalade' if theirs else 'tea'}:{rng.random()}"
            await connection.exec_driver_sql(
                "INSERT INTO said (who, once, words) VALUES (?, ?, ?)", (int(theirs), once, words)
            )
            if number % 3 == 0:
                await connection.exec_driver_sql(
                    "UPDATE said SET words = words || ? WHERE id = ?",
                    ("more " * rng.randrange(300), rng.randrange(1, number)),
                )
    async with sessions.begin() as session:
        await (await session.connection()).exec_driver_sql("DELETE FROM said WHERE who = 1")
    await sessions.dispose()


async def test_a_wipe_leaves_nothing_of_what_was_deleted_in_any_file(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    await fill_and_delete(path)
    assert b"marmalade" in everything(tmp_path), "deleting alone leaves copies between the pages"
    sessions = connect(f"sqlite:///{path}")
    assert await sessions.wipe()
    assert b"marmalade" not in everything(tmp_path)
    assert b"tea" in everything(tmp_path)
    await sessions.dispose()


async def test_a_wipe_says_so_if_somebody_holds_the_file(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    await fill_and_delete(path)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM said").fetchone()
    sessions = connect(f"sqlite:///{path}", fast_and_loose=True)
    async with sessions.engine.connect() as connection:
        await connection.execution_options(kinkeeper_bare=True)
        await connection.exec_driver_sql("PRAGMA busy_timeout = 1")
    assert not await sessions.wipe()
    reader.close()
    assert await sessions.wipe()
    await sessions.dispose()
