"""What the core asks of a chat platform and of a clock, and what it offers them: the whole border of the program.

A platform is written against this page alone. It speaks of intent ("a conversation of these people, near this
channel"), never of an API. Failures come out as exactly three exceptions; anything else is a defect, is recorded as
one, and counts as an attempt of which it is uncertain whether the message arrived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
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


class NeedsAdmin(TemporaryFailure):
    """Not until an admin has mended something; the text says what is wrong and how. The admins are told so, once.

    With `scope="workspace"` the platform lets the bot in no more (its token was revoked, it was removed): nothing
    reaches anybody there until then. Such a try does not count as one of a delivery's attempts.
    """


class PerhapsDone(Exception):
    """The connection, or the platform, broke off in the middle: whether it was sent is not known.

    Before another try, `find_sent` is asked; where a platform cannot tell, few tries are made, over hours.
    """


class NotSetUp(Exception):
    """A platform lacks a setting that it cannot do without; the text says which, and where one gets it."""


class PermanentFailure(Exception):
    """Never: trying again is of no use, and the text says why and how it can be mended."""


class Unreachable(Exception):
    """This person cannot be reached by this rung of the ladder; another rung may do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a platform looked at."""

    about: str  # "token", "scopes", "#coffee", "clock"; "connection" if nobody can be reached
    text: str  # what is so; where that is not well, also how it can be mended
    well: bool = True


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a workspace; both ids are the platform's."""

    workspace: str
    id: str
    name: str  # without "#"
    troubles: tuple[Finding, ...] = ()
    """What keeps the bot from a part of its work there, until an admin has mended it; none of it is well."""


@dataclass(frozen=True, slots=True)
class Away:
    """A time at which a person is away by what the platform shows of them; which kinds count the config says."""

    by: Literal["status", "dnd"]  # a status such as "on holiday"; do not disturb
    since: datetime | None = None  # UTC; None: already
    until: datetime | None = None  # UTC, exclusive; None: until it is taken back


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform tells about a person in a workspace."""

    id: str
    name: str
    timezone: str | None = None  # IANA name; None where the platform does not tell (Discord)
    locale: str = ""  # BCP 47; "" where the platform does not tell
    is_bot: bool = False
    is_guest: bool = False
    is_admin: bool = False
    away: tuple[Away, ...] = ()


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
    """The platform gives no way to do or to find out what was asked; the reason says why, and what would mend it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a platform is made with: `variables` are those of the environment that are set (SLACK_…, DISCORD_…)."""

    clock: Clock
    folder: Path  # of the config; a platform may keep a file of its own there
    variables: Mapping[str, str]


class ChatPlatform(Protocol):
    """One platform, made by its class method `set_up(Surroundings)`, which raises NotSetUp.

    All ids are the platform's own. Any method but `start`, `stop`, `state` and `diagnose` may raise the failures.
    """

    name: str
    ladder: tuple[str, ...]
    """How a person can be reached, best first. "direct" and "thread" carry the message itself; "mention" is a line in
    a channel without content, which the outbox writes."""

    async def start(self, inbox: Inbox) -> None:
        """Connect, and hand every event to `inbox` from now on. Returns once connected.

        If the platform cannot be reached or refuses the bot, it returns all the same, `state` says so, and it goes on
        trying: one platform that is away does not keep the others from their work.
        """

    async def stop(self) -> None:
        """Disconnect; returns when no event is being handled any more."""

    def state(self) -> str:
        """`"connected"`, or a sentence on what is wrong."""

    async def find_channel(self, reference: str) -> Channel:
        """The channel that the config calls `#name` or an id; PermanentFailure where it does not exist."""

    async def members(self, channel: Channel) -> Sequence[Profile] | CannotTell:
        """Everybody in the channel, bots and guests too, whatever the platform's page size.

        People of another organisation who are in a shared channel are left out, and so is who was deactivated.
        CannotTell where the platform does not show who is in it: then those take part who say so themselves.
        """

    async def profiles(self, accounts: Sequence[str]) -> Sequence[Profile]:
        """What is known of these people now; who is not of the workspace any more is left out."""

    async def open_chat(self, people: Sequence[str], *, near: str, key: str) -> str:
        """A conversation of exactly these people (and the bot), made near a channel where the platform wants one.

        Asked twice with the same `key`, it is the same conversation. Unreachable if one of them cannot be in it.
        """

    async def close_chat(self, chat: str) -> None:
        """The conversation's purpose is over (archive it where the platform can). Idempotent."""

    async def open_voice(self, people: Sequence[str], *, near: str, name: str, key: str) -> str | CannotTell:
        """A room to talk in for exactly these people (and the bot), made near a channel; its id, or why there are none.

        `name` has at most 100 characters. Asked twice with the same `key`, it is the same room, until it is closed.
        """

    async def close_voice(self, room: str) -> None:
        """Take a room of `open_voice` away again, whoever is in it. Idempotent: nothing if it is gone already."""

    async def send(self, to: Address, message: Message, *, key: str) -> Sent:
        """Send one message. `key` is the delivery's id: the platform marks the message with it if it can."""

    async def edit(self, sent: Sent, message: Message) -> None:
        """Replace a message that was sent. Idempotent; PermanentFailure if it is gone."""

    async def remove(self, sent: Sent) -> None:
        """Take a message that was sent away again, for everybody. Idempotent: nothing if it is gone already."""

    async def find_sent(
        self, to: Address, message: Message, *, key: str, since: datetime
    ) -> Sent | CannotTell | None:
        """The message if it was sent at or after `since` (UTC); None if it certainly was not.

        It is known by the mark of `key`, or where a platform keeps no marks by what stands in it.
        """

    async def diagnose(self, channels: Sequence[str]) -> Sequence[Finding]:
        """What is well and what is not, also of these channels (references as in the config); may be called unstarted.

        It changes nothing, and no trouble is raised: that the platform cannot be reached is a finding too.
        """


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
