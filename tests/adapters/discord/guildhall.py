"""A team at work on Discord: the real core, the real adapter over sockets, a make-believe Discord, one clock."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from adapters.discord.platform import Discord
from bot.clock import StillClock
from bot.inbox import TransactionalInbox
from bot.runtime import Known, Runtime
from bot.travel import TimeMachine
from jobs.sync_rosters import sync_rosters
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.records import Channel, Kind, Message, Modal
from tests.fakes.discord.world import every_component
from tests.world import Nobody

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
FRIDAY = MONDAY - timedelta(days=3)
MINUTE, HOUR, DAY, WEEK = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days", "weeks"))
FOUR = ("ana", "ben", "chloe", "dev")

_AT = re.compile(r"(?<![\w.])@(\w+)")
_STEP = re.compile(r"^\d+/\d+ ")
_PEOPLE_FIELDS = frozenset({"to", "with"})


@dataclass(slots=True)
class Hall:
    """What a story has in hand. People are called by their names ("ana"), channels too ("coffee")."""

    discord: FakeDiscord
    platform: Discord
    runtime: Runtime
    clock: StillClock
    time: TimeMachine
    server: str

    # time

    async def until(self, instant: datetime) -> None:
        """Let time pass, doing all that falls due on the way."""
        await self.time.travel(to=instant)

    async def goes_by(self, span: timedelta) -> None:
        await self.until(self.clock.now() + span)

    async def settled(self) -> None:
        """Returns when all that was done has had its effects."""
        await self.discord.gateway.settled()
        await self.platform._listeners.quiet()
        await self.time.travel(to=self.clock.now())

    async def heard(self) -> None:
        """Returns when the bot has heard how its servers changed, and when what follows from that has been done."""
        await self.settled()
        await self.platform._news.quiet()
        await self.settled()

    async def rosters_are_read(self) -> None:
        """The nightly look at who is where, now, and what follows from it."""
        await self.settled()
        await sync_rosters(self.runtime)
        await self.settled()

    async def restarted(self) -> None:
        """The process ends and another begins: what was kept in memory only is lost."""
        await self.platform.stop()
        self.platform = bot_of(self.discord, self.clock)
        platforms = {**self.runtime.platforms, self.platform.name: self.platform}
        self.runtime = replace(self.runtime, platforms=platforms, known=Known(), owed=asyncio.Event())
        self.time = TimeMachine(self.runtime, self.clock, Nobody())
        await self.platform.start(TransactionalInbox(self.runtime))
        await self.rosters_are_read()

    # what people do

    async def says(
        self, who: str, command: str, *, channel: str = "", times: int = 1, **given: str | bool
    ) -> str:
        """Somebody uses a command ("/coffee avoid", person="@ben"), in the first channel or another.

        Returns what only they read in answer; `and_` is the option `and`.
        """
        options = {name.rstrip("_"): self._picked(value) for name, value in given.items()}
        where = self.channel(channel).id if channel else self._first().id
        doing = self.discord.hands.command(
            self.account(who), command.removeprefix("/"), options, channel=where, times=times
        )
        return await self._answered(who, doing)

    async def says_directly(self, who: str, command: str, **given: str | bool) -> str:
        """Somebody uses a command in their own conversation with the bot; what only they read in answer."""
        options = {name: self._picked(value) for name, value in given.items()}
        name = command.removeprefix("/")
        return await self._answered(who, self.discord.hands.command(self.account(who), name, options))

    async def is_offered(self, who: str, command: str, option: str, typed: str) -> list[Any]:
        """What somebody is offered while they type an option of a command."""
        hands, name = self.discord.hands, command.removeprefix("/")
        return await hands.complete(self.account(who), name, option, typed, channel=self._first().id)

    async def presses(self, who: str, label: str, *, times: int = 1) -> str:
        """Somebody presses the newest button with this label that they can see; what only they read in answer."""
        message, action = self.button(who, label)
        return await self._answered(
            who, self.discord.hands.press(self.account(who), message, action, times=times)
        )

    async def opens(self, who: str, label: str) -> Modal:
        """Somebody presses a button, and the form opens that they then see."""
        await self.presses(who, label)
        return self.modal(who)

    async def submits(self, who: str, *, times: int = 1, **typed: str) -> str:
        """Somebody sends the form in front of them (`with_="@ben"` is picked from the list); what they then read."""
        there = self.fields(who)
        filled = {
            there[name.rstrip("_")]: self._typed(name.rstrip("_"), text) for name, text in typed.items()
        }
        return await self._answered(who, self.discord.hands.submit(self.account(who), filled, times=times))

    async def picks(self, who: str, entry: str, message: Message) -> str:
        """Somebody picks an entry of a message's menu."""
        return await self._answered(
            who, self.discord.hands.menu_on_message(self.account(who), entry, message)
        )

    async def picks_of(self, who: str, entry: str, person: str) -> str:
        """Somebody picks an entry of a person's menu."""
        hands, where = self.discord.hands, self._first().id
        doing = hands.menu_on_person(self.account(who), entry, self.account(person), channel=where)
        return await self._answered(who, doing)

    async def writes(self, who: str, text: str) -> Sequence[str]:
        """Somebody writes to the bot; what it answers in their conversation."""
        before = len(self.told(who))
        self.discord.news.says(self.account(who), text)
        await self.settled()
        return self.told(who)[before:]

    async def leaves(self, who: str) -> None:
        """Somebody leaves the server, and the bot learns of it."""
        self.discord.news.leaves(self.account(who), self.server)
        await self.rosters_are_read()

    # what people see

    def told(self, who: str) -> list[str]:
        """What the bot says to somebody in their own conversation, oldest first."""
        return self.discord.eyes.to(self.account(who))

    def privately(self, who: str) -> list[str]:
        """What only they read, in answer to what they did."""
        return self.discord.eyes.privately(self.account(who))

    def within(self, channel: str) -> list[str]:
        """What everybody in a channel reads, oldest first."""
        return self.discord.eyes.within(self.channel(channel).id)

    def threads(self) -> list[Channel]:
        """The bot's private threads, oldest first."""
        there = self.discord.world.channels.values()
        return [c for c in there if c.kind is Kind.PRIVATE_THREAD]

    def groups(self) -> list[set[str]]:
        """Who was brought together in private threads, by name, oldest first."""
        return [self.people_in(thread) for thread in self.threads()]

    def people_in(self, thread: Channel) -> set[str]:
        return {self.discord.world.users[each].name for each in self.discord.eyes.in_thread(thread.id)}

    def thread_of(self, who: str) -> Channel:
        """The newest private thread that somebody is in."""
        return [thread for thread in self.threads() if who in self.people_in(thread)][-1]

    def partners_of(self, who: str) -> set[str]:
        """With whom somebody is in their newest private thread, by name."""
        return self.people_in(self.thread_of(who)) - {who}

    def in_thread_of(self, who: str) -> list[str]:
        """What stands in somebody's newest private thread."""
        return self.discord.eyes.within(self.thread_of(who).id)

    def modal(self, who: str) -> Modal:
        """The form in front of somebody; AssertionError if there is none."""
        modal = self.discord.eyes.modal(self.account(who))
        assert modal is not None, f"{who} sees no form; the bot said {self.privately(who)}"
        return modal

    def reads_modal(self, who: str) -> str:
        return self.discord.eyes.modal_text(self.modal(who))

    def fields(self, who: str) -> dict[str, str]:
        """The ids of the fields of the form in front of somebody, by their names."""
        ids = [c["custom_id"] for c in every_component(self.modal(who).components) if "custom_id" in c]
        return {_STEP.sub("", custom_id): custom_id for custom_id in ids}

    def typed(self, who: str, field: str) -> Any:
        """What stands in a field of the form in front of somebody before they type."""
        custom_id = self.fields(who)[field]
        there = every_component(self.modal(who).components)
        [component] = [c for c in there if c.get("custom_id") == custom_id]
        if "default_values" in component:
            return [self.discord.world.users[each["id"]].name for each in component["default_values"]]
        chosen = [option["value"] for option in component.get("options", ()) if option.get("default")]
        return chosen or component.get("value", "")

    def button(self, who: str, label: str) -> tuple[Message, str]:
        """The newest message that somebody sees with such a button, and the button's custom id."""
        for message in reversed(self.discord.world.messages):
            if self._sees(who, message):
                for action, each in self.discord.eyes.actions(message).items():
                    if each.get("label") == label:
                        return message, action
        raise AssertionError(f"{who} sees no button {label!r}")

    def labels(self, message: Message) -> list[str]:
        """What stands on a message's buttons."""
        return [str(each.get("label")) for each in self.discord.eyes.actions(message).values()]

    def files(self, who: str) -> dict[str, bytes]:
        """What files the bot put into somebody's own conversation, by name."""
        there = self.discord.world.direct(self.account(who)).id
        return self.files_in(there)

    def files_in(self, channel: str) -> dict[str, bytes]:
        messages = self.discord.world.within(channel)
        return {name: content for m in messages for name, content in self.discord.eyes.files(m).items()}

    def pinged(self, message: Message) -> set[str]:
        """Whom a message calls, by name; "everybody" where it calls a whole channel."""
        users = self.discord.world.users
        return {users[each].name if each in users else each for each in message.pings}

    async def rows(self, model: type[Any], *where: Any) -> Sequence[Any]:
        """Rows in the order they were written."""
        async with self.runtime.sessions.read() as session:
            return (await session.scalars(select(model).where(*where).order_by(model.id))).all()

    # ids

    def account(self, who: str) -> str:
        """Somebody's id on Discord, by their name."""
        return next(user.id for user in self.discord.world.users.values() if user.name == who)

    def channel(self, name: str) -> Channel:
        return self.discord.world.channel_named(name)

    def mention(self, who: str) -> str:
        return f"<@{self.account(who)}>"

    def _first(self) -> Channel:
        return next(c for c in self.discord.world.channels.values() if c.kind is Kind.TEXT)

    def _picked(self, value: str | bool) -> str | bool:
        """A person of an option; everything else stays as it was typed."""
        whole = _AT.fullmatch(value) if isinstance(value, str) else None
        return self.mention(whole[1]) if whole else value

    def _typed(self, field: str, text: str) -> str:
        return _AT.sub(lambda found: self.mention(found[1]), text) if field in _PEOPLE_FIELDS else text

    async def _answered(self, who: str, doing: Coroutine[Any, Any, object]) -> str:
        before = {m.id for m in self.discord.eyes.private_messages(self.account(who))}
        await doing
        await self.settled()
        after = self.discord.eyes.private_messages(self.account(who))
        return "\n".join(self.discord.eyes.text(m) for m in after if m.id not in before)

    def _sees(self, who: str, message: Message) -> bool:
        """Threads that somebody only may look into are not looked into."""
        account, there = self.account(who), self.discord.world.channels[message.channel]
        is_theirs = there.thread is None or account in there.thread.members
        can_read = self.discord.eyes.can_read(account, message.channel)
        return is_theirs and can_read and message.only_for in (None, account)


def bot_of(discord: FakeDiscord, clock: StillClock) -> Discord:
    """A platform in front of the make-believe Discord."""
    return Discord(
        clock=clock,
        token=discord.token,
        api_url=discord.api_url,
        gateway_url=discord.gateway_url,
        settling=0.01,
        together=0.01,
    )
