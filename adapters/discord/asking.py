"""Reading from Discord's REST API without the library's client, for what is looked at once, such as a check-up.

The library keeps its address for a whole process and has no session of its own before it has logged in.
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

import discord
from aiohttp import ClientError, ClientSession, ClientTimeout

BASE = "https://discord.com/api/v10"
USER_AGENT = f"DiscordBot (https://github.com/Rapptz/discord.py {discord.__version__})"
"""As which everything else of the bot's comes to Discord, too. https://docs.discord.com/developers/reference#user-agent"""
PATIENCE = 15.0  # seconds for one answer
LONGEST_WAIT = 5.0  # seconds that a rate limit is waited for


class Unreached(Exception):
    """Discord did not answer, or had trouble of its own; the text says what happened."""


class Refused(Exception):
    """Discord answered that it will not."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"HTTP {status}" + (f", code {code}" if code else ""))
        self.status = status
        self.code = code


class Rest:
    """`async with Rest(token) as rest: await rest.get("/users/@me")`; `date` is what Discord's clock said last."""

    def __init__(self, token: str, *, api_url: str | None = None) -> None:
        self.base = (api_url or BASE).rstrip("/")
        self.date: str | None = None
        self._headers = {"Authorization": f"Bot {token}", "User-Agent": USER_AGENT}

    async def __aenter__(self) -> Self:
        self._session = ClientSession(headers=self._headers, timeout=ClientTimeout(total=PATIENCE))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def get(self, path: str, **query: str | int) -> Any:
        """Discord's answer; Refused or Unreached. A short rate limit is waited for, once."""
        wait, answer = await self._once(path, query)
        if wait is not None and wait <= LONGEST_WAIT:
            await asyncio.sleep(wait)
            wait, answer = await self._once(path, query)
        if wait is not None:
            raise Unreached(f"it asks to wait for {round(wait)} seconds")
        return answer

    async def _once(self, path: str, query: dict[str, str | int]) -> tuple[float | None, Any]:
        """How many seconds to wait, or the answer."""
        try:
            async with self._session.get(self.base + path, params=query) as response:
                self.date = response.headers.get("Date")
                said = await response.json(content_type=None) if response.status < 500 else None
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unreached(str(error).rstrip(".") or type(error).__name__) from error
        if response.status == 429:
            return float(said.get("retry_after", PATIENCE) if isinstance(said, dict) else PATIENCE), None
        if response.status >= 500:
            raise Unreached(f"it answered HTTP {response.status}")
        if response.status >= 400:
            raise Refused(response.status, int(said.get("code") or 0) if isinstance(said, dict) else 0)
        return None, said
