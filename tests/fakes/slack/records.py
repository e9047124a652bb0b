"""What there is in the make-believe workspace: people, conversations, messages, files, views; and a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]

Kind = Literal["public", "private", "mpim", "im"]


class Refusal(Exception):
    """A method answers `{"ok": false, "error": …}`; `more` stands beside the error."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass(slots=True)
class Person:
    """A user as `users.info` shows one; times are UTC. `closed` is what opening a conversation with them fails with."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str | None = "Europe/Berlin"
    locale: str = "en-US"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_until: datetime | None = None
    dnd: tuple[datetime, datetime] | None = None
    snoozed_until: datetime | None = None
    closed: str = ""
    unheard: str = ""  # what posting into the conversation with them fails with


@dataclass(slots=True)
class Conversation:
    """A channel, a group conversation or a direct one; `members` are ids in order of joining, the bot's too."""

    id: str
    name: str
    kind: Kind
    members: list[str]
    archived: bool = False
    shared: bool = False  # with another organisation


@dataclass(slots=True)
class Upload:
    """A file: `content` is None until it was uploaded, `shared` is whether it was completed."""

    id: str
    name: str
    length: int
    alt: str = ""
    title: str = ""
    content: bytes | None = None
    shared: bool = False


@dataclass(slots=True)
class Post:
    """A message; with `only_for` an ephemeral one that this person alone can see."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    files: list[Upload] = field(default_factory=list)
    by_bot: bool = True
    edited: bool = False
    only_for: str | None = None
    links_names: bool = False  # "@channel" in its text calls, as asked by link_names or parse
    unfurls: bool = True


@dataclass(slots=True)
class View:
    """A modal or a home page as it is shown to one person; `hash` changes with every change."""

    id: str
    hash: str
    person: str
    content: Json
    root: str
    previous: str | None = None

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.content.get("blocks", [])
        return blocks

    def inputs(self) -> list[Json]:
        """Its input blocks, in order."""
        return [b for b in self.blocks if b["type"] == "input"]


@dataclass(slots=True)
class Trigger:
    """What a person's action gives the app to open a modal with, once, within three seconds.

    https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
    """

    id: str
    person: str
    issued_at: datetime
    used: bool = False
    view: str | None = None  # the modal it was given out in


@dataclass(slots=True)
class ResponseUrl:
    """Where an app can answer an action: five times within thirty minutes.

    https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
    """

    code: str
    person: str
    channel: str
    issued_at: datetime
    original: str | None = None  # ts of the message it was given out for
    uses: int = 0
