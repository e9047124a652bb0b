"""What somebody with the database and the logs in hand can see: every row with where it lies, and every log line."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import text

from bot.db.models import Base
from bot.log import CHATTY
from tests.world import World

PLACE = {
    "sqlite": "rowid AS place, 0 AS age, 0 AS touched",
    "postgresql": "ctid::text AS place, xmin::text AS age, xmax::text AS touched",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the database holds it: `place` is where it lies, on PostgreSQL `age` is the transaction that wrote it,
    and `touched` the last one that locked it, as a row that refers to it does when it is written.
    """

    table: str
    values: dict[str, Any]
    place: Any
    age: str
    touched: str

    @property
    def shown(self) -> str:
        return repr(self.values)

    @property
    def names_somebody(self) -> bool:
        """Whether it says of a member or of an account that they are concerned."""
        return self.table in ("member", "account") or any(
            value is not None for name, value in self.values.items() if name.endswith("member_id")
        )


async def every_row(acme: World, *tables: str) -> list[Row]:
    """All rows of these tables (of all, if none is named), in the order of their places."""
    rows: list[Row] = []
    async with acme.reading() as session:
        engine = session.get_bind().dialect.name
        for table in tables or Base.metadata.tables:
            order = "rowid" if engine == "sqlite" else "ctid"
            found = await session.execute(text(f'SELECT *, {PLACE[engine]} FROM "{table}" ORDER BY {order}'))
            for each in found.mappings():
                values = dict(each)
                place, age, touched = (values.pop(name) for name in ("place", "age", "touched"))
                rows.append(Row(table, values, place, str(age), str(touched)))
    return rows


def in_files(folder: Path) -> bytes:
    """All bytes of SQLite's files; nothing, where the database is another."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("kinkeeper.db*")))


@dataclass(slots=True)
class Logged:
    """Every line that was logged, by whichever library."""

    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class _Listener(logging.Handler):
    def __init__(self, logged: Logged) -> None:
        super().__init__(logging.DEBUG)
        self.logged = logged

    def emit(self, record: logging.LogRecord) -> None:
        self.logged.lines.append(self.format(record))


@contextmanager
def logged() -> Iterator[Logged]:
    """Listen at the finest level that a `KINKEEPER_LOG` may set."""
    heard, root = Logged(), logging.getLogger()
    before = root.level, {name: logging.getLogger(name).level for name in CHATTY}
    listener = _Listener(heard)
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        with structlog.testing.capture_logs() as events:
            yield heard
        heard.lines += [repr(event) for event in events]
    finally:
        root.removeHandler(listener)
        root.setLevel(before[0])
        for name, level in before[1].items():
            logging.getLogger(name).setLevel(level)


def agreeing_pairs(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many pairs of things stand in the same order in both: half of them, by chance."""
    there = {each: i for i, each in enumerate(other)}
    return sum(there[a] < there[b] for i, a in enumerate(one) for b in one[i + 1 :])
