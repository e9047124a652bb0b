"""What somebody did, on its way to the inbox and back: who they are, what they are shown, and what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import structlog

from adapters.slack.people import People
from adapters.slack.replying import Replies, Spot
from bot.domain.interactions import (
    Actor,
    Answer,
    Ask,
    HomeOpened,
    Interaction,
    Refused,
    Reply,
)
from bot.domain.messages import Message, Say
from bot.ports import Inbox

log = structlog.get_logger(__name__)

Made = Callable[[Actor], Interaction]
"""What somebody did, once it is known who they are."""


AT_ONCE = 1
"""What is handed in at a time: while one event is being handled, others are acknowledged all the sooner."""


class Here(Protocol):
    """What hearing needs of the platform."""

    name: str
    team: str
    people: People
    replies: Replies

    @property
    def inbox(self) -> Inbox: ...


class Hearing:
    """Hands in what people do on one workspace. `quiet()` returns when nothing is being handled."""

    def __init__(self, here: Here) -> None:
        self.here = here
        self._under_way: set[asyncio.Task[Any]] = set()
        self._one_by_one = asyncio.Semaphore(AT_ONCE)

    async def quiet(self) -> None:
        """Returns when nothing is being handled."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def hear(self, spot: Spot, made: Made, *, team: str | None = None, name: str = "") -> None:
        """Answer with the form that is known beforehand, or with what the inbox says."""
        here = self.here
        is_known = team in (None, here.team) or not await here.people.is_stranger(spot.account, team=team)
        if is_known and (form := here.inbox.form(made(self._somebody(spot.account, name)))) is not None:
            await here.replies.show(spot, form)
            return
        happened, answer = await self.handed_in(spot, made, team=team)
        match answer:
            case Ask(form):
                await here.replies.show(spot, form)
            case Reply(message) if spot.is_home and happened is not None:
                await self.show_home(spot, f"{happened.event_id}:home", notice=message)
            case Reply(message) if message is not None:
                await here.replies.say(spot, message)
            case Refused(errors):
                await here.replies.say(spot, Message(tuple(errors.values())))
            case _:
                pass

    async def handed_in(
        self, spot: Spot, made: Made, *, team: str | None = None
    ) -> tuple[Interaction | None, Answer]:
        """What the inbox answers; somebody of another organisation is told that the bot is not theirs."""
        actor = await self._actor(spot, team=team)
        if actor is None:
            return None, Reply(Message((Say("slack.stranger"),)))
        happened = made(actor)
        async with self._one_by_one:
            return happened, await self.here.inbox.receive(happened)

    async def show_home(self, spot: Spot, event_id: str, *, notice: Message | None = None) -> None:
        """Show somebody their home page as it is now, with a notice above it."""
        _, page = await self.handed_in(spot, lambda actor: HomeOpened(actor, event_id))
        if isinstance(page, Reply) and page.message is not None:
            await self.here.replies.home(spot.account, page.message, notice=notice)

    async def recorded(self, doing: Awaitable[None], spot: Spot) -> None:
        """Do it; what goes wrong is written down, and whoever acted is told."""
        try:
            await self.task(doing)
        except Exception:  # recorded; nobody is left without an answer
            log.exception("event_failed")
            answered = Spot(spot.account, response_url=spot.response_url, channel=spot.channel)
            try:
                await self.here.replies.say(answered, Message((Say("error.unexpected"),)))
            except Exception:  # recorded; there is no way left to tell them
                log.exception("reply_failed")

    def task(self, doing: Awaitable[Any]) -> asyncio.Task[Any]:
        """Something that is waited for before the platform stops."""
        task = asyncio.ensure_future(doing)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    def _somebody(self, account: str, name: str) -> Actor:
        """Who acted, as far as that is known without asking; good enough to look for a form, not to do anything."""
        known = self.here.people.known(account)
        return Actor(self.here.name, self.here.team, account, known.name if known else name)

    async def _actor(self, spot: Spot, *, team: str | None) -> Actor | None:
        """Who acted; None for somebody of another organisation."""
        here = self.here
        if await here.people.is_stranger(spot.account, team=team):
            return None
        profile = await here.people.profile(spot.account)
        if profile is None:
            return None
        return Actor(here.name, here.team, spot.account, profile.name, profile.is_admin)
