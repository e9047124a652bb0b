"""Databases as processes use them: with threads, and waiting for one another's locks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.db.engine import Sessions, connect


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    """The database, opened as `kinkeeper run` opens it."""
    opened = connect(database_url)
    yield opened
    await opened.dispose()
