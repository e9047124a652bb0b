"""`slack manifest`: a document for Slack on standard output, and what to do with it on standard error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.manifest import HISTORY_SCOPES
from tests.chaos.processes import kinkeeper


def printed(*options: str, cwd: Path) -> tuple[dict[str, Any], str]:
    """The manifest, and the hints."""
    done = kinkeeper("slack", "manifest", *options, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def commands(manifest: dict[str, Any]) -> list[str]:
    return [command["command"] for command in manifest["features"]["slash_commands"]]


def test_it_needs_neither_config_nor_tokens_and_says_what_comes_next(tmp_path: Path) -> None:
    manifest, hints = printed(cwd=tmp_path)
    assert "/coffee" in commands(manifest)
    assert manifest["settings"]["socket_mode_enabled"] is True
    for said in (
        "https://api.slack.com/apps",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "connections:write",
        "doctor",
    ):
        assert said in hints
    assert "SLACK_SIGNING_SECRET" not in hints
    assert "SLACK_COMMAND_PREFIX" not in hints
    assert list(tmp_path.iterdir()) == []


def test_a_prefix_is_in_every_command_and_has_to_be_set_too(tmp_path: Path) -> None:
    manifest, hints = printed("--prefix", "Kin", cwd=tmp_path)
    assert commands(manifest)
    assert all(command.startswith("/kin-") for command in commands(manifest))
    assert "SLACK_COMMAND_PREFIX=kin," in hints


@pytest.mark.parametrize(
    "given", ["https://kin.example.org", "https://kin.example.org/", "https://kin.example.org/slack/events"]
)
def test_over_http_slack_sends_to_the_address(tmp_path: Path, given: str) -> None:
    manifest, hints = printed("--http", given, cwd=tmp_path)
    assert manifest["settings"]["socket_mode_enabled"] is False
    address = "https://kin.example.org/slack/events"
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address
    assert manifest["settings"]["interactivity"]["request_url"] == address
    assert {command["url"] for command in manifest["features"]["slash_commands"]} == {address}
    assert "SLACK_SIGNING_SECRET" in hints
    assert address in hints


def test_reading_channels_is_asked_for_only_if_wanted(tmp_path: Path) -> None:
    without, _ = printed(cwd=tmp_path)
    with_history, _ = printed("--with-history", cwd=tmp_path)
    asked, more = (set(m["oauth_config"]["scopes"]["bot"]) for m in (without, with_history))
    assert asked.isdisjoint(HISTORY_SCOPES)
    assert more == asked | set(HISTORY_SCOPES)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--prefix", "our kin"], '--prefix is "our kin". Expected at most 20 letters'),
        (["--prefix", ""], "Expected at most 20 letters"),
        (["--http", "http://kin.example.org"], "over HTTPS, such as https://kinkeeper.example.org"),
        (["--http", "kin.example.org"], "over HTTPS"),
        (["--http", "https://"], "over HTTPS"),
        (["--http", "https://kin.example.org:port"], "over HTTPS"),
        (["--http", "https://kin.example.org/?a=1"], "over HTTPS"),
    ],
)
def test_what_slack_could_not_use_is_a_sentence(tmp_path: Path, options: list[str], said: str) -> None:
    done = kinkeeper("slack", "manifest", *options, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_this_computer_needs_no_https(tmp_path: Path) -> None:
    manifest, _ = printed("--http", "http://127.0.0.1:8765", cwd=tmp_path)
    assert manifest["settings"]["interactivity"]["request_url"] == "http://127.0.0.1:8765/slack/events"
