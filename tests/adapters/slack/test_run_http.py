"""Several processes on one PostgreSQL in front of Slack: each thing is heard once, and each message sent once."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from tests.adapters.slack.running import (
    ANA,
    COFFEE,
    PENDING,
    TWENTY,
    button,
    introduced,
    introductions,
    only_for,
    running,
    somebody_in,
    until,
    workspace,
)
from tests.chaos.looking import count

PAIRS = len(TWENTY) // 2


async def test_over_http_the_web_process_hears_and_two_workers_send(
    postgres_url: str, tmp_path: Path
) -> None:
    env = {"DATABASE_URL": postgres_url}
    async with (
        workspace(*TWENTY, over_http=True) as slack,
        running(slack, tmp_path, command="worker", env=env, over_http=True) as one,
        running(slack, tmp_path, command="worker", env=env, over_http=True) as two,
        running(slack, tmp_path, command="web", env=env, over_http=True) as web,
    ):
        assert (await web.ready())[0] == 200
        await slack.hands.command(ANA, "/kinkeeper", "run monday-coffee", channel=COFFEE)
        posts = await introduced(slack, pairs=PAIRS)
        for post in posts:
            await slack.hands.press(somebody_in(slack, post), post, button(slack, post, "met"))
        await until(lambda: all(post.edited for post in posts), what="every press shows")
        await until(lambda: count(postgres_url, PENDING) == 0, what="nothing is owed")
        for process in (web, one, two):
            assert await process.stop() == 0
            assert process.troubles() == []
        assert Counter(post.channel for post in introductions(slack)) == Counter(p.channel for p in posts)
        assert len({post.channel for post in posts}) == PAIRS
        assert len(slack.workspace.within(COFFEE)) == 1
        assert count(postgres_url, "SELECT count(*) FROM round") == 1
        assert count(postgres_url, "SELECT count(*) FROM match WHERE outcome = 'met'") == PAIRS


async def test_over_sockets_two_workers_hear_each_thing_once(postgres_url: str, tmp_path: Path) -> None:
    env = {"DATABASE_URL": postgres_url}
    async with (
        workspace(*TWENTY) as slack,
        running(slack, tmp_path, command="worker", env=env) as one,
        running(slack, tmp_path, command="worker", env=env) as two,
    ):
        assert slack.sockets.open == 2
        await slack.hands.command(ANA, "/kinkeeper", "run monday-coffee", channel=COFFEE)
        people = [f"U0{name.upper()}" for name in TWENTY]
        await asyncio.gather(*(slack.hands.command(p, "/coffee", "why", channel=COFFEE) for p in people))
        posts = await introduced(slack, pairs=PAIRS)
        pressed = [somebody_in(slack, post) for post in posts]
        for person, post in zip(pressed, posts, strict=True):
            await slack.hands.press(person, post, button(slack, post, "met"), times=2)  # over one socket each
        expected = Counter([ANA, *people, *pressed])
        await until(lambda: only_for(slack).total() >= expected.total(), what="every answer")
        await until(lambda: all(post.edited for post in posts), what="every press shows")
        await until(lambda: count(postgres_url, PENDING) == 0, what="nothing is owed")
        for process in (one, two):
            assert await process.stop() == 0
            assert process.troubles() == []
        assert only_for(slack) == expected
        assert len(introductions(slack)) == len({post.channel for post in posts}) == PAIRS
        assert len(slack.workspace.within(COFFEE)) == 1
        assert count(postgres_url, "SELECT count(*) FROM received") == 1 + len(people) + PAIRS
