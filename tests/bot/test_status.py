"""`status` and `run-now`: how things stand, and a round that does not wait for its time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.chaos.looking import count, opened, write
from tests.chaos.processes import EVERY_MINUTE, REPOSITORY, kinkeeper, started

KEYS = {"rituals", "deliveries", "undeliverable", "platforms"}
FAR_OFF = EVERY_MINUTE.replace("* * * * *", "0 0 1 1 *")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a config for the playground, and a database in which the bot has looked around once."""
    (tmp_path / "kinkeeper.toml").write_text(FAR_OFF)
    with started("run", cwd=tmp_path) as process:
        process.says("Kinkeeper is running")
        assert process.stop() == 0
    return tmp_path


def test_without_a_database_the_status_is_what_the_config_says_and_none_is_made(tmp_path: Path) -> None:
    (tmp_path / "kinkeeper.toml").write_text((REPOSITORY / "kinkeeper.example.toml").read_text())
    done = kinkeeper("status", "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert set(document) == KEYS
    assert [r["name"] for r in document["rituals"]] == [
        "monday-coffee",
        "friday-thanks",
        "retro-host",
        "care-ring",
        "weekly-pulse",
    ]
    assert set(document["rituals"][0]) == {"name", "kind", "last", "next", "state"}
    assert document["rituals"][0]["last"] is None
    assert document["rituals"][0]["next"].endswith("+00:00")
    assert (document["deliveries"], document["undeliverable"]) == ({}, [])
    assert set(document["platforms"]) == {"slack", "discord"}
    assert [p.name for p in tmp_path.iterdir()] == ["kinkeeper.toml"]


def test_with_a_database_the_status_counts_what_was_sent(folder: Path) -> None:
    document = json.loads(kinkeeper("status", "--json", cwd=folder).stdout)
    assert set(document) == KEYS
    assert sum(document["deliveries"].values()) == 1  # the bot's introduction
    shown = kinkeeper("status", cwd=folder)
    assert "minute-coffee" in shown.stdout
    assert "Messages: 1 " in shown.stdout


def test_the_status_shows_what_could_not_be_delivered_and_why(folder: Path) -> None:
    write(
        f"sqlite:///{folder}/kinkeeper.db",
        "UPDATE delivery SET state = 'failed', problem = 'the channel is archived'",
    )
    [lost] = json.loads(kinkeeper("status", "--json", cwd=folder).stdout)["undeliverable"]
    assert (lost["to"], lost["state"], lost["problem"]) == ("#coffee", "failed", "the channel is archived")
    assert "to #coffee: the channel is archived" in kinkeeper("status", cwd=folder).stdout


def test_looking_at_the_status_changes_nothing(folder: Path) -> None:
    (folder / "kinkeeper.toml").write_text(FAR_OFF.replace("minute-coffee", "another-coffee"))
    url = f"sqlite:///{folder}/kinkeeper.db"
    before = count(url, "SELECT count(*) FROM ritual"), count(url, "SELECT count(*) FROM audit")
    assert "another-coffee" in kinkeeper("status", cwd=folder).stdout
    assert (count(url, "SELECT count(*) FROM ritual"), count(url, "SELECT count(*) FROM audit")) == before


def test_a_round_is_opened_now_once_and_sent_by_whoever_runs_the_bot(folder: Path) -> None:
    url = f"sqlite:///{folder}/kinkeeper.db"
    done = kinkeeper("run-now", "minute-coffee", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "A round of minute-coffee is open, with 4 introductions to send.\n"
    again = kinkeeper("run-now", "minute-coffee", cwd=folder)
    assert again.returncode == 0
    assert again.stdout == "A round of minute-coffee was opened within the hour already; no second one was.\n"
    assert len(opened(url)) == 1


def test_a_ritual_that_is_not_there_gets_the_nearest_suggestion(folder: Path) -> None:
    done = kinkeeper("run-now", "minute-cofee", cwd=folder)
    assert done.returncode == 1
    assert "minute-cofee" in done.stderr
    assert "Did you mean minute-coffee?" in done.stderr
    assert done.stdout == ""
