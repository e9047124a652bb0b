"""Playing time forward: from one due moment to the next, doing all that falls due, for the playground and the demo."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from bot.ports import ChatPlatform
from bot.runtime import Runtime
from bot.services.due import due
from jobs.close_rounds import close_rounds
from jobs.deliver import deliver
from jobs.nudge import nudge
from jobs.open_rounds import open_rounds
from jobs.purge import purge
from jobs.sync_rosters import sync_rosters

STUCK = 50  # rounds of work at one instant after which time goes on in any case


class SettableClock(Protocol):
    """A clock that can be moved."""

    def now(self) -> datetime: ...
    def set(self, instant: datetime) -> None: ...


@runtime_checkable
class Simulated(Protocol):
    """A platform whose people act by themselves."""

    def next_at(self) -> datetime | None: ...
    async def act(self, now: datetime) -> int: ...


class TimeMachine:
    """Moves the clock and runs the jobs by hand. While it does, `still` keeps the timetable from ticking.

    `moved` is called whenever the clock was moved.
    """

    def __init__(
        self,
        runtime: Runtime,
        clock: SettableClock,
        people: Simulated,
        *,
        still: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        self.runtime = runtime
        self.clock = clock
        self.people = people
        self.still = still
        self.moved = moved
        self._nights: datetime | None = None

    def now(self) -> datetime:
        """This instant on the moved clock (UTC)."""
        return self.clock.now()

    async def next_event(self) -> datetime | None:
        """When the next thing is due (UTC), or None if nothing is."""
        async with self.runtime.sessions.read() as session:
            first = (await due(session, self.runtime.team_id)).first
        return min((at for at in (first, self.people.next_at()) if at is not None), default=None)

    async def travel(self, *, to: datetime | None) -> int:
        """Go to `to`, or to the next event if None; how many moments were stepped through."""
        async with self.still():
            return await self._travel(to)

    async def _travel(self, to: datetime | None) -> int:
        following = await self._settle()
        steps = 0
        while True:
            if to is None:
                if following is None:
                    return steps
                to = following
            if following is None or following > to:
                break
            await self._night_before(following)
            self._move(max(following, self.clock.now()))
            following = await self._settle()
            steps += 1
        if to > self.clock.now():
            await self._night_before(to)
            self._move(to)
        return steps

    def _move(self, to: datetime) -> None:
        """Set the clock, and say so before anything is done at that time: a crash must not turn time back."""
        self.clock.set(to)
        self.moved()

    async def _settle(self) -> datetime | None:
        """Do all that is due at this instant, and what follows from it; returns when the next thing is due."""
        runtime = self.runtime
        for _ in range(STUCK):
            now = self.clock.now()
            async with runtime.sessions.read() as session:
                moments = await due(session, runtime.team_id)
            did = False
            if moments.open_rounds is not None and moments.open_rounds <= now:
                did = bool(await open_rounds(runtime)) or did
            if moments.nudge is not None and moments.nudge <= now:
                did = bool(await nudge(runtime)) or did
            if moments.close_rounds is not None and moments.close_rounds <= now:
                did = bool(await close_rounds(runtime)) or did
            at = self.people.next_at()
            if at is not None and at <= now:
                did = bool(await self.people.act(now)) or did
            if did or (moments.deliver is not None and moments.deliver <= now):
                await deliver(runtime)  # also what the people have just caused: that saves a question
                did = True
            if not did:
                return min((each for each in (moments.first, at) if each is not None), default=None)
        self._move(self.clock.now() + timedelta(minutes=1))
        return await self.next_event()

    async def _night_before(self, instant: datetime) -> None:
        """The nightly jobs, once for all the nights of a week (rosters are read before each round in any case)."""
        if self._nights is None or instant - self._nights >= timedelta(days=7):
            self._nights = instant
            await sync_rosters(self.runtime)
            await purge(self.runtime)
            await close_rounds(self.runtime)


def simulated(platform: ChatPlatform) -> Simulated | None:
    """The platform as one whose people act by themselves, if it is one."""
    return platform if isinstance(platform, Simulated) else None
