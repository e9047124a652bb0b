"""`simulate --ritual ring` and `--ritual host`, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.processes import kinkeeper


def document(cwd: Path, *words: str) -> dict[str, Any]:
    done = kinkeeper("simulate", *words, "--json", cwd=cwd)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_ring_says_who_was_there_and_who_cared_for_whom(tmp_path: Path) -> None:
    words = ("--ritual", "ring", "--people", "7", "--rounds", "20", "--away", "0.1", "--churn", "0.02")
    played = document(tmp_path, *words, "--seed", "5")
    assert (played["ritual"], played["people"], played["seed"]) == ("ring", 7, 5)
    assert played["seconds"] >= 0
    assert len(played["rounds"]) == 20
    for one in played["rounds"]:
        assert set(one) >= {"present", "cares_for"}
        assert [int(carer) for carer in one["cares_for"]] == one["present"]
        assert sorted(one["cares_for"].values()) == one["present"]


def test_it_says_which_rule_gave_way(tmp_path: Path) -> None:
    played = document(tmp_path, "--ritual", "ring", "--people", "2", "--rounds", "1")
    assert played["rounds"] == [{"present": [0, 1], "cares_for": {"0": 1, "1": 0}, "gave_way": ["no_mutual"]}]


def test_a_rotation_says_who_was_there_and_who_hosted(tmp_path: Path) -> None:
    played = document(tmp_path, "--ritual", "host", "--people", "5", "--rounds", "20", "--away", "0.2")
    assert (played["ritual"], played["people"], played["seed"]) == ("host", 5, 1)
    assert len(played["rounds"]) == 20
    assert all(one["host"] in one["present"] for one in played["rounds"])


def test_where_nobody_is_there_nobody_hosts_and_nobody_cares(tmp_path: Path) -> None:
    nobody = ("--away", "1", "--rounds", "1")
    assert document(tmp_path, "--ritual", "host", *nobody)["rounds"] == [{"present": [], "host": None}]
    [ring] = document(tmp_path, "--ritual", "ring", *nobody)["rounds"]
    assert (ring["present"], ring["cares_for"]) == ([], {})


def test_the_same_seed_plays_the_same_and_another_another(tmp_path: Path) -> None:
    for ritual in ("ring", "host"):
        words = ("--ritual", ritual, "--people", "9", "--away", "0.2")
        one, same, other = (document(tmp_path, *words, "--seed", seed)["rounds"] for seed in ("7", "7", "8"))
        assert one == same
        assert one != other


def test_a_person_reads_a_table(tmp_path: Path) -> None:
    ring = kinkeeper("simulate", "--ritual", "ring", "--people", "9", cwd=tmp_path)
    assert (ring.returncode, ring.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in ring.stdout.splitlines()]
    assert "rounds 52" in lines
    assert "first repeat within n−2 rounds none" in lines
    assert "rules that gave way, in rounds none" in lines
    assert "turns as a carer per person 52" in lines
    pair = kinkeeper("simulate", "--ritual", "ring", "--people", "2", "--rounds", "4", cwd=tmp_path)
    assert "no_mutual in 4" in pair.stdout
    host = kinkeeper("simulate", "--ritual", "host", "--people", "9", cwd=tmp_path)
    assert (host.returncode, host.stderr) == (0, "")
    assert "5 to 6" in host.stdout


@pytest.mark.parametrize("ritual", ["ring", "host"])
@pytest.mark.parametrize("option", [("--odd", "trio"), ("--group-size", "2"), ("--avoid", "0")])
def test_what_only_a_coffee_has_is_refused_elsewhere(
    tmp_path: Path, ritual: str, option: tuple[str, str]
) -> None:
    done = kinkeeper("simulate", "--ritual", ritual, *option, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage:")
    assert f"{option[0]}: it is for --ritual coffee alone" in done.stderr


def test_a_ritual_that_cannot_be_played_is_refused_with_those_that_can(tmp_path: Path) -> None:
    done = kinkeeper("simulate", "--ritual", "questions", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "it is coffee, ring or host" in done.stderr


@pytest.mark.parametrize("words", [["--people", "1"], ["--people", "3", "--churn", "1"], ["--away", "0.9"]])
def test_a_strange_team_is_played_too(tmp_path: Path, words: list[str]) -> None:
    for ritual in ("ring", "host"):
        assert len(document(tmp_path, "--ritual", ritual, *words, "--rounds", "4")["rounds"]) == 4
