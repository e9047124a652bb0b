"""The playground as a chat platform: what the core may ask, answered by the make-believe chat service."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from adapters.playground import render
from adapters.playground.colleagues import Colleagues
from adapters.playground.mentions import as_typed
from adapters.playground.records import BOT, Conversation, Parts, Resident
from adapters.playground.residents import residents
from adapters.playground.service import ChatService
from adapters.playground.travel import Travel
from bot.domain.interactions import (
    Actor,
    Ask,
    Command,
    Interaction,
    Press,
    Refused,
    RosterChanged,
    Shortcut,
)
from bot.domain.messages import Form, Message
from bot.ports import (
    Address,
    Away,
    CannotTell,
    Channel,
    Clock,
    Finding,
    Inbox,
    NotSetUp,
    PermanentFailure,
    Profile,
    Sent,
    Surroundings,
    ToChannel,
    ToChat,
    ToPerson,
    Unreachable,
)

WORKSPACE = "playground"
FILE = "kinkeeper-playground.db"  # beside the config: what a chat platform would keep on its own servers


class Playground:
    """A `ChatPlatform` of make-believe people, kept in the file at `path` (or ":memory:").

    `people` are those who live here, or how many of the ready-made ones; the first is an admin in any case.
    The first is also who sits at the page until another is chosen (setting "you"; "" for nobody).
    In each week each of them but the one at the page is away with probability `colleagues_away`. Without
    `travel` the page shows `clock` and cannot move it.
    """

    name = "playground"
    ladder: tuple[str, ...] = ("direct", "mention")

    def __init__(
        self,
        *,
        path: str | Path,
        clock: Clock,
        people: Sequence[Profile] | int = 9,
        seed: int = 1,
        colleagues_away: float = 0.0,
        travel: Travel | None = None,
    ) -> None:
        self.service = ChatService(path)
        first, *others = residents(people) if isinstance(people, int) else people
        self.service.settle([replace(first, is_admin=True), *others])
        self.clock = clock
        self.travel = travel
        if not self.service.setting("seed"):
            self.service.set_setting("seed", str(seed))
            self.service.set_setting("you", first.id)
        self.colleagues = Colleagues(
            self.service, seed=int(self.service.setting("seed")), away=colleagues_away, actor=self.actor
        )
        self._inbox: Inbox | None = None
        self._hearing = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    @classmethod
    def set_up(cls, surroundings: Surroundings) -> Playground:
        """The playground that keeps its file beside the config; NotSetUp if it cannot be opened or made there."""
        path = surroundings.folder / FILE
        try:
            return cls(path=path, clock=surroundings.clock)
        except (sqlite3.Error, OSError) as error:
            raise NotSetUp(
                f"The playground cannot keep its file {path}: {error}. "
                "Look at the folder's permissions, or move the file away."
            ) from error

    @property
    def clock_offset(self) -> timedelta | None:
        """How far the clock had been moved when that was last set; kept over a restart."""
        kept = self.service.setting("clock_offset")
        return timedelta(seconds=float(kept)) if kept else None

    @clock_offset.setter
    def clock_offset(self, offset: timedelta) -> None:
        self.service.set_setting("clock_offset", str(offset.total_seconds()))

    @property
    def inbox(self) -> Inbox:
        """Where what people do is handed in; RuntimeError before `start`."""
        if self._inbox is None:
            raise RuntimeError("the playground has not been started")
        return self._inbox

    def routes(self, app: web.Application) -> None:
        """Mount the page in `app`, which `adapters.web.serve` then refuses to serve beyond this computer."""
        from adapters.playground.listeners import mount

        mount(app, self)

    def next_at(self) -> datetime | None:
        """When a colleague does something next (UTC), or None."""
        return self.colleagues.next_at()

    async def act(self, now: datetime) -> int:
        """Let the colleagues do all that is due at or before `now`, in order of time; how many that were."""
        return await self.colleagues.act(now, hear=self.hear) if self._inbox else 0

    async def tell_roster_changed(self) -> None:
        """Tell the core that somebody changed, so that it reads the people again."""
        event = f"roster-{self.clock.now().isoformat()}"
        await self.inbox.roster_changed(RosterChanged(self.name, WORKSPACE, event))

    def actor(self, person: Resident) -> Actor:
        """A person of the playground as the core knows them."""
        return Actor(
            platform=self.name,
            workspace=WORKSPACE,
            account=person.id,
            name=person.name,
            is_admin=person.is_admin,
            locale=person.locale,
        )

    async def hear(self, happened: Interaction, conversation: str) -> Form | Refused | None:
        """Hand in what somebody did; the reply appears in that conversation, for them alone.

        A form if one is to be shown, Refused if what was typed was not accepted, None if it is done.
        """
        self._hearing += 1
        self._quiet.clear()
        try:
            if isinstance(happened, Command | Press | Shortcut) and (asked := self.inbox.form(happened)):
                return asked
            answer = await self.inbox.receive(happened)
            match answer:
                case Ask():
                    return answer.form
                case Refused():
                    return answer
            if answer.message is not None:
                typed = f"/{happened.name} {happened.text}" if isinstance(happened, Command) else ""
                self.service.post(
                    conversation,
                    self._rendered(answer.message),
                    at=self.clock.now(),
                    key=f"reply:{happened.event_id}",
                    only_for=happened.actor.account,
                    context=as_typed(typed).strip(),
                )
            return None
        finally:
            self._hearing -= 1
            if self._hearing == 0:
                self._quiet.set()

    async def start(self, inbox: Inbox) -> None:
        self.service.open()
        self._inbox = inbox

    async def stop(self) -> None:
        await self._quiet.wait()
        self._inbox = None
        self.service.close()

    def state(self) -> str:
        return "connected" if self._inbox else "the playground has not been started"

    async def find_channel(self, reference: str) -> Channel:
        found = self.service.channel(self._channel_name(reference))
        return Channel(workspace=WORKSPACE, id=found.id, name=found.name)

    async def members(self, channel: Channel) -> Sequence[Profile]:
        self._conversation(channel.id)
        return [*map(self._profile, self.service.people()), Profile(id=BOT, name="Kinkeeper", is_bot=True)]

    async def profiles(self, accounts: Sequence[str]) -> Sequence[Profile]:
        known = {p.id: p for p in self.service.people()}
        return [self._profile(known[account]) for account in accounts if account in known]

    async def open_chat(self, people: Sequence[str], *, near: str, key: str) -> str:
        for account in people:
            if self._person(account).closed:
                raise Unreachable(f"{account} takes no private messages")
        return self.service.group(people, key=key).id

    async def close_chat(self, chat: str) -> None:
        self._conversation(chat)
        self.service.close_conversation(chat)

    async def open_voice(self, people: Sequence[str], *, near: str, name: str, key: str) -> CannotTell:
        return CannotTell("the playground has nowhere to talk")

    async def close_voice(self, room: str) -> None:
        """There is none."""

    async def send(self, to: Address, message: Message, *, key: str) -> Sent:
        conversation = self._where(to)
        post, is_new = self.service.post(
            conversation.id, self._rendered(message), at=self.clock.now(), key=f"delivery:{key}"
        )
        if is_new:
            self.colleagues.noticed(post, conversation)
        return Sent(conversation=post.conversation, message=str(post.id))

    async def edit(self, sent: Sent, message: Message) -> None:
        post = self.service.message(int(sent.message)) if sent.message.isdecimal() else None
        if post is None or post.conversation != sent.conversation or post.removed:
            raise PermanentFailure(f"message {sent.message} is gone from {sent.conversation}")
        self.service.replace(post.id, self._rendered(message))

    async def remove(self, sent: Sent) -> None:
        if sent.message.isdecimal():
            self.service.remove(int(sent.message), sent.conversation)

    async def find_sent(self, to: Address, message: Message, *, key: str, since: datetime) -> Sent | None:
        post = self.service.find(f"delivery:{key}")
        return Sent(conversation=post.conversation, message=str(post.id)) if post else None

    async def diagnose(self, channels: Sequence[str]) -> Sequence[Finding]:
        return [self._finding(reference) for reference in channels]

    def _finding(self, reference: str) -> Finding:
        try:
            name = self._channel_name(reference)
        except PermanentFailure as failure:
            return Finding(reference, str(failure), well=False)
        return Finding(reference, f"#{name} is a channel of the playground, and everybody there is in it")

    def _channel_name(self, reference: str) -> str:
        """The name of the channel that a reference means; a channel is there as soon as it is named."""
        if reference.startswith("#"):
            name = reference[1:].strip().lower()
            if not name or len(name) > 80 or any(c.isspace() or c in "#/?" for c in name):
                raise PermanentFailure(f"{reference!r} is not a channel's name; try '#coffee'")
            return name
        found = self.service.conversation(reference)
        if found is None or found.kind != "channel":
            raise PermanentFailure(f"the playground has no channel with the id {reference!r}; try '#coffee'")
        return found.name

    def _profile(self, person: Resident) -> Profile:
        """A person of the playground as the port has them; away, for this instant, by the status they show."""
        away = self.colleagues.is_away(person, at=self.clock.now())
        return Profile(
            id=person.id,
            name=person.name,
            timezone=person.timezone,
            locale=person.locale,
            is_bot=person.is_bot,
            is_guest=person.is_guest,
            is_admin=person.is_admin,
            away=(Away("status"),) if away else (),
        )

    def _where(self, to: Address) -> Conversation:
        """The conversation an address means, or one of the failures."""
        match to:
            case ToChannel(channel):
                return self._conversation(channel)
            case ToChat(chat):
                return self._conversation(chat)
            case ToPerson(account, "direct"):
                if self._person(account).closed:
                    raise Unreachable(f"{account} takes no private messages")
                return self._conversation(f"direct-{account}")
            case ToPerson(account, "mention", near):
                self._person(account)
                if near is None:
                    raise Unreachable(f"there is no channel to mention {account} in")
                return self._conversation(near)
            case ToPerson(_, rung):
                raise PermanentFailure(f"the playground has no way called {rung!r} to reach a person")

    def _conversation(self, id: str) -> Conversation:  # noqa: A002 - the port's own word
        found = self.service.conversation(id)
        if found is None:
            raise PermanentFailure(f"the playground has no conversation {id!r}")
        return found

    def _person(self, account: str) -> Resident:
        found = self.service.person(account)
        if found is None:
            raise PermanentFailure(f"nobody called {account!r} lives in the playground")
        return found

    def _rendered(self, message: Message) -> Parts:
        names = {p.id: p.name for p in self.service.people()}
        return render.parts(message, names=names, keep=self.service.keep_file)
