"""`python -m benchmarks`: what a user feels, measured on this machine, beside a bare interpreter's start."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from benchmarks import acknowledging, deferring, opening, pairing, playing, starting
from benchmarks.measuring import Measured, bare_interpreter
from bot import log

SUBJECTS = (
    starting.commands,
    starting.running,
    playing.demo,
    playing.pairing,
    pairing.rounds,
    opening.rounds_of_a_year,
    acknowledging.slack,
    deferring.discord,
)


def main() -> None:
    """Measure and print."""
    log.configure("warning")
    found: list[Measured] = []
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), transient=True) as bar:
        task = bar.add_task("a bare interpreter", total=None)
        with tempfile.TemporaryDirectory(prefix="kinkeeper-bench-") as folder:
            bare = bare_interpreter(Path(folder))
        for subject in SUBJECTS:
            bar.update(task, description=f"{subject.__module__.rpartition('.')[2]}: {subject.__name__}")
            with tempfile.TemporaryDirectory(prefix="kinkeeper-bench-") as folder:
                found += subject(Path(folder))
    table = Table("what", "measured", "limit", "of a bare interpreter's start", "")
    table.add_row("python -c pass", f"{bare:.3f} s", "", "1", "")
    for one in found:
        limit = "" if one.limit is None else f"{one.limit:g} {one.unit}"
        ratio = f"{one.value / bare:.1f}" if one.unit == "s" else ""
        digits = 3 if one.unit == "s" else 0
        table.add_row(
            one.what, f"{one.value:.{digits}f} {one.unit}", limit, ratio, "over" if one.over else ""
        )
    console = Console(width=None if Console().is_terminal else 120)
    console.print(table)
    pairing.tell(console, seeds=pairing.FEW_SEEDS, plot=pairing.PLOT)


if __name__ == "__main__":
    main()
