"""Playing time forward: from one due moment to the next, doing all that falls due, for the playground and the demo."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from bot.ports import ChatPlatform
from bot.runtime import Runtime
from bot.services.due import Due, due
from jobs.close_rounds import close_rounds
from jobs.deliver import deliver
from jobs.nudge import nudge
from jobs.open_rounds import open_rounds
from jobs.purge import purge
from jobs.roundup import roundup
from jobs.sync_rosters import sync_rosters
from jobs.tend_rooms import tend_rooms

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
        return self._first(await self._look())

    async def travel(self, *, to: datetime | None) -> int:
        """Go to `to`, or to the next event if None; how many moments were stepped through."""
        async with self.still():
            return await self._travel(to)

    async def _travel(self, to: datetime | None) -> int:
        known = await self._settle(await self._look())
        steps = 0
        while True:
            following = self._first(known)
            if to is None:
                if following is None:
                    return steps
                to = following
            if following is None or following > to:
                break
            if await self._night_before(following):
                known = await self._look()
            self._move(max(following, self.clock.now()))
            known = await self._settle(known)
            steps += 1
        if to > self.clock.now():
            await self._night_before(to)
            self._move(to)
        return steps

    async def _look(self) -> Due:
        async with self.runtime.sessions.read() as session:
            return await due(session, self.runtime.team_id)

    def _first(self, known: Due) -> datetime | None:
        return min((at for at in (known.first, self.people.next_at()) if at is not None), default=None)

    def _move(self, to: datetime) -> None:
        """Set the clock, and say so before anything is done at that time: a crash must not turn time back."""
        self.clock.set(to)
        self.moved()

    async def _settle(self, known: Due) -> Due:
        """Do all that is due at this instant, and what follows from it; returns what is due next.

        `known` is what was due when it was looked at last, and what to begin with: that saves a question.
        """
        for _ in range(STUCK):
            if not await self._do(known, now=self.clock.now()):
                return known
            known = await self._look()
        self._move(self.clock.now() + timedelta(minutes=1))
        return known

    async def _do(self, known: Due, *, now: datetime) -> bool:
        """Run what is due; whether anything was."""
        runtime = self.runtime
        did = False
        if known.open_rounds is not None and known.open_rounds <= now:
            did = bool(await open_rounds(runtime)) or did
        if known.nudge is not None and known.nudge <= now:
            did = bool(await nudge(runtime)) or did
        if known.close_rounds is not None and known.close_rounds <= now:
            did = bool(await close_rounds(runtime)) or did
        if known.roundup is not None and known.roundup <= now:
            did = bool(await roundup(runtime)) or did
        if known.tend_rooms is not None and known.tend_rooms <= now:
            did = bool(await tend_rooms(runtime)) or did
        at = self.people.next_at()
        if at is not None and at <= now:
            did = bool(await self.people.act(now)) or did
        if did or (known.deliver is not None and known.deliver <= now):
            await deliver(runtime)  # also what has just been caused: that saves a question
            did = True
        return did

    async def _night_before(self, instant: datetime) -> bool:
        """The nightly jobs, once for all the nights of a week (rosters are read before each round in any case).

        Returns whether they ran.
        """
        if self._nights is not None and instant - self._nights < timedelta(days=7):
            return False
        self._nights = instant
        await sync_rosters(self.runtime)
        await purge(self.runtime)
        await close_rounds(self.runtime)
        return True


def simulated(platform: ChatPlatform) -> Simulated | None:
    """The platform as one whose people act by themselves, if it is one."""
    return platform if isinstance(platform, Simulated) else None
