"""A team in a test: a real database, a platform in memory, a clock that is set, and the jobs run by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import StillClock
from bot.config.loading import load_text
from bot.db.engine import Sessions, connect
from bot.domain.interactions import Refused, Reply
from bot.domain.messages import Buttons, Form
from bot.domain.phrasing import plain, plain_message
from bot.inbox import TransactionalInbox
from bot.ports import Profile
from bot.runtime import Known, Runtime
from bot.services import reloading
from bot.services.teams import apply_config
from bot.travel import TimeMachine
from jobs.sync_rosters import sync_rosters
from tests import human_words
from tests.adapters.discord.validity import check_all as check_all_on_discord
from tests.adapters.slack.validity import check_all as check_all_on_slack
from tests.fakes.platform import Delivered, FakePlatform

MONDAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)  # 09:00 in Berlin

CONFIG = """
[team]
name = "Acme"
timezone = "Europe/Berlin"

[[coffee]]
name = "monday-coffee"
channel = "playground:#coffee"
every = "week"
on = "monday"
at = "10:00"
odd = "bye"
nudge_after = "2 days"
close_after = "4 days"
{more}
"""


@dataclass(slots=True)
class Nobody:
    """People who do nothing by themselves."""

    def next_at(self) -> datetime | None:
        return None

    async def act(self, now: datetime) -> int:
        return 0


@dataclass(slots=True)
class World:
    """What a journey has in hand."""

    runtime: Runtime
    platform: FakePlatform
    clock: StillClock
    inbox: TransactionalInbox
    time: TimeMachine
    config_path: Path
    configs: list[str]  # every text that the config file has had
    _known_as: dict[str, str] = field(default_factory=dict)  # everybody who was ever here, by account

    async def until(self, instant: datetime) -> None:
        """Let time pass, doing all that falls due on the way."""
        await self.time.travel(to=instant)

    async def days(self, days: float) -> None:
        """Let so many days pass."""
        await self.until(self.clock.now() + timedelta(days=days))

    async def says(self, who: str, line: str, *, event_id: str | None = None) -> str:
        """Somebody types a command; what only they read in answer."""
        name, _, text = line.removeprefix("/").partition(" ")
        answer = await self.platform.command(who, name, text, event_id=event_id)
        await self.time.travel(to=self.clock.now())
        if isinstance(answer, Reply):
            return plain_message(answer.message) if answer.message else ""
        raise AssertionError(f"{line} was answered by {answer}")

    async def submits(self, who: str, action: str, **values: str) -> Reply | Refused:
        """Somebody sends a form; the whole answer, since what is wrong is said at its field."""
        answer = await self.platform.submit(who, action, values)
        await self.time.travel(to=self.clock.now())
        if isinstance(answer, Reply | Refused):
            return answer
        raise AssertionError(f"the form {action} was answered by {answer}")

    async def asks_for_form(self, who: str, line: str) -> Form:
        """Somebody types a command that a form answers."""
        name, _, text = line.removeprefix("/").partition(" ")
        answer = await self.platform.command(who, name, text)
        if isinstance(answer, Form):
            return answer
        raise AssertionError(f"{line} was answered by {answer}")

    async def opens(self, who: str, label: str) -> Form:
        """Somebody presses the newest button with this label that they can see, and a form opens."""
        answer = await self.platform.press(who, self.button(who, label))
        if isinstance(answer, Form):
            return answer
        raise AssertionError(f"{label} was answered by {answer}")

    async def picks(self, who: str, entry: str, person: str) -> Form | Reply | Refused:
        """Somebody picks an entry of the menu of a message that `person` wrote."""
        answer = await self.platform.shortcut(who, entry, person)
        await self.time.travel(to=self.clock.now())
        if isinstance(answer, Form | Reply | Refused):
            return answer
        raise AssertionError(f"the menu's {entry} was answered by {answer}")

    async def presses(self, who: str, label: str, *, event_id: str | None = None) -> str:
        """Somebody presses the newest button with this label that they can see; what only they read in answer."""
        return await self.presses_action(who, self.button(who, label), event_id=event_id)

    def button(self, who: str, label: str) -> str:
        """What the newest button with this label carries, of those that somebody can see: in messages, then replies."""
        for delivered in reversed(self.platform.delivered):
            if not self.sees(who, delivered.sent.conversation):
                continue
            for part in delivered.message.parts:
                for button in part.buttons if isinstance(part, Buttons) else ():
                    if plain(button.label) == label:
                        return button.action
        for account, message in reversed(self.platform.replies):
            for part in message.parts if account == who else ():
                for button in part.buttons if isinstance(part, Buttons) else ():
                    if plain(button.label) == label:
                        return button.action
        raise AssertionError(f"{who} sees no button {label!r}")

    async def presses_action(self, who: str, action: str, *, event_id: str | None = None) -> str:
        """Somebody presses a button, whichever it is."""
        answer = await self.platform.press(who, action, event_id=event_id)
        await self.time.travel(to=self.clock.now())
        if isinstance(answer, Reply):
            return plain_message(answer.message) if answer.message else ""
        raise AssertionError(f"{action} was answered by {answer}")

    async def arrives(self, *newcomers: Profile) -> None:
        """People come into the channels, and the rosters are read again."""
        self._known_as |= {p.id: p.name for p in self.platform.people}
        self.platform.people += newcomers
        await self.reads_rosters()

    async def departs(self, *who: str) -> None:
        """People leave all channels, and the rosters are read again."""
        self._known_as |= {p.id: p.name for p in self.platform.people}
        self.platform.people = [p for p in self.platform.people if p.id not in who]
        await self.reads_rosters()

    async def changes(self, who: str, **change: Any) -> None:
        """What the platform tells about somebody is another thing now."""
        self.platform.people = [replace(p, **change) if p.id == who else p for p in self.platform.people]
        await self.reads_rosters()

    async def reads_rosters(self) -> None:
        """The nightly look at who is where, now."""
        await sync_rosters(self.runtime)
        await self.time.travel(to=self.clock.now())

    async def restarted(self) -> None:
        """The process ends and another begins: what was kept in memory only is lost."""
        await self.platform.stop()
        self.runtime = replace(self.runtime, known=Known(), owed=asyncio.Event())
        self.inbox = TransactionalInbox(self.runtime)
        self.time = TimeMachine(self.runtime, self.clock, Nobody())
        await self.platform.start(self.inbox)
        await self.reads_rosters()

    def met(self) -> list[set[str]]:
        """Who was introduced to whom in group conversations, oldest first."""
        return [set(people) for people in self.platform.chats.values()]

    def words_put_into_mouths(self) -> list[str]:
        """What was said in somebody's name that they never typed, or by the bot beside its catalogue: nothing, ever."""
        self._known_as |= {p.id: p.name for p in self.platform.people}
        said = [*self.platform.versions, *self.platform.replies]
        return human_words.problems(
            said, self.platform.typed, config="\n".join(self.configs), names=self._known_as
        )

    def all_said(self) -> list[str]:
        """Every message and every reply that anybody ever got."""
        said = [text for d in self.platform.delivered for text in (plain_message(d.first), d.text)]
        return said + [plain_message(message) for _, message in self.platform.replies]

    def sees(self, who: str, conversation: str) -> bool:
        """Whether somebody is in a conversation."""
        return (
            conversation in self.platform.channels.values()
            or conversation == f"D-{who}"
            or who in self.platform.chats.get(conversation, ())
        )

    def chat_of(self, who: str) -> list[str]:
        """What stands in the newest group conversation that somebody is in."""
        chats = [c for c, people in self.platform.chats.items() if who in people]
        return self.platform.within(chats[-1]) if chats else []

    def partners_of(self, who: str) -> set[str]:
        """With whom somebody is in their newest group conversation."""
        chats = [people for people in self.platform.chats.values() if who in people]
        return set(chats[-1]) - {who} if chats else set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A look into the database."""
        async with self.runtime.sessions.read() as session:
            yield session

    async def count(self, model: type[Any], *where: Any) -> int:
        """How many rows there are."""
        async with self.reading() as session:
            return await session.scalar(select(func.count()).select_from(model).where(*where)) or 0

    async def rows(self, model: type[Any], *where: Any) -> Sequence[Any]:
        """Rows in the order they were written."""
        async with self.reading() as session:
            return (await session.scalars(select(model).where(*where).order_by(model.id))).all()

    async def configure(self, text: str) -> reloading.Reloaded:
        """Write another config file and let it be taken up."""
        from jobs import watch_config

        self.config_path.write_text(text)
        self.configs.append(text)
        before = self.clock.now()
        await watch_config.take_up(self.runtime)
        await self.time.travel(to=before)
        return reloading.Reloaded((), load_text(text).problems)


def button_of(delivered: Delivered, label: str) -> str:
    """What the button with this label carries, whoever may press it."""
    for part in delivered.message.parts:
        for button in part.buttons if isinstance(part, Buttons) else ():
            if plain(button.label) == label:
                return button.action
    raise AssertionError(f"{delivered.text!r} has no button {label!r}")


def people(*names: str) -> list[Profile]:
    """People in Berlin by their handles, the first an admin."""
    return [
        Profile(id=n.lower(), name=n, timezone="Europe/Berlin", is_admin=i == 0) for i, n in enumerate(names)
    ]


@asynccontextmanager
async def world(
    sessions: Sessions,
    tmp_path: Path,
    *,
    config: str | None = None,
    more: str = "",
    who: Sequence[Profile] | None = None,
    others: Sequence[FakePlatform] = (),
    unlisted: str | None = None,
    now: datetime = MONDAY - timedelta(days=3),
    seed: int = 1,
) -> AsyncIterator[World]:
    """A team whose config was applied and whose roster was read, on the Friday before the first Monday.

    `others` are platforms besides the one that the world's own people are on; that one shows nobody who is in its
    channels if there is a reason in `unlisted`.
    """
    text = config if config is not None else CONFIG.format(more=more)
    loaded = load_text(text)
    if loaded.config is None:
        raise AssertionError("\n".join(map(str, loaded.problems)))
    clock = StillClock(now)
    async with sessions.begin() as session:
        team_id, _ = await apply_config(session, loaded.config, now=now, rng=Random(seed))
    path = tmp_path / "kinkeeper.toml"
    path.write_text(text)
    platform = FakePlatform("playground", people=who or people("Ana", "Ben", "Chloe", "Dev"))
    platform.unlisted = unlisted
    runtime = Runtime(
        sessions=sessions,
        platforms={each.name: each for each in (platform, *others)},
        clock=clock,
        team_id=team_id,
        config_path=path,
    )
    inbox = TransactionalInbox(runtime)
    for each in (platform, *others):
        await each.start(inbox)
    await sync_rosters(runtime)
    time = TimeMachine(runtime, clock, Nobody())
    await time.travel(to=now)
    acme = World(runtime, platform, clock, inbox, time, path, configs=[text])
    yield acme
    for each in (platform, *others):
        await each.stop()
    assert acme.words_put_into_mouths() == []
    for each in (platform, *others):
        check_all_on_slack(each)
        check_all_on_discord(each)


def open_database(url: str) -> Sessions:
    """The database of a test; what a power cut would lose may be lost."""
    return connect(url, fast_and_loose=True)
