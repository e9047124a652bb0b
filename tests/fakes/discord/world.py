"""The make-believe Discord's memory: people, servers, channels, messages; and who is told when something happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

from tests.fakes.discord import permissions
from tests.fakes.discord.permissions import EVERYONES, IN_DIRECT, Permission
from tests.fakes.discord.records import (
    Attachment,
    Channel,
    Interaction,
    Json,
    Kind,
    Member,
    Message,
    Modal,
    Overwrite,
    Role,
    Server,
    Threading,
    User,
)
from tests.fakes.discord.refusals import MISSING_ACCESS, UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_USER, refuse

EPOCH = 1_420_070_400_000
MOST_ACTIVE_THREADS = 1000

Listener = Callable[[str, Json, "str | None"], None]


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemTime:
    def now(self) -> datetime:
        return datetime.now(UTC)


class World:
    """Everything there is. To change something here is to change it without the app hearing of it.

    `tell` is how the app hears: an event's name, what it says, and the server that it is about (None: none).
    """

    def __init__(self, *, clock: Clock | None = None, members_intent: bool = True) -> None:
        self.clock: Clock = clock or SystemTime()
        self.members_intent = members_intent
        self.users: dict[str, User] = {}
        self.servers: dict[str, Server] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.interactions: dict[str, Interaction] = {}
        self.modals: dict[str, Modal] = {}  # by person
        self.commands: dict[str | None, list[Json]] = {None: []}  # by server; None: everywhere
        self.tell: Listener = lambda name, said, server: None
        self._last_millisecond = 0
        self._increment = 0
        self.bot = self.add_user("kinkeeper", global_name=None, is_bot=True).id
        self.owner = self.add_user("owner").id

    def add_user(self, name: str, **more: Any) -> User:
        """Somebody new on Discord; `more` are fields of User."""
        more = {"global_name": name.title(), **more}
        made = User(id=more.pop("id", None) or self.snowflake(), name=name, **more)
        self.users[made.id] = made
        return made

    def add_server(
        self, name: str, *, owner: str | None = None, people: Iterable[str] = (), with_bot: bool = True
    ) -> Server:
        """A server of these people, its owner (somebody otherwise unknown unless told) and the bot."""
        made = Server(self.snowflake(), name, owner or self.owner)
        made.roles[made.id] = Role(made.id, "@everyone", EVERYONES)
        self.servers[made.id] = made
        for person in [made.owner, *people, *([self.bot] if with_bot else [])]:
            if person not in made.members:
                self.add_member(made.id, person)
        return made

    def add_member(self, server: str, person: str, *, nick: str | None = None) -> Member:
        made = Member(person, self.clock.now(), nick)
        self.servers[server].members[person] = made
        return made

    def add_role(self, server: str, name: str, *, holders: Iterable[str] = (), **more: Any) -> Role:
        """A new role, above those that are there; `more` are fields of Role."""
        there = self.servers[server]
        made = Role(self.snowflake(), name, **{"position": len(there.roles), **more})
        there.roles[made.id] = made
        for person in holders:
            there.members[person].roles.append(made.id)
        return made

    def add_channel(
        self,
        server: str,
        name: str,
        kind: Kind = Kind.TEXT,
        *,
        only: Iterable[str] | None = None,
        parent: str | None = None,
    ) -> Channel:
        """A channel; with `only` a private one that these people (and roles) can view, by ids."""
        made = Channel(self.snowflake(), kind, name, server, parent, position=len(self.channels))
        self.channels[made.id] = made
        if only is not None:
            made.overwrites[server] = Overwrite(server, is_member=False, deny=int(Permission.VIEW_CHANNEL))
            for who in only:
                self.permit(made.id, who, Permission.VIEW_CHANNEL)
        return made

    def add_thread(
        self,
        parent: str,
        name: str,
        *,
        owner: str,
        kind: Kind = Kind.PRIVATE_THREAD,
        members: Iterable[str] = (),
    ) -> Channel:
        """A thread in a channel; its owner is in it."""
        now = self.clock.now()
        made = Channel(self.snowflake(), kind, name, self.channels[parent].server, parent)
        everybody = {owner: now} | dict.fromkeys(members, now)
        made.thread = Threading(owner=owner, changed_at=now, made_at=now, members=everybody)
        self.channels[made.id] = made
        return made

    def direct(self, person: str) -> Channel:
        """The bot's conversation with somebody, made if it is not there yet."""
        for channel in self.channels.values():
            if channel.recipient == person:
                return channel
        made = Channel(self.snowflake(), Kind.DM, recipient=person)
        self.channels[made.id] = made
        return made

    def close_door(self, person: str, *, code: int = 50007) -> None:
        """From now on no direct message reaches this person."""
        self.users[person].closed = code

    def permit(self, channel: str, who: str, allowed: int) -> None:
        """Allow something to a person or a role in a channel."""
        overwrite = self._overwrite(channel, who)
        overwrite.allow, overwrite.deny = overwrite.allow | allowed, overwrite.deny & ~allowed

    def forbid(self, channel: str, who: str, denied: int) -> None:
        """Deny something to a person or a role in a channel."""
        overwrite = self._overwrite(channel, who)
        overwrite.allow, overwrite.deny = overwrite.allow & ~denied, overwrite.deny | denied

    def may(self, channel: Channel, person: str | None = None) -> int:
        """What somebody (the bot unless told) may do in a channel."""
        person = person or self.bot
        if channel.server is None:
            return IN_DIRECT if person in {self.bot, channel.recipient} else 0
        parent = self.channels.get(channel.parent or "") if channel.thread else None
        return permissions.in_channel(self.servers[channel.server], channel, person, parent=parent)

    def server(self, id_: str) -> Server:
        """A server that the bot is in."""
        found = self.servers.get(id_)
        if found is None:
            raise refuse(UNKNOWN_GUILD)
        if self.bot not in found.members:
            raise refuse(MISSING_ACCESS)
        return found

    def visible(self, id_: str) -> Channel:
        """A channel that the bot may view."""
        found = self.channels.get(id_)
        if found is None:
            raise refuse(UNKNOWN_CHANNEL)
        if not self.may(found):
            raise refuse(MISSING_ACCESS)
        return found

    def user(self, id_: str) -> User:
        found = self.users.get(id_)
        if found is None:
            raise refuse(UNKNOWN_USER)
        return found

    def channel_named(self, name: str) -> Channel:
        return next(c for c in self.channels.values() if c.name == name.removeprefix("#"))

    def shares_a_server(self, person: str) -> bool:
        """Whether somebody is in a server where the bot is too."""
        return any({self.bot, person} <= s.members.keys() for s in self.servers.values())

    def threads_of(self, server: str, *, archived: bool = False) -> list[Channel]:
        """Those of a server, the newest first."""
        found = [c for c in self.channels.values() if c.server == server and c.thread]
        return [c for c in reversed(found) if c.thread and c.thread.archived is archived]

    def within(self, channel: str) -> list[Message]:
        """What everybody there can see, oldest first."""
        return [m for m in self.messages if m.channel == channel and m.only_for is None]

    def find(self, channel: str, id_: str) -> Message | None:
        return next((m for m in self.messages if m.channel == channel and m.id == id_), None)

    def write(self, channel: str, author: str, content: str = "", **more: Any) -> Message:
        """A new message; `more` are fields of Message. The components get the ids that Discord gives them."""
        made = Message(self.snowflake(), channel, author, self.clock.now(), content, **more)
        number_components(made.components)
        self.messages.append(made)
        there = self.channels[channel]
        if made.only_for is None:
            there.last_message = made.id
            if there.thread:
                there.thread.written += 1
        return made

    def attach(self, name: str, content: bytes, *, media_type: str, description: str = "") -> Attachment:
        return Attachment(self.snowflake(), name, content, media_type, description)

    def snowflake(self) -> str:
        """A new id; it tells when it was made. https://docs.discord.com/developers/reference#snowflakes"""
        now = int(self.clock.now().timestamp() * 1000) - EPOCH
        if now > self._last_millisecond:
            self._last_millisecond, self._increment = now, 0
        else:
            self._increment += 1
        return str((self._last_millisecond << 22) + self._increment)

    def _overwrite(self, channel: str, who: str) -> Overwrite:
        there = self.channels[channel].overwrites
        return there.setdefault(who, Overwrite(who, is_member=who in self.users))


def number_components(components: list[Json]) -> None:
    """Give every component that has none an id, as Discord does, each its own in the message."""
    found = list(every_component(components))
    taken = {c["id"] for c in found if c.get("id")}
    free = (n for n in range(1, 1000) if n not in taken)
    for component in found:
        if not component.get("id"):
            component["id"] = next(free)


def every_component(components: Iterable[Json]) -> Iterable[Json]:
    """All of them, however deep, in order."""
    for component in components:
        yield component
        inner = [component.get("accessory"), component.get("component")]
        yield from every_component([*component.get("components", ()), *(c for c in inner if c)])
