"""`doctor`: what is wrong with a set-up, how it is mended, and that looking changes nothing."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.looking import write
from tests.chaos.processes import EVERY_MINUTE, kinkeeper, started
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a config for the playground."""
    (tmp_path / "kinkeeper.toml").write_text(EVERY_MINUTE)
    return tmp_path


def looked(
    folder: Path, env: Mapping[str, str] | None = None, *, status: int = 0
) -> dict[str, list[dict[str, Any]]]:
    """The findings by part, with the exit status that goes with them."""
    done = kinkeeper("doctor", "--json", cwd=folder, env=env)
    assert done.returncode == status, done.stderr or done.stdout
    document = json.loads(done.stdout)
    assert set(document) == {"ok", "findings"}
    assert document["ok"] is (status == 0)
    assert all(set(each) == {"part", "about", "ok", "text"} for each in document["findings"])
    parts: dict[str, list[dict[str, Any]]] = {}
    for each in document["findings"]:
        parts.setdefault(each["part"], []).append(each)
    return parts


def nobody_listens() -> str:
    """A port of this computer that is free."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


def test_a_set_up_that_is_well_before_the_first_start(folder: Path) -> None:
    parts = looked(folder)
    assert parts["config"][0]["text"] == "kinkeeper.toml is right: 1 ritual on playground."
    assert "will be made at the first start" in parts["database"][0]["text"]
    assert parts["playground"][0]["about"] == "#coffee"
    shown = kinkeeper("doctor", cwd=folder)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.endswith("All is well.\n")
    assert [path.name for path in folder.iterdir()] == ["kinkeeper.toml"]


def test_it_looks_at_a_running_bot_without_disturbing_it(folder: Path) -> None:
    with started("run", cwd=folder) as process:
        process.says("Kinkeeper is running")
        assert "has the tables of this version" in looked(folder)["database"][0]["text"]
        assert process.stop() == 0
    assert "Traceback" not in process.output


def test_every_mistake_in_the_config_is_named_and_the_rest_is_looked_at_all_the_same(folder: Path) -> None:
    (folder / "kinkeeper.toml").write_text(EVERY_MINUTE.replace("Berlin", "Berln").replace("* * * *", "* *"))
    parts = looked(folder, status=1)
    assert [each["about"] for each in parts["config"]] == ["team.timezone", "coffee[0].cron"]
    assert parts["config"][0]["text"].startswith('kinkeeper.toml:4: "Europe/Berln" is not a known time zone.')
    assert parts["database"][0]["ok"] is True
    shown = kinkeeper("doctor", cwd=folder)
    assert shown.returncode == 1
    assert "✗ team.timezone" in shown.stdout
    assert shown.stdout.endswith("2 to mend.\n")
    assert "Traceback" not in shown.stderr


def test_a_config_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    parts = looked(tmp_path, status=1)
    assert "`kinkeeper init` writes one for you" in parts["config"][0]["text"]
    [line] = [each for each in kinkeeper("doctor", cwd=tmp_path).stdout.splitlines() if "✗" in each]
    assert (line.count("kinkeeper.toml"), line.count("line")) == (1, 0), "where it is, is said once"
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_away_is_told_from_one_that_has_to_be_mended(folder: Path) -> None:
    away = looked(folder, {"DATABASE_URL": f"postgresql://ana:hush@{nobody_listens()}/kinkeeper"}, status=3)
    assert "Check DATABASE_URL, and that the server is running." in away["database"][0]["text"]
    assert "hush" not in str(away)
    other = looked(folder, {"DATABASE_URL": "mysql://ana:hush@db/kin"}, status=1)
    assert "DATABASE_URL is no address of a database" in other["database"][0]["text"]
    nowhere = looked(folder, {"DATABASE_URL": "sqlite:///nowhere/kinkeeper.db"}, status=3)
    assert "there is no folder nowhere" in nowhere["database"][0]["text"]


def test_another_programs_database_is_left_as_it_is(folder: Path) -> None:
    with sqlite3.connect(folder / "letters.db") as database:
        database.execute("CREATE TABLE letter (words TEXT)")
    database.close()
    found = looked(folder, {"DATABASE_URL": "sqlite:///letters.db"}, status=1)["database"]
    assert "letters.db is another program's database" in found[0]["text"]


def test_the_revision_of_a_database_is_looked_at_and_not_changed(folder: Path) -> None:
    url = f"sqlite:///{folder}/kinkeeper.db"
    assert kinkeeper("db", "upgrade", cwd=folder).returncode == 0
    write(url, "UPDATE alembic_version SET version_num = '9999'")
    newer = looked(folder, status=1)["database"]
    assert "is from a newer version of Kinkeeper (revision 9999)" in newer[0]["text"]
    write(url, "UPDATE alembic_version SET version_num = '0001'")
    older = looked(folder)["database"]
    assert "The next start brings the tables to this version." in older[0]["text"]
    assert looked(folder)["database"] == older


def test_the_playground_beyond_this_computer_is_found_before_a_start_refuses_it(folder: Path) -> None:
    found = looked(folder, {"HOST": "0.0.0.0"}, status=1)["web"]
    assert found[0]["about"] == "HOST"
    assert "Set HOST=127.0.0.1" in found[0]["text"]


def test_a_platform_without_its_settings_says_which_and_the_others_are_looked_at(folder: Path) -> None:
    both = EVERY_MINUTE.replace('"playground:#coffee"', '["slack:#coffee", "playground:#coffee"]')
    (folder / "kinkeeper.toml").write_text(both)
    parts = looked(folder, status=1)
    assert parts["slack"][0]["about"] == "settings"
    assert "SLACK_BOT_TOKEN" in parts["slack"][0]["text"]
    assert parts["playground"][0]["ok"] is True


def test_slack_that_cannot_be_reached_is_neither_the_tokens_nor_the_channels_fault(folder: Path) -> None:
    (folder / "kinkeeper.toml").write_text(EVERY_MINUTE.replace("playground:", "slack:"))
    env = {"SLACK_API_URL": f"http://{nobody_listens()}/api/"}
    env |= {"SLACK_BOT_TOKEN": "xoxb-hush-hush", "SLACK_APP_TOKEN": "xapp-hush-hush"}
    [found] = looked(folder, env, status=3)["slack"]
    assert found["about"] == "connection"
    assert "Look at the network" in found["text"]
    assert "hush" not in found["text"]


async def test_slack_is_asked_about_each_channel_once(folder: Path) -> None:
    channels = '["slack:#coffee", "slack:#lounge"]'
    again = EVERY_MINUTE.replace("minute-coffee", "another").replace('"playground:#coffee"', channels)
    (folder / "kinkeeper.toml").write_text(
        again + again[again.index("[[coffee]]") :].replace("another", "one")
    )
    async with FakeSlack() as slack:
        slack.workspace.add_channel("coffee")
        lounge = slack.workspace.add_channel("lounge", with_bot=False)
        parts = await asyncio.to_thread(looked, folder, slack.variables, status=1)
        assert [each["about"] for each in parts["slack"] if each["about"].startswith("#")] == [
            "#coffee",
            "#lounge",
        ]
        [wrong] = [each for each in parts["slack"] if not each["ok"]]
        assert "Write there: /invite @kinkeeper" in wrong["text"]
        lounge.members.append("U0KINKEEPER")
        assert (await asyncio.to_thread(looked, folder, slack.variables))["slack"]
        assert slack.workspace.posts == []


async def test_what_only_some_rituals_need_of_discord_is_a_fault_only_where_there_are_such(
    folder: Path,
) -> None:
    config = folder / "kinkeeper.toml"
    for_all = EVERY_MINUTE.replace("playground:", "discord:")
    thanks = '\n[[gratitude]]\nname = "thanks"\nchannel = "discord:#coffee"\ncron = "0 9 * * fri"\nprompts = ["Who?"]\n'
    async with FakeDiscord(members_intent=False) as discord:
        discord.world.add_channel(discord.world.add_server("Acme").id, "coffee")

        async def faults(text: str) -> list[str]:
            """What is not well, and the rituals that suffer by it; what nobody needs is marked as neither."""
            config.write_text(text)
            found = await asyncio.to_thread(kinkeeper, "doctor", "--json", cwd=folder, env=discord.variables)
            shown = await asyncio.to_thread(kinkeeper, "doctor", cwd=folder, env=discord.variables)
            assert not [line for line in shown.stdout.splitlines() if "✓" in line and "cannot" in line]
            assert all(
                line.strip().startswith("–") for line in shown.stdout.splitlines() if "no ritual" in line
            )
            findings = json.loads(found.stdout)["findings"]
            return [f"{each['about']}: {each['text'].split('. ')[0]}" for each in findings if not each["ok"]]

        opt_in = for_all + 'members = "opt-in"\n'
        assert await faults(for_all) == ["members: Needed by minute-coffee"]
        assert await faults(opt_in + thanks) == []
        assert await faults(opt_in + thanks + "nudge = true\n") == ["members: Needed by thanks"]
        assert await faults(opt_in + "voice = true\n") == ["voice: Needed by minute-coffee"]
