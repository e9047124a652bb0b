"""What the databases would lose is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from bot.db.engine import Sessions
from bot.db.models import Team

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def a_team(at: datetime) -> Team:
    return Team(key="main", name="Acme", seed=1, settings={}, retention={}, config_applied_at=at)


async def test_an_instant_without_a_zone_is_refused(sessions: Sessions) -> None:
    with pytest.raises(StatementError, match="an instant needs a time zone"):
        async with sessions.begin() as session:
            session.add(a_team(datetime(2026, 1, 5, 12, 0)))  # noqa: DTZ001 the point of it


async def test_an_instant_in_any_zone_comes_back_as_the_same_instant_in_utc(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        session.add(a_team(NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))))
    async with sessions.read() as session:
        [team] = await session.scalars(Team.__table__.select().with_only_columns(Team.config_applied_at))
        assert team == NOON
        assert team.tzinfo is UTC or team.utcoffset() == timedelta(0)


async def test_microseconds_are_kept(sessions: Sessions) -> None:
    at = NOON + timedelta(microseconds=123456)
    async with sessions.begin() as session:
        session.add(a_team(at))
    async with sessions.read() as session:
        assert (await session.get_one(Team, 1)).config_applied_at == at


async def test_a_status_is_stored_as_its_word(sessions: Sessions) -> None:
    from bot.db.models import Ritual
    from bot.domain.states import RitualState

    async with sessions.begin() as session:
        session.add(a_team(NOON))
        await session.flush()
        session.add(
            Ritual(
                team_id=1,
                name="coffee",
                kind="coffee",
                settings={},
                state=RitualState.ARCHIVED,
                paused_until=None,
                next_round_at=None,
                next_ask_at=None,
            )
        )
    async with sessions.read() as session:
        assert await session.scalar(text("SELECT state FROM ritual")) == "archived"
        assert (await session.get_one(Ritual, 1)).state is RitualState.ARCHIVED
