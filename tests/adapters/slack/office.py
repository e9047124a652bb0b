"""A team at work on Slack: the real core, the real adapter over sockets, a make-believe Slack, one clock for all."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from adapters.slack.manifest import manifest
from adapters.slack.platform import Slack
from bot.clock import StillClock
from bot.config.loading import load_text
from bot.db.engine import Sessions
from bot.inbox import TransactionalInbox
from bot.ports import ChatPlatform, Inbox
from bot.runtime import Runtime
from bot.services.teams import apply_config
from bot.travel import TimeMachine
from jobs.sync_rosters import sync_rosters
from tests.fakes.platform import FakePlatform
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.records import Conversation, Json, Post, View
from tests.fakes.slack.workspace import BOT_USER
from tests.world import Nobody, open_database

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
FRIDAY = MONDAY - timedelta(days=3)
SECOND, MINUTE, HOUR, DAY, WEEK = (
    timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days", "weeks")
)
FOUR = ("ana", "ben", "chloe", "dev")

_AT = re.compile(r"(?<![\w.])@(\w+)")


def account(who: str) -> str:
    """Somebody's id on Slack, by their name; an id stays what it is."""
    return who if who.startswith("U0") else f"U0{who.upper()}"


def team(*rituals: str, **settings: str) -> str:
    """A config in Berlin with these rituals; `settings` of the team as they are written in TOML."""
    of_team = {"name": '"Acme"', "timezone": '"Europe/Berlin"', "messages_per_week": "40"} | settings
    return "\n".join(["[team]", *(f"{key} = {value}" for key, value in of_team.items()), *rituals])


@dataclass(slots=True)
class Office:
    """What a story has in hand. People are called by their names ("ana"), channels too ("coffee")."""

    slack: FakeSlack
    platform: Slack
    runtime: Runtime
    clock: StillClock
    time: TimeMachine
    prefix: str = ""

    # time

    async def until(self, instant: datetime) -> None:
        """Let time pass, doing all that falls due on the way."""
        await self.time.travel(to=instant)

    async def goes_by(self, span: timedelta) -> None:
        await self.until(self.clock.now() + span)

    async def settled(self) -> None:
        """Returns when all that was done has had its effects."""
        await self.platform._listeners.quiet()
        await self.time.travel(to=self.clock.now())

    async def rosters_are_read(self) -> None:
        """The reading that some news asked for is over, and what followed from it."""
        await self.platform._listeners.quiet()
        await self.platform._news._reading.quiet()
        await self.settled()

    # what people do

    async def says(self, who: str, line: str, *, channel: str | None = None) -> str:
        """Somebody types a command (in the bot's own conversation, or a channel); what only they read in answer."""
        command, _, text = line.partition(" ")
        if self.prefix:
            command = f"/{self.prefix}-{command[1:]}"
        where = self.slack.workspace.channel(channel).id if channel else None
        typed = self.picked(text)
        return await self._answered(
            who, self.slack.hands.command(account(who), command, typed, channel=where)
        )

    async def presses(self, who: str, label: str, *, times: int = 1) -> str:
        """Somebody presses the newest button with this label that they can see; what only they read in answer."""
        post, action = self.button(who, label)
        return await self._answered(who, self.slack.hands.press(account(who), post, action, times=times))

    async def presses_in_view(self, who: str, label: str) -> str:
        """Somebody presses a button of the modal in front of them."""
        view = self.modal(who)
        action = self._labelled(view.blocks)[label]
        return await self._answered(who, self.slack.hands.press_on(account(who), view, action))

    async def presses_at_home(self, who: str, label: str) -> str:
        """Somebody presses a button of their home page."""
        view = self.slack.workspace.homes[account(who)]
        action = self._labelled(view.blocks)[label]
        return await self._answered(who, self.slack.hands.press_on(account(who), view, action))

    async def opens(self, who: str, label: str) -> View:
        """Somebody presses a button, and the form opens that they then see."""
        await self.presses(who, label)
        return self.modal(who)

    async def submits(self, who: str, **typed: str) -> str:
        """Somebody sends the form in front of them (`@ben` is picked from the list); what then stands in its place."""
        filled = {name: self.picked(text) if name in PEOPLE else text for name, text in typed.items()}
        await self.slack.hands.submit(account(who), filled)
        await self.settled()
        view = self.slack.hands.view_of(account(who))
        return self.slack.eyes.body(view) if view else ""

    async def picks(self, who: str, entry: str, post: Post) -> str:
        """Somebody picks an entry of a message's menu."""
        return await self._answered(who, self.slack.hands.shortcut(account(who), entry, post))

    async def writes(self, who: str, text: str) -> Sequence[str]:
        """Somebody writes to the bot; what it answers in their conversation."""
        before = len(self.told(who))
        await self.slack.news.says(account(who), text)
        await self.settled()
        return self.told(who)[before:]

    async def looks_at_home(self, who: str) -> str:
        """Somebody opens the app's home; what stands there."""
        await self.slack.news.opens_home(account(who))
        await self.settled()
        return self.home(who)

    # what people see

    def told(self, who: str) -> list[str]:
        """What the bot says to somebody in their own conversation, oldest first."""
        return self.slack.eyes.to(account(who))

    def within(self, channel: str) -> list[str]:
        """What everybody in a channel reads, oldest first."""
        return self.slack.eyes.within(self.slack.workspace.channel(channel).id)

    def groups(self) -> list[set[str]]:
        """Who was brought together in group conversations, without the bot, oldest first."""
        return [set(c.members) - {BOT_USER} for c in self._group_conversations()]

    def group_of(self, who: str) -> str:
        """The id of the newest group conversation that somebody is in."""
        return [c for c in self._group_conversations() if account(who) in c.members][-1].id

    def partners_of(self, who: str) -> set[str]:
        """With whom somebody is in their newest group conversation, by name."""
        there = self.slack.workspace.conversations[self.group_of(who)]
        return {self.slack.workspace.people[m].name for m in there.members} - {who, "kinkeeper"}

    def in_group_of(self, who: str) -> list[Post]:
        """The messages in somebody's newest group conversation."""
        return self.slack.workspace.within(self.group_of(who))

    def read(self, posts: Iterable[Post]) -> list[str]:
        return [self.slack.eyes.text(post) for post in posts]

    def modal(self, who: str) -> View:
        """The form in front of somebody; AssertionError if there is none."""
        view = self.slack.hands.view_of(account(who))
        assert view is not None, f"{who} sees no form; the bot said {self.slack.eyes.privately(account(who))}"
        return view

    def reads_modal(self, who: str) -> str:
        return self.slack.eyes.view(self.modal(who))

    def wrong(self, who: str) -> Mapping[str, str]:
        """What stands under the fields of the form that somebody sent last."""
        return self.slack.hands.errors_of(account(who))

    def home(self, who: str) -> str:
        """What stands on somebody's home page; "" if none was ever published."""
        view = self.slack.workspace.homes.get(account(who))
        return self.slack.eyes.body(view) if view else ""

    def button(self, who: str, label: str) -> tuple[Post, str]:
        """The newest message that somebody sees with such a button, and the button's action id."""
        for post in reversed(self.slack.workspace.posts):
            if self._sees(who, post) and (action := self._labelled(post.blocks).get(label)):
                return post, action
        raise AssertionError(f"{who} sees no button {label!r}")

    def typed(self, who: str, field: str) -> Any:
        """What stands in a field of the form in front of somebody before they type."""
        (block,) = [b for b in self.modal(who).inputs() if b["block_id"] == field]
        element = block["element"]
        return next((value for name, value in element.items() if name.startswith("initial_")), "")

    async def rows(self, model: type[Any], *where: Any) -> Sequence[Any]:
        """Rows in the order they were written."""
        async with self.runtime.sessions.read() as session:
            return (await session.scalars(select(model).where(*where).order_by(model.id))).all()

    def picked(self, text: str) -> str:
        """The text with every `@ben` as picked from Slack's list, where there is such a person."""
        there = self.slack.workspace.people

        def as_mention(found: re.Match[str]) -> str:
            return f"<@{account(found[1])}>" if account(found[1]) in there else found[0]

        return _AT.sub(as_mention, text)

    async def _answered(self, who: str, doing: Coroutine[Any, Any, None]) -> str:
        before = len(self.slack.eyes.privately(account(who)))
        await doing
        await self.settled()
        return "\n".join(self.slack.eyes.privately(account(who))[before:])

    def _group_conversations(self) -> list[Conversation]:
        return [c for c in self.slack.workspace.conversations.values() if c.kind == "mpim"]

    def _sees(self, who: str, post: Post) -> bool:
        there = self.slack.workspace.conversations[post.channel]
        return account(who) in there.members and post.only_for in (None, account(who))

    def _labelled(self, blocks: list[Json]) -> dict[str, str]:
        """The action ids of buttons by their labels."""
        found = self.slack.eyes.actions(blocks)
        return {each["text"]["text"]: action for action, each in found.items() if each["type"] == "button"}


PEOPLE = frozenset({"to", "with", "swap"})  # the fields in which people are picked


@asynccontextmanager
async def opened(sessions: Sessions) -> AsyncIterator[None]:
    """Disposed of at the end, whatever happens."""
    try:
        yield
    finally:
        await sessions.dispose()


@asynccontextmanager
async def office(
    database: str,
    folder: Path,
    *,
    config: str,
    people: Iterable[str] = FOUR,
    channels: Iterable[str] = ("coffee",),
    now: datetime = FRIDAY,
    prepare: Callable[[FakeSlack], None] = lambda slack: None,
    with_history: bool = False,
    prefix: str = "",
    page_size: int = 1000,
    others: Sequence[FakePlatform] = (),
    hear: Callable[[Inbox], Inbox] = lambda inbox: inbox,
    seed: int = 1,
) -> AsyncIterator[Office]:
    """People (the first an admin) who are in all channels, on the Friday before the first Monday of 2026.

    `prepare` changes the workspace before the bot comes; `hear` puts something before the inbox.
    """
    loaded = load_text(config)
    if loaded.config is None:
        raise AssertionError("\n".join(map(str, loaded.problems)))
    clock, sessions = StillClock(now), open_database(database)
    async with opened(sessions), FakeSlack(clock=clock, page_size=page_size) as slack:
        slack.install(manifest(with_history=with_history, prefix=prefix))
        there = [slack.workspace.add_person(name, is_admin=i == 0) for i, name in enumerate(people)]
        for name in channels:
            slack.workspace.add_channel(name, members=[person.id for person in there])
        prepare(slack)
        async with sessions.begin() as session:
            team_id, _ = await apply_config(session, loaded.config, now=now, rng=Random(seed))
        path = folder / "kinkeeper.toml"
        path.write_text(config)
        platform = Slack(
            clock=clock,
            bot_token=slack.bot_token,
            app_token=slack.app_token,
            api_url=slack.url,
            prefix=prefix,
        )
        platforms: list[ChatPlatform] = [platform, *others]
        runtime = Runtime(
            sessions=sessions,
            platforms={each.name: each for each in platforms},
            clock=clock,
            team_id=team_id,
            config_path=path,
        )
        inbox = TransactionalInbox(runtime)
        await platform.start(hear(inbox))
        for each in others:
            await each.start(inbox)
        try:
            await sync_rosters(runtime)
            time = TimeMachine(runtime, clock, Nobody())
            await time.travel(to=now)
            yield Office(slack, platform, runtime, clock, time, prefix)
        finally:
            for each in others:
                await each.stop()
            await platform.stop()
