"""What people do at the make-believe Slack reaches the real slack_bolt, over real sockets and over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.clock import StillClock
from tests.adapters.slack.speaking import (
    ANA,
    BEN,
    BUTTONS,
    CHLOE,
    COFFEE,
    MODAL,
    MONDAY,
    connected,
    refused,
    small_team,
    web_client,
)
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.filling import CannotSubmit
from tests.fakes.slack.hands import Broken
from tests.fakes.slack.sockets import Unacknowledged


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY)


@pytest.fixture
async def slack(clock: StillClock) -> AsyncIterator[FakeSlack]:
    async with small_team(clock) as slack:
        yield slack


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    async with web_client(slack) as client:
        yield client


@pytest.fixture
def bolt(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, signing_secret=FakeSlack.signing_secret, request_verification_enabled=True)


async def test_a_command_opens_a_modal_that_comes_back_filled_in(slack: FakeSlack, bolt: AsyncApp) -> None:
    heard: list[Any] = []

    @bolt.command("/thanks")
    async def thanks(ack: Callable[[], Awaitable[None]], body: Any, client: AsyncWebClient) -> None:
        heard.append(body["text"])
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        await ack()

    @bolt.view("form")
    async def form(ack: Callable[..., Awaitable[None]], view: Any) -> None:
        values = view["state"]["values"]
        heard.append((values["to"]["typed"]["selected_users"], values["words"]["typed"]["value"]))
        if "soup" not in values["words"]["typed"]["value"]:
            await ack(response_action="errors", errors={"words": "Say for what."})
        else:
            await ack()

    async with connected(bolt):
        await slack.hands.command(ANA, "/thanks", "<@U0BEN> a & b <3 see https://example.org/?a=1&b=2")
        assert heard == ["<@U0BEN|ben> a &amp; b &lt;3 see <https://example.org/?a=1&amp;b=2>"]
        view = slack.hands.view_of(ANA)
        assert view is not None
        assert slack.eyes.view(view) == "Thanks\nTo whom\nYour words\nSay it"
        with pytest.raises(CannotSubmit):
            await slack.hands.submit(ANA, {"to": "<@U0BEN>"})
        await slack.hands.submit(ANA, {"to": "<@U0BEN>", "words": "for <all> that"})
        assert slack.hands.errors_of(ANA) == {"words": "Say for what."}
        assert slack.hands.view_of(ANA) is view
        await slack.hands.submit(ANA, {"to": "<@U0BEN> <@U0CHLOE>", "words": "the soup"})
        assert slack.hands.errors_of(ANA) == {}
        assert slack.hands.view_of(ANA) is None
    assert heard[1:] == [([BEN], "for <all> that"), ([BEN, CHLOE], "the soup")]


async def test_an_answer_that_slack_cannot_use_is_noticed(slack: FakeSlack, bolt: AsyncApp) -> None:
    @bolt.view("form")
    async def form(ack: Callable[..., Awaitable[None]]) -> None:
        await ack(response_action="errors", errors={"nothing": "No such field."})

    async with connected(bolt):
        trigger = slack.workspace.give_trigger(ANA)
        await bolt.client.views_open(trigger_id=trigger, view=MODAL)
        with pytest.raises(Broken, match="no input"):
            await slack.hands.submit(ANA, {"to": "<@U0BEN>", "words": "hello"})


async def test_a_press_is_answered_to_the_person_alone_five_times_in_half_an_hour(
    slack: FakeSlack, bolt: AsyncApp, clock: StillClock
) -> None:
    addresses: list[str] = []

    @bolt.action("met:42")
    async def met(ack: Callable[[], Awaitable[None]], body: Any, client: AsyncWebClient) -> None:
        addresses.append(body["response_url"])
        await AsyncWebhookClient(body["response_url"], session=client.session).send(text="Noted.")
        await ack()

    said = await bolt.client.chat_postMessage(channel=COFFEE, text="x", blocks=BUTTONS)
    post = slack.workspace.find(COFFEE, said["ts"])
    assert post is not None
    async with connected(bolt):
        await slack.hands.press(ANA, post, "met:42", times=2)
    assert slack.eyes.privately(ANA) == ["Noted.", "Noted."]
    assert slack.eyes.privately(BEN) == []
    assert addresses[0] == addresses[1]
    hook = AsyncWebhookClient(addresses[0], session=bolt.client.session, retry_handlers=[])
    assert [(await hook.send(text="x")).status_code for _ in range(4)] == [200, 200, 200, 404]
    other = f"{slack.root}/response/{slack.workspace.give_response_url(ANA, COFFEE)}"
    clock.set(MONDAY + timedelta(minutes=31))
    late = await AsyncWebhookClient(other, session=bolt.client.session).send(text="x")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


async def test_a_lost_socket_comes_back_and_nothing_is_lost(slack: FakeSlack, bolt: AsyncApp) -> None:
    heard: list[str] = []

    @bolt.event("message")
    async def message(event: Any) -> None:
        heard.append(event["text"])

    slack.sockets.keeps = True
    async with connected(bolt):
        await slack.sockets.drop(2)
        await slack.news.says(ANA, "one")
        slack.sockets.cut()
        await slack.news.says(ANA, "two & three")
        await slack.sockets.drop(2, gracefully=False)
        await slack.news.says(ANA, "four")
    assert heard == ["one", "two &amp; three", "four"]
    assert slack.sockets.connected >= 6


async def test_what_nobody_is_there_for_is_said_to_be_so(slack: FakeSlack) -> None:
    with pytest.raises(Unacknowledged):
        await slack.hands.command(ANA, "/coffee", "why")


async def test_over_http_requests_are_signed(slack: FakeSlack, bolt: AsyncApp) -> None:
    heard: list[str] = []

    @bolt.command("/coffee")
    async def coffee(ack: Callable[[str], Awaitable[None]], body: Any) -> None:
        heard.append(body["text"])
        await ack("Because.")

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_post("/slack/events", events)
    async with TestServer(app) as server:
        requests = slack.over_http(str(server.make_url("/slack/events")))
        await slack.hands.command(ANA, "/coffee", "why", channel=COFFEE)
        assert slack.eyes.privately(ANA) == ["Because."]
        assert (await requests.post("command=%2Fcoffee", forged=True))[0] == 401
        requests.age = 301
        with pytest.raises(Unacknowledged, match="401"):
            await slack.hands.command(ANA, "/coffee", "late")
    assert heard == ["why"]


async def test_an_envelope_may_come_twice_and_goes_over_one_of_several_sockets(
    slack: FakeSlack, bolt: AsyncApp
) -> None:
    heard: list[str] = []

    @bolt.event("message")
    async def message(event: Any) -> None:
        heard.append(event["ts"])

    async with connected(bolt), connected(bolt):
        assert slack.sockets.open == 2
        post = await slack.news.says(ANA, "once")
        await slack.hands.again()
        await slack.news.tell_again_under_another_id()
    assert heard == [post.ts] * 3


async def test_what_was_not_handled_comes_again_to_the_next_one(slack: FakeSlack, bolt: AsyncApp) -> None:
    slack.sockets.keeps = True
    saying = asyncio.create_task(slack.news.says(ANA, "hello?"))
    heard: list[str] = []

    @bolt.event("message")
    async def message(event: Any) -> None:
        heard.append(event["text"])

    async with connected(bolt):
        await saying
    assert heard == ["hello?"]


async def test_a_home_page_is_published_and_pressed_on(slack: FakeSlack, bolt: AsyncApp) -> None:
    heard: list[str] = []
    published = asyncio.Event()

    @bolt.event("app_home_opened")
    async def opened(event: Any, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": BUTTONS})
        published.set()

    @bolt.action("met:42")
    async def met(ack: Callable[[], Awaitable[None]], body: Any) -> None:
        heard.append(body["view"]["type"])
        await ack()

    async with connected(bolt):
        await slack.news.opens_home(ANA)
        await asyncio.wait_for(published.wait(), 5)
        home = slack.workspace.homes[ANA]
        assert slack.eyes.view(home) == "Did you meet @Ben?\nWe met"
        await slack.hands.press_on(ANA, home, "met:42")
    assert heard == ["home"]


async def test_the_manifest_decides_what_the_app_hears_and_is_offered(
    slack: FakeSlack, bolt: AsyncApp
) -> None:
    heard: list[str] = []

    @bolt.event("message")
    async def message(event: Any) -> None:
        heard.append(event["text"])

    scopes = {"bot": ["chat:write"]}
    events: dict[str, Any] = {
        "event_subscriptions": {"bot_events": ["team_join"]},
        "socket_mode_enabled": True,
    }
    slack.install({"oauth_config": {"scopes": scopes}, "settings": events})
    async with connected(bolt):
        await slack.news.says(ANA, "nobody listens")
        with pytest.raises(LookupError, match="coffee"):
            await slack.hands.command(ANA, "/coffee")
        assert (await refused(bolt.client.users_info(user=ANA)))["error"] == "missing_scope"
        events["event_subscriptions"]["bot_events"].append("message.im")
        slack.install({"oauth_config": {"scopes": scopes}, "settings": events})
        await slack.news.says(ANA, "now somebody does")
    assert heard == ["now somebody does"]
