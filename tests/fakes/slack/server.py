"""The make-believe Slack as a whole: one workspace behind one port of this computer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from aiohttp import web

from tests.fakes.slack.eyes import Eyes
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.installing import App, scopes
from tests.fakes.slack.methods import DEFAULT_SCOPES
from tests.fakes.slack.news import News
from tests.fakes.slack.requests import SECRET, Requests
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.webapi import APP_TOKEN, BOT_TOKEN, WebApi
from tests.fakes.slack.workspace import Clock, Workspace


class FakeSlack:
    """`async with FakeSlack() as slack`: then `slack.variables` are what an app needs to find it.

    `workspace` is what there is, `eyes` what people see, `hands` and `news` what they do and what happens, `faults`
    what goes wrong, `sockets` the connections of Socket Mode, `api` the scopes. `clock` is Slack's: triggers and
    response_urls age by it; signatures are made with the computer's.
    """

    bot_token = BOT_TOKEN
    app_token = APP_TOKEN
    signing_secret = SECRET

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        scopes: Iterable[str] = DEFAULT_SCOPES,
        page_size: int = 1000,
    ) -> None:
        self.workspace = Workspace(clock=clock, page_size=page_size)
        self.faults = Faults()
        self.sockets = Sockets()
        self.eyes = Eyes(self.workspace)
        self.api = WebApi(
            self.workspace,
            self.faults,
            scopes=scopes,
            root=lambda: self.root,
            socket=lambda: f"ws{self.root.removeprefix('http')}/link?ticket={self.sockets.ticket()}",
        )
        self._port = 0
        self._runner: web.AppRunner | None = None

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """What clients take for `https://slack.com/api/`."""
        return f"{self.root}/api/"

    @property
    def variables(self) -> dict[str, str]:
        """What an app in Socket Mode is set up with."""
        return {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": self.url,
        }

    def install(self, manifest: Mapping[str, Any]) -> None:
        """Install the app by its manifest: only what that asks for is granted, heard of and offered to people."""
        self.workspace.app = App.read(manifest)
        self.api.scopes = set(scopes(manifest))

    def over_http(self, url: str) -> Requests:
        """From now on what people do is posted to this address, signed, and not sent over sockets."""
        requests = Requests(url)
        self.hands.way = requests
        return requests

    async def start(self, *, port: int = 0) -> None:
        """Listen on a port of this computer (0: a free one)."""
        app = web.Application(client_max_size=20_000_000)
        self.api.mount(app)
        self.sockets.mount(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.hands = Hands(self.workspace, self.eyes, self.sockets, root=self.root)
        self.news = News(self.workspace, self.hands)

    async def stop(self) -> None:
        if self._runner is not None:
            await self.sockets.close()
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
