"""Who may ask the playground's server for anything: this computer's browser, on the playground's page."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.web.loopback import is_loopback

LARGEST_BODY = 256 * 1024


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site makes a browser send, also by a host name it points at this computer."""
    if reason := reason_to_refuse(request):
        raise web.HTTPForbidden(text=reason)
    if request.method == "POST" and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="the playground takes application/json only")
    response = await handler(request)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def reason_to_refuse(request: web.Request) -> str | None:
    """Why this request does not come from the playground's own page on this computer, or None if it does."""
    if not is_loopback(urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""):
        return "the playground answers to localhost and 127.0.0.1 only"
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        return "the playground takes requests from its own page only"
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return "the playground takes requests from its own page only"
    return None


class Body:
    """A request's JSON object, its values taken out by type; a 400 in a sentence if one is not so."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    @classmethod
    async def of(cls, request: web.Request) -> Body:
        """Read the body; HTTPRequestEntityTooLarge over `LARGEST_BODY` bytes."""
        size = request.content_length or 0
        if size > LARGEST_BODY:
            raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, size)
        read = await request.read()
        if len(read) > LARGEST_BODY:
            raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, len(read))
        try:
            values = json.loads(read)
        except ValueError as problem:
            raise web.HTTPBadRequest(text="the body is not JSON") from problem
        if not isinstance(values, dict):
            raise web.HTTPBadRequest(text="the body is not a JSON object")
        return cls(values)

    def text(self, name: str, *, longest: int = 100) -> str:
        value = self._values.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            raise web.HTTPBadRequest(text=f"{name} has to be a text of 1 to {longest} characters")
        return value

    def flag(self, name: str) -> bool | None:
        """True, False, or None if it is not there."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise web.HTTPBadRequest(text=f"{name} has to be true or false")
        return value

    def number(self, name: str) -> int:
        value = self._values.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise web.HTTPBadRequest(text=f"{name} has to be a whole number")
        return value

    def texts(self, name: str) -> dict[str, str]:
        """An object of texts."""
        value = self._values.get(name)
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise web.HTTPBadRequest(text=f"{name} has to be an object of texts")
        return value
