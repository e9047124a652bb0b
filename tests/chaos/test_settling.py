"""An introduction that is answered before it is written down as sent: neither waits for the other for ever."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.db.engine import Sessions, connect
from bot.db.models import Delivery, Match
from bot.domain.states import DeliveryState
from bot.services import rounds
from bot.services.sending import deliver
from tests.world import MONDAY, people, world

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """SQLite knows one writer at a time, so that there is nothing to see."""
    return postgres_url


async def test_whoever_answers_an_introduction_and_whoever_sent_it_take_turns(
    database_url: str, sessions: Sessions, tmp_path: Path
) -> None:
    another = connect(database_url)
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as team:
        team.clock.set(MONDAY + timedelta(hours=1))
        async with sessions.begin() as session:
            [ritual] = await rounds.due_rituals(session, team.runtime.team_id, now=team.clock.now())
            await rounds.open_due(session, ritual, now=team.clock.now())
        async with another.begin() as answering:
            await answering.scalars(select(Match).with_for_update(key_share=True))
            sending = asyncio.create_task(deliver(team.runtime))
            async with asyncio.timeout(20):
                while not await answering.scalar(WAITING):
                    assert not sending.done(), "it did not wait for whoever answers"
            held = select(Delivery).where(Delivery.what == "introduction")
            await answering.scalars(held.with_for_update(key_share=True, nowait=True))
        await sending
        async with sessions.read() as session:
            states = await session.scalars(select(Delivery.state).where(Delivery.what == "introduction"))
            assert states.all() == [DeliveryState.SENT]
    await another.dispose()
