"""`discord invite`: an address on standard output, and what to do with it on standard error."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.discord.invite import address
from tests.chaos.processes import EVERY_MINUTE, kinkeeper

TOKEN = {"DISCORD_TOKEN": "MTIzNDU2Nzg5.hush.hush"}  # of the application 123456789


def test_it_prints_the_address_alone_and_says_what_comes_next(tmp_path: Path) -> None:
    done = kinkeeper("discord", "invite", cwd=tmp_path, env=TOKEN)
    assert done.returncode == 0, done.stderr
    assert done.stdout == address("123456789") + "\n"
    for said in ("choose the server", "Manage Server", "kinkeeper doctor", "docs/install-discord.md"):
        assert said in done.stderr
    assert "hush" not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_voice_channels_are_asked_for_if_wanted(tmp_path: Path) -> None:
    done = kinkeeper("discord", "invite", "--voice", cwd=tmp_path, env=TOKEN)
    assert done.stdout == address("123456789", voice=True) + "\n"
    note, *steps = done.stderr.splitlines()
    assert note.endswith("since --voice was given.")
    assert [line[:3] for line in (note, *steps)] == ["It ", "1. ", "2. "], "what it is, is no step"


def test_a_config_with_voice_channels_asks_for_them_by_itself(tmp_path: Path) -> None:
    (tmp_path / "kinkeeper.toml").write_text(EVERY_MINUTE + "voice = true\n")
    done = kinkeeper("discord", "invite", cwd=tmp_path, env=TOKEN)
    assert done.stdout == address("123456789", voice=True) + "\n"
    assert "since a ritual of the config has voice = true" in done.stderr


def test_a_config_with_mistakes_does_not_keep_anybody_from_it(tmp_path: Path) -> None:
    (tmp_path / "kinkeeper.toml").write_text("[team")
    done = kinkeeper("discord", "invite", cwd=tmp_path, env=TOKEN)
    assert (done.returncode, done.stdout) == (0, address("123456789") + "\n")


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({}, "DISCORD_TOKEN is not set. Make the application at https://discord.com/developers/applications"),
        ({"DISCORD_TOKEN": "hush-a-client-secret"}, "DISCORD_TOKEN is no bot's token. It stands at"),
    ],
)
def test_without_a_token_it_is_a_sentence(tmp_path: Path, env: dict[str, str], said: str) -> None:
    done = kinkeeper("discord", "invite", cwd=tmp_path, env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "hush" not in done.stderr
    assert "Traceback" not in done.stderr
