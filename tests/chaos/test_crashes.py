"""A process that dies at the worst moment: what it owed arrives all the same, and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.chaos.looking import count, opened, posted, rows, twice
from tests.chaos.processes import EVERY_MINUTE, started, until

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PENDING = "SELECT count(*) FROM delivery WHERE state = 'pending'"
SENT = "SELECT count(*) FROM delivery WHERE state = 'sent'"
ONE_ROUND = EVERY_MINUTE.replace("* * * * *", "0 10 * * mon")  # 09:00 UTC


@pytest.mark.parametrize("moment", ["sending kinkeeper-3", "sent kinkeeper-3"])
def test_a_worker_killed_while_it_sends_leaves_nothing_unsent_and_nothing_sent_twice(
    tmp_path: Path, moment: str
) -> None:
    (tmp_path / "kinkeeper.toml").write_text(ONE_ROUND)
    url, playground = f"sqlite:///{tmp_path}/kinkeeper.db", tmp_path / "playground.db"
    begin = MONDAY - timedelta(seconds=1)
    with started(str(tmp_path), begin.isoformat(), cwd=tmp_path, module="tests.chaos.slow_worker") as first:
        first.says(moment)
        first.kill()
    assert opened(url) == ["2026-01-05 09:00:00.000000"]
    assert count(url, PENDING) > 0, "it was killed too late to show anything"

    later = MONDAY + timedelta(minutes=3)  # the dead worker's claims have run out
    with started(str(tmp_path), later.isoformat(), cwd=tmp_path, module="tests.chaos.slow_worker") as second:
        until(lambda: count(url, PENDING) == 0, what="all messages are sent")
        assert second.popen.poll() is None
    assert opened(url) == ["2026-01-05 09:00:00.000000"]
    assert rows(url, "SELECT DISTINCT state FROM delivery") == [("sent",)]
    arrived = posted(playground)
    assert twice(arrived) == []
    assert len(arrived) == count(url, SENT) == 7  # six introductions, and the bot's own


def test_a_worker_that_is_told_to_stop_writes_down_what_it_is_sending(tmp_path: Path) -> None:
    (tmp_path / "kinkeeper.toml").write_text(ONE_ROUND)
    url = f"sqlite:///{tmp_path}/kinkeeper.db"
    begin = MONDAY - timedelta(seconds=1)
    with started(str(tmp_path), begin.isoformat(), cwd=tmp_path, module="tests.chaos.slow_worker") as worker:
        worker.says("sending kinkeeper-3")
        assert worker.stop() == 0
    assert "Traceback" not in worker.output
    claimed = "SELECT count(*) FROM delivery WHERE claimed_until IS NOT NULL"
    assert count(url, claimed) == 0, "somebody would have to find out whether these arrived"
