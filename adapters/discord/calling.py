"""Calls to Discord's REST API through the library, whose rate limiting they keep; failures as the port names them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import aiohttp
from discord import HTTPException, RateLimited
from discord.http import HTTPClient, Route

from adapters.discord.failures import failure
from bot.domain.messages import File
from bot.ports import PerhapsDone, TemporaryFailure

LONGEST_WAIT = 30.0  # seconds that the library waits for a rate limit by itself; beyond, the delivery waits
PAGE = 100

Json = dict[str, Any]


class Api:
    """Discord's routes by method and template; `ids` fill the template, and rate limits are counted by the template.

    A POST may have been done when the connection broke; the others do no harm when they are done twice.
    """

    def __init__(self, http: HTTPClient) -> None:
        self.http = http

    async def call(
        self,
        method: str,
        template: str,
        body: object = None,
        *,
        query: Mapping[str, object] | None = None,
        files: Sequence[File] = (),
        again: bool = False,
        ids: Mapping[str, str] = {},
    ) -> Any:
        """Discord's answer, or one of the port's failures, or PerhapsDone; `again`: doing it twice does no harm."""
        route = Route(method, template, metadata=None, **ids)
        given: Json = {"params": {name: str(value) for name, value in query.items()}} if query else {}
        if files:
            given["form"] = as_form(body, files)
        elif body is not None:
            given["json"] = body
        try:
            return await self.http.request(route, **given)
        except (HTTPException, RateLimited, aiohttp.ClientError, TimeoutError, OSError) as error:
            found = failure(error)
            if isinstance(found, PerhapsDone) and (again or method != "POST"):
                found = TemporaryFailure(str(found), retry_after=2.0)
            raise found from error

    async def get(
        self, template: str, *, query: Mapping[str, object] | None = None, ids: Mapping[str, str] = {}
    ) -> Any:
        """Read something."""
        return await self.call("GET", template, query=query, ids=ids)

    async def messages(self, channel: str, *, after: int) -> AsyncIterator[Json]:
        """The messages of a conversation that are newer than an id, oldest first."""
        last = after
        while True:
            query = {"after": last, "limit": PAGE}
            page = await self.get("/channels/{channel_id}/messages", query=query, ids={"channel_id": channel})
            for message in sorted(page, key=lambda each: int(each["id"])):
                yield message
                last = int(message["id"])
            if len(page) < PAGE:
                return


def as_form(body: object, files: Sequence[File]) -> list[Json]:
    """A message with files. https://docs.discord.com/developers/reference#uploading-files"""
    from discord.utils import _to_json

    form: list[Json] = [{"name": "payload_json", "value": _to_json(body), "content_type": "application/json"}]
    form += [
        {
            "name": f"files[{number}]",
            "value": file.content,
            "filename": file.name,
            "content_type": file.media_type,
        }
        for number, file in enumerate(files)
    ]
    return form
