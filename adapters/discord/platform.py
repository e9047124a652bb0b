"""Discord as a chat platform: what the core may ask goes over REST, what people do comes by the gateway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from adapters.discord import people
from adapters.discord.calling import Api
from adapters.discord.checkup import check_up
from adapters.discord.client import BETWEEN_IDENTIFIES, Client, Connection, point_at
from adapters.discord.connecting import FAILURES, Staying, may_see_members, sync_commands
from adapters.discord.failures import NO_SHARED_SERVER, code_of
from adapters.discord.listeners import Listeners
from adapters.discord.places import Places
from adapters.discord.posting import Posting
from adapters.discord.replying import Replies
from adapters.discord.rooms import Rooms
from adapters.discord.threads import Threads
from adapters.together import Together
from bot.domain.interactions import RosterChanged
from bot.domain.messages import Message
from bot.ports import (
    Address,
    CannotTell,
    Channel,
    Clock,
    Finding,
    Inbox,
    NotSetUp,
    PermanentFailure,
    Profile,
    Sent,
    Surroundings,
    TemporaryFailure,
    ToChannel,
    ToChat,
    ToPerson,
    Unreachable,
)

SETTLING = 1.0  # seconds without a further server after which all of them are there
TOGETHER = 1.0  # seconds in which further news about people go with the first

log = structlog.get_logger(__name__)


class Discord:
    """A `ChatPlatform` for one bot, in as many servers as the config names channels of.

    `shard_ids` and `shard_count` are for several processes, each of which hears a part of the servers.
    """

    name = "discord"
    places: Places
    replies: Replies
    ladder: tuple[str, ...] = ("direct", "thread", "mention")

    def __init__(
        self,
        *,
        clock: Clock,
        token: str,
        api_url: str | None = None,
        gateway_url: str | None = None,
        shard_ids: Sequence[int] | None = None,
        shard_count: int | None = None,
        settling: float = SETTLING,
        together: float = TOGETHER,
        between_identifies: float = BETWEEN_IDENTIFIES,
    ) -> None:
        self.clock = clock
        self._token, self._api_url, self._gateway_url = token, api_url, gateway_url
        self._shard_ids, self._shard_count = shard_ids, shard_count
        self._settling, self._between_identifies = settling, between_identifies
        self._listeners = Listeners(self)
        self._news = Together(self._read_roster, seconds=together)
        self._inbox: Inbox | None = None
        self._api: Api | None = None
        self._staying = Staying(self._connect, again=lambda: self._news.ask("connected"))

    @classmethod
    def set_up(cls, surroundings: Surroundings) -> Discord:
        """Made from the environment; NotSetUp without a token."""
        given = surroundings.variables
        if not given.get("DISCORD_TOKEN"):
            raise NotSetUp(
                "DISCORD_TOKEN is not set. It stands in Discord's Developer Portal under Bot (Reset Token). "
                "docs/install-discord.md shows the way."
            )
        shard_ids = given.get("DISCORD_SHARD_IDS")
        shard_count = given.get("DISCORD_SHARD_COUNT")
        return cls(
            clock=surroundings.clock,
            token=given["DISCORD_TOKEN"],
            api_url=given.get("DISCORD_API_URL"),
            gateway_url=given.get("DISCORD_GATEWAY_URL"),
            shard_ids=[int(each) for each in shard_ids.split(",")] if shard_ids else None,
            shard_count=int(shard_count) if shard_count else None,
        )

    @property
    def inbox(self) -> Inbox:
        """Where what people do is handed in; RuntimeError before `start`."""
        if self._inbox is None:
            raise RuntimeError("Discord has not been started")
        return self._inbox

    async def start(self, inbox: Inbox) -> None:
        self._inbox = inbox
        point_at(api_url=self._api_url, gateway_url=self._gateway_url)
        await self._staying.start()

    async def stop(self) -> None:
        if self._inbox is None:
            return
        await self._staying.stop()
        await self._listeners.quiet()
        await self._news.stop()
        await self._staying.close()
        self._inbox = None

    def state(self) -> str:
        return self._staying.state()

    async def find_channel(self, reference: str) -> Channel:
        self._staying.ready()
        return await self.places.find(reference)

    async def members(self, channel: Channel) -> Sequence[Profile] | CannotTell:
        self._staying.ready()
        return await people.members(self.places.client, self.places.of_id(channel.id))

    async def profiles(self, accounts: Sequence[str]) -> Sequence[Profile]:
        self._staying.ready()
        found: dict[str, Profile] = {}
        unseen: TemporaryFailure | None = None
        for workspace in self.places.served:
            missing = [account for account in accounts if account not in found]
            try:
                guild = self.places.guild(workspace)
            except TemporaryFailure as failure:  # who is in that one cannot be told; the others go on
                unseen = failure
                continue
            found |= {p.id: p for p in await people.profiles(guild, missing)}
        if unseen is not None and len(found) < len(set(accounts)):
            raise unseen
        return [found[account] for account in accounts if account in found]

    async def open_chat(self, people: Sequence[str], *, near: str, key: str) -> str:
        """A private thread beside the channel. Discord's bots can open no group conversation."""
        self._staying.ready()
        await self.places.still_in(near)
        names = [profile.name for profile in await self.profiles(people)]
        if len(names) < len(people):
            raise Unreachable("One of them has left the server.")
        return await self._threads.open(people, names, near=near, key=key)

    async def close_chat(self, chat: str) -> None:
        self._staying.ready()
        await self._threads.close(chat)

    async def open_voice(self, people: Sequence[str], *, near: str, name: str, key: str) -> str | CannotTell:
        self._staying.ready()
        await self.places.still_in(near)
        return await self._rooms.open(people, near=near, name=name, key=key)

    async def close_voice(self, room: str) -> None:
        self._staying.ready()
        await self._rooms.close(room)

    async def send(self, to: Address, message: Message, *, key: str) -> Sent:
        self._staying.ready()
        try:
            only = to.account if isinstance(to, ToPerson) else None
            return await self._posting.post(
                await self._conversation(to, key=key), message, key=key, only=only
            )
        except Unreachable as unreachable:
            if code_of(unreachable) == NO_SHARED_SERVER and isinstance(to, ToPerson) and to.near is not None:
                await self.places.still_in(to.near)
            raise

    async def edit(self, sent: Sent, message: Message) -> None:
        self._staying.ready()
        await self._posting.edit(sent, message)

    async def remove(self, sent: Sent) -> None:
        self._staying.ready()
        await self._posting.remove(sent)

    async def find_sent(
        self, to: Address, message: Message, *, key: str, since: datetime
    ) -> Sent | CannotTell | None:
        self._staying.ready()
        return await self._posting.find(await self._conversation(to, key=key), message, since=since)

    async def diagnose(self, channels: Sequence[str]) -> Sequence[Finding]:
        return await check_up(
            token=self._token, api_url=self._api_url, channels=channels, now=self.clock.now()
        )

    async def _connect(self) -> Connection:
        """Log in, find out what the bot may know, and open the gateway with the least intents."""
        with_members = await may_see_members(self._token)
        client = Client(
            self._happened,
            with_members=with_members,
            gateway_url=self._gateway_url,
            shard_ids=self._shard_ids,
            shard_count=self._shard_count,
            settling=self._settling,
            between_identifies=self._between_identifies,
        )
        connection = Connection(client)
        await connection.log_in(self._token)
        try:
            await sync_commands(self._use(client), str(client.application_id))
        except BaseException:
            await connection.close()
            raise
        await connection.open()
        return connection

    def _use(self, client: Client) -> Api:
        """Ask Discord by this client from now on. What is known of forms, conversations and servers stays known."""
        if self._api is not None:
            self._api.http = client.http
            self.places.use(client)
            return self._api
        me = str(client.user.id) if client.user is not None else ""
        self._api = Api(client.http)
        self.places = Places(client)
        self._threads = Threads(self._api, self.places, me=me)
        self._rooms = Rooms(self._api, self.places, me=me)
        self._posting = Posting(self._api, self._threads, self.places, me=me, name_of=self._name_of)
        self.replies = Replies(self._posting)
        return self._api

    async def _happened(self, kind: str, thing: Any) -> None:
        match kind:
            case "interaction":
                await self._listeners.interaction(thing)
            case "message":
                await self._listeners.message(thing)
            case _:
                self._news.ask(str(thing))

    async def _name_of(self, account: str) -> str | None:
        """What somebody is called; None where they cannot be asked for now, since words must not wait for that."""
        try:
            found = await self.profiles([account])
        except FAILURES as failure:
            log.info("name_not_found", problem=str(failure))
            return None
        return found[0].name if found else None

    async def _read_roster(self, reason: str) -> None:
        """All servers are read at once, however many there are."""
        for workspace in self.places.shared()[:1]:
            await self.inbox.roster_changed(RosterChanged(self.name, workspace, reason))

    async def _conversation(self, to: Address, *, key: str) -> str:
        match to:
            case ToChannel(channel):
                return self.places.writable(channel)
            case ToChat(chat):
                return chat
            case ToPerson(account, "direct"):
                return await self._posting.direct(account)
            case ToPerson(account, "thread", near) if near is not None:
                return await self.open_chat([account], near=near, key=f"person:{account}")
            case ToPerson(account, "mention", near) if near is not None:
                return self.places.writable(near)
            case ToPerson(account, "thread" | "mention"):
                raise Unreachable(f"There is no channel to meet {account} in.")
            case ToPerson(_, rung):
                raise PermanentFailure(f"Discord has no way called {rung!r} to reach a person.")
