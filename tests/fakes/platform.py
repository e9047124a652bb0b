"""A chat platform in memory: remembers what was sent, and fails where a test says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.interactions import (
    Actor,
    Answer,
    Ask,
    Command,
    HomeOpened,
    Interaction,
    Press,
    Reply,
    Said,
    Shortcut,
    Submit,
)
from bot.domain.messages import Form, Message
from bot.domain.phrasing import plain_message
from bot.ports import (
    Address,
    CannotTell,
    Channel,
    Finding,
    Inbox,
    NeedsAdmin,
    PermanentFailure,
    Profile,
    Sent,
    ToChannel,
    ToChat,
    ToPerson,
    Unreachable,
)
from tests.fakes.voice import Voice

BOT = "kinkeeper"


@dataclass(slots=True)
class Delivered:
    """A message as it stands in its conversation; `first` is what it was before any edit."""

    to: Address
    message: Message
    key: str
    sent: Sent
    first: Message
    removed: bool = False

    @property
    def text(self) -> str:
        """What is read, a part a line."""
        return plain_message(self.message)


def residents(*names: str) -> list[Profile]:
    """People by their handles ("ana" is called Ana), the first an admin."""
    return [
        Profile(id=name, name=name.title(), timezone="Europe/Berlin", is_admin=i == 0)
        for i, name in enumerate(names)
    ]


class FakePlatform:
    """A `ChatPlatform`. Everybody is in every channel but those who are `elsewhere`; `delivered` has all, in order.

    `archived` are channels (by id) with which nothing can be done any more, `uninvited` those that take no posts yet;
    while there is a reason in `shut`, it may do nothing at all. `closed` are people whom no private message reaches;
    while there is a reason in `unlisted`, it does not show who is in a channel. `voice` has the rooms to talk in.
    `fail_next` and `crash_next` make the next calls fail. `forms` are those that were shown, with who saw them.
    `typed` is all that people ever typed, `versions` each message as it was sent or edited, with its one reader if any.
    """

    def __init__(
        self,
        name: str = "fake",
        *,
        people: Iterable[Profile] | None = None,
        channels: Iterable[str] = ("coffee", "general"),
        workspace: str = "W1",
        ladder: tuple[str, ...] = ("direct", "mention"),
        can_tell: bool = True,
    ) -> None:
        self.name = name
        self.ladder = ladder
        self.workspace = workspace
        self.people = list(people) if people is not None else residents("ana", "ben", "chloe", "dev")
        self.channels = {channel: f"C-{channel}" for channel in channels}
        self.can_tell = can_tell
        self.closed: set[str] = set()
        self.elsewhere: set[str] = set()
        self.archived: set[str] = set()
        self.uninvited: dict[str, NeedsAdmin] = {}
        self.shut: NeedsAdmin | None = None
        self.unlisted: str | None = None
        self.voice = Voice()
        self.asked_about: list[Sequence[str]] = []  # the people whose profiles were asked for, call by call
        self.delivered: list[Delivered] = []
        self.attempts: list[tuple[Address, str]] = []
        self.chats: dict[str, tuple[str, ...]] = {}
        self.closed_chats: set[str] = set()
        self.replies: list[tuple[str, Message]] = []
        self.forms: list[tuple[str, Form]] = []
        self.typed: list[tuple[str, str]] = []
        self.versions: list[tuple[str | None, Message]] = []
        self.inbox: Inbox | None = None
        self._chat_by_key: dict[str, str] = {}
        self._failures: deque[Exception] = deque()
        self._crashes = 0
        self._events = 0

    def fail_next(self, *failures: Exception) -> None:
        """The next calls of `send` (one for each failure) raise it, and nothing arrives."""
        self._failures.extend(failures)

    def crash_next(self, times: int = 1) -> None:
        """The next `send` arrives, but the answer is lost: RuntimeError, as when the process dies in between."""
        self._crashes += times

    def to(self, account: str) -> list[str]:
        """What this person was told privately and alone, in order."""
        return [
            d.text
            for d in self.delivered
            if isinstance(d.to, ToPerson) and d.to.account == account and not d.removed
        ]

    def within(self, conversation: str) -> list[str]:
        """What stands in a channel or chat, in order."""
        return [d.text for d in self.delivered if d.sent.conversation == conversation and not d.removed]

    def actor(self, account: str) -> Actor:
        """A person as the core knows them."""
        person = self._person(account)
        return Actor(self.name, self.workspace, person.id, person.name, person.is_admin, person.locale)

    async def command(
        self, account: str, name: str, text: str = "", *, event_id: str | None = None
    ) -> Answer | Form:
        """Somebody runs a slash command; what they are answered (a reply is also kept in `replies`)."""
        return await self._happen(Command(self.actor(account), event_id or self._event(), name, text))

    async def press(self, account: str, action: str, *, event_id: str | None = None) -> Answer | Form:
        """Somebody presses a button."""
        return await self._happen(Press(self.actor(account), event_id or self._event(), action))

    async def submit(
        self, account: str, action: str, values: dict[str, str], *, event_id: str | None = None
    ) -> Answer | Form:
        """Somebody sends a form."""
        return await self._happen(Submit(self.actor(account), event_id or self._event(), action, values))

    async def shortcut(
        self, account: str, name: str, person: str, *, event_id: str | None = None
    ) -> Answer | Form:
        """Somebody picks an entry of the menu of a message that `person` wrote."""
        return await self._happen(Shortcut(self.actor(account), event_id or self._event(), name, person))

    async def opens_home(self, account: str, *, event_id: str | None = None) -> Answer | Form:
        """Somebody looks at the page of their own."""
        return await self._happen(HomeOpened(self.actor(account), event_id or self._event()))

    async def start(self, inbox: Inbox) -> None:
        self.inbox = inbox

    async def stop(self) -> None:
        self.inbox = None

    def state(self) -> str:
        return "connected" if self.inbox else "not started"

    async def find_channel(self, reference: str) -> Channel:
        self._let_in()
        for name, channel in self.channels.items():
            if reference in {f"#{name}", channel}:
                self._known(channel)
                return Channel(self.workspace, channel, name)
        raise PermanentFailure(f"there is no channel {reference}; the config may name another")

    async def members(self, channel: Channel) -> Sequence[Profile] | CannotTell:
        self._let_in()
        self._known(channel.id)
        if self.unlisted is not None:
            return CannotTell(self.unlisted)
        here = [p for p in self.people if p.id not in self.elsewhere]
        return [*here, Profile(id=BOT, name="Kinkeeper", is_bot=True)]

    async def profiles(self, accounts: Sequence[str]) -> Sequence[Profile]:
        self._let_in()
        self.asked_about.append(accounts)
        known = {p.id: p for p in self.people}
        return [known[account] for account in accounts if account in known]

    async def diagnose(self, channels: Sequence[str]) -> Sequence[Finding]:
        found = []
        for reference in channels:
            try:
                channel = await self.find_channel(reference)
            except (PermanentFailure, NeedsAdmin) as failure:
                found.append(Finding(reference, str(failure), well=False))
            else:
                found.append(Finding(reference, f"#{channel.name} is there"))
        return found

    async def open_chat(self, people: Sequence[str], *, near: str, key: str) -> str:
        self._let_in()
        for account in people:
            if self._person(account).id in self.closed:
                raise Unreachable(f"{account} takes no private messages")
        chat = self._chat_by_key.setdefault(key, f"G{len(self._chat_by_key) + 1}")
        self.chats[chat] = tuple(people)
        return chat

    async def close_chat(self, chat: str) -> None:
        self._known(chat)
        self.closed_chats.add(chat)

    async def open_voice(self, people: Sequence[str], *, near: str, name: str, key: str) -> str | CannotTell:
        self._let_in()
        here = [self._person(account).id for account in people]
        return self.voice.open(here, near=self._known(near), name=name, key=key)

    async def close_voice(self, room: str) -> None:
        self._let_in()
        self.voice.close(room)

    async def send(self, to: Address, message: Message, *, key: str) -> Sent:
        self.attempts.append((to, key))
        if self._failures:
            raise self._failures.popleft()
        self._let_in()
        conversation = self._where(to)
        if conversation in self.uninvited:
            raise self.uninvited[conversation]
        before = self._by_key(key)
        if before is not None:
            return before.sent
        sent = Sent(conversation, f"m{len(self.delivered) + 1}")
        self.delivered.append(Delivered(to, message, key, sent, first=message))
        self.versions.append((to.account if isinstance(to, ToPerson) else None, message))
        if self._crashes:
            self._crashes -= 1
            raise RuntimeError("the process died before the answer came")
        return sent

    async def edit(self, sent: Sent, message: Message) -> None:
        self._let_in()
        for delivered in self.delivered:
            if delivered.sent == sent and not delivered.removed:
                delivered.message = message
                self.versions.append((None, message))
                return
        raise PermanentFailure(f"message {sent.message} is gone")

    async def remove(self, sent: Sent) -> None:
        for delivered in self.delivered:
            if delivered.sent == sent:
                delivered.message, delivered.removed = Message(()), True

    async def find_sent(
        self, to: Address, message: Message, *, key: str, since: datetime
    ) -> Sent | CannotTell | None:
        if not self.can_tell:
            return CannotTell("this platform keeps no history for bots")
        found = self._by_key(key)
        return found.sent if found else None

    async def _happen(self, happened: Interaction) -> Answer | Form:
        if self.inbox is None:
            raise RuntimeError("the platform was not started")
        match happened:
            case Command(text=text) | Said(text=text):
                self.typed.append((happened.actor.account, text))
            case Submit(values=values):
                self.typed += [(happened.actor.account, text) for text in values.values()]
        if isinstance(happened, Command | Press | Shortcut) and (form := self.inbox.form(happened)):
            self.forms.append((happened.actor.account, form))
            return form
        answer = await self.inbox.receive(happened)
        match answer:
            case Reply(message) if message is not None:
                self.replies.append((happened.actor.account, message))
            case Ask(form):
                self.forms.append((happened.actor.account, form))
                return form
            case _:
                pass
        return answer

    def _where(self, to: Address) -> str:
        match to:
            case ToChannel(channel):
                return self._known(channel)
            case ToChat(chat):
                return self._known(chat)
            case ToPerson(account, "direct"):
                if self._person(account).id in self.closed:
                    raise Unreachable(f"{account} takes no private messages")
                return f"D-{account}"
            case ToPerson(account, rung, near):
                self._person(account)
                if rung not in self.ladder:
                    raise PermanentFailure(f"there is no rung {rung}")
                if near is None:
                    raise Unreachable(f"there is no channel to meet {account} in")
                return self._known(near)

    def _let_in(self) -> None:
        if self.shut is not None:
            raise self.shut

    def _known(self, conversation: str) -> str:
        if conversation in self.archived:
            raise PermanentFailure(f"{conversation} is archived")
        if conversation not in self.channels.values() and conversation not in self.chats:
            raise PermanentFailure(f"there is no conversation {conversation}")
        return conversation

    def _person(self, account: str) -> Profile:
        for person in self.people:
            if person.id == account:
                return person
        raise PermanentFailure(f"there is nobody called {account}")

    def _by_key(self, key: str) -> Delivered | None:
        return next((d for d in self.delivered if d.key == key), None)

    def _event(self) -> str:
        self._events += 1
        return f"event-{self._events}"
