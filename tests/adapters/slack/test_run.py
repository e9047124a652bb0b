"""`kinkeeper run` in front of Slack: connected, a round from an admin's command to "We met", and stopped in order."""

from __future__ import annotations

import asyncio
import json
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.adapters.slack.running import (
    ANA,
    BEN,
    COFFEE,
    CONFIG,
    PENDING,
    THANKS,
    TWENTY,
    button,
    database,
    introduced,
    introductions,
    running,
    until,
    workspace,
)
from tests.chaos.looking import count, rows, write
from tests.chaos.processes import kinkeeper
from tests.fakes.slack.workspace import BOT_USER


@pytest.mark.parametrize("over_http", [False, True], ids=["over sockets", "over HTTP"])
async def test_a_round_from_the_command_of_an_admin_to_we_met(tmp_path: Path, over_http: bool) -> None:
    async with (
        workspace(over_http=over_http) as slack,
        running(slack, tmp_path, over_http=over_http) as program,
    ):
        assert await program.ready() == (200, {"slack": "connected", "database": "ok"})
        await slack.hands.command(ANA, "/kinkeeper", "run monday-coffee", channel=COFFEE)
        posts = await introduced(slack, pairs=2)
        for post in posts:
            assert post.metadata is not None
            assert post.metadata["event_type"] == "kinkeeper_delivery"
            assert post.metadata["event_payload"]["key"].startswith("kinkeeper-")
            assert post.text, "phones would show nothing"
            assert not post.unfurls
        met = [set(slack.workspace.conversations[post.channel].members) - {BOT_USER} for post in posts]
        assert [len(pair) for pair in met] == [2, 2]
        assert len(set.union(*met)) == 4

        [post] = [post for post in posts if BEN in slack.workspace.conversations[post.channel].members]
        before = slack.eyes.text(post)
        await slack.hands.press(BEN, post, button(slack, post, "met"))
        await until(lambda: post.edited, what="the message is another one")
        assert slack.eyes.text(post) != before
        assert rows(database(tmp_path), "SELECT count(*) FROM match WHERE outcome = 'met'") == [(1,)]

        before_asking = len(slack.eyes.privately(BEN))
        await slack.hands.command(BEN, "/coffee", "why", channel=COFFEE)
        await slack.hands.command(BEN, "/presence", "me", channel=COFFEE)
        await until(lambda: len(slack.eyes.privately(BEN)) == before_asking + 2, what="two answers")
        assert await program.stop() == 0
        assert program.troubles() == []
        assert len(introductions(slack)) == 2
        assert len(slack.workspace.within(COFFEE)) == 1, "the bot introduces itself, and the rest is private"


async def test_told_to_stop_while_something_is_being_handled_it_brings_that_to_its_end(
    tmp_path: Path,
) -> None:
    async with workspace() as slack, running(slack, tmp_path) as program:
        eve = slack.workspace.add_person("eve").id  # in no channel, so the bot has to ask who she is
        stop = program.process.popen.terminate
        slack.faults.fail_next("users.info", error="ratelimited", retry_after=1, meanwhile=stop)
        await slack.hands.command(eve, "/presence", "timezone Europe/Lisbon")
        assert await program.stopped() == 0
        assert len(slack.eyes.privately(eve)) == 1
        assert "Lisbon" in slack.eyes.privately(eve)[0]
        assert count(database(tmp_path), "SELECT count(*) FROM member WHERE timezone = 'Europe/Lisbon'") == 1
        assert program.troubles() == []


@pytest.mark.parametrize("over_http", [False, True], ids=["over sockets", "over HTTP"])
async def test_a_form_that_is_sent_while_it_stops_is_still_answered_in_the_form(
    tmp_path: Path, over_http: bool
) -> None:
    async with (
        workspace(over_http=over_http) as slack,
        running(slack, tmp_path, over_http=over_http, config=CONFIG + THANKS) as program,
    ):
        eve = slack.workspace.add_person("eve").id
        await slack.hands.command(eve, "/thanks")
        await until(lambda: slack.hands.view_of(eve), what="a form")
        stop = program.process.popen.terminate
        slack.faults.fail_next("users.info", error="ratelimited", retry_after=1, meanwhile=stop)
        await slack.hands.submit(eve, {"to": "<@U0BEN>", "words": "for the soup"})
        assert slack.hands.errors_of(eve) == {}
        assert await program.stopped() == 0
        assert count(database(tmp_path), "SELECT count(*) FROM thanks") == 1
        assert program.troubles() == []


@pytest.mark.parametrize("with_history", [False, True], ids=["without history", "with history"])
async def test_killed_while_it_sends_it_loses_nothing_and_owns_up_to_what_may_be_there_twice(
    tmp_path: Path, with_history: bool
) -> None:
    url = database(tmp_path)
    pairs = 4
    async with workspace(*TWENTY[: 2 * pairs], with_history=with_history) as slack:
        async with running(slack, tmp_path) as first:
            await until(lambda: slack.workspace.within(COFFEE), what="it has introduced itself")
            kill = first.process.kill
            slack.faults.fail_next("chat.postMessage", lost="answer", meanwhile=kill)
            await slack.hands.command(ANA, "/kinkeeper", "run monday-coffee", channel=COFFEE)
            assert await first.stopped() == -signal.SIGKILL
        assert count(url, PENDING) == pairs
        write(url, "UPDATE delivery SET claimed_until = due_at WHERE claimed_until IS NOT NULL")  # it ran out
        async with running(slack, tmp_path) as second:
            await until(lambda: count(url, PENDING) == 0, what="everything is sent")
            assert await second.stop() == 0
    there = Counter(post.channel for post in introductions(slack))
    assert len(there) == pairs, "somebody was not introduced"
    told = json.loads((await asyncio.to_thread(kinkeeper, "status", "--json", cwd=tmp_path)).stdout)
    unsure = told["deliveries"].get("possibly_twice", 0)
    twice = [channel for channel, times in there.items() if times > 1]
    assert set(there.values()) <= {1, 2}
    assert len(twice) <= unsure
    assert bool(unsure) != with_history
