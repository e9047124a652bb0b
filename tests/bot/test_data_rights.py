"""What the operator can do for one member: hand them their data, and forget them."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ports import Profile
from tests.chaos.processes import kinkeeper
from tests.world import CONFIG, MONDAY, open_database, people, world

TWINS = [
    Profile(id="sam1", name="Sam", timezone="Europe/Berlin"),
    Profile(id="sam2", name="Sam", timezone="Europe/Berlin"),
]


async def lived_in(folder: Path) -> None:
    sessions = open_database(f"sqlite:///{folder / 'kinkeeper.db'}")
    config = CONFIG.format(more="")
    async with world(sessions, folder, config=config, who=[*people("Ana", "Ben"), *TWINS]) as acme:
        await acme.until(MONDAY + timedelta(hours=1))
        await acme.says("ana", "/coffee avoid <@ben>")
    await sessions.dispose()


@pytest.fixture
def folder(sqlite_template: Path, tmp_path: Path) -> Path:
    """A folder with a config, and a database in which a team has had one round."""
    (tmp_path / "kinkeeper.db").write_bytes(sqlite_template.read_bytes())
    asyncio.run(lived_in(tmp_path))
    return tmp_path


def test_an_export_is_written_for_its_owner_alone_and_the_look_is_logged_for_the_member(folder: Path) -> None:
    done = kinkeeper("export", "--member", "playground:ana", "--out", "out", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    written = sorted((folder / "out").iterdir())
    assert [path.name for path in written] == ["kinkeeper-ana-csv.zip", "kinkeeper-ana.json"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in written)
    document = json.loads(written[1].read_text())
    assert document["avoidances"] == [{"person": "Ben", "ritual": "monday-coffee"}]
    assert document["looks"][0]["what"] == "export"
    with zipfile.ZipFile(written[0]) as packed:
        assert "matches.csv" in packed.namelist()
    again = kinkeeper("export", "--member", "Ana", "--out", "out", cwd=folder)
    assert again.returncode == 0
    assert len(json.loads(written[1].read_text())["looks"]) == 2


def test_a_member_is_forgotten_once_it_was_confirmed(folder: Path) -> None:
    asked = kinkeeper("forget", "--member", "ben", cwd=folder, typed="n\n")
    assert asked.returncode == 0
    assert "This deletes what identifies Ben, for good" in asked.stderr
    assert "Nothing was changed." in asked.stderr
    done = kinkeeper("forget", "--member", "@Ben", "--yes", cwd=folder)
    assert done.returncode == 0
    assert done.stdout.startswith("Forgotten.")
    with sqlite3.connect(folder / "kinkeeper.db") as database:
        assert database.execute("SELECT name FROM member ORDER BY id").fetchall() == [
            ("Ana",), ("Sam",), ("Sam",), ("",),
        ]  # fmt: skip
        assert database.execute("SELECT count(*) FROM avoidance").fetchone() == (0,)
    assert b"ben" not in (folder / "kinkeeper.db").read_bytes().lower()
    database.close()


def test_whoever_is_not_clear_is_asked_for_in_a_sentence(folder: Path) -> None:
    for who, said in (
        (
            "Sam",
            "Sam is the name of more than one member. Please name one of these accounts: "
            "playground:sam1, playground:sam2.",
        ),
        ("Anna", "Nobody called Anna is known here. Did you mean Ana?"),
        ("playground:bem", "Nobody called playground:bem is known here. Did you mean playground:ben?"),
        ("Xyzzyx", "Nobody called Xyzzyx is known here. Please write an account as platform:account"),
    ):
        done = kinkeeper("export", "--member", who, cwd=folder)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(said)
    done = kinkeeper("forget", "--yes", "--member", "Anna", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Nobody called Anna is known here. Did you mean Ana?\n"


def test_without_a_member_it_is_usage_and_without_a_team_a_sentence(tmp_path: Path) -> None:
    assert kinkeeper("export", cwd=tmp_path).returncode == 2
    assert kinkeeper("forget", cwd=tmp_path).returncode == 2
    done = kinkeeper("export", "--member", "Ana", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("There is no team in this database yet")


def test_a_folder_that_cannot_be_written_to_is_said(folder: Path) -> None:
    (folder / "out").write_text("a file")
    done = kinkeeper("export", "--member", "Ana", "--out", "out", cwd=folder)
    assert done.returncode == 1
    assert "Choose another folder with --out." in done.stderr
