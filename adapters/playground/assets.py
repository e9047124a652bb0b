"""The files of the page, and what they may load."""

from __future__ import annotations

import re
from importlib.resources import files

from aiohttp import web

_PAGE = files("adapters.playground").joinpath("page")
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def asset(name: str) -> web.Response:
    """A file of the page, by its plain name."""
    ending = name[name.rfind(".") :] if "." in name else ""
    if (
        not re.fullmatch(r"[a-z]+\.[a-z]+", name)
        or ending not in _TYPES
        or not _PAGE.joinpath(name).is_file()
    ):
        raise web.HTTPNotFound(text="there is no such page")
    return web.Response(
        body=_PAGE.joinpath(name).read_bytes(),
        content_type=_TYPES[ending],
        charset="utf-8",
        headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"},
    )
