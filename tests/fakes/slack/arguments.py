"""What a request to a method says, whichever way it was written."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from aiohttp import web

from tests.fakes.slack.records import Json, Refusal

JSON = "application/json"
TRUE = {"1", "true", "True", True}

Item = TypeVar("Item")


class Arguments:
    """The arguments of one call, as text or, from JSON, as they are; with the token."""

    def __init__(self, given: Json, token: str) -> None:
        self.given = given
        self.token = token

    @classmethod
    async def of(cls, request: web.Request, *, takes_json: bool) -> Arguments:
        """From the address, a form, or JSON; a method that takes no JSON does not see what stands in it."""
        given: Json = dict(request.query)
        body = await request.read()
        if request.content_type == JSON:
            try:
                written = json.loads(body) if body else {}
            except ValueError:
                raise Refusal("invalid_json") from None
            if not isinstance(written, dict):
                raise Refusal("json_not_object")
            given |= written if takes_json else {}
        elif body:
            given |= dict(await request.post())
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return cls(given, token if scheme == "Bearer" else str(given.get("token", "")))

    def text(self, name: str) -> str:
        """ "" where it was not given."""
        return str(self.given.get(name) or "")

    def needed(self, name: str, *, error: str = "invalid_arguments") -> str:
        if not (found := self.text(name)):
            message = f"[ERROR] missing required field: {name}"
            raise Refusal(error, response_metadata={"messages": [message]})
        return found

    def flag(self, name: str) -> bool:
        given = self.given.get(name)
        return isinstance(given, str | int) and given in TRUE

    def texts(self, name: str) -> list[str]:
        return [t.strip() for t in self.text(name).split(",") if t.strip()]

    def number(self, name: str, *, otherwise: int) -> int:
        try:
            return int(self.text(name) or otherwise)
        except ValueError:
            raise Refusal("invalid_limit") from None

    def document(self, name: str, *, error: str) -> Any:
        """A list or an object, also where it was written as text; None where it was not given."""
        found = self.given.get(name)
        if not isinstance(found, str):
            return found
        try:
            return json.loads(found) if found else None
        except ValueError:
            raise Refusal(error) from None

    def page(
        self, items: Sequence[Item], *, most: int, keep: Callable[[Item], bool] = lambda item: True
    ) -> tuple[list[Item], str]:
        """The page that was asked for, and the cursor of the next one ("" at the end).

        What is left out by `keep` still takes its place on a page, so that a page may be shorter than asked for.
        https://docs.slack.dev/apis/web-api/pagination
        """
        start = _read_cursor(self.text("cursor"))
        limit = self.number("limit", otherwise=100)
        if not 0 < limit <= 1000:
            raise Refusal("invalid_limit")
        end = start + min(limit, most)
        return [i for i in items[start:end] if keep(i)], _cursor(end) if end < len(items) else ""


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _read_cursor(text: str) -> int:
    if not text:
        return 0
    try:
        word, _, start = base64.b64decode(text, validate=True).decode().partition(":")
        if word == "next":
            return int(start)
    except ValueError:
        pass
    raise Refusal("invalid_cursor")
