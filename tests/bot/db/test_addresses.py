"""What DATABASE_URL may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.db.addresses import BadAddress, with_async_driver
from bot.db.engine import connect
from bot.db.upgrade import upgrade


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://ana:pw@db:5432/kin", "postgresql+psycopg://ana:pw@db:5432/kin"),
        ("POSTGRES://db/kin", "postgresql+psycopg://db/kin"),
        ("postgresql://db/kin?sslmode=require", "postgresql+psycopg://db/kin?sslmode=require"),
        ("postgresql+psycopg://db/kin", "postgresql+psycopg://db/kin"),
        ("sqlite:////var/lib/kin.db", "sqlite+aiosqlite:////var/lib/kin.db"),
        ("sqlite:///kin.db", "sqlite+aiosqlite:///kin.db"),
        ("sqlite+aiosqlite:///kin.db", "sqlite+aiosqlite:///kin.db"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ],
)
def test_an_address_becomes_that_of_the_asynchronous_driver(given: str, used: str) -> None:
    assert with_async_driver(given).render_as_string(hide_password=False) == used


@pytest.mark.parametrize(
    "given",
    [
        "mysql://ana:hush@db/kin",
        "kinkeeper.db",
        "sqlite://kinkeeper.db",
        "sqlite:/kinkeeper.db",
        "postgresql://",
        "postgresql://ana:hush@db:port/kin",
        "postgresql+asyncpg://ana:hush@db/kin",
        "",
    ],
)
def test_any_other_is_refused_with_what_was_expected_and_without_its_password(given: str) -> None:
    with pytest.raises(BadAddress) as refused:
        with_async_driver(given)
    assert "postgresql://user:password@host/name" in str(refused.value)
    assert "sqlite:///kinkeeper.db" in str(refused.value)
    assert "hush" not in str(refused.value)
    assert refused.value.exit_status == 1


async def test_a_relative_path_is_a_file_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sessions = connect("sqlite:///relative.db")
    await upgrade(sessions)
    await sessions.dispose()
    assert (tmp_path / "relative.db").is_file()
