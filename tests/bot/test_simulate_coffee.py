"""`simulate` of coffee: figures, curves, the document and the picture, from the command line."""

from __future__ import annotations

import json
import os
import pty
import re
import struct
import subprocess
import sys
from fcntl import ioctl
from itertools import combinations
from pathlib import Path
from termios import TIOCSWINSZ
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.chaos.processes import environment, kinkeeper

CHANGING = (
    "--people",
    "12",
    "--rounds",
    "20",
    "--away",
    "0.1",
    "--churn",
    "0.02",
    "--avoid",
    "0.1",
    "--seed",
    "5",
)


def document(cwd: Path, *words: str) -> dict[str, Any]:
    done = kinkeeper("simulate", *words, "--json", cwd=cwd)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def on_a_terminal(cwd: Path, *words: str, width: int = 80) -> str:
    """What a person sees, without colours."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    command = [sys.executable, "-m", "bot", "simulate", *words]
    running = subprocess.Popen(
        command, cwd=cwd, env=environment(TERM="xterm-256color"), stdout=theirs, stderr=subprocess.PIPE
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # Linux says so at the end
            break
        if not more:
            break
        seen += more
    os.close(ours)
    assert running.communicate()[1] == b""
    assert running.returncode == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", seen.decode()).replace("\r\n", "\n")


def test_the_document_says_what_its_rounds_say(tmp_path: Path) -> None:
    played = document(tmp_path, *CHANGING)
    assert set(played) >= {"ritual", "people", "seed", "seconds", "rounds", "possible"}
    met: list[tuple[int, int]] = []
    avoid = {tuple(each) for each in played["avoid"]}
    first = None
    for number, one in enumerate(played["rounds"]):
        pairs = [pair for group in one["groups"] for pair in combinations(sorted(group), 2)]
        assert avoid.isdisjoint(pairs)
        if first is None and not set(met).isdisjoint(pairs):
            first = number
        met += pairs
        assert played["introduced"][number] == len(set(met))
    assert (played["repeats"], played["first_repeat"]) == (len(met) - len(set(met)), first)
    assert played["possible"] >= played["bound"][-1] >= played["introduced"][-1] >= played["random"][-1]
    assert [len(played[name]) for name in ("introduced", "random", "bound")] == [20, 20, 20]
    byes = [member for one in played["rounds"] for member in one["byes"]]
    assert {int(who): turns for who, turns in played["turns"]["byes"].items() if turns} == {
        member: byes.count(member) for member in byes
    }
    trios = [
        member for one in played["rounds"] for group in one["groups"] if len(group) == 3 for member in group
    ]
    assert sum(played["turns"]["trios"].values()) == len(trios)


def test_the_same_seed_tells_the_same(tmp_path: Path) -> None:
    one, same, other = (
        document(tmp_path, "--people", "9", "--away", "0.2", "--seed", seed) for seed in "778"
    )
    assert {**one, "seconds": 0} == {**same, "seconds": 0}
    assert one["rounds"] != other["rounds"]
    assert one["random"] != other["random"]


def test_ten_people_meet_as_fast_as_can_be(tmp_path: Path) -> None:
    played = document(tmp_path, "--people", "10")
    assert played["introduced"] == played["bound"] == [*range(5, 50, 5)] + [45] * 43
    assert (played["repeats"], played["least_repeats"]) == (215, 215)
    assert (played["first_repeat"], played["latest_first_repeat"], played["seasons"]) == (9, 9, 5)


@pytest.mark.parametrize("size", ["3", "5", "8"])
@pytest.mark.parametrize("odd", ["trio", "bye"])
def test_larger_groups_have_curves_and_seasons_too(tmp_path: Path, size: str, odd: str) -> None:
    played = document(tmp_path, "--people", "11", "--group-size", size, "--odd", odd, "--rounds", "4")
    met = {
        tuple(who) for one in played["rounds"] for group in one["groups"] for who in combinations(group, 2)
    }
    assert (played["seasons"] > 0) == (len(met) == played["possible"])
    assert 0 < played["introduced"][-1] <= played["bound"][-1] <= 55


def test_a_file_gets_plain_tables_whose_last_line_is_the_figures(tmp_path: Path) -> None:
    done = kinkeeper("simulate", "--people", "10", "--rounds", "25", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert not re.search("[\u2800-\u28ff]", done.stdout)
    lines = [re.split(r"\s{2,}", line.strip()) for line in done.stdout.splitlines()]
    assert ["25 rounds", "Kinkeeper", "random", "the bound"] in lines
    assert ["first repeat", "in round 10", "in round 2", "in round 10"] in lines
    assert any(each[0] == "repeats" and each[1] == each[3] == "80" for each in lines)
    after = [each for each in lines if each[0].isdigit()]
    assert [each[0] for each in after] == ["5", "10", "15", "20", "25"]
    assert after[-1][1] == after[-1][3] == "100 %"
    assert after[0][1] == "56 %"


def test_on_a_terminal_there_is_a_curve_no_wider_than_it(tmp_path: Path) -> None:
    seen = on_a_terminal(tmp_path, "--people", "10", "--rounds", "25")
    lines = seen.splitlines()
    assert max(map(len, lines)) <= 80
    [top] = [line for line in lines if line.startswith("  100 % ┤")]
    bottom = next(line for line in lines if line.startswith("    0 % ┤"))
    assert lines.index(bottom) - lines.index(top) == 14
    drawn = lines[lines.index(top) : lines.index(bottom) + 1]
    met = min(line.index(dot) for line in drawn[:1] for dot in line if dot >= "\u2800")
    assert 9 + 70 * 8 / 25 <= met <= 9 + 70 * 10 / 25  # round 9 of 25, in the columns of the drawing
    assert drawn[0].rstrip()[-1] >= "\u2800"
    assert any(re.search(r"^  round  0 +5 +10 +15 +20 +25$", line) for line in lines)
    assert "Kinkeeper  45 of 45 pairs, 100 %" in seen
    assert "the bound  45 of 45 pairs, 100 %; Kinkeeper reaches it" in seen


@pytest.mark.parametrize(
    "words", [["--people", "1"], ["--people", "2", "--rounds", "1"], ["--people", "4", "--away", "1"]]
)
def test_a_team_too_small_to_meet_is_drawn_without_a_fuss(tmp_path: Path, words: list[str]) -> None:
    assert "pairs introduced" in on_a_terminal(tmp_path, *words)


def test_the_last_number_on_the_axis_is_whole(tmp_path: Path) -> None:
    seen = on_a_terminal(tmp_path, "--people", "4", "--rounds", "1000", width=60)
    assert re.search(r"^  round  0 .* 1000$", seen, re.MULTILINE)
    assert max(map(len, seen.splitlines())) <= 60


def test_turns_are_told_as_how_many_people_had_how_many(tmp_path: Path) -> None:
    told = kinkeeper("simulate", "--people", "9", "--rounds", "9", "--odd", "bye", cwd=tmp_path).stdout
    assert re.search(r"byes per person +1 █{9} 9 people", told)
    assert re.search(r"trios per person +none", told)
    told = kinkeeper("simulate", "--people", "9", "--rounds", "10", "--odd", "bye", cwd=tmp_path).stdout
    assert re.search(r"byes per person +1 █{8} 8 people *\n +2 █ 1 person", told)


@pytest.mark.parametrize(
    "words", [("--people", "9"), ("--people", "71", "--rounds", "6", "--odd", "bye", "--churn", "0.1")]
)
def test_a_picture_is_written_beside_the_document(tmp_path: Path, words: tuple[str, ...]) -> None:
    played = document(tmp_path, *words, "--plot", "curves.png")
    assert len(played["rounds"]) > 5
    picture = (tmp_path / "curves.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 1200
    assert height > 540


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("nowhere/curves.png", "nowhere/curves.png cannot be written: there is no folder nowhere."),
        ("folder.png", "folder.png cannot be written: it is a folder."),
        ("curves.svg", "curves.svg is no name for a picture. Name it curves.png."),
        ("full.png", "full.png cannot be written: No space left on device."),
    ],
)
def test_a_picture_that_cannot_be_written_is_a_sentence(tmp_path: Path, file: str, said: str) -> None:
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "full.png").symlink_to("/dev/full")
    done = kinkeeper("simulate", "--plot", file, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{said}\n")


def test_without_matplotlib_it_says_how_to_get_it_before_anything_is_played(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.console.pictures.find_spec", lambda _name: None)
    done = CliRunner().invoke(app, ["simulate", "--plot", str(tmp_path / "curves.png")])
    assert (done.exit_code, done.stdout) == (1, "")
    assert 'pip install "kinkeeper[charts]"' in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_picture_is_of_coffee_alone(tmp_path: Path) -> None:
    done = kinkeeper("simulate", "--ritual", "ring", "--plot", "ring.png", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--plot: it is for --ritual coffee alone" in done.stderr
