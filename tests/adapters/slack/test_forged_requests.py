"""What comes to the program in Slack's name: only what Slack signed, just now, and each thing once."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import aiohttp
import pytest

from tests.adapters.slack.running import (
    ANA,
    BEN,
    COFFEE,
    button,
    database,
    introductions,
    running,
    somebody_in,
    until,
    workspace,
)
from tests.chaos.looking import count
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.records import Json
from tests.fakes.slack.requests import FORM, Requests, encode, sign
from tests.fakes.slack.sockets import Unacknowledged

RECEIVED = "SELECT count(*) FROM received"
PAUSES = "SELECT count(*) FROM pause"


class Kept:
    """Keeps what would be sent."""

    body = ""

    async def deliver(
        self, kind: str, payload: Json, *, retry: int = 0, reason: str = "", times: int = 1
    ) -> Json:
        self.body, _ = encode(kind, payload)
        return {}


async def body_of_a_command(slack: FakeSlack) -> str:
    """What Slack would post if Ben typed `/coffee pause 2 weeks`."""
    slack.hands.way = kept = Kept()
    await slack.hands.command(BEN, "/coffee", "pause 2 weeks", channel=COFFEE)
    return kept.body


async def post(url: str, body: str, headers: dict[str, str]) -> int:
    given = {"Content-Type": FORM, **headers}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body.encode(), headers=given) as response,
    ):
        return response.status


async def test_what_slack_did_not_sign_just_now_is_refused_and_has_no_effect(tmp_path: Path) -> None:
    async with (
        workspace(over_http=True) as slack,
        running(slack, tmp_path, over_http=True) as program,
    ):
        url = f"{program.address}/slack/events"
        body = await body_of_a_command(slack)
        now = str(int(time.time()))
        signature = sign(body, now, secret=slack.signing_secret)
        stamped, signed = {"X-Slack-Request-Timestamp": now}, {"X-Slack-Signature": signature}
        assert await post(url, body, {}) == 401
        assert await post(url, body, stamped) == 401
        assert await post(url, body, signed) == 401
        assert await post(url, body, stamped | {"X-Slack-Signature": ""}) == 401
        assert await post(url, body, stamped | {"X-Slack-Signature": "v0=" + "0" * 64}) == 401
        assert await post(url, body + "&text=leave", stamped | signed) == 401
        assert await post(url, body, signed | {"X-Slack-Request-Timestamp": "yesterday"}) == 401
        requests = Requests(url)
        assert (await requests.post(body, forged=True))[0] == 401
        for age in (301, 86_400, -330):  # seconds; the last is a clock that is ahead
            requests.age = age
            assert (await requests.post(body))[0] == 401
        for nonsense in ("", "{", "payload=%7B", "ÿ"):
            assert (await requests.post(nonsense, forged=True))[0] == 401
        assert count(database(tmp_path), RECEIVED) == 0
        assert slack.eyes.privately(BEN) == []

        assert await post(url, body, stamped | signed) == 200
        await until(lambda: slack.eyes.privately(BEN), what="an answer")
        assert await post(url, body, stamped | signed) == 200  # within five minutes it can be replayed
        assert await program.stop() == 0
        assert count(database(tmp_path), PAUSES) == count(database(tmp_path), RECEIVED) == 1
        assert len(slack.eyes.privately(BEN)) == 1
        assert program.troubles() == []


async def test_slack_is_told_that_the_address_is_the_apps_and_nonsense_does_no_harm(tmp_path: Path) -> None:
    async with (
        workspace(over_http=True) as slack,
        running(slack, tmp_path, over_http=True) as program,
    ):
        requests = Requests(f"{program.address}/slack/events")
        asked = json.dumps(
            {"type": "url_verification", "token": "verification-token", "challenge": "abc-123"}
        )
        status, text = await requests.post(asked, "application/json")
        assert (status, json.loads(text)["challenge"]) == (200, "abc-123")
        assert (await requests.post(asked, "application/json", forged=True))[0] == 401
        for nonsense in ("", "{", "[]", "7", "payload=%7B", "payload=7", "a=b", "ÿ"):
            for content_type in (FORM, "application/json"):
                status, _ = await requests.post(nonsense, content_type)
                assert 200 <= status < 500, nonsense
        await slack.hands.command(BEN, "/coffee", "why", channel=COFFEE)
        await until(lambda: slack.eyes.privately(BEN), what="an answer")
        assert await program.stop() == 0
        assert "Traceback" not in program.process.output


@pytest.mark.parametrize("over_http", [False, True], ids=["over sockets", "over HTTP"])
async def test_what_comes_twice_has_one_effect_and_one_answer(tmp_path: Path, over_http: bool) -> None:
    async with (
        workspace(over_http=over_http) as slack,
        running(slack, tmp_path, over_http=over_http) as program,
    ):
        await slack.hands.command(BEN, "/coffee", "pause 2 weeks", channel=COFFEE)
        await slack.hands.again(retry=1)
        await until(lambda: slack.eyes.privately(BEN), what="an answer")
        await slack.hands.again(retry=2)

        await slack.news.says(BEN, "hello")
        await slack.hands.again(retry=1, reason="http_timeout")
        await slack.news.tell_again_under_another_id()

        await slack.hands.command(ANA, "/kinkeeper", "run monday-coffee", channel=COFFEE)
        await slack.hands.again(retry=1)
        intro = (await until(lambda: introductions(slack), what="an introduction"))[0]
        somebody = somebody_in(slack, intro)
        before = len(slack.eyes.privately(somebody))
        await slack.hands.press(somebody, intro, button(slack, intro, "met"), times=3)
        await slack.hands.again(retry=1)
        await until(lambda: intro.edited, what="the message is another one")

        assert await program.stop() == 0
        url = database(tmp_path)
        assert count(url, RECEIVED) == 4
        assert count(url, PAUSES) == count(url, "SELECT count(*) FROM round") == 1
        assert len(slack.eyes.privately(BEN)) == 1
        assert len(slack.eyes.to(BEN)) == 1
        assert len(slack.eyes.privately(somebody)) - before <= 1
        assert program.troubles() == []


async def test_a_retry_over_http_of_what_a_killed_process_had_not_handled_is_handled(tmp_path: Path) -> None:
    async with workspace(over_http=True) as slack:
        eve = slack.workspace.add_person("eve").id  # in no channel, so the bot has to ask who she is
        async with running(slack, tmp_path, over_http=True) as first:
            slack.faults.fail_next("users.info", lost="question", meanwhile=first.process.kill)
            with pytest.raises(Unacknowledged):
                await slack.news.says(eve, "hello")
        assert count(database(tmp_path), RECEIVED) == 0
        async with running(slack, tmp_path, over_http=True) as second:
            await slack.hands.again(retry=1, reason="http_error")
            await until(lambda: slack.eyes.to(eve), what="an answer")
            await slack.hands.again(retry=2, reason="http_error")
            assert await second.stop() == 0
        assert count(database(tmp_path), RECEIVED) == 1
        assert len(slack.eyes.to(eve)) == 1


async def test_a_retry_of_what_was_handled_before_the_process_was_killed_is_not_handled_again(
    tmp_path: Path,
) -> None:
    async with workspace(over_http=True) as slack:
        async with running(slack, tmp_path, over_http=True) as first:
            await until(lambda: slack.workspace.within(COFFEE), what="it has introduced itself")
            kill = first.process.kill
            slack.faults.fail_next("chat.postMessage", lost="answer", meanwhile=kill)
            with pytest.raises(Unacknowledged):
                await slack.news.says(BEN, "hello")
        assert count(database(tmp_path), RECEIVED) == 1
        async with running(slack, tmp_path, over_http=True) as second:
            await slack.hands.again(retry=1, reason="http_error")
            assert await second.stop() == 0
        assert count(database(tmp_path), RECEIVED) == 1
        assert len(slack.eyes.to(BEN)) == 1


async def test_an_envelope_that_a_killed_process_had_not_acknowledged_goes_to_the_next(
    tmp_path: Path,
) -> None:
    async with workspace() as slack:
        slack.sockets.keeps = True
        eve = slack.workspace.add_person("eve").id
        async with running(slack, tmp_path) as first:
            slack.faults.fail_next("users.info", lost="question", meanwhile=first.process.kill)
            saying = asyncio.create_task(slack.news.says(eve, "hello"))
            await asyncio.to_thread(first.process.popen.wait, 15)
        assert count(database(tmp_path), RECEIVED) == 0
        async with running(slack, tmp_path) as second:
            await saying
            await until(lambda: slack.eyes.to(eve), what="an answer")
            assert await second.stop() == 0
        assert count(database(tmp_path), RECEIVED) == 1
        assert len(slack.eyes.to(eve)) == 1
