"""Real processes for tests: started, watched through what they say and write, told to stop or killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 30.0  # seconds; a machine that is busy with other tests is slow

Found = TypeVar("Found")

TEAM = """
[team]
name = "Acme"
timezone = "Europe/Berlin"
working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
working_hours = "00:00-24:00"
messages_per_week = 50
"""

EVERY_MINUTE = (
    TEAM
    + """
[[coffee]]
name = "minute-coffee"
channel = "playground:#coffee"
cron = "* * * * *"
"""
)


def until(condition: Callable[[], Found], *, what: str, seconds: float = PATIENCE) -> Found:
    """What the condition gives once it gives something true; AssertionError if it does not in time."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s; it is {found!r}")
        time.sleep(0.05)


def environment(**more: str) -> dict[str, str]:
    """An environment without anybody's own settings, on a port that is free."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONWARNINGS": "error::ResourceWarning",
        "PORT": "0",
        **more,
    }


def kinkeeper(
    *words: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    typed: str = "",
    seconds: float = 60,
) -> subprocess.CompletedProcess[str]:
    """The command line, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        env=environment(**(env or {})),
        input=typed,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


class Process:
    """A process that goes on until it is told to stop."""

    def __init__(self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as opened:
            self.popen = subprocess.Popen(
                command,
                cwd=cwd,
                env=environment(**env),
                stdin=subprocess.DEVNULL,
                stdout=opened,
                stderr=opened,
            )

    @property
    def output(self) -> str:
        """All that it has written, to either stream."""
        return self._log.read_text()

    def events(self) -> list[dict[str, Any]]:
        """The lines of its log."""
        return [json.loads(line) for line in self.output.splitlines() if line.startswith("{")]

    def says(self, word: str, *, seconds: float = PATIENCE) -> str:
        """Wait for a line that contains the word; the line."""

        def found() -> str:
            line = next((each for each in self.output.splitlines() if word in each), "")
            if not line and self.popen.poll() is not None:
                raise AssertionError(f"it ended with {self.popen.returncode} and said: {self.output}")
            return line

        return until(found, what=f"{word!r} in what it says", seconds=seconds)

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        self.popen.kill()
        self.popen.wait(PATIENCE)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM, *, seconds: float = 10) -> int:
        """Tell it to stop; its exit status."""
        self.popen.send_signal(with_signal)
        return self.popen.wait(seconds)


@contextmanager
def started(
    *words: str, cwd: Path, env: Mapping[str, str] | None = None, module: str = "bot"
) -> Iterator[Process]:
    """`kinkeeper WORDS` (or another module) in the background; killed at the end if it still runs."""
    log = cwd / f"process-{time.monotonic_ns()}.log"
    process = Process([sys.executable, "-m", module, *words], cwd=cwd, env=env or {}, log=log)
    try:
        yield process
    finally:
        if process.popen.poll() is None:
            process.kill()
