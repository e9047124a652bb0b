"""The make-believe Discord as a whole: everything behind one port of this computer."""

from __future__ import annotations

from typing import Self

from aiohttp import web

from tests.fakes.discord.eyes import Eyes
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.hands import Hands
from tests.fakes.discord.news import News
from tests.fakes.discord.webapi import ROOT, TOKEN, WebApi
from tests.fakes.discord.world import Clock, World


class FakeDiscord:
    """`async with FakeDiscord() as discord`: then `discord.variables` are what a bot needs to find it.

    `world` is what there is, `eyes` what people see, `hands` and `news` what they do and what happens, `faults` what
    goes wrong, `gateway` the sessions. `clock` is Discord's: ids, nonces and interactions age by it. `members_intent`
    says whether the Server Members intent is switched on for the application.

    Leaving it fails with AssertionError if the bot asked for anything that Discord's own description of its API does
    not allow; `violations` are those requests, and a test that means them clears the list.
    """

    token = TOKEN

    def __init__(self, *, clock: Clock | None = None, members_intent: bool = True) -> None:
        self.world = World(clock=clock, members_intent=members_intent)
        self.faults = Faults()
        self.gateway = Gateway(self.world, self.faults, url=lambda: self.gateway_url)
        self.api = WebApi(self.world, self.faults, gateway=self.gateway.told)
        self.api.violations = self.gateway.violations
        self.eyes = Eyes(self.world)
        self.hands = Hands(self.world, self.eyes, self.gateway)
        self.news = News(self.world)
        self._port = 0
        self._runner: web.AppRunner | None = None

    @property
    def violations(self) -> list[str]:
        return self.api.violations

    @property
    def api_url(self) -> str:
        """What clients take for `https://discord.com/api/v10`."""
        return f"http://127.0.0.1:{self._port}{ROOT}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway/"

    @property
    def variables(self) -> dict[str, str]:
        """What a bot is set up with."""
        return {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": self.api_url,
            "DISCORD_GATEWAY_URL": self.gateway_url,
        }

    async def start(self, *, port: int = 0) -> None:
        """Listen on a port of this computer (0: a free one)."""
        app = web.Application(client_max_size=20_000_000)
        self.api.mount(app)
        self.gateway.mount(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self.gateway.close()
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self.stop()
        if kind is None and self.violations:
            raise AssertionError("Discord does not allow:\n" + "\n".join(self.violations))
