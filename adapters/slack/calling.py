"""Calls to Slack's Web API: one session, no tries behind our back, and every failure as the port names them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.failures import PAUSE, code_of, failure, not_slack, unreachable, wait_asked
from bot.ports import PerhapsDone, TemporaryFailure

TIMEOUT = 30  # seconds for one call
CONNECTED = 10  # seconds of them for the connection alone: without one, nothing was done
PAGE = 200  # of a list: Slack recommends no more
LONGEST_WAIT = 90.0  # seconds that reading a list waits, all in all, when Slack asks it to
READS: tuple[str, ...] = (
    *("conversations.list", "conversations.info", "conversations.members", "conversations.history"),
    *("users.info", "users.list", "dnd.teamInfo"),
)
"""Methods that are asked by GET. To `apps.connections.open` Slack answers nothing but a POST (`insecure_request`)."""

ONCE_OR_OFTEN: tuple[str, ...] = (
    *READS,
    *("auth.test", "apps.connections.open"),
    *("conversations.open", "chat.update", "chat.delete", "views.publish", "files.getUploadURLExternal"),
)
"""Methods of which a second call does no harm."""

FORMS = ("files.getUploadURLExternal", "files.completeUploadExternal")  # take no JSON

_log = logging.getLogger("kinkeeper.slack")
_log.setLevel(logging.WARNING)  # below that, the library logs what people write

Answer = Mapping[str, Any]


def make_client(token: str, *, api_url: str | None, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client that tries nothing twice: whether trying again is right, its caller decides."""
    return AsyncWebClient(
        token=token,
        base_url=api_url or AsyncWebClient.BASE_URL,
        timeout=TIMEOUT,
        session=session,
        retry_handlers=[],
        logger=_log,
    )


def make_session() -> aiohttp.ClientSession:
    """What all calls of one platform go through."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=CONNECTED))


class Api:
    """Slack's methods by name. A method that Slack asked to wait is not called again before that time is over.

    `noticed` is told each error's code, "" after a call that went well, of the calls with the bot's token.
    """

    def __init__(self, client: AsyncWebClient, *, noticed: Callable[[str], None]) -> None:
        self.client = client
        self.scopes: frozenset[str] = frozenset()  # those granted, known once `auth.test` was called
        self._noticed = noticed
        self._not_before: dict[tuple[str, str], float] = {}  # by method and conversation, the loop's time

    async def call(self, method: str, **given: Any) -> Answer:
        """Call a method with JSON-like arguments; its answer, or one of the port's failures, or PerhapsDone."""
        is_bots = "token" not in given  # another says nothing about whether the bot may be here
        lane = (method, str(given.get("channel", "")) if method == "chat.postMessage" else "")
        now = asyncio.get_running_loop().time()
        if (until := self._not_before.get(lane, now)) > now:
            raise TemporaryFailure("Slack asked me to wait.", retry_after=until - now)
        try:
            if method in READS:
                response = await self.client.api_call(method, http_verb="GET", params=given)
            elif method in FORMS:
                response = await self.client.api_call(method, data=given)
            else:
                response = await self.client.api_call(method, json=given)
        except SlackApiError as error:
            if is_bots and (code := code_of(error)):
                self._noticed(code)
            found = failure(error)
            if getattr(error.response, "status_code", 0) == 429 or code_of(error) == "ratelimited":
                self._not_before[lane] = now + wait_asked(error)
            raise _settled(method, found) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _settled(method, unreachable(error)) from error
        except AttributeError as error:  # the library's, at an answer that is plain text
            raise TemporaryFailure(not_slack(), retry_after=PAUSE) from error
        if is_bots:
            self._noticed("")
        if method == "auth.test":
            granted = str(response.headers.get("x-oauth-scopes", ""))
            self.scopes = frozenset(each.strip() for each in granted.split(",") if each.strip())
        data = response.data
        return data if isinstance(data, dict) else {}

    async def read(self, method: str, *, patience: float = LONGEST_WAIT, **given: Any) -> Answer:
        """Call a method, and wait if Slack asks to, for `patience` seconds at most."""
        waited = 0.0
        while True:
            try:
                return await self.call(method, **given)
            except TemporaryFailure as asked:
                pause = asked.retry_after
                if type(asked) is not TemporaryFailure or pause is None or waited + pause > patience:
                    raise
                waited += pause
                await asyncio.sleep(pause)

    async def pages(self, method: str, key: str, **given: Any) -> AsyncIterator[Any]:
        """All that a method lists under `key`, page by page.

        https://docs.slack.dev/apis/web-api/pagination
        """
        cursor = ""
        while True:
            more: dict[str, Any] = {"cursor": cursor} if cursor else {}
            answer = await self.read(method, limit=PAGE, **given, **more)
            for item in answer.get(key) or ():
                yield item
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def upload(self, address: str, content: bytes) -> None:
        """Put a file's bytes where Slack asked for them."""
        session = self.client.session
        if session is None:
            raise RuntimeError("the client has no session")
        try:
            async with session.post(address, data=content, proxy=self.client.proxy) as response:
                if response.status != 200:
                    raise TemporaryFailure(f"Slack did not take the file (HTTP {response.status}).")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TemporaryFailure(f"Slack did not take the file: {error}.") from error


def _settled(method: str, found: Exception) -> Exception:
    """Where doing it twice does no harm, not knowing whether it was done is a reason to try again."""
    if isinstance(found, PerhapsDone) and method in ONCE_OR_OFTEN:
        return TemporaryFailure(str(found), retry_after=2.0)
    return found
