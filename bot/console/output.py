"""How the commands print: one JSON document, or tables and a bar of progress for a person."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 140  # of a table that is written to a file
PATIENCE = 1.0  # seconds after which a person wants to see how far it is


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def table(*columns: str) -> Table:
    """An empty table; without a header if the columns have no names."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    made = Table(box=SIMPLE_HEAD, show_header=any(columns), pad_edge=False)
    for column in columns:
        made.add_column(column)
    return made


def row(made: Table, *cells: str) -> None:
    """Add a row, letter for letter: what looks like markup is text."""
    from rich.text import Text

    made.add_row(*(Text(cell) for cell in cells))


def print_table(made: Table) -> None:
    """Print a table as wide as the terminal."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else WIDTH).print(made)


@contextmanager
def progress(label: str, total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, if it takes long enough for anybody to wait; nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    began = perf_counter()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total, visible=False)

        def tick(done: int) -> None:
            bar.update(task, completed=done, visible=perf_counter() - began > PATIENCE)

        yield tick


def iso(at: datetime | None) -> str | None:
    """An instant for a JSON document: ISO 8601 with offset."""
    return at.isoformat() if at else None


def short(at: datetime | None) -> str:
    """An instant for a table."""
    return f"{at:%a %d %b %Y %H:%M}" if at else "-"
