"""What DATABASE_URL may hold, and what SQLAlchemy's asyncio drivers make of it."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",  # as hosting providers write it
    "postgresql": "postgresql+psycopg",
}


class BadAddress(Exception):
    """No database has this address; the text is a sentence, and does not repeat what may hold a password."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL is no address of a database that Kinkeeper can use. "
            'Expected "postgresql://user:password@host/name", or "sqlite:///kinkeeper.db" for a file.'
        )


def with_async_driver(url: str) -> URL:
    """The same address for SQLAlchemy's asyncio drivers; BadAddress if it is neither SQLite nor PostgreSQL."""
    scheme, separator, rest = url.partition("://")
    scheme = scheme.lower()
    driver = DRIVERS.get(scheme, scheme)
    if not separator or driver not in DRIVERS.values():
        raise BadAddress
    if (
        driver == DRIVERS["sqlite"] and rest and not rest.startswith("/")
    ):  # two slashes: a host, which no file has
        raise BadAddress
    if driver == DRIVERS["postgresql"] and not rest:
        raise BadAddress
    try:
        return make_url(f"{driver}://{rest}")
    except (ArgumentError, ValueError):
        raise BadAddress from None
