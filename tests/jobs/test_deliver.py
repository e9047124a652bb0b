"""Sending goes on while there is something to send, and never spins where nothing can be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Delivery
from bot.domain.states import DeliveryState
from bot.ports import TemporaryFailure
from bot.services import rounds
from jobs.deliver import deliver
from tests.world import MONDAY, World, world

PENDING = Delivery.state == DeliveryState.PENDING


async def with_a_round(team: World) -> None:
    """A round is open, and nothing of it is sent yet."""
    team.clock.set(MONDAY + timedelta(hours=1))
    async with team.runtime.sessions.begin() as session:
        [ritual] = await rounds.due_rituals(session, team.runtime.team_id, now=team.clock.now())
        await rounds.open_due(session, ritual, now=team.clock.now())


async def calls_until_nothing_is_tried(team: World, *, at_most: int = 20) -> int:
    """How often the job asks to be called again, at one moment."""
    for calls in range(at_most):
        team.runtime.owed.clear()
        tried = await deliver(team.runtime)
        assert team.runtime.owed.is_set() is (tried > 0)
        if not tried:
            return calls
    raise AssertionError(f"it is still trying after {at_most} calls")


async def test_it_asks_to_be_called_again_until_all_is_sent(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as team:
        await with_a_round(team)
        assert await calls_until_nothing_is_tried(team) >= 1
        assert await team.count(Delivery, PENDING) == 0


async def test_where_nothing_speaks_the_platform_it_waits(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as team:
        await with_a_round(team)
        team.runtime = replace(team.runtime, platforms={})
        assert await calls_until_nothing_is_tried(team) == 1
        [first, *_] = await team.rows(Delivery, PENDING)
        assert first.due_at > team.clock.now() + timedelta(minutes=1)
        assert first.problem == "nothing here speaks playground"


@pytest.mark.parametrize("scope", ["lane", "workspace"])
async def test_where_the_platform_says_not_now_it_waits_as_long_as_it_says(
    sessions: Sessions, tmp_path: Path, scope: str
) -> None:
    async with world(sessions, tmp_path) as team:
        await with_a_round(team)
        again = TemporaryFailure("slow down", retry_after=30, scope=scope)  # type: ignore[arg-type]
        team.platform.fail_next(*[again] * 10)
        assert await calls_until_nothing_is_tried(team) == 1
        team.clock.set(team.clock.now() + timedelta(seconds=29))
        assert await calls_until_nothing_is_tried(team) == 0


async def test_a_platform_that_says_try_again_at_once_is_given_a_moment(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as team:
        await with_a_round(team)
        team.platform.fail_next(*[TemporaryFailure("slow down", retry_after=0)] * 100)
        assert await calls_until_nothing_is_tried(team) == 1
