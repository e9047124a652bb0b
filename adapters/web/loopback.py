"""What counts as this computer alone, and the refusal to serve beyond it what has no passwords."""

from __future__ import annotations

from ipaddress import ip_address

from aiohttp import web

LOOPBACK_ONLY: web.AppKey[str] = web.AppKey("loopback_only", str)
"""Set by a mount that must never be reachable from another computer, to its name."""


class NotLoopback(Exception):
    """A page without passwords was about to be served to other computers."""


def is_loopback(host: str) -> bool:
    """Whether an address or host name means this computer: `localhost`, `127.…`, `::1` (also in brackets)."""
    name = host.strip().removeprefix("[").removesuffix("]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback


def refuse_beyond_loopback(app: web.Application, host: str) -> None:
    """Raise NotLoopback if something in `app` is for this computer alone and `host` is not."""
    if LOOPBACK_ONLY in app and not is_loopback(host):
        raise NotLoopback(
            f"{app[LOOPBACK_ONLY]} has no passwords, so it is served to this computer alone and not on "
            f"{host!r}. Set HOST=127.0.0.1, or take it out of the config."
        )
