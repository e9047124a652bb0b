"""A connection to Slack that breaks, or does not come about: nothing is lost, nothing is done twice, and it says so."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.adapters.slack.bench import inhabited, over_sockets
from tests.adapters.slack.running import (
    ANA,
    BEN,
    COFFEE,
    CONFIG,
    FAR_OFF,
    PENDING,
    TWENTY,
    button,
    database,
    introduced,
    introductions,
    only_for,
    running,
    somebody_in,
    until,
    workspace,
)
from tests.chaos.looking import count, posted, write
from tests.fakes.slack import FakeSlack

PAIRS = len(TWENTY) // 2
BOTH = f"""{CONFIG}
[[coffee]]
name = "playground-coffee"
channel = "playground:#coffee"
cron = "{FAR_OFF}"
"""
SENT = "SELECT count(*) FROM delivery WHERE state = 'sent'"
DUE_NOW = "UPDATE ritual SET next_round_at = CURRENT_TIMESTAMP WHERE name = 'playground-coffee'"


async def test_ten_disconnects_during_a_round_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    async with workspace(*TWENTY) as slack, running(slack, tmp_path) as program:
        slack.sockets.keeps = True
        slack.faults.fail_next("chat.postMessage", error="ratelimited", retry_after=1, times=PAIRS // 2)
        url = database(tmp_path)
        askers = [person for person in slack.workspace.people if person.startswith("U0")][1:11]
        pressed: dict[str, str] = {}  # by conversation, who

        async def press_what_is_new() -> None:
            for post in introductions(slack):
                if post.channel not in pressed:
                    pressed[post.channel] = somebody_in(slack, post)
                    action = button(slack, post, "met")
                    doing.create_task(slack.hands.press(pressed[post.channel], post, action))

        async with asyncio.TaskGroup() as doing:
            doing.create_task(slack.hands.command(ANA, "/kinkeeper", "run monday-coffee", channel=COFFEE))
            for number, asker in enumerate(askers):
                doing.create_task(slack.hands.command(asker, "/presence", "me", channel=COFFEE))
                await press_what_is_new()
                await slack.sockets.drop(gracefully=number % 2 == 0)
            await introduced(slack, pairs=PAIRS)
            await press_what_is_new()

        await until(lambda: all(post.edited for post in introductions(slack)), what="every press shows")
        await until(lambda: count(url, PENDING) == 0, what="nothing is owed")
        expected = Counter([ANA, *askers, *pressed.values()])
        await until(lambda: only_for(slack).total() >= expected.total(), what="every answer")
        assert Counter(post.channel for post in introductions(slack)) == dict.fromkeys(pressed, 1)
        assert count(url, "SELECT count(*) FROM match WHERE outcome = 'met'") == PAIRS
        assert count(url, "SELECT count(*) FROM round") == 1
        assert count(url, "SELECT count(*) FROM received") == 1 + 10 + PAIRS
        await program.until_ready()
        assert await program.stop() == 0
        assert only_for(slack) == expected
        assert program.troubles() == []


async def test_what_was_not_acknowledged_when_the_socket_broke_is_heard_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with workspace() as slack, running(slack, tmp_path) as program:
        slack.sockets.keeps = True
        slack.faults.fail_next("users.info", error="ratelimited", retry_after=1, meanwhile=slack.sockets.cut)
        eve = slack.workspace.add_person("eve").id
        await slack.news.says(eve, "hello")  # it has to ask who she is, and meanwhile the socket breaks
        await until(lambda: slack.eyes.to(eve), what="an answer")
        slack.sockets.cut()
        await slack.news.says(BEN, "hello")  # nobody is there at that moment
        await until(lambda: slack.eyes.to(BEN), what="an answer")
        await program.until_ready()
        assert await program.stop() == 0
        assert [len(slack.eyes.to(person)) for person in (eve, BEN)] == [1, 1]
        assert program.troubles() == []


async def test_while_slack_is_away_it_says_so_and_afterwards_it_goes_on(tmp_path: Path) -> None:
    async with workspace() as slack, running(slack, tmp_path) as program:
        await until(lambda: count(database(tmp_path), SENT) == 1, what="it has introduced itself")
        port = int(slack.root.rpartition(":")[2])
        await slack.stop()
        await program.until_unready("cannot be reached")
        await slack.start(port=port)
        await program.until_ready()
        await slack.hands.command(BEN, "/coffee", "why", channel=COFFEE)
        await until(lambda: slack.eyes.privately(BEN), what="an answer")
        assert await program.stop() == 0
        assert [line["event"] for line in program.troubles()] == ["slack_socket_lost"]


async def test_where_slack_cannot_be_reached_the_others_go_on_and_it_comes_when_slack_does(
    tmp_path: Path,
) -> None:
    async with workspace() as slack:
        port = int(slack.root.rpartition(":")[2])
        await slack.stop()
        async with running(slack, tmp_path, config=BOTH) as program:
            status, parts = await program.ready()
            assert status == 503
            assert (parts["playground"], parts["database"]) == ("connected", "ok")
            assert parts["slack"].startswith("Slack cannot be reached: ")
            write(database(tmp_path), DUE_NOW)
            await until(lambda: posted(tmp_path / "kinkeeper-playground.db"), what="the playground's round")
            await slack.start(port=port)
            await program.until_ready()
            await until(lambda: people_of_slack(tmp_path) == 4, what="it knows the people")
            await slack.hands.command(ANA, "/kinkeeper", "run monday-coffee", channel=COFFEE)
            await introduced(slack, pairs=2)
            assert await program.stop() == 0


@pytest.mark.parametrize(
    ("variable", "wrong", "said"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-of-somebody-else", "Slack does not know the bot token."),
        ("SLACK_APP_TOKEN", "xapp-of-somebody-else", "Socket Mode does not work: invalid_auth."),
    ],
)
async def test_with_a_wrong_token_it_stays_and_says_which(
    tmp_path: Path, variable: str, wrong: str, said: str
) -> None:
    async with (
        workspace() as slack,
        running(slack, tmp_path, env={variable: wrong}) as program,
    ):
        status, parts = await program.ready()
        assert status == 503
        assert said in parts["slack"]
        assert wrong not in parts["slack"]
        assert await program.stop() == 0
        assert wrong not in program.process.output


async def test_let_in_again_it_connects_by_itself_and_reads_the_people(tmp_path: Path) -> None:
    async with workspace() as slack:
        slack.faults.revoke("account_inactive")
        async with running(slack, tmp_path) as program:
            status, parts = await program.ready()
            assert status == 503
            assert "The app was removed from the workspace." in parts["slack"]
            slack.faults.forgive()
            await program.until_ready()
            await until(lambda: people_of_slack(tmp_path) == 4, what="it knows the people")
            assert await program.stop() == 0


async def test_an_address_that_slack_takes_no_more_is_replaced_by_a_new_one() -> None:
    async with FakeSlack() as slack, over_sockets(inhabited(slack), ping=0.5) as bench:
        slack.sockets.refuses = True
        slack.sockets.cut()
        await until(lambda: not slack.sockets.refuses, what="it was turned away")
        await until(lambda: bench.platform.state() == "connected", what="it is back", seconds=10)
        await bench.command(ANA, "coffee", "why")
        assert len(bench.inbox.received) == 1


def people_of_slack(folder: Path) -> int:
    return count(
        database(folder),
        "SELECT count(*) FROM account JOIN workspace ON workspace.id = account.workspace_id"
        " WHERE workspace.platform = 'slack'",
    )
