"""`plan`: what will be sent, when, to whom and in which words."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.chaos.processes import REPOSITORY, kinkeeper

EXAMPLE = str(REPOSITORY / "kinkeeper.example.toml")


def plan(cwd: Path, *words: str) -> dict[str, Any]:
    done = kinkeeper("plan", EXAMPLE, "--json", *words, cwd=cwd)
    assert (done.returncode, done.stderr) == (0, "")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_the_example_is_planned_message_by_message(tmp_path: Path) -> None:
    document = plan(tmp_path, "--from", "2026-11-30", "--weeks", "8")
    assert set(document) == {"items", "warnings"}
    assert {i["ritual"] for i in document["items"]} == {
        "monday-coffee",
        "friday-thanks",
        "retro-host",
        "care-ring",
        "weekly-pulse",
    }
    for item in document["items"]:
        assert set(item) >= {"ritual", "step", "utc", "local", "timezone", "to", "text"}
        assert item["to"]
        assert item["text"]
        utc, local = datetime.fromisoformat(item["utc"]), datetime.fromisoformat(item["local"])
        assert utc == local
        assert utc.utcoffset() == datetime.now(ZoneInfo("UTC")).utcoffset()
        assert local.utcoffset() == utc.astimezone(ZoneInfo(item["timezone"])).utcoffset()
    instants = [i["utc"] for i in document["items"]]
    assert instants == sorted(instants)
    assert list(tmp_path.iterdir()) == []


def test_across_the_change_to_summer_time_the_time_on_the_clock_stays(tmp_path: Path) -> None:
    document = plan(tmp_path, "--from", "2027-03-15", "--weeks", "4")
    hosts = [
        i
        for i in document["items"]
        if i["ritual"] == "friday-thanks" and i["step"] == document_step(document)
    ]
    local = {datetime.fromisoformat(i["local"]).strftime("%H:%M") for i in hosts}
    utc = {datetime.fromisoformat(i["utc"]).strftime("%H:%M") for i in hosts}
    assert local == {"15:00"}
    assert utc == {"14:00", "13:00"}
    assert any("clocks of Europe/Berlin go forward" in note for note in document["warnings"])


def test_a_room_to_talk_in_where_no_platform_has_one_is_worth_a_warning(tmp_path: Path) -> None:
    text = """
[team]
name = "Acme"
timezone = "Europe/Berlin"

[[coffee]]
name = "monday-coffee"
channel = "slack:#coffee"
every = "week"
on = "monday"
at = "10:00"
voice = true
"""
    file = tmp_path / "kinkeeper.toml"
    file.write_text(text)
    assert kinkeeper("check", str(file), cwd=tmp_path).returncode == 0
    planned = kinkeeper("plan", str(file), "--from", "2027-02-01", "--weeks", "1", cwd=tmp_path)
    note = "monday-coffee: voice = true opens rooms on Discord only, and it is in slack:#coffee alone."
    assert f"Note: {note}" in planned.stdout
    file.write_text(text.replace('"slack:#coffee"', '["slack:#coffee", "discord:#coffee"]'))
    both = kinkeeper("plan", str(file), "--from", "2027-02-01", "--weeks", "1", cwd=tmp_path)
    assert "voice" not in both.stdout


def document_step(document: dict[str, Any]) -> str:
    """What a prompt is called in the plan."""
    return next(str(i["step"]) for i in document["items"] if i["ritual"] == "friday-thanks")


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    for day in ("soon", "9999-12-31"):
        done = kinkeeper("plan", EXAMPLE, "--from", day, cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.startswith(day)
        assert "such as 2026-11-30" in done.stderr or "Write it as 2026-11-30." in done.stderr


def test_for_a_person_it_is_a_table(tmp_path: Path) -> None:
    done = kinkeeper("plan", EXAMPLE, "--from", date(2026, 11, 30).isoformat(), "--weeks", "1", cwd=tmp_path)
    assert done.returncode == 0
    assert "Mon 30 Nov 10:00 CET" in done.stdout
