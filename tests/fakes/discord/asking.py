"""What a request says, whichever way it was written: names in its address, its query, JSON or a form with files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.discord.records import Attachment, Json, Refusal
from tests.fakes.discord.world import World

_NO_JSON = Refusal(400, 50109, "The request body contains invalid JSON.")


@dataclass(frozen=True, slots=True)
class Uploaded:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `body` is None where there was none, `files` are by their number."""

    names: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    files: Mapping[int, Uploaded] = field(default_factory=dict)

    @property
    def form(self) -> Json:
        """The body as an object, empty where there was none."""
        return self.body if isinstance(self.body, dict) else {}

    def number(self, name: str, *, otherwise: int, most: int) -> int:
        try:
            return max(1, min(most, int(self.query.get(name, otherwise))))
        except ValueError:
            return otherwise

    def after(self) -> int:
        return int(self.query.get("after") or 0)

    def attachments(self, there: World, said: Json) -> list[Attachment]:
        """What was uploaded, with the words for it that stand in the body."""
        words = {str(a.get("id")): str(a.get("description") or "") for a in said.get("attachments") or ()}
        return [
            there.attach(
                f.name,
                f.content,
                media_type=_MEDIA_TYPES.get(f.name.rpartition(".")[2], "application/octet-stream"),
                description=words.get(str(number), ""),
            )
            for number, f in self.files.items()
        ]


_MEDIA_TYPES = {"ics": "text/calendar", "png": "image/png", "json": "application/json", "csv": "text/csv"}


async def read(request: web.Request, names: Mapping[str, str]) -> Asked:
    """The request with all that came with it."""
    if request.content_type.startswith("multipart/"):
        body, files = await _read_form(request)
        return Asked(names, dict(request.query), body, files)
    text = await request.text()
    if not text:
        return Asked(names, dict(request.query))
    if request.content_type != "application/json":
        raise Refusal(400, 50035, "Invalid Form Body")
    return Asked(names, dict(request.query), _json(text))


async def _read_form(request: web.Request) -> tuple[Any, dict[int, Uploaded]]:
    body: Any = None
    files: dict[int, Uploaded] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise _NO_JSON
        name = part.name or ""
        if name == "payload_json":
            body = _json(await part.text())
        elif name.startswith("files[") and name.endswith("]"):
            files[int(name[6:-1])] = Uploaded(part.filename or "unknown", bytes(await part.read()))
    return body, dict(sorted(files.items()))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise _NO_JSON from None
