"""The connection on which Slack tells what happens: a socket that comes back by itself.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from adapters.slack.calling import Api
from adapters.slack.failures import code_of, no_socket
from bot.ports import NeedsAdmin, PerhapsDone, PermanentFailure, TemporaryFailure, Unreachable

PING = 5.0  # seconds between the library's own looks at whether the socket is well
LOOK = 0.25  # seconds between ours
LOST = 1.0  # seconds after which a socket that is gone is opened anew; one that Slack replaces is back sooner
LONGEST_PAUSE = 30.0  # seconds between tries
TRIES = 3  # of the library, with the same address, a ping apart
LAST_ANSWERS = 3.0  # seconds in which what is being answered may be answered; Slack waits no longer

LIBRARY = logging.getLogger("kinkeeper.slack.socket")
LIBRARY.setLevel(logging.CRITICAL)  # it reports each try, with a traceback; what it cannot mend is said here

log = structlog.get_logger(__name__)


class Socket:
    """Hands what comes over Slack's socket to the Bolt app; `came_back` is called when it was gone in between.

    `problem` is why it could not be opened again, "" while it is well.
    """

    def __init__(
        self, app: AsyncApp, api: Api, *, app_token: str, came_back: Callable[[], None], ping: float = PING
    ) -> None:
        self._app = app
        self._api = api
        self._app_token = app_token
        self._came_back = came_back
        self._ping = ping
        self._hellos = 0
        self._handler: Any = None  # the library's own has no types
        self._watching: asyncio.Task[None] | None = None
        self._answering: set[asyncio.Task[Any]] = set()
        self.problem = ""

    async def open(self) -> None:
        """Returns once connected; one of the port's failures where Slack cannot be reached or refuses."""
        await self._open()
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch(), name="slack-socket")

    def is_open(self) -> bool:
        """Whether it is connected at this moment."""
        client = self._handler.client if self._handler is not None else None
        session = client.current_session if client is not None else None
        return client is not None and session is not None and not session.closed and not client.stale

    async def close(self) -> None:
        """Returns when nothing comes in any more, and what came was answered."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None
        if self._answering:
            await asyncio.wait(self._answering, timeout=LAST_ANSWERS)
        await self._abandon()

    async def _open(self) -> None:
        await self._abandon()
        address = await self._address()
        handler: Any = AsyncSocketModeHandler(
            self._app,
            self._app_token,
            logger=LIBRARY,
            web_client=self._api.client,
            ping_interval=self._ping,
        )
        client = handler.client
        client.wss_uri = address
        client.message_listeners.append(self._heard)
        client.socket_mode_request_listeners[:] = [self._asked]
        self._handler = handler
        try:
            await asyncio.wait_for(handler.connect_async(), TRIES * self._ping)
        except TimeoutError as slow:
            await self._abandon()
            raise TemporaryFailure("Slack's socket does not open.", retry_after=self._ping) from slow

    async def _address(self) -> str:
        try:
            answer = await self._api.call("apps.connections.open", token=self._app_token)
        except (NeedsAdmin, PermanentFailure) as refused:
            cause = refused.__cause__
            code = code_of(cause) if isinstance(cause, SlackApiError) else str(refused)
            raise NeedsAdmin(no_socket(self._app_token, code), scope="workspace") from refused
        return str(answer["url"])

    async def _abandon(self) -> None:
        handler, self._handler = self._handler, None
        if handler is None:
            return
        client = handler.client
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        await handler.close_async()
        await asyncio.gather(*(t for t in tasks if t is not None), return_exceptions=True)

    async def _watch(self) -> None:
        """Open it anew, with a new address, when it is gone.

        The library by itself looks for that every few seconds only, and goes on for ever with an address that Slack
        takes no more.
        """
        pause = LOST
        gone = 0.0
        while True:
            await asyncio.sleep(LOOK)
            if self.is_open():
                self.problem, pause, gone = "", LOST, 0.0
                continue
            gone += LOOK
            if gone < pause:
                continue
            pause, gone = min(2 * pause, LONGEST_PAUSE), 0.0
            try:
                await self._open()
            except (TemporaryFailure, PermanentFailure, Unreachable, PerhapsDone) as failure:
                if str(failure) != self.problem:
                    log.warning("slack_socket_lost", problem=str(failure))
                self.problem = str(failure)
            except Exception as defect:  # recorded; it is tried again all the same
                log.exception("slack_socket_lost")
                self.problem = f"{type(defect).__name__}: {defect}"
            else:
                pause = LOST

    async def _heard(self, _client: Any, message: dict[str, Any], _raw: str | None) -> None:
        if message.get("type") == "hello":
            self._hellos += 1
            if self._hellos > 1:
                self._came_back()

    async def _asked(self, client: Any, request: Any) -> None:
        """Have it handled. If the socket is gone by then, Slack hands it over again, and it counts once."""
        task = asyncio.current_task()
        handler = self._handler
        if task is None or handler is None:
            return
        self._answering.add(task)
        try:
            await handler.handle(client, request)
        except ConnectionError as gone:
            log.info("slack_not_acknowledged", problem=type(gone).__name__)
        except Exception:  # recorded; the library would swallow it
            log.exception("slack_not_acknowledged")
        finally:
            self._answering.discard(task)
