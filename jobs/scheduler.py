"""The timetable: which job runs how often. It holds no state; what is due is a row, and a missed tick loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.runtime import Runtime
from jobs.close_rounds import close_rounds
from jobs.deliver import deliver
from jobs.nudge import nudge
from jobs.open_rounds import open_rounds
from jobs.purge import purge
from jobs.refresh_memory import refresh_memory
from jobs.roundup import roundup
from jobs.sync_rosters import sync_rosters
from jobs.tend_rooms import tend_rooms

log = structlog.get_logger(__name__)

Job = Callable[[Runtime], Awaitable[int]]

LAST_WORDS = 8.0
"""Seconds in which what is under way may end when the process stops (containers are killed after 10): a message that is
being sent is then written down as sent, and nobody has to find out later whether it was."""


def timetable() -> list[tuple[Job, BaseTrigger]]:
    """Each job and when it ticks; the nightly ones by UTC, at times when few teams work."""
    return [
        (open_rounds, IntervalTrigger(seconds=1)),
        (deliver, IntervalTrigger(seconds=1)),
        (nudge, IntervalTrigger(seconds=30)),
        (close_rounds, IntervalTrigger(seconds=30)),
        (roundup, IntervalTrigger(seconds=30)),
        (tend_rooms, IntervalTrigger(seconds=15)),
        (refresh_memory, IntervalTrigger(seconds=15)),
        (sync_rosters, CronTrigger(hour=1, minute=15, timezone="UTC")),
        (purge, CronTrigger(hour=2, minute=15, timezone="UTC")),
    ]


@dataclass(slots=True)
class Ticking:
    """A timetable that runs; `paused` lets nothing begin, and waits for what is under way."""

    runtime: Runtime
    scheduler: AsyncIOScheduler
    idle: asyncio.Condition = field(default_factory=asyncio.Condition)
    under_way: int = 0
    pauses: int = 0
    failing: dict[str, str] = field(default_factory=dict)  # by job, what it failed with when it was last run

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Nothing ticks inside."""
        self.pauses += 1
        self.scheduler.pause()
        try:
            await self.quiet()
            yield
        finally:
            self.pauses -= 1
            if not self.pauses:
                self.scheduler.resume()

    async def quiet(self) -> None:
        """Returns when nothing is under way."""
        async with self.idle:
            await self.idle.wait_for(lambda: self.under_way == 0)

    async def run(self, job: Job) -> None:
        """Run a job. If it fails, that is recorded, the next tick tries again, and no other job suffers."""
        name = getattr(job, "__name__", "?")
        self.under_way += 1
        try:
            await job(self.runtime)
        except Exception as failure:  # noqa: BLE001 recorded
            self._failed(name, failure)
        else:
            if self.failing.pop(name, None) is not None:
                log.info("job_works_again", job=name)
        finally:
            self.under_way -= 1
            async with self.idle:
                self.idle.notify_all()

    async def deliver_when_owed(self) -> None:
        """Send what was just written down at once. At a tick it would be sent too, up to a second later."""
        while True:
            await self.runtime.owed.wait()
            self.runtime.owed.clear()
            if not self.pauses:
                await self.run(deliver)

    def _failed(self, name: str, failure: Exception) -> None:
        """Say it once, not at every tick: a database that is away for an hour is one line."""
        said = f"{type(failure).__name__}: {failure}"
        if self.failing.get(name) == said:
            return
        self.failing[name] = said
        problem = self.runtime.sessions.problem(failure)
        if problem is not None:
            log.error("job_failed", job=name, problem=str(problem))
        else:
            log.error("job_failed", job=name, exc_info=failure)


@asynccontextmanager
async def ticking(runtime: Runtime) -> AsyncIterator[Ticking]:
    """Run the timetable; one instance of a job at a time, ticks that were missed are one tick.

    https://apscheduler.readthedocs.io/en/3.x/userguide.html#limiting-the-number-of-concurrently-executing-instances-of-a-job
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    running = Ticking(runtime, scheduler)
    for job, trigger in timetable():
        scheduler.add_job(
            running.run,
            trigger,
            args=(job,),
            id=getattr(job, "__name__", None),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    scheduler.start()
    prompt = asyncio.create_task(running.deliver_when_owed(), name="deliver-when-owed")
    try:
        yield running
    finally:
        running.pauses += 1  # for good
        scheduler.pause()
        try:
            await asyncio.wait_for(running.quiet(), LAST_WORDS)
        except TimeoutError:
            log.warning("stopped_in_the_middle", jobs=running.under_way)
        prompt.cancel()
        with suppress(asyncio.CancelledError):
            await prompt
        scheduler.shutdown(wait=False)
        await running.quiet()
