"""Slack as a chat platform: what the core may ask, answered through the Web API; what people do comes in by events."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web

from adapters.slack.addresses import conversation_of, history_scope_of
from adapters.slack.bolt import bolt_app
from adapters.slack.calling import Api, make_client, make_session
from adapters.slack.channels import Channels
from adapters.slack.checkup import check_up
from adapters.slack.connecting import PING, Socket
from adapters.slack.failures import SHUT
from adapters.slack.listeners import Listeners
from adapters.slack.people import People
from adapters.slack.posting import Posting
from adapters.slack.replying import Replies
from adapters.slack.requests import Requests
from adapters.slack.rosters import RosterNews
from bot.domain.messages import Message
from bot.ports import (
    Address,
    CannotTell,
    Channel,
    Clock,
    Finding,
    Inbox,
    NeedsAdmin,
    NotSetUp,
    PerhapsDone,
    PermanentFailure,
    Profile,
    Sent,
    Surroundings,
    TemporaryFailure,
    Unreachable,
)

LARGEST_GROUP = 8  # people besides the bot: https://docs.slack.dev/reference/methods/conversations.open
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds between tries to connect
EVENTS = "/slack/events"

log = structlog.get_logger(__name__)


class Slack:
    """A `ChatPlatform` for one Slack workspace: over a socket with `app_token`, else over HTTP with `signing_secret`.

    `prefix` stands before the commands' names where others have them ("kin": `/kin-coffee`).
    """

    name = "slack"
    ladder: tuple[str, ...] = ("direct", "mention")

    def __init__(
        self,
        *,
        clock: Clock,
        bot_token: str,
        app_token: str | None = None,
        signing_secret: str | None = None,
        api_url: str | None = None,
        prefix: str = "",
        ping: float = PING,
    ) -> None:
        self.clock = clock
        self._bot_token, self._app_token, self._signing_secret = bot_token, app_token, signing_secret
        self._api_url, self._prefix, self._ping = api_url, prefix, ping
        self._listeners = Listeners(self)
        self._trying: asyncio.Task[None] | None = None
        self._not_connected: Exception | None = TemporaryFailure("Slack has not been started.")
        self._shut = ""  # why the workspace lets the bot in no more, as Slack said last
        self._identity: Mapping[str, Any] = {}
        self.team = ""

    @classmethod
    def set_up(cls, surroundings: Surroundings) -> Slack:
        """Made from the environment; NotSetUp without a bot token, or without a way to hear of events."""
        given = {name: value.strip() for name, value in surroundings.variables.items()}
        token = given.get("SLACK_BOT_TOKEN")
        if not token:
            raise NotSetUp(
                "SLACK_BOT_TOKEN is not set. It begins with xoxb-, and stands at api.slack.com/apps under "
                "OAuth & Permissions. docs/install-slack.md shows the way."
            )
        if not given.get("SLACK_APP_TOKEN") and not given.get("SLACK_SIGNING_SECRET"):
            raise NotSetUp(
                "Neither SLACK_APP_TOKEN (for Socket Mode) nor SLACK_SIGNING_SECRET (for HTTP) is set. "
                "Both stand at api.slack.com/apps under Basic Information. docs/install-slack.md shows the way."
            )
        return cls(
            clock=surroundings.clock,
            bot_token=token,
            app_token=given.get("SLACK_APP_TOKEN"),
            signing_secret=given.get("SLACK_SIGNING_SECRET"),
            api_url=given.get("SLACK_API_URL"),
            prefix=given.get("SLACK_COMMAND_PREFIX", ""),
        )

    @property
    def inbox(self) -> Inbox:
        """Where what people do is handed in; RuntimeError before `start`."""
        if self._inbox is None:
            raise RuntimeError("Slack has not been started")
        return self._inbox

    _inbox: Inbox | None = None

    async def start(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._session = make_session()
        client = make_client(self._bot_token, api_url=self._api_url, session=self._session)
        self._api = Api(client, noticed=self._noticed)
        self._bolt = bolt_app(client, identity=lambda: self._identity)
        self._listeners.attach(self._bolt)
        self._requests = Requests(self._bolt, secret=self._signing_secret, clock=self.clock)
        self._socket = (
            Socket(
                self._bolt, self._api, app_token=self._app_token, came_back=self._came_back, ping=self._ping
            )
            if self._app_token
            else None
        )
        try:
            await self._connect()
        except (TemporaryFailure, PermanentFailure, Unreachable, PerhapsDone) as failure:
            self._not_connected = failure
            log.error("slack_not_connected", problem=str(failure))
            self._trying = asyncio.create_task(self._keep_trying(), name="connect-to-slack")

    async def stop(self) -> None:
        if self._inbox is None:
            return
        self._not_connected = TemporaryFailure("Slack has been stopped.")
        if self._trying is not None:
            self._trying.cancel()
            with suppress(asyncio.CancelledError):
                await self._trying
        if self._socket is not None:
            await self._socket.close()
        await self._listeners.quiet()
        if self.team:
            await self._news.stop()
        await self._session.close()
        self._inbox = None

    def state(self) -> str:
        if self._not_connected is not None:
            return str(self._not_connected)
        if self._shut:
            return self._shut
        if self._socket is not None and not self._socket.is_open():
            lost = "The socket to Slack was closed; I am connecting again."
            return f"{lost} {self._socket.problem}".strip()
        return "connected"

    def routes(self, app: web.Application) -> None:
        """Take Slack's requests over HTTP, where they do not come over the socket."""
        if self._app_token is None:
            app.router.add_post(EVENTS, self._over_http)

    async def find_channel(self, reference: str) -> Channel:
        self._ready()
        return await self.channels.find(reference)

    async def members(self, channel: Channel) -> Sequence[Profile]:
        self._ready()
        accounts = [a async for a in self._api.pages("conversations.members", "members", channel=channel.id)]
        return await self.people.profiles(accounts)

    async def profiles(self, accounts: Sequence[str]) -> Sequence[Profile]:
        self._ready()
        return await self.people.profiles(accounts)

    async def open_chat(self, people: Sequence[str], *, near: str, key: str) -> str:
        """A group DM; Slack knows it by its people, so that asking twice makes no second one."""
        self._ready()
        if len(people) > LARGEST_GROUP:
            raise PermanentFailure(f"A group conversation on Slack has at most {LARGEST_GROUP} people.")
        answer = await self._api.call("conversations.open", users=",".join(people))
        return str(answer["channel"]["id"])

    async def close_chat(self, chat: str) -> None:
        """Slack cannot archive a group DM; it stays what it is, a conversation of these people."""

    async def open_voice(self, people: Sequence[str], *, near: str, name: str, key: str) -> CannotTell:
        return CannotTell("Slack lets no app open a huddle")

    async def close_voice(self, room: str) -> None:
        """There is none."""

    async def send(self, to: Address, message: Message, *, key: str) -> Sent:
        self._ready()
        return await self._posting.post(await conversation_of(to, self._posting), message, key=key)

    async def edit(self, sent: Sent, message: Message) -> None:
        self._ready()
        await self._posting.edit(sent, message)

    async def remove(self, sent: Sent) -> None:
        self._ready()
        await self._posting.remove(sent)

    async def find_sent(
        self, to: Address, message: Message, *, key: str, since: datetime
    ) -> Sent | CannotTell | None:
        """In the history, where the permission to read it was given; for channels and groups that is a choice."""
        self._ready()
        conversation = await conversation_of(to, self._posting)
        scope = await history_scope_of(to, self.channels)
        unable = CannotTell(f"without the permission {scope} I cannot see whether it was sent")
        if scope not in self._api.scopes:
            return unable
        try:
            return await self._posting.find(conversation, key=key, since=since)
        except NeedsAdmin as refused:
            if refused.scope == "workspace":
                raise
            return unable

    async def diagnose(self, channels: Sequence[str]) -> Sequence[Finding]:
        session = make_session()
        try:
            return await check_up(
                make_client(self._bot_token, api_url=self._api_url, session=session),
                app_token=self._app_token,
                signing_secret=self._signing_secret,
                channels=channels,
                now=self.clock.now(),
            )
        finally:
            await session.close()

    def cut_off(self, why: str) -> None:
        self._shut = why

    def changed(self, event: Mapping[str, Any], event_id: str) -> None:
        if self.team:
            self._news.heard(event, event_id)

    async def _connect(self) -> None:
        """Find out who we are, and open the socket."""
        self._identity = await self._api.call("auth.test")
        if not self.team:
            self.team = str(self._identity["team_id"])
            self.people = People(self._api, team=self.team)
            self.channels = Channels(self._api, team=self.team)
            self._posting = Posting(self._api, self.people, self.channels, prefix=self._prefix)
            self.replies = Replies(self._api, self.people, self._posting, prefix=self._prefix)
            self._news = RosterNews(self, bot=str(self._identity.get("user_id") or ""))
        if self._socket is not None:
            await self._socket.open()
        self._not_connected = None

    async def _keep_trying(self) -> None:
        pause = FIRST_PAUSE
        while self._not_connected is not None:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                await self._connect()
            except (TemporaryFailure, PermanentFailure, Unreachable, PerhapsDone) as failure:
                self._not_connected = failure
            except Exception as defect:  # recorded; the next try may go well
                log.exception("slack_connecting_failed")
                self._not_connected = TemporaryFailure(f"{type(defect).__name__}: {defect}")
        log.info("slack_connected")
        self._news.read_again()

    def _came_back(self) -> None:
        """The socket was gone for a while, and events with it."""
        self.people.doubt()
        self.channels.doubt()
        self._news.read_again()

    def _noticed(self, code: str) -> None:
        """What Slack's last answer says about whether we may be here at all."""
        if code in SHUT:
            self._shut = f"Slack shuts the app out: {code}. `kinkeeper doctor` says how to mend it."
        elif not code:
            self._shut = ""

    def _ready(self) -> None:
        """One of the failures, until the connection stands."""
        match self._not_connected:
            case None:
                return
            case NeedsAdmin() as failure:
                raise NeedsAdmin(str(failure), retry_after=failure.retry_after, scope="workspace")
            case failure:
                raise TemporaryFailure(str(failure), retry_after=FIRST_PAUSE, scope="workspace")

    async def _over_http(self, request: web.Request) -> web.Response:
        return await self._requests.answer(request, is_ready=lambda: self._not_connected is None)
