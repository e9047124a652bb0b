"""What `kinkeeper check` says of a file: everything that is wrong, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config.loading import Problem, load, load_text
from tests.bot.config.files import COFFEE, HOST, PULSE, TEAM, THANKS, only, problems, said


@pytest.mark.parametrize("text", [TEAM, TEAM + COFFEE, TEAM + HOST, TEAM + PULSE, TEAM + THANKS])
def test_the_files_that_these_tests_break_are_right(text: str) -> None:
    loaded = load_text(text)
    assert loaded.problems == ()
    assert loaded.config is not None


def test_ten_different_mistakes_are_reported_as_ten_each_with_its_line() -> None:
    text = """\
[team]
name = "Acme"
timezone = "Europe/Berln"
grace = "12 horus"

[[coffee]]
name = "monday-coffee"
channel = "slak:#coffee"
every = "2 weeks"
on = "mondy"
at = "25:00"
group_size = "two"
nudge_after = "10 days"
close_after = "3 days"

[[gratitude]]
name = "monday-coffee"
channel = "slack:#general"
cron = "0 15 * * fri"
every = "week"
prompts = ["Who?"]
"""
    assert [(p.file, p.line, p.key) for p in problems(text)] == [
        ("k.toml", 3, "team.timezone"),
        ("k.toml", 4, "team.grace"),
        ("k.toml", 6, "coffee[0].starts"),
        ("k.toml", 8, "coffee[0].channel"),
        ("k.toml", 10, "coffee[0].on"),
        ("k.toml", 11, "coffee[0].at"),
        ("k.toml", 12, "coffee[0].group_size"),
        ("k.toml", 13, "coffee[0].nudge_after"),
        ("k.toml", 17, "gratitude[0].name"),
        ("k.toml", 19, "gratitude[0].cron"),
    ]


def test_a_contradiction_is_found_beside_a_wrong_key() -> None:
    wrong = 'at = "noon"\nnudge_after = "9 days"\nclose_after = "2 days"\n'
    text = TEAM + COFFEE.replace('at = "10:00"\n', wrong).replace('"week"', '"2 weeks"')
    assert said(text) == [(3, "coffee[0].starts"), (8, "coffee[0].at"), (9, "coffee[0].nudge_after")]


@pytest.mark.parametrize("every", ['"week"', '"wek"', "3"])
@pytest.mark.parametrize("cron", ['"0 15 * * fri"', "3"])
def test_cron_beside_every_is_found_whether_they_are_readable_or_not(every: str, cron: str) -> None:
    text = f'{TEAM}[[coffee]]\nname = "a"\nchannel = "slack:#a"\nevery = {every}\ncron = {cron}\n'
    assert any("both" in problem.message for problem in problems(text))


def test_no_contradiction_is_made_up_from_a_wrong_key() -> None:
    text = TEAM + COFFEE.replace('"week"', '"wek"').replace('"monday"', '"first monday"')
    assert said(text) == [(6, "coffee[0].every")]
    assert said(TEAM + COFFEE + 'starts = "soon"\n') == [(9, "coffee[0].starts")]
    assert said(TEAM + COFFEE + 'close_after = "soon"\nnudge_after = "11 days"\n') == [
        (9, "coffee[0].close_after")
    ]


def test_problems_of_one_ritual_do_not_hide_those_of_another() -> None:
    text = (
        TEAM
        + COFFEE.replace('"week"', '"wek"')
        + THANKS.replace("cron", "corn")
        + HOST.replace('"10:00"', "10")
    )
    assert [key for _, key in said(text)] == [
        "coffee[0].every",
        "gratitude[0].every",
        "gratitude[0].corn",
        "checkin[0].at",
    ]


def test_two_rituals_of_one_name_are_refused_whatever_their_kinds() -> None:
    problem = only(TEAM + COFFEE + THANKS.replace('"thanks"', '"monday-coffee"'))
    assert (problem.line, problem.key) == (10, "gratitude[0].name")


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ('was = "host"', "", "which keeps its own history"),
        ('was = "monday-coffee"', "", "is called"),
        ('was = "old"', 'was = "old"', "Only one can keep its history"),
    ],
)
def test_a_former_name_says_which_history_is_meant_or_is_refused(first: str, second: str, says: str) -> None:
    assert says in only(f"{TEAM}{COFFEE}{first}\n{HOST}{second}\n").message


def test_two_rituals_cannot_swap_their_names() -> None:
    swapped = f'{TEAM}{COFFEE}was = "host"\n{HOST}was = "monday-coffee"\n'
    assert said(swapped) == [(9, "coffee[0].was"), (17, "checkin[0].was")]


SECRET = "xoxb-" + "1234567890-abcdefghij"


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (f'{TEAM}slack_bot_token = "{SECRET}"\n', 3, "team.slack_bot_token"),
        (f'{TEAM}timezone = "{SECRET}"\n', 3, "team.timezone"),
        (f'{TEAM}meeting_url = "https://ana:{SECRET}@example.org"\n', 3, "team.meeting_url"),
        (f'{TEAM}{COFFEE}starters = [\n"{SECRET}"]\n', 10, "coffee[0].starters[0]"),
        (f'{TEAM}DISCORD_TOKEN = "hush"\n', 3, "team.DISCORD_TOKEN"),
        (f"{TEAM}[secrets]\n", 3, "secrets"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(text: str, line: int, key: str) -> None:
    problem = only(text)
    assert (problem.line, problem.key) == (line, key)
    assert "Secrets come from the environment" in problem.message
    assert SECRET[:12] not in str(problem)
    assert "hush" not in str(problem)


def test_a_group_may_be_named_like_a_secret() -> None:
    assert problems(f'{TEAM}groups = {{ secret-santa = ["@ana"] }}\n') == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[team]\nname = "Acme\n', 2, "last quote is missing"),
        ("[team]\nname = Acme\n", 2, "a text without quotes"),
        ("[team]\nname\n", 2, "no key with a value"),
        ("[team]\nname = \n", 2, "The value is missing"),
        ('[team]\nname = "a"\nname = "b"\n', 3, "there twice"),
        ("[team]\n[team]\n", 2, "there twice"),
        ("[team\nname = 3\n", 1, "header is not closed"),
        ('[team]\nname = "a" b = 3\n', 2, "one key a line"),
        ("[team]\naway = [1,\n\n", 2, "The file ends in the middle"),
        ("[team]\nstarts = 2026-13-45\n", 2, "dates such as 2026-11-30"),
        ('[team]\nname = "C:\\Users"\n', 2, "backslash"),
        ("[team]\nx = " + "[" * 100_000, 1, "nested too deeply"),
        ("[team]\nx = " + "9" * 5000, 1, "far too large"),
    ],
)
def test_what_is_no_toml_is_reported_once_with_its_line(text: str, line: int, says: str) -> None:
    problem = only(text)
    assert (problem.line, problem.key) == (line, "")
    assert says in problem.message


def test_a_problem_reads_as_a_compiler_would_say_it() -> None:
    assert str(Problem("k.toml", 3, "team.name", "Oh.")) == "k.toml:3: team.name: Oh."
    assert str(Problem("k.toml", 1, "", "Oh.")) == "k.toml:1: Oh."


def test_a_missing_file_a_folder_and_other_encodings_are_sentences(tmp_path: Path) -> None:
    latin, large, endless = tmp_path / "latin.toml", tmp_path / "large.toml", tmp_path / "loop.toml"
    latin.write_bytes('[team]\nname = "Café"\n'.encode("latin-1"))
    large.write_bytes(b"# a long comment\n" * 100_000)
    endless.symlink_to(endless)
    expected = {
        tmp_path / "none.toml": (1, "There is no such file"),
        tmp_path: (1, "This is a folder"),
        latin: (2, "not text in UTF-8"),
        large: (1, "larger than a megabyte"),
        endless: (1, "cannot be read"),
        Path("nul\0.toml"): (1, "cannot be read"),
    }
    for path, (line, says) in expected.items():
        loaded = load(path)
        [problem] = loaded.problems
        assert loaded.config is None
        assert (problem.file, problem.line) == (str(path), line)
        assert says in problem.message


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "kinkeeper.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (TEAM + COFFEE).replace("\n", "\r\n").encode())
    assert load(path).problems == ()
