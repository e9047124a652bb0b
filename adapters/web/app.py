"""One aiohttp application: health for whoever watches the process, and the platforms' pages."""

from __future__ import annotations

import errno
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from adapters.web.loopback import NotLoopback, is_loopback, refuse_beyond_loopback

__all__ = ["NotLoopback", "build", "is_loopback", "serve"]

GOOD = frozenset({"ok", "connected"})
"""What a part of the program says when it is well; any other sentence is what is wrong with it."""

HOME: web.AppKey[str] = web.AppKey("home", str)
"""Set by a mount whose page is what `/` leads to."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def build(
    *,
    health: Callable[[], Awaitable[Mapping[str, str]]],
    mounts: Sequence[Callable[[web.Application], None]] = (),
) -> web.Application:
    """The application; `health` says of each part "ok", "connected", or what is wrong with it."""
    app = web.Application()

    async def alive(request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def ready(request: web.Request) -> web.Response:
        parts = dict(await health())
        well = all(said in GOOD for said in parts.values())
        return web.json_response({"ready": well, "parts": parts}, status=200 if well else 503)

    async def home(request: web.Request) -> web.Response:
        if HOME in app:
            raise web.HTTPFound(app[HOME])
        return web.Response(text="Kinkeeper is running.")

    app.on_response_prepare.append(_secure)
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/", home)
    for mount in mounts:
        mount(app)
    return app


async def serve(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve until the returned runner's `cleanup()`.

    NotLoopback if a mount is for this computer alone; OSError, in a sentence, if the address is taken.
    """
    refuse_beyond_loopback(app, host)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as failure:
        await runner.cleanup()
        if failure.errno == errno.EADDRINUSE:
            raise OSError(
                failure.errno,
                f"{host}:{port} is in use by another program; set PORT to a free one",
            ) from failure
        raise OSError(failure.errno, f"cannot listen on {host}:{port}: {failure.strerror}") from failure
    return runner


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
