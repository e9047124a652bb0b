"""Starting: what a person at a terminal waits for, and what an idle bot takes of the machine."""

from __future__ import annotations

import json
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep

from benchmarks.measuring import Measured, command, environment, seconds

EXAMPLE = Path(__file__).parents[1] / "kinkeeper.example.toml"
IDLE = 5  # seconds after which everything that starts has started
CONFIG = """
[team]
name = "Acme"
timezone = "Europe/Berlin"

[[coffee]]
name = "monday-coffee"
channel = "playground:#coffee"
every = "week"
on = "monday"
at = "10:00"
"""


def commands(folder: Path) -> Iterator[Measured]:
    """The commands that have to answer at once."""
    yield Measured("kinkeeper --help", seconds([command(), "--help"], cwd=folder), 0.4)
    yield Measured("kinkeeper check", seconds([command(), "check", str(EXAMPLE)], cwd=folder), 0.6)


def running(folder: Path) -> Iterator[Measured]:
    """`kinkeeper run` with the playground: the second start (the first makes the database), and its memory."""
    (folder / "kinkeeper.toml").write_text(CONFIG)
    first, _ = _started(folder)
    again, memory = _started(folder)
    yield Measured("kinkeeper run until ready, the first time", first, 2)
    yield Measured("kinkeeper run until ready", again, 2)
    yield Measured("resident memory, idle", memory, 120, "MB")


def _started(folder: Path) -> tuple[float, float]:
    log = folder / "run.log"
    began = perf_counter()
    with log.open("wb") as opened:
        process = subprocess.Popen(
            [command(), "run"], cwd=folder, env=environment(), stdout=opened, stderr=opened
        )
    try:
        while not is_ready(log):
            if process.poll() is not None or perf_counter() - began > 60:
                raise RuntimeError(f"it does not start: {log.read_text()}")
            sleep(0.01)
        taken = perf_counter() - began
        sleep(IDLE)
        memory = resident(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    finally:
        process.kill()
    return taken, memory


def is_ready(log: Path) -> bool:
    """Whether the process that writes this log serves pages, and all its parts are well."""
    lines = [
        json.loads(line)
        for line in log.read_text().splitlines()
        if line.startswith("{") and line.endswith("}")
    ]
    address = next((line["address"] for line in lines if "address" in line), None)
    if address is None:
        return False
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=1) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError):
        return False


def resident(pid: int) -> float:
    """Megabytes, as the kernel counts them (Linux); elsewhere as `ps` does."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    except OSError:
        shown = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
        )
        kilobytes = int(shown.stdout)
    return kilobytes / 1024
