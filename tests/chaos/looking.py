"""What a database and a playground hold, read from outside while others write."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query, from SQLite or PostgreSQL; none while there are no tables yet."""
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        if not path.exists():
            return []
        connection = sqlite3.connect(path, timeout=20)
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            connection.close()
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        try:
            return server.execute(query.encode()).fetchall()
        except psycopg.errors.UndefinedTable:
            return []


def write(url: str, statement: str) -> None:
    """Change a row by hand."""
    if url.startswith("sqlite:///"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)
        try:
            with connection:
                connection.execute(statement)
        finally:
            connection.close()
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(statement.encode())


def count(url: str, query: str) -> int:
    """The number that a query gives; 0 while there are no tables yet."""
    found = rows(url, query)
    return int(found[0][0]) if found else 0


def opened(url: str, *, kind: str = "coffee") -> list[str]:
    """The moments of a kind's rounds that were opened, in order."""
    found = rows(
        url,
        "SELECT round.scheduled_for, ritual.kind FROM round JOIN ritual ON ritual.id = round.ritual_id"
        " WHERE round.state IN ('open', 'closed') ORDER BY round.scheduled_for",
    )
    return [str(at) for at, its_kind in found if its_kind == kind]


def posted(playground: Path) -> list[tuple[str, str]]:
    """What the bot said in a playground: (conversation, content), replies to single people left out."""
    connection = sqlite3.connect(playground, timeout=20)
    try:
        return connection.execute(
            "SELECT conversation, parts FROM message WHERE only_for IS NULL AND author = 'kinkeeper'"
        ).fetchall()
    finally:
        connection.close()


def twice(messages: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that stand there more than once."""
    return [message for message, times in Counter(messages).items() if times > 1]
