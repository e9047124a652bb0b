"""Platforms that lack their settings: the others work all the same, and everybody who asks is told what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.chaos.processes import EVERY_MINUTE, kinkeeper, started


def on(folder: Path, *channels: str) -> None:
    """Write a config with a ritual in these channels."""
    (folder / "kinkeeper.toml").write_text(EVERY_MINUTE.replace('"playground:#coffee"', json.dumps(channels)))


def test_a_config_of_slack_alone_needs_its_tokens(tmp_path: Path) -> None:
    on(tmp_path, "slack:#coffee")
    for command in ("run", "worker", "web"):
        done = kinkeeper(command, cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.startswith("SLACK_BOT_TOKEN is not set.")
        assert "docs/install-slack.md" in done.stderr
    done = kinkeeper("run", cwd=tmp_path, env={"SLACK_BOT_TOKEN": "xoxb-hush-hush"})
    assert done.returncode == 1
    assert "SLACK_APP_TOKEN" in done.stderr
    assert "SLACK_SIGNING_SECRET" in done.stderr
    assert "hush" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["kinkeeper.toml"]


def test_all_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    on(tmp_path, "slack:#coffee", "discord:#coffee")
    done = kinkeeper("run", cwd=tmp_path)
    assert done.returncode == 1
    assert "SLACK_BOT_TOKEN is not set." in done.stderr
    assert "DISCORD_TOKEN is not set." in done.stderr


def test_the_platform_that_can_be_made_works_and_the_process_says_that_it_is_not_ready(
    tmp_path: Path,
) -> None:
    on(tmp_path, "slack:#coffee", "playground:#coffee")
    with started("run", cwd=tmp_path) as process:
        process.says("Kinkeeper is running")
        [event] = [e for e in process.events() if "address" in e]
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{event['address']}/readyz", timeout=10)
        parts = json.loads(refused.value.read())["parts"]
        refused.value.close()
        assert refused.value.code == 503
        assert parts["playground"] == "connected"
        assert parts["slack"].startswith("SLACK_BOT_TOKEN is not set.")
        [warning] = [e for e in process.events() if e["event"] == "platform_not_set_up"]
        assert warning["platform"] == "slack"
        assert process.stop() == 0
