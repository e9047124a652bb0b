"""Starting, stopping, and going on where one was; and a round that opens by the computer's own clock."""

from __future__ import annotations

import json
import signal
import socket
import urllib.request
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.looking import count, opened, posted, rows, twice
from tests.chaos.processes import EVERY_MINUTE, started, until

FAR_OFF = EVERY_MINUTE.replace("* * * * *", "0 0 1 1 *")


@pytest.mark.parametrize("command", ["run", "worker", "web"])
@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_stops_at_once_and_in_order(
    tmp_path: Path, command: str, with_signal: signal.Signals
) -> None:
    (tmp_path / "kinkeeper.toml").write_text(FAR_OFF)
    with started(command, cwd=tmp_path) as process:
        process.says("running")
        assert process.stop(with_signal, seconds=5) == 0
    assert "Kinkeeper has stopped." in process.output
    assert "Traceback" not in process.output


def test_told_to_stop_while_it_starts_it_does_not_finish_starting(tmp_path: Path) -> None:
    (tmp_path / "kinkeeper.toml").write_text(FAR_OFF)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection, and never says a word
        url = f"postgresql://ana:secret-word@127.0.0.1:{silent.getsockname()[1]}/kinkeeper"
        with started("run", cwd=tmp_path, env={"DATABASE_URL": url}) as process:
            silent.settimeout(30)
            held, _ = silent.accept()
            with held:
                assert process.stop(seconds=5) == 0
    assert "Traceback" not in process.output
    assert "secret-word" not in process.output


def test_what_is_on_the_page_says_whether_it_is_ready(tmp_path: Path) -> None:
    (tmp_path / "kinkeeper.toml").write_text(FAR_OFF)
    with started("run", cwd=tmp_path) as process:
        address = address_of(process.says("Kinkeeper is running"))
        with urllib.request.urlopen(f"{address}/readyz", timeout=10) as response:
            assert json.load(response) == {
                "ready": True,
                "parts": {"playground": "connected", "database": "ok"},
            }
        with urllib.request.urlopen(f"{address}/healthz", timeout=10) as response:
            assert response.read() == b"ok"
        assert process.stop() == 0


def test_a_demo_that_is_started_again_goes_on_where_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/.kinkeeper-demo/kinkeeper.db"
    playground = tmp_path / ".kinkeeper-demo/playground.db"
    with started("demo", cwd=tmp_path) as first:
        first.says("The playground is open")
        until(lambda: count(url, "SELECT count(*) FROM delivery WHERE state = 'sent'") >= 5, what="a round")
        before = opened(url)
        assert first.stop() == 0
    assert len(before) == 1
    said = posted(playground)
    with started("demo", cwd=tmp_path) as second:
        address = address_of(second.says("The playground is open"))
        now = datetime.fromisoformat(state(address)["now"])
        assert now >= datetime.fromisoformat(f"{before[0]}+00:00"), "time went back"
        assert second.stop(signal.SIGINT) == 0
    assert opened(url) == before
    assert set(said) <= set(posted(playground))
    assert twice(posted(playground)) == []
    assert "Traceback" not in first.output + second.output


def test_a_demo_that_is_killed_on_its_way_through_time_loses_nothing_and_does_nothing_twice(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/.kinkeeper-demo/kinkeeper.db"
    playground = tmp_path / ".kinkeeper-demo/playground.db"
    with started("demo", cwd=tmp_path) as first:
        address = address_of(first.says("The playground is open"))
        travel(address)
        set_out(address)
        until(lambda: len(opened(url)) == 3, what="the third round")
        first.kill()
    before = opened(url)
    with started("demo", cwd=tmp_path) as second:
        address = address_of(second.says("The playground is open"))
        now = datetime.fromisoformat(state(address)["now"])
        assert now >= datetime.fromisoformat(f"{before[-1]}+00:00"), "time went back"
        travel(address)
        travel(address)
        assert second.stop() == 0
    assert opened(url)[: len(before)] == before
    assert len(opened(url)) == len(before) + 2
    mondays = [datetime.fromisoformat(at) for at in opened(url)]
    assert {later - earlier for earlier, later in pairwise(mondays)} <= {
        timedelta(days=7),
        timedelta(days=7, hours=1),
        timedelta(days=6, hours=23),
    }
    assert twice([m for m in posted(playground) if m[0].startswith("group-")]) == []
    assert "Traceback" not in second.output


def test_on_the_computers_own_clock_a_round_opens_within_seconds_of_its_time_and_once(tmp_path: Path) -> None:
    (tmp_path / "kinkeeper.toml").write_text(EVERY_MINUTE)
    url = f"sqlite:///{tmp_path}/kinkeeper.db"
    with started("run", cwd=tmp_path) as process:
        process.says("Kinkeeper is running")
        until(lambda: opened(url), what="a round", seconds=65)
        until(
            lambda: (
                count(url, "SELECT count(*) FROM delivery WHERE what = 'introduction' AND state = 'sent'")
                == 4
            ),
            what="its introductions",
        )
        assert process.stop() == 0
    for scheduled, at in rows(url, "SELECT scheduled_for, opened_at FROM round"):
        late = datetime.fromisoformat(at) - datetime.fromisoformat(scheduled)
        assert timedelta(0) <= late < timedelta(seconds=5)
        assert abs(datetime.fromisoformat(at).replace(tzinfo=UTC) - datetime.now(UTC)) < timedelta(
            seconds=120
        )
    assert len(opened(url)) == len(set(opened(url)))
    assert twice(posted(tmp_path / "kinkeeper-playground.db")) == []


def address_of(line: str) -> str:
    return "http://" + line.split("http://")[1].split('"')[0].strip()


def state(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}/playground/state", timeout=10) as response:
        found: dict[str, Any] = json.load(response)
    return found


def set_out(address: str) -> None:
    """Press "+1 week"."""
    request = urllib.request.Request(
        f"{address}/playground/travel", data=b'{"by": "week"}', headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.status == 202


def travel(address: str) -> None:
    """Press "+1 week", and wait until it is over."""
    set_out(address)
    until(lambda: not state(address)["travel"]["under_way"], what="the week is over")
    assert state(address)["travel"]["trouble"] == ""
