"""How the program logs: readable on a terminal, JSON lines elsewhere; libraries' own records included."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

FIRST = ("timestamp", "level", "event")
CHATTY = ("apscheduler", "watchfiles", "aiosqlite", "sqlalchemy.engine", "alembic", "asyncio")
SHORTEST_SECRET = 6  # characters; anything shorter would blot out innocent words
BEARING = re.compile(r"(/(?:interactions|webhooks)/\d+/)[^\s/?\"'\\]+")
"""Addresses that let in whoever has them: libraries name them in warnings, and in errors of the connection."""


def configure(level: str, *, secrets: Iterable[str] = ()) -> None:
    """Log at `level` and above to standard error, with `secrets` blotted out. Called before anything is started."""
    import structlog

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: list[Processor] = (
        [
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        ]  # shows no variables
        if sys.stderr.isatty()
        else [structlog.processors.format_exc_info, _in_order, structlog.processors.JSONRenderer(default=str)]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level.upper()),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
    )
    handler.setFormatter(_Discreet(formatter, secrets))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


class _Discreet(logging.Formatter):
    """What another formatter writes, without the secrets in it: also those in an exception's text or in an address."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = sorted((s for s in secrets if len(s) >= SHORTEST_SECRET), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return BEARING.sub(r"\1***", line)


def _in_order(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """When, how bad and what first: a line is read from the left."""
    return {**{name: event[name] for name in FIRST if name in event}, **event}
