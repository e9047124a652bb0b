"""The commands that run until they are told to stop: `run`, `web`, `worker`, and the demo's page."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

import structlog
import typer

from bot.app import acting, read_config, running, scheduled, serving
from bot.db.engine import Unusable, explain

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from bot.demo import Choices

IMPATIENCE = 2  # seconds after which a second Ctrl+C no longer waits for an orderly end

log = structlog.get_logger(__name__)


def serve(settings: Settings, *, timetable: bool, web: bool) -> None:
    """Run until the process is told to stop."""
    config = read_config(settings.config_path)

    async def start(stack: AsyncExitStack) -> None:
        try:
            parts = await stack.enter_async_context(running(settings, config, timetable=False))
        except Unusable as error:
            log.debug("database_unusable", exc_info=True)
            raise explain(error, settings.database_url) from error
        address = await stack.enter_async_context(serving(settings, parts)) if web else None
        if timetable:  # only now: nothing is sent by a process that cannot have its port
            await stack.enter_async_context(scheduled(parts))
        if address is None:
            _say("A Kinkeeper worker is running.")
        else:
            _say(f"Kinkeeper is running: {address}", address=address)
        if web and parts.people:
            await stack.enter_async_context(acting(parts))

    try:
        until_told(start)
    except Exception as problem:
        if hasattr(problem, "exit_status"):  # a sentence for whoever started it
            raise
        log.critical("kinkeeper_failed", exc_info=True)
        raise typer.Exit(1) from None
    _say("Kinkeeper has stopped.")


def serve_demo(settings: Settings, choices: Choices, *, fresh: bool) -> None:
    """The demo's page until the process is told to stop."""
    from bot.demo import FOLDER, page

    if fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)

    async def start(stack: AsyncExitStack) -> None:
        address = await stack.enter_async_context(page(settings, choices))
        typer.echo(f"The playground is open: {address}")
        typer.echo("Press Ctrl+C to stop. It goes on from here next time; --fresh begins anew.")

    until_told(start)


def until_told(start: Callable[[AsyncExitStack], Awaitable[None]]) -> None:
    """Start, wait for Ctrl+C or SIGTERM, and stop in order; told so while it starts, it does not finish starting."""

    async def main() -> None:
        told = asyncio.Event()
        loop = asyncio.get_running_loop()

        def at_once_next_time() -> None:
            for name in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(name)

        def tell() -> None:
            if not told.is_set():  # some supervisors tell the process and its group, which is twice
                told.set()
                loop.call_later(IMPATIENCE, at_once_next_time)

        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, tell)
        async with AsyncExitStack() as stack:
            starting = asyncio.ensure_future(start(stack))
            waiting = asyncio.create_task(told.wait())
            await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                await starting  # raises what went wrong, if anything did
                await waiting
            else:
                starting.cancel()
                with suppress(asyncio.CancelledError):
                    await starting

    asyncio.run(main())


def _say(sentence: str, **values: str) -> None:
    """On a terminal a plain line; elsewhere a line of the log, as all the others are."""
    if sys.stderr.isatty():
        typer.echo(sentence, err=True)
    else:
        log.info(sentence, **values)
