"""Alembic's entry: on the connection that the program hands over, or on DATABASE_URL from the command line."""

from __future__ import annotations

import asyncio
import os

from alembic import context
from sqlalchemy.engine import Connection

from bot.db.engine import connect
from bot.db.models import Base
from bot.db.types import render_item


def run(connection: Connection) -> None:
    """Run the migrations on an open connection, in its transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_on_database_url() -> None:
    """What the `alembic` command uses."""
    sessions = connect(os.environ.get("DATABASE_URL", "sqlite:///kinkeeper.db"))
    async with sessions.engine.begin() as connection:
        await connection.run_sync(run)
    await sessions.dispose()


if (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:
    asyncio.run(run_on_database_url())
