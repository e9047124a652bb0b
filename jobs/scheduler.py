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
from jobs.sync_rosters import sync_rosters

log = structlog.get_logger(__name__)

Job = Callable[[Runtime], Awaitable[int]]


def timetable() -> list[tuple[Job, BaseTrigger]]:
    """Each job and when it ticks; the nightly ones by UTC, at times when few teams work."""
    return [
        (open_rounds, IntervalTrigger(seconds=1)),
        (deliver, IntervalTrigger(seconds=1)),
        (nudge, IntervalTrigger(seconds=30)),
        (close_rounds, IntervalTrigger(seconds=30)),
        (sync_rosters, CronTrigger(hour=1, minute=15, timezone="UTC")),
        (purge, CronTrigger(hour=2, minute=15, timezone="UTC")),
    ]


@dataclass(slots=True)
class Ticking:
    """A timetable that runs; `paused` lets nothing begin, and waits for what is under way."""

    scheduler: AsyncIOScheduler
    idle: asyncio.Condition = field(default_factory=asyncio.Condition)
    under_way: int = 0

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Nothing ticks inside."""
        self.scheduler.pause()
        try:
            async with self.idle:
                await self.idle.wait_for(lambda: self.under_way == 0)
            yield
        finally:
            self.scheduler.resume()


@asynccontextmanager
async def ticking(runtime: Runtime) -> AsyncIterator[Ticking]:
    """Run the timetable; one instance of a job at a time, ticks that were missed are one tick.

    https://apscheduler.readthedocs.io/en/3.x/userguide.html#limiting-the-number-of-concurrently-executing-instances-of-a-job
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    running = Ticking(scheduler)

    async def run(job: Job) -> None:
        running.under_way += 1
        try:
            await job(runtime)
        except Exception:  # recorded; the next tick tries again, and no other job suffers
            log.exception("job_failed", job=getattr(job, "__name__", "?"))
        finally:
            running.under_way -= 1
            async with running.idle:
                running.idle.notify_all()

    for job, trigger in timetable():
        scheduler.add_job(
            run,
            trigger,
            args=(job,),
            id=getattr(job, "__name__", None),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    async def deliver_when_owed() -> None:
        while True:
            await runtime.owed.wait()
            runtime.owed.clear()
            if scheduler.state == 1:  # running, not paused
                await run(deliver)

    scheduler.start()
    prompt = asyncio.create_task(deliver_when_owed(), name="deliver-when-owed")
    try:
        yield running
    finally:
        prompt.cancel()
        with suppress(asyncio.CancelledError):
            await prompt
        scheduler.shutdown(wait=False)
        async with running.idle:
            await running.idle.wait_for(lambda: running.under_way == 0)
