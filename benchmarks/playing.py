"""Half a year of the demo, played at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Measured, command, seconds

COFFEE = """
[team]
name = "Harbour"
timezone = "Europe/Berlin"

[[coffee]]
name = "monday-coffee"
channel = "playground:#coffee"
every = "week"
on = "monday"
at = "10:00"
nudge_after = "2 days"
close_after = "4 days"
"""


def demo(folder: Path) -> Iterator[Measured]:
    """As `kinkeeper demo --headless` does it, with the start of the program: one ritual, and the demo's own five."""
    (folder / "coffee.toml").write_text(COFFEE)
    words = [command(), "demo", "--headless", "--weeks", "26", "--json"]
    coffee = seconds([*words, "--config", "coffee.toml"], cwd=folder, runs=1)
    yield Measured("headless demo, 26 weeks of 9 people, coffee alone", coffee, 10)
    yield Measured("the same with all five rituals of the demo", seconds(words, cwd=folder, runs=1), None)


def pairing(folder: Path) -> Iterator[Measured]:
    """The pairing alone, without a database."""
    words = [command(), "simulate", "--people", "100", "--rounds", "52", "--json"]
    yield Measured("kinkeeper simulate, 52 rounds of 100 people", seconds(words, cwd=folder, runs=1), None)
