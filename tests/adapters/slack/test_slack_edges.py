"""What Slack, and what stands between it and the bot, does now and then: each was a way to lose or double something."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.slack import calling, forms
from adapters.slack.manifest import manifest
from adapters.slack.people import kept
from adapters.slack.platform import Slack
from adapters.slack.replying import Spot
from bot.clock import SystemClock
from bot.domain.messages import Button, Buttons, File, Form, Message, Quote, Say, TextField
from bot.ports import NeedsAdmin, PerhapsDone, PermanentFailure, Surroundings, TemporaryFailure, ToChannel
from tests.adapters.slack.bench import SlackBench, inhabited, over_http, over_sockets
from tests.adapters.slack.running import until
from tests.fakes.inbox import ScriptedInbox
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.records import Post

HELLO = Say("sample.plain")
LONG = Message(tuple(Quote("x" * 2900) for _ in range(12)))  # more than one of Slack's messages
COFFEE = "C0COFFEE"
PASSED_ON = ("Authorization", "Content-Type")
PASSED_BACK = ("Content-Type", "x-oauth-scopes")


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        slack.install(manifest(with_history=True))
        yield inhabited(slack)


@pytest.fixture
async def bench(slack: FakeSlack) -> AsyncIterator[SlackBench]:
    async with over_sockets(slack) as bench:
        yield bench


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, "text/html"), (200, "text/plain"), (200, "application/json"), (403, "text/html")],
)
async def test_a_page_that_is_not_slacks_is_no_answer_and_is_asked_for_again(
    slack: FakeSlack, status: int, kind: str
) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(status=status, content_type=kind, text="<p>Please log in to this network.</p>")

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", page)
    async with TestServer(app) as somebody_elses:
        platform = Slack(
            clock=SystemClock(),
            bot_token=slack.bot_token,
            app_token=slack.app_token,
            api_url=str(somebody_elses.make_url("/api/")),
        )
        await platform.start(ScriptedInbox())
        try:
            assert platform.state().startswith(f"Something other than Slack answered (HTTP {status}).")
            with pytest.raises(TemporaryFailure):
                await platform.find_channel("#coffee")
            assert [(found.about, found.well) for found in await platform.diagnose([])] == [
                ("connection", False)
            ]
        finally:
            await platform.stop()


async def test_a_page_that_is_not_slacks_does_not_say_that_slack_lets_the_bot_in_again(
    slack: FakeSlack, bench: SlackBench
) -> None:
    slack.faults.revoke()
    with pytest.raises(NeedsAdmin):
        await bench.platform.find_channel("#coffee")
    shut_out = bench.platform.state()
    slack.faults.fail_next("chat.postMessage", status=404, error="")
    with pytest.raises(TemporaryFailure):
        await bench.platform.send(ToChannel(COFFEE), Message((HELLO,)), key="kinkeeper-1")
    assert bench.platform.state() == shut_out


async def test_what_is_left_of_a_message_is_not_taken_for_nothing(
    slack: FakeSlack, bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = slack.workspace.post

    def then_slack_is_busy(*given: Any, **more: Any) -> Post:
        slack.faults.fail_next("chat.postMessage", error="ratelimited", retry_after=200)
        return write(*given, **more)

    since = SystemClock().now()
    monkeypatch.setattr(slack.workspace, "post", then_slack_is_busy)
    slack.faults.fail_next("chat.delete", error="ratelimited", retry_after=0)
    with pytest.raises(PerhapsDone):
        await bench.platform.send(ToChannel(COFFEE), LONG, key="kinkeeper-1")
    assert await bench.count(COFFEE) == 1
    assert await bench.platform.find_sent(ToChannel(COFFEE), LONG, key="kinkeeper-1", since=since) is None
    assert await bench.count(COFFEE) == 0, "so that it can be sent whole"


async def test_slackbots_words_to_the_bot_are_nobodys(slack: FakeSlack, bench: SlackBench) -> None:
    slack.workspace.open_im("USLACKBOT")
    await slack.news.says("USLACKBOT", "You have been removed from #coffee by <@U0ANA>")
    await bench.quiet()
    assert bench.inbox.received == []
    assert slack.faults.calls["conversations.open"] == 0


async def test_that_the_bot_was_taken_out_of_a_public_channel_is_heard(
    slack: FakeSlack, bench: SlackBench
) -> None:
    await bench.platform.find_channel("#coffee")
    await slack.news.removes_bot(COFFEE)
    await until(lambda: bool(bench.inbox.rosters), what="the roster is read again")


async def test_a_channel_named_by_its_id_is_asked_about_anew_when_something_changed(
    slack: FakeSlack, bench: SlackBench
) -> None:
    await bench.platform.find_channel("#coffee")
    await slack.news.renames(COFFEE, "espresso")
    await until(lambda: bool(bench.inbox.rosters), what="the roster is read again")
    assert (await bench.platform.find_channel(COFFEE)).name == "espresso"
    await slack.news.archives(COFFEE)
    await until(lambda: len(bench.inbox.rosters) == 2, what="it is read once more")
    with pytest.raises(PermanentFailure, match="archived"):
        await bench.platform.find_channel(COFFEE)


async def test_a_stranger_does_not_see_a_form(slack: FakeSlack, bench: SlackBench) -> None:
    slack.workspace.add_person("zoe", is_stranger=True)
    slack.workspace.channel("coffee").members.append("U0ZOE")
    bench.inbox.forms["answer:1"] = Form("answer:1", HELLO, HELLO, (TextField("words", HELLO),))
    asked = Message((HELLO, Buttons((Button("answer:1", HELLO),))))
    sent = await bench.platform.send(ToChannel(COFFEE), asked, key="kinkeeper-1")
    await bench.press("U0ZOE", sent, "answer:1")
    assert await bench.shown("U0ZOE") is None
    assert slack.eyes.privately("U0ZOE")[-1].startswith("You and I belong to different workspaces")
    await bench.press("U0ANA", sent, "answer:1")
    assert await bench.shown("U0ANA") is not None


async def test_all_that_goes_to_slack_goes_through_the_proxy(
    slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[str] = []

    async def pass_on(request: web.Request) -> web.Response:
        passed.append(request.path.split("/")[1])
        kept = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        body = await request.read()
        async with onwards.request(request.method, request.url, data=body, headers=kept) as answer:
            told = {name: answer.headers[name] for name in PASSED_BACK if name in answer.headers}
            return web.Response(status=answer.status, body=await answer.read(), headers=told)

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", pass_on)
    async with ClientSession() as onwards, TestServer(app) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", str(proxy.make_url("")))
        platform = Slack(
            clock=SystemClock(), bot_token=slack.bot_token, signing_secret="a secret", api_url=slack.url
        )
        await platform.start(ScriptedInbox())
        try:
            code = slack.workspace.give_response_url("U0ANA", COFFEE)
            where = Spot("U0ANA", response_url=f"{slack.root}/response/{code}", channel=COFFEE)
            await platform.replies.say(where, Message((HELLO, File("a.txt", "text/plain", b"words", HELLO))))
        finally:
            await platform.stop()
    assert slack.eyes.privately("U0ANA")
    assert [file.content for post in slack.workspace.within("D00ANA") for file in post.files] == [b"words"]
    assert {"api", "response", "upload"} == set(passed)


async def test_a_network_that_swallows_everything_is_not_taken_for_a_message_that_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calling, "CONNECTED", 0.2)
    with socket.socket() as full, ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):  # more than it takes: whoever comes next waits for ever
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        async with calling.make_session() as session:
            url = f"http://127.0.0.1:{full.getsockname()[1]}/api/"
            client = calling.make_client("xoxb-1", api_url=url, session=session)
            api = calling.Api(client, noticed=lambda code: None)
            with pytest.raises(TemporaryFailure, match="cannot be reached"):
                await api.call("chat.postMessage", channel=COFFEE, text="Hello")


async def test_a_line_break_at_the_end_of_a_token_is_no_part_of_it(slack: FakeSlack, tmp_path: Path) -> None:
    variables = {name: f"{value}\n" for name, value in slack.variables.items()}
    platform = Slack.set_up(Surroundings(SystemClock(), tmp_path, variables))
    await platform.start(ScriptedInbox())
    try:
        assert platform.state() == "connected"
    finally:
        await platform.stop()


async def test_the_first_event_is_handled_though_slack_is_busy_with_other_questions(
    slack: FakeSlack, bench: SlackBench
) -> None:
    slack.faults.fail_next("auth.test", error="ratelimited", times=9)
    await bench.command("U0ANA", "coffee", "skip")
    assert [each.actor.account for each in bench.inbox.received] == ["U0ANA"]
    assert all("reinstall" not in said for said in slack.eyes.privately("U0ANA"))


async def test_a_form_does_not_go_on_saying_one_moment_when_the_answer_comes_in_that_very_moment(
    slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "IN_TIME", 0)
    slack.install(manifest(http="https://kinkeeper.example.org"))
    async with over_http(slack) as bench:
        form = Form("settings", HELLO, HELLO, (TextField("words", HELLO),))
        await bench.submit("U0ANA", form, {"words": "at once"})
        view = slack.hands.view_of("U0ANA")
        assert view is not None
        assert "One moment" not in slack.eyes.view(view)


async def test_after_the_socket_was_gone_people_are_asked_about_anew(
    slack: FakeSlack, bench: SlackBench
) -> None:
    await bench.platform.profiles(["U0ANA"])
    slack.workspace.people["U0ANA"].real_name = "Ana Lopez"
    await slack.sockets.drop()
    await until(lambda: bool(bench.inbox.rosters), what="the roster is read again")
    assert [person.name for person in await bench.platform.profiles(["U0ANA"])] == ["Ana Lopez"]


async def test_a_message_that_is_begun_does_not_wait_for_longer_than_it_is_claimed(
    slack: FakeSlack, bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = slack.workspace.post

    def then_slack_is_busy(*given: Any, **more: Any) -> Post:
        slack.faults.fail_next("chat.postMessage", error="ratelimited", retry_after=60)
        return write(*given, **more)

    monkeypatch.setattr(slack.workspace, "post", then_slack_is_busy)
    with pytest.raises(TemporaryFailure):
        await bench.platform.send(ToChannel(COFFEE), LONG, key="kinkeeper-1")
    assert await bench.count(COFFEE) == 0


def test_of_a_person_no_more_is_kept_than_is_used() -> None:
    told = {"id": "U1", "tz": "Europe/Berlin", "color": "9f69e7"}
    profile = {"display_name": "ana", "phone": "555 0100", "email": "ana@example.org"}
    assert kept({**told, "profile": profile}) == {
        "id": "U1",
        "tz": "Europe/Berlin",
        "profile": {"display_name": "ana"},
    }
