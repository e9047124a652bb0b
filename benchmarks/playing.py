"""Half a year of the demo, played at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Measured, command, seconds


def demo(folder: Path) -> Iterator[Measured]:
    """As `kinkeeper demo --headless` does it, with the start of the program."""
    words = [command(), "demo", "--headless", "--weeks", "26", "--json"]
    yield Measured("headless demo, 26 weeks of 9 people", seconds(words, cwd=folder, runs=1), 10)


def pairing(folder: Path) -> Iterator[Measured]:
    """The pairing alone, without a database."""
    words = [command(), "simulate", "--people", "100", "--rounds", "52", "--json"]
    yield Measured("kinkeeper simulate, 52 rounds of 100 people", seconds(words, cwd=folder, runs=1), None)
