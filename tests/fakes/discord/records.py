"""What there is at the make-believe Discord: people, servers, channels, messages, interactions; and a refusal.

Ids are snowflakes as text, as they stand in JSON.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

Json = dict[str, Any]


class Kind(IntEnum):
    """https://docs.discord.com/developers/resources/channel#channel-object-channel-types"""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


POSTS = frozenset({Kind.CATEGORY, Kind.FORUM})
"""Kinds in which nothing can be written but in threads, if at all."""
EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


@dataclass(slots=True)
class User:
    """Somebody on Discord. `closed` is the code that a direct message to them fails with; 0: it arrives."""

    id: str
    name: str
    global_name: str | None = None
    is_bot: bool = False
    locale: str = "en-GB"
    closed: int = 0


@dataclass(slots=True)
class Role:
    id: str
    name: str
    permissions: int = 0
    position: int = 0
    managed: bool = False
    mentionable: bool = False


@dataclass(slots=True)
class Member:
    """A user in a server; `roles` are ids, without @everyone's."""

    user: str
    joined_at: datetime
    nick: str | None = None
    roles: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Server:
    """A guild, with its roles and members by id; @everyone's role has the server's own id."""

    id: str
    name: str
    owner: str
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    unavailable: bool = False


@dataclass(slots=True)
class Overwrite:
    """What a channel allows and denies to one role or member."""

    id: str
    is_member: bool
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class Threading:
    """What a thread has that other channels do not; `members` are people with the time at which they came."""

    owner: str
    changed_at: datetime  # when it was made, archived or opened again
    made_at: datetime
    members: dict[str, datetime] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive: int = 4320  # minutes
    written: int = 0  # messages, the deleted ones too


@dataclass(slots=True)
class Channel:
    """A channel of a server, a thread in one, or the bot's direct conversation with `recipient`."""

    id: str
    kind: Kind
    name: str = ""
    server: str | None = None
    parent: str | None = None
    position: int = 0
    topic: str | None = None
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    recipient: str | None = None
    thread: Threading | None = None
    last_message: str | None = None


@dataclass(slots=True)
class Attachment:
    id: str
    name: str
    content: bytes
    media_type: str
    description: str = ""


@dataclass(slots=True)
class Message:
    """A message; with `only_for` an ephemeral one that this person alone can see.

    `pings` are the people whom it calls, "everybody" for all; `interaction` the id of the one that it answers.
    """

    id: str
    channel: str
    author: str
    at: datetime
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    kind: int = 0
    nonce: str | int | None = None
    edited_at: datetime | None = None
    pings: set[str] = field(default_factory=set)
    only_for: str | None = None
    interaction: str | None = None

    @property
    def is_loading(self) -> bool:
        """Whether it still says that the app is thinking."""
        return bool(self.flags & LOADING)


@dataclass(slots=True)
class Modal:
    """A modal as one person sees it; `message` is the one whose button opened it."""

    person: str
    channel: str
    custom_id: str
    title: str
    components: list[Json]
    message: Message | None = None


@dataclass(slots=True, eq=False)
class Interaction:
    """Something a person did to the app. `token` answers it for fifteen minutes, the first answer within three seconds.

    https://docs.discord.com/developers/interactions/receiving-and-responding
    """

    id: str
    token: str
    kind: int  # 2 command, 3 component, 4 autocompletion, 5 modal
    person: str
    channel: str
    at: datetime
    data: Json
    answered: asyncio.Future[int]  # the type of the first answer
    message: Message | None = None  # the one whose component was used
    original: Message | None = None
    choices: list[Json] | None = None


class Refusal(Exception):
    """Discord answers with an error: an HTTP status, its own code, a message, and for a form what is wrong in it.

    https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
    """

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code}: {message} {errors or ''}".strip())
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    @property
    def document(self) -> Json:
        errors = {"errors": self.errors} if self.errors else {}
        return {"message": self.message, "code": self.code, **errors}
