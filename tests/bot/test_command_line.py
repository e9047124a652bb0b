"""The commands as they are typed: what they print, where, and the exit status."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from bot.config.loading import load
from tests.chaos.processes import EVERY_MINUTE, REPOSITORY, kinkeeper

EXAMPLE = REPOSITORY / "kinkeeper.example.toml"

TEN_MISTAKES = """\
[team]
name = ""
timezone = "Europe/Berln"
working_days = ["mon", "tues"]
working_hours = "9-17"
mesages_per_week = 6
[[coffee]]
name = "coffee"
channel = "slak:#coffee"
every = "2 weeks"
on = "mondy"
at = "25:00"
group_size = 12
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a config for the playground."""
    (tmp_path / "kinkeeper.toml").write_text(EVERY_MINUTE)
    return tmp_path


def test_help_lists_every_command(tmp_path: Path) -> None:
    done = kinkeeper("--help", cwd=tmp_path)
    assert done.returncode == 0
    for command in (
        "demo",
        "run",
        "web",
        "worker",
        "init",
        "check",
        "plan",
        "simulate",
        "status",
        "run-now",
        "db",
    ):
        assert f"\n  {command}" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["plan", "--weeks", "many"],
        ["plan", "--weeks", "0"],
        ["simulate", "--odd", "quartet"],
        ["simulate", "--ritual", "tea"],
        ["simulate", "--away", "1.5"],
        ["simulate", "--away", "nan"],
        ["simulate", "--group-size", "9"],
        ["demo", "--headless", "--people", "0"],
        ["run-now"],
    ],
)
def test_what_is_not_a_command_is_usage_and_its_status_is_2(tmp_path: Path, words: list[str]) -> None:
    done = kinkeeper(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "Usage:" in done.stderr


@pytest.mark.parametrize("words", [["run"], ["worker"], ["web"], ["plan"], ["status"], ["run-now", "coffee"]])
def test_a_missing_config_is_a_sentence_that_says_what_to_do(tmp_path: Path, words: list[str]) -> None:
    done = kinkeeper(*words, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "kinkeeper.toml:1: There is no such file. `kinkeeper init` writes one for you.\n"
    assert list(tmp_path.iterdir()) == []


def test_check_finds_ten_mistakes_at_once_each_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(TEN_MISTAKES)
    done = kinkeeper("check", "bad.toml", "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    assert document["ok"] is False
    assert [error["line"] for error in document["errors"]] == [2, 3, 4, 5, 6, 7, 9, 11, 12, 13]
    assert all(set(error) == {"file", "line", "key", "message"} for error in document["errors"])
    assert '"Europe/Berlin"' in document["errors"][1]["message"]
    said = kinkeeper("check", "bad.toml", cwd=tmp_path)
    assert (said.returncode, said.stdout) == (1, "")
    assert "bad.toml:3: team.timezone: " in said.stderr
    assert said.stderr.endswith("10 to mend.\n")


def test_check_has_nothing_to_say_against_the_example(tmp_path: Path) -> None:
    done = kinkeeper("check", str(EXAMPLE), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{EXAMPLE} is right.\n", "")
    done = kinkeeper("check", str(EXAMPLE), "--json", cwd=tmp_path)
    assert json.loads(done.stdout) == {"ok": True, "errors": []}


def test_check_prints_the_json_schema(tmp_path: Path) -> None:
    done = kinkeeper("check", "--schema", cwd=tmp_path)
    assert done.returncode == 0
    schema = json.loads(done.stdout)
    assert set(schema["properties"]) >= {"team", "retention", "coffee", "gratitude", "checkin"}


def test_check_of_a_missing_file_is_a_document_too(tmp_path: Path) -> None:
    done = kinkeeper("check", "nowhere.toml", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["errors"][0]["message"].startswith("There is no such file.")


def test_init_writes_what_check_accepts(tmp_path: Path) -> None:
    done = kinkeeper("init", cwd=tmp_path, typed="Acme\n\n\n\n\n\n\n")
    assert done.returncode == 0
    assert "kinkeeper.toml is written." in done.stdout
    assert load(tmp_path / "kinkeeper.toml").problems == ()
    assert kinkeeper("check", cwd=tmp_path).returncode == 0


def test_init_asks_again_where_an_answer_cannot_be_used(tmp_path: Path) -> None:
    typed = ["Acme", "Europe/Berln", "Europe/Berlin", "slak", "slack", "#a b", "#coffee", "mondy", "friday"]
    typed += ["ten", "11:30", "soon", "2026-12-04", ""]
    done = kinkeeper("init", "new.toml", cwd=tmp_path, typed="\n".join(typed))
    assert done.returncode == 0, done.stderr
    for said in ('Did you mean "Europe/Berlin"?', 'Did you mean "slack"?', "a day of the month"):
        assert said in done.stderr
    assert '"ten" is no time. Write it as 10:00.' in done.stderr
    assert '"soon" is no date. Write it as 2026-11-30.' in done.stderr
    config = load(tmp_path / "new.toml").config
    assert config is not None
    [coffee] = config.coffee
    assert [str(c) for c in coffee.channel] == ["slack:#coffee"]
    assert "To put the bot on Slack: kinkeeper slack manifest" in done.stdout


def test_init_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "kinkeeper.toml").write_text("# mine")
    done = kinkeeper("init", cwd=tmp_path, typed="Acme\n")
    assert done.returncode == 1
    assert "is there already, and it stays as it is" in done.stderr
    assert (tmp_path / "kinkeeper.toml").read_text() == "# mine"


def test_init_that_is_left_half_way_writes_nothing(tmp_path: Path) -> None:
    done = kinkeeper("init", cwd=tmp_path, typed="Acme\n")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_a_sentence(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for command in ("run", "demo"):
            done = kinkeeper(command, cwd=folder, env={"PORT": port})
            assert done.returncode == 1
            assert "round_opened" not in done.stderr
            assert f"127.0.0.1:{port} is in use by another program; set PORT to a free one" in done.stderr
            assert "Traceback" not in done.stderr


def test_the_playground_is_not_served_to_other_computers(folder: Path) -> None:
    for command in ("run", "demo"):
        done = kinkeeper(command, cwd=folder, env={"HOST": "0.0.0.0"})
        assert done.returncode == 1
        assert "The playground has no passwords" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"PORT": "abc"}, 'PORT is "abc". Expected a number from 0 to 65535, such as 8765.'),
        ({"KINKEEPER_LOG": "loud"}, 'KINKEEPER_LOG is "loud".'),
        ({"DATABASE_URL": "mysql://ana:hush@db/kin"}, "DATABASE_URL is no address of a database"),
    ],
)
def test_a_setting_that_cannot_be_is_a_sentence(folder: Path, env: dict[str, str], said: str) -> None:
    done = kinkeeper("run", cwd=folder, env=env)
    assert done.returncode == 1
    assert said in done.stderr
    assert "hush" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_database_is_upgraded_once_and_then_up_to_date(tmp_path: Path) -> None:
    env = {"DATABASE_URL": "sqlite:///relative.db"}
    first, second = (kinkeeper("db", "upgrade", cwd=tmp_path, env=env) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert "is at revision" in first.stdout
    assert second.stdout == "The database is up to date.\n"
    assert (tmp_path / "relative.db").is_file()


@pytest.mark.parametrize("words", [["run"], ["status"], ["run-now", "minute-coffee"], ["db", "upgrade"]])
def test_a_database_that_cannot_be_used_is_a_sentence_and_its_status_is_3(
    folder: Path, words: list[str]
) -> None:
    (folder / "letter.db").write_text("Dear Ana, this is no database at all.\n" * 20)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"postgresql://127.0.0.1:{taken.getsockname()[1]}/kinkeeper"
    for url, said in (
        (f"sqlite:///{folder}", "is a folder"),
        ("sqlite:///letter.db", "letter.db is not a Kinkeeper database"),
        (nobody, "Check DATABASE_URL, and that the server is running."),
    ):
        done = kinkeeper(*words, cwd=folder, env={"DATABASE_URL": url})
        assert done.returncode == 3, done.stderr
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert done.stdout == ""


def test_postgresql_without_tables_asks_for_the_upgrade(folder: Path, postgres_server: str) -> None:
    head, _, query = postgres_server.partition("?")
    url = f"{head.rsplit('/', 1)[0]}/template1?{query}"
    done = kinkeeper("run", cwd=folder, env={"DATABASE_URL": url})
    assert (done.returncode, done.stderr) == (
        3,
        "The database has no tables yet. Run: kinkeeper db upgrade\n",
    )
