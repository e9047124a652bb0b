"""Measuring, and saying what was measured beside its limit."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

RUNS = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure; `limit` None where it is only told. Both in `unit`."""

    what: str
    value: float
    limit: float | None
    unit: str = "s"

    @property
    def over(self) -> bool:
        """Whether it is more than it may be."""
        return self.limit is not None and self.value > self.limit


def environment(**more: str) -> dict[str, str]:
    """Nobody's own settings, and a free port."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PORT": "0", **more}


def command() -> str:
    """The installed `kinkeeper`."""
    return str(Path(sys.executable).with_name("kinkeeper"))


def seconds(words: Sequence[str], *, cwd: Path, runs: int = RUNS) -> float:
    """How long a command takes from start to end: the median of some runs, after one that warms the disk."""
    taken = []
    for _ in range(runs + 1):
        began = perf_counter()
        subprocess.run(words, cwd=cwd, env=environment(), check=True, stdout=subprocess.DEVNULL)
        taken.append(perf_counter() - began)
    return median(taken[1:])


def bare_interpreter(cwd: Path) -> float:
    """How long this machine takes to start Python and do nothing."""
    return seconds([sys.executable, "-c", "pass"], cwd=cwd)
