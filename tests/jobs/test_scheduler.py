"""The timetable: what fails is said once and takes nobody else's turn; what is under way may end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from bot.db.engine import Sessions
from bot.runtime import Runtime
from jobs.each import each
from jobs.scheduler import ticking
from tests.world import world


async def test_a_job_that_goes_on_failing_is_one_line_and_so_is_its_recovery(
    sessions: Sessions, tmp_path: Path
) -> None:
    failing = True

    async def job(_: Runtime) -> int:
        if failing:
            raise RuntimeError("it is broken")
        return 0

    async with world(sessions, tmp_path) as team, ticking(team.runtime) as timetable, timetable.paused():
        with structlog.testing.capture_logs() as said:
            for _ in range(5):
                await timetable.run(job)
            failing = False
            await timetable.run(job)
            await timetable.run(job)
    assert [(s["event"], s["job"]) for s in said] == [("job_failed", "job"), ("job_works_again", "job")]


async def test_a_database_that_is_away_is_a_sentence_and_no_traceback(
    sessions: Sessions, tmp_path: Path
) -> None:
    async def job(_: Runtime) -> int:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    async with world(sessions, tmp_path) as team, ticking(team.runtime) as timetable, timetable.paused():
        with structlog.testing.capture_logs() as said:
            await timetable.run(job)
    [line] = said
    assert "exc_info" not in line
    assert "locked" in line["problem"]


async def test_what_is_under_way_ends_before_the_timetable_does(sessions: Sessions, tmp_path: Path) -> None:
    ended = []
    begun = asyncio.Event()

    async def job(_: Runtime) -> int:
        begun.set()
        for _turn in range(10):  # the timetable is told to end meanwhile
            await asyncio.sleep(0)
        ended.append("job")
        return 0

    async with world(sessions, tmp_path) as team:
        async with ticking(team.runtime) as timetable:
            timetable.scheduler.add_job(timetable.run, args=(job,))
            await begun.wait()
        assert ended == ["job"]


async def test_while_it_is_paused_nothing_is_sent_and_afterwards_it_goes_on(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as team, ticking(team.runtime) as timetable:
        async with timetable.paused():
            team.runtime.owed.set()
            await asyncio.sleep(0)  # whoever waits for it has its turn
            await asyncio.sleep(0)
            assert not team.runtime.owed.is_set()
            assert timetable.under_way == 0
        assert timetable.scheduler.state == 1


async def test_one_that_fails_takes_nobody_elses_turn() -> None:
    done: list[int] = []

    async def do(number: int) -> None:
        if number % 2:
            raise ValueError(f"{number} is odd")
        done.append(number)

    with pytest.raises(ValueError, match="1 is odd"):
        await each([0, 1, 2], do)
    with pytest.raises(ExceptionGroup, match="2 failed"):
        await each([1, 2, 3, 4], do)
    assert done == [0, 2, 2, 4]
