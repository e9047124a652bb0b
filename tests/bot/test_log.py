"""The log: a line of JSON for each thing, and nothing secret in any."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.chaos.processes import environment

SCRIPT = """
import logging
import structlog
from bot import log

log.configure("info", secrets=["xoxb-hush", "abc"])
ours = structlog.get_logger("ours")
ours.info("round_opened", ritual="coffee", when="abc")
ours.debug("not_shown")
try:
    token = "xoxb-hush"
    raise RuntimeError(f"refused: {token}")
except RuntimeError:
    ours.exception("failed", headers={"Authorization": "Bearer xoxb-hush"})
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("a.library").exception("it said %s", "something")
logging.getLogger("apscheduler").info("not shown either")
hook = "https://discord.com/api/v10/webhooks/1234567890/aW50ZXJhY3Rpb246-_x/messages/@original"
logging.getLogger("discord.http").warning("We are being rate limited. %s %s responded with 429.", "PATCH", hook)
try:
    raise TimeoutError("Connection timeout to host https://d.test/api/v10/interactions/987/aW50ZXJhY3Rpb246/callback")
except TimeoutError:
    ours.exception("not_answered")
"""


def test_away_from_a_terminal_every_line_is_json_exceptions_included(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    opened, failed, library, limited, unanswered = (json.loads(line) for line in done.stderr.splitlines())
    assert list(opened)[:3] == ["timestamp", "level", "event"]
    assert (opened["event"], opened["level"], opened["ritual"]) == ("round_opened", "info", "coffee")
    assert opened["when"] == "abc", "too short to be a secret"
    assert "RuntimeError: refused: ***" in failed["exception"]
    assert library["event"] == "it said something"
    assert "ZeroDivisionError" in library["exception"]
    assert "xoxb-hush" not in done.stderr
    assert (
        "PATCH https://discord.com/api/v10/webhooks/1234567890/***/messages/@original resp"
        in limited["event"]
    )
    assert "TimeoutError: Connection timeout to host" in unanswered["exception"]
    assert "/interactions/987/***/callback" in unanswered["exception"]
    assert "aW50ZXJhY3Rpb246" not in done.stderr, "an address that lets in whoever has it"


def test_on_a_terminal_an_exception_shows_no_variables(tmp_path: Path) -> None:
    import os
    import pty

    outside, inside = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT.replace('"xoxb-hush", "abc"', "")],
        cwd=tmp_path,
        env=environment(TERM="dumb", NO_COLOR="1"),
        stderr=inside,
    ) as process:
        os.close(inside)
        said = b""
        while chunk := _read(outside):
            said += chunk
    os.close(outside)
    assert process.returncode == 0
    assert b"round_opened" in said
    assert b"ZeroDivisionError" in said
    assert b"token" not in said.replace(b"{token}", b""), "a local variable is shown"


def _read(descriptor: int) -> bytes:
    import os

    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other side is closed
        return b""
