"""`demo --headless` and `simulate`: weeks and rounds that are played at once."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.processes import kinkeeper


def document(cwd: Path, *words: str) -> dict[str, Any]:
    done = kinkeeper(*words, "--json", cwd=cwd)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def met(matches: list[list[str]]) -> set[frozenset[str]]:
    return {frozenset(pair) for match in matches for pair in combinations(match, 2)}


def of(played: dict[str, Any], ritual: str) -> list[dict[str, Any]]:
    return [one for one in played["rounds"] if one["ritual"] == ritual]


def test_weeks_of_all_rituals_are_played_and_told(tmp_path: Path) -> None:
    played = document(tmp_path, "demo", "--headless", "--weeks", "9")
    assert set(played) >= {"rounds", "deliveries", "participation"}
    for one in played["rounds"]:
        assert set(one) >= {"ritual", "scheduled_for", "state", "matches", "byes", "assignments"}
    coffees = of(played, "monday-coffee")
    assert len(coffees) == 9
    for one in coffees:
        assert sum(map(len, one["matches"])) + len(one["byes"]) == 9
    for one in of(played, "retro-host"):
        [turn] = one["assignments"]
        assert turn.keys() == {"role", "member"}
        assert turn["role"] == "facilitator"
    rings = of(played, "care-ring")
    assert len(rings) == 5
    for one in rings:
        assert [turn["role"] for turn in one["assignments"]] == ["carer"] * 9
        assert len({turn["member"] for turn in one["assignments"]}) == 9
        assert all(turn.keys() == {"role", "member"} for turn in one["assignments"])
    for name in ("weekly-pulse", "retro-host", "friday-thanks"):
        assert 8 <= len(of(played, name)) <= 10
    assert len({one["asked"][0] for one in of(played, "friday-thanks")[:6]}) == 6
    assert played["deliveries"]["sent"] > 40
    assert not set(played["deliveries"]) & {"failed", "unreachable", "possibly_twice"}
    assert played["participation"]["introduced"] == 9 * 9
    assert set(played["participation"]) >= {"introduced", "thanked", "answered", "hosted", "checked_in"}
    assert list(tmp_path.iterdir()) == []


def test_what_was_played_is_told_in_a_table(tmp_path: Path) -> None:
    told = kinkeeper("demo", "--headless", "--weeks", "2", cwd=tmp_path).stdout
    assert "9 carers" in told
    assert "facilitator: " in told
    assert "How was your week so far, from 1 (heavy) to 5 (light)?" in told


def test_the_same_seed_plays_the_same_and_another_another(tmp_path: Path) -> None:
    one = kinkeeper("demo", "--headless", "--weeks", "3", "--json", "--seed", "7", cwd=tmp_path).stdout
    same = kinkeeper("demo", "--headless", "--weeks", "3", "--json", "--seed", "7", cwd=tmp_path).stdout
    other = kinkeeper("demo", "--headless", "--weeks", "3", "--json", "--seed", "8", cwd=tmp_path).stdout
    assert one == same
    assert one != other


def test_four_people_have_all_met_after_three_rounds(tmp_path: Path) -> None:
    played = document(tmp_path, "demo", "--headless", "--weeks", "3", "--people", "4")
    assert len(set().union(*(met(r["matches"]) for r in of(played, "monday-coffee")))) == 6


def test_people_can_be_away(tmp_path: Path) -> None:
    played = document(tmp_path, "demo", "--headless", "--weeks", "6", "--away", "0.3")
    present = [sum(map(len, r["matches"])) + len(r["byes"]) for r in of(played, "monday-coffee")]
    assert min(present) < 9


def test_somebody_alone_is_matched_with_nobody(tmp_path: Path) -> None:
    played = document(tmp_path, "demo", "--headless", "--weeks", "2", "--people", "1")
    assert [r["matches"] for r in of(played, "monday-coffee")] == [[], []]
    assert kinkeeper("demo", "--headless", "--weeks", "2", "--people", "1", cwd=tmp_path).returncode == 0


def test_any_config_can_be_tried_out(tmp_path: Path) -> None:
    from tests.chaos.processes import REPOSITORY

    words = ("demo", "--headless", "--weeks", "4", "--config", str(REPOSITORY / "kinkeeper.example.toml"))
    assert kinkeeper(*words, cwd=tmp_path).returncode == 0
    missing = kinkeeper("demo", "--headless", "--config", "nowhere.toml", cwd=tmp_path)
    assert missing.returncode == 1
    assert "nowhere.toml:1: There is no such file." in missing.stderr


@pytest.mark.parametrize("odd", ["trio", "bye"])
def test_a_simulation_says_who_was_there_who_met_and_who_sat_out(tmp_path: Path, odd: str) -> None:
    played = document(
        tmp_path,
        *("simulate", "--people", "9", "--rounds", "20", "--odd", odd, "--away", "0.1"),
        *("--churn", "0.02", "--avoid", "0.1", "--seed", "5", "--ritual", "coffee"),
    )
    assert (played["ritual"], played["people"], played["seed"]) == ("coffee", 9, 5)
    assert played["seconds"] >= 0
    assert len(played["rounds"]) == 20
    for one in played["rounds"]:
        assert set(one) >= {"present", "groups", "byes"}
        assert sorted([m for g in one["groups"] for m in g] + one["byes"]) == one["present"]


@pytest.mark.parametrize(
    "words",
    [
        ["--people", "1"],
        ["--people", "2", "--group-size", "5"],
        ["--people", "3", "--group-size", "8", "--odd", "bye"],
        ["--people", "5", "--avoid", "1"],
        ["--people", "5", "--away", "1"],
        ["--people", "5", "--churn", "1", "--rounds", "5"],
    ],
)
def test_a_strange_team_is_played_too(tmp_path: Path, words: list[str]) -> None:
    played = document(tmp_path, "simulate", *words, "--rounds", "4")
    assert len(played["rounds"]) == 4 if words[-1] != "5" else 5
    assert kinkeeper("simulate", *words, cwd=tmp_path).returncode == 0


def test_a_config_that_starts_months_ahead_is_played_from_there(tmp_path: Path) -> None:
    config = tmp_path / "kinkeeper.toml"
    config.write_text(
        '[team]\nname = "Acme"\n[[coffee]]\nname = "coffee"\nchannel = "slack:#coffee"\nevery = "2 weeks"\n'
        'on = "monday"\nat = "10:00"\nstarts = 2026-11-30\n'
    )
    [round_] = document(tmp_path, "demo", "--headless", "--weeks", "2", "--config", str(config))["rounds"]
    assert round_["scheduled_for"] == "2026-11-30T10:00:00+00:00"
