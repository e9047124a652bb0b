"""What the core asks of a chat platform and of a clock, and what it offers them: the whole border of the program.

A platform is written against this page alone. It speaks of intent ("a conversation of these people, near this
channel"), never of an API. Failures come out as exactly three exceptions; anything else is a defect, is recorded as
one, and counts as an attempt of which it is uncertain whether the message arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.domain.interactions import Answer, Interaction, RosterChanged
from bot.domain.messages import Form, Message


class TemporaryFailure(Exception):
    """Not now, and certainly not sent: trying again is of use, `retry_after` seconds from now at the earliest.

    `scope` says what has to wait: this conversation ("lane") or everything for the workspace ("workspace").
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        scope: Literal["lane", "workspace"] = "lane",
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.scope = scope


class PermanentFailure(Exception):
    """Never: trying again is of no use, and the text says why and how it can be mended."""


class Unreachable(Exception):
    """This person cannot be reached by this rung of the ladder; another rung may do."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a workspace; both ids are the platform's."""

    workspace: str
    id: str
    name: str  # without "#"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform tells about a person in a workspace."""

    id: str
    name: str
    timezone: str | None = None  # IANA name; None where the platform does not tell (Discord)
    locale: str = "en"
    is_bot: bool = False
    is_guest: bool = False
    is_admin: bool = False
    is_away: bool = False  # by status or do-not-disturb, as the platform says now


@dataclass(frozen=True, slots=True)
class ToChannel:
    """Post in a channel."""

    channel: str


@dataclass(frozen=True, slots=True)
class ToPerson:
    """A direct conversation with one person, by one rung of the platform's `ladder`.

    `near` is a channel in which the person can be met when a rung needs one.
    """

    account: str
    rung: str
    near: str | None = None


@dataclass(frozen=True, slots=True)
class ToChat:
    """A group conversation that `open_chat` opened."""

    chat: str


Address = ToChannel | ToPerson | ToChat


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message ended up: the platform's ids of the conversation and of the message in it."""

    conversation: str
    message: str


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The platform gives no way to find out whether a message was sent (and why)."""

    reason: str


class ChatPlatform(Protocol):
    """One platform. All ids are the platform's own; all methods but `state` may raise the three failures."""

    name: str
    ladder: tuple[str, ...]
    """How a person can be reached, best first. "direct" and "thread" carry the message itself; "mention" is a line in
    a channel without content, which the outbox writes."""

    async def start(self, inbox: Inbox) -> None:
        """Connect, and hand every event to `inbox` from now on. Returns once connected."""

    async def stop(self) -> None:
        """Disconnect; returns when no event is being handled any more."""

    def state(self) -> str:
        """`"connected"`, or a sentence on what is wrong."""

    async def find_channel(self, reference: str) -> Channel:
        """The channel that the config calls `#name` or an id; PermanentFailure where it does not exist."""

    async def members(self, channel: Channel) -> Sequence[Profile]:
        """Everybody in the channel, bots and guests too, whatever the platform's page size."""

    async def open_chat(self, people: Sequence[str], *, near: str, key: str) -> str:
        """A conversation of exactly these people (and the bot), made near a channel where the platform wants one.

        Asked twice with the same `key`, it is the same conversation. Unreachable if one of them cannot be in it.
        """

    async def close_chat(self, chat: str) -> None:
        """The conversation's purpose is over (archive it where the platform can). Idempotent."""

    async def send(self, to: Address, message: Message, *, key: str) -> Sent:
        """Send one message. `key` is the delivery's id: the platform marks the message with it if it can."""

    async def edit(self, sent: Sent, message: Message) -> None:
        """Replace a message that was sent. Idempotent; PermanentFailure if it is gone."""

    async def remove(self, sent: Sent) -> None:
        """Take a message that was sent away again, for everybody. Idempotent: nothing if it is gone already."""

    async def find_sent(self, to: Address, *, key: str, since: datetime) -> Sent | CannotTell | None:
        """The message marked with `key`, sent at or after `since` (UTC); None if it certainly was never sent."""


class Inbox(Protocol):
    """Where a platform hands in what people do. Each event counts once, however often it is handed in."""

    def form(self, asked: Interaction) -> Form | None:
        """The form that answers this at once, if a form does: made from memory, without waiting for anything.

        A platform that must show a form as its first response asks this before `receive`; if there is a form,
        `receive` is not called.
        """

    async def receive(self, happened: Interaction) -> Answer:
        """Do what was asked, in one transaction, and say what the actor is told. Acknowledge to the platform first."""

    async def roster_changed(self, happened: RosterChanged) -> None:
        """People joined, left or changed."""

    def complete(self, typed: str, *, limit: int = 10) -> Sequence[str]:
        """How a command line typed so far ("/coffee pa") may go on, whole lines, best first; from memory."""


class Clock(Protocol):
    """Tells the time. Injected everywhere; the system's clock is read in `bot/clock.py` alone."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
