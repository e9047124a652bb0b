"""The make-believe workspace's memory: who is there, what they talk in, and what was written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

from tests.fakes.slack.installing import App
from tests.fakes.slack.records import (
    Conversation,
    Kind,
    Person,
    Post,
    Refusal,
    ResponseUrl,
    Trigger,
    Upload,
    View,
)

TEAM = "T1"
DOMAIN = "knowlab"
APP = "A0KINKEEPER"
BOT = "B0KINKEEPER"
BOT_USER = "U0KINKEEPER"
STRANGE_TEAM = "T2"


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemTime:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Workspace:
    """One workspace with its app installed. `page_size` is the most that a page of any list holds.

    To change something here is to change it without the app hearing of it.
    """

    def __init__(self, *, clock: Clock | None = None, page_size: int = 1000) -> None:
        self.clock: Clock = clock or SystemTime()
        self.page_size = page_size
        self.app = App()
        self.people: dict[str, Person] = {}
        self.conversations: dict[str, Conversation] = {}
        self.posts: list[Post] = []
        self.files: dict[str, Upload] = {}
        self.modals: dict[str, list[View]] = {}  # by person, the topmost last
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._last_ts = 0
        self._numbers = 0
        self.add_person("kinkeeper", id=BOT_USER, real_name="Kinkeeper", is_bot=True)
        self.people["USLACKBOT"] = Person("USLACKBOT", "slackbot", "Slackbot", TEAM, tz=None)

    def add_person(self, name: str, *, id: str | None = None, **more: Any) -> Person:  # noqa: A002 - Slack's word
        """Somebody new; `more` are fields of Person. A stranger is of another team."""
        made = Person(
            id=id or f"U0{_letters(name)}",
            name=name,
            real_name=more.pop("real_name", name.title()),
            team_id=more.pop("team_id", STRANGE_TEAM if more.get("is_stranger") else TEAM),
            **more,
        )
        if made.id in self.people:
            raise ValueError(f"there is somebody with the id {made.id} already")
        self.people[made.id] = made
        return made

    def add_channel(
        self, name: str, *, members: Iterable[str] = (), private: bool = False, with_bot: bool = True
    ) -> Conversation:
        """A channel of these people's ids, and of the bot unless told otherwise."""
        everybody = [*members, *([BOT_USER] if with_bot else [])]
        return self._converse(f"C0{_letters(name)}", name, "private" if private else "public", everybody)

    def open_im(self, person: str) -> Conversation:
        """The bot's conversation with one person."""
        there = self.conversations.get(f"D0{person[1:]}")
        return there or self._converse(f"D0{person[1:]}", person, "im", [person, BOT_USER])

    def open_mpim(self, people: Iterable[str]) -> tuple[Conversation, bool]:
        """The conversation of exactly these people and the bot, and whether it is new."""
        wanted = {*people, BOT_USER}
        for conversation in self.conversations.values():
            if conversation.kind == "mpim" and set(conversation.members) == wanted:
                return conversation, False
        names = "--".join(sorted(self.people[p].name for p in wanted))
        made = self._converse(f"C0MPDM{self.number()}", f"mpdm-{names}-1", "mpim", sorted(wanted))
        return made, True

    def close_door(self, person: str, *, error: str = "user_disabled") -> None:
        """From now on a conversation with this person can neither be opened nor written into."""
        self.people[person].closed = self.people[person].unheard = error

    def channel(self, name: str) -> Conversation:
        """The channel of that name."""
        return next(c for c in self.conversations.values() if c.name == name.removeprefix("#"))

    def visible(self, id: str | None) -> Conversation:  # noqa: A002 - Slack's word
        """A conversation that the bot can see: a private one that it is not in does not exist for it."""
        found = self.conversations.get(str(id or ""))
        if found is None or (found.kind != "public" and BOT_USER not in found.members):
            raise Refusal("channel_not_found")
        return found

    def person(self, id: str | None) -> Person:  # noqa: A002 - Slack's word
        found = self.people.get(str(id or ""))
        if found is None:
            raise Refusal("user_not_found")
        return found

    def post(self, channel: str, user: str, **more: Any) -> Post:
        """Write a message; `more` are fields of Post. Blocks without an id get one."""
        for block in more.get("blocks", []):
            block.setdefault("block_id", f"b{self.number()}")
        made = Post(channel=channel, ts=self.next_ts(), user=user, by_bot=user == BOT_USER, **more)
        self.posts.append(made)
        return made

    def within(self, channel: str) -> list[Post]:
        """What everybody in the conversation can see, oldest first."""
        return [p for p in self.posts if p.channel == channel and p.only_for is None]

    def find(self, channel: str, ts: str) -> Post | None:
        return next((p for p in self.posts if p.channel == channel and p.ts == ts), None)

    def view(self, id: str) -> View | None:  # noqa: A002 - Slack's word
        shown = [v for stack in self.modals.values() for v in stack] + list(self.homes.values())
        return next((v for v in shown if v.id == id), None)

    def give_trigger(self, person: str, *, view: str | None = None) -> str:
        made = Trigger(f"{self.number()}.1.f00d", person, self.clock.now(), view=view)
        self.triggers[made.id] = made
        return made.id

    def give_response_url(self, person: str, channel: str, *, original: str | None = None) -> str:
        """The code of a new address for answers."""
        made = ResponseUrl(f"r{self.number()}", person, channel, self.clock.now(), original)
        self.response_urls[made.code] = made
        return made.code

    def next_ts(self) -> str:
        """A message's name: the second it was written in, and what makes it unique."""
        now = int(self.clock.now().timestamp() * 1_000_000)
        self._last_ts = max(now, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _converse(self, id: str, name: str, kind: Kind, members: list[str]) -> Conversation:  # noqa: A002
        if id in self.conversations:
            raise ValueError(f"there is a conversation {id} already")
        made = self.conversations[id] = Conversation(id, name, kind, members)
        return made


def _letters(name: str) -> str:
    return re.sub("[^A-Z0-9]", "", name.upper())
