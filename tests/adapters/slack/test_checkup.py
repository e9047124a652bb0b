"""What `kinkeeper doctor` finds out about a workspace, asked over HTTP."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack.calling import make_client, make_session
from adapters.slack.checkup import check_up
from adapters.slack.manifest import HISTORY_SCOPES
from bot.ports import Finding
from tests.fakes.slack import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace with a channel #coffee that the bot is in."""
    async with FakeSlack() as there:
        there.workspace.add_channel("coffee")
        yield there


async def looked(
    there: FakeSlack,
    *channels: str,
    bot_token: str = FakeSlack.bot_token,
    app_token: str | None = FakeSlack.app_token,
    signing_secret: str | None = None,
    url: str | None = None,
) -> dict[str, list[Finding]]:
    """The findings by what they are about."""
    session = make_session()
    try:
        found = await check_up(
            make_client(bot_token, api_url=url or there.url, session=session),
            app_token=app_token,
            signing_secret=signing_secret,
            channels=channels,
            now=datetime.now(UTC),
        )
    finally:
        await session.close()
    about: dict[str, list[Finding]] = {}
    for finding in found:
        about.setdefault(finding.about, []).append(finding)
    return about


def wrong(found: dict[str, list[Finding]]) -> dict[str, str]:
    """What is not well, by what it is about."""
    return {f.about: f.text for findings in found.values() for f in findings if not f.well}


async def test_a_workspace_in_which_all_is_well(slack: FakeSlack) -> None:
    found = await looked(slack, "#coffee")
    assert wrong(found) == {}
    assert list(found) == ["token", "scopes", "history", "app token", "clock", "#coffee"]
    assert "@kinkeeper in the workspace" in found["token"][0].text
    assert "cannot read channels or group messages" in found["history"][0].text


async def test_looking_writes_nothing_and_takes_no_connection(slack: FakeSlack) -> None:
    await looked(slack, "#coffee")
    assert slack.workspace.posts == []
    assert set(slack.faults.calls) <= {
        "auth.test",
        "apps.connections.open",
        "conversations.list",
        "conversations.info",
    }


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_token_that_slack_does_not_take_is_all_there_is_to_say(slack: FakeSlack, code: str) -> None:
    slack.faults.revoke(code)
    found = await looked(slack, "#coffee")
    assert list(found) == ["token"]
    assert code in wrong(found)["token"]
    assert "Install the app again (api.slack.com/apps" in wrong(found)["token"]


async def test_tokens_that_were_taken_for_each_other_are_told_apart(slack: FakeSlack) -> None:
    swapped = await looked(slack, bot_token=slack.app_token)
    assert "SLACK_BOT_TOKEN is not a bot token" in wrong(swapped)["token"]
    assert "begins with xoxb-" in wrong(swapped)["token"]
    twice = await looked(slack, app_token=slack.bot_token)
    assert "SLACK_APP_TOKEN is not an app-level token" in wrong(twice)["app token"]


async def test_a_missing_permission_is_named_with_what_fails_and_how_it_is_added(slack: FakeSlack) -> None:
    slack.api.scopes -= {"im:write", "dnd:read"}
    texts = [f.text for f in (await looked(slack))["scopes"] if not f.well]
    assert [text.split()[0] for text in texts] == ["dnd:read", "im:write"]
    assert "Begin a direct conversation with somebody." in texts[1]
    assert "Reinstall to Workspace" in texts[1]


async def test_whether_the_bot_may_read_is_said_and_is_no_fault(slack: FakeSlack) -> None:
    slack.api.scopes |= {"channels:history"}
    some = await looked(slack)
    assert "these were granted: channels:history." in some["history"][0].text
    slack.api.scopes |= set(HISTORY_SCOPES)
    everything = await looked(slack)
    assert "The bot may read what is written where it is" in everything["history"][0].text
    assert wrong(some) == wrong(everything) == {}


async def test_socket_mode_that_is_off_says_where_it_is_switched_on(slack: FakeSlack) -> None:
    slack.workspace.app = replace(slack.workspace.app, has_socket_mode=False)
    said = wrong(await looked(slack))["app token"]
    assert "connections:write" in said
    assert "Enable Socket Mode" in said


async def test_being_asked_too_often_is_no_fault_of_the_app_token(slack: FakeSlack) -> None:
    slack.faults.fail_next("apps.connections.open", error="ratelimited")
    found = await looked(slack)
    assert wrong(found) == {}
    assert "Ask again in a minute." in found["app token"][0].text


async def test_over_http_the_secret_is_enough_and_without_either_nothing_is_heard(slack: FakeSlack) -> None:
    over_http = await looked(slack, app_token=None, signing_secret="8f742231b10e8888abcd99yyyzzz85a5")
    assert wrong(over_http) == {}
    assert "/slack/events" in over_http["signing secret"][0].text
    assert "8f742231" not in str(over_http)
    neither = wrong(await looked(slack, app_token=None))["app token"]
    assert "SLACK_APP_TOKEN" in neither
    assert "SLACK_SIGNING_SECRET" in neither


async def test_each_channel_says_what_it_lacks(slack: FakeSlack) -> None:
    there = slack.workspace
    there.add_channel("lounge", with_bot=False)
    there.add_channel("old").archived = True
    secret = there.add_channel("secret", private=True, with_bot=False)
    found = wrong(await looked(slack, "#coffee", "#lounge", "#old", "#secret", "#nowhere", secret.id))
    assert set(found) == {"#lounge", "#old", "#secret", "#nowhere", secret.id}
    assert "Write there: /invite @kinkeeper" in found["#lounge"]
    assert "archived" in found["#old"]
    assert "/invite" in found["#secret"]
    assert "no channel #nowhere" in found["#nowhere"]


async def test_a_channel_is_found_by_its_id_and_on_any_page() -> None:
    async with FakeSlack(page_size=7) as slack:
        for number in range(40):
            slack.workspace.add_channel(f"channel-{number}")
        last = slack.workspace.channel("channel-39")
        found = await looked(slack, "#channel-39", last.id)
    assert wrong(found) == {}
    assert found[last.id][0].text.startswith("#channel-39 is there")


@pytest.mark.parametrize(
    ("ahead", "well", "said"),
    [
        (timedelta(seconds=30), True, "The clock is right."),
        (timedelta(seconds=-200), True, "seconds ahead of Slack's"),
        (timedelta(seconds=200), True, "seconds behind Slack's"),
        (timedelta(minutes=10), False, "what Slack sends is refused"),
    ],
)
async def test_the_clock_is_compared_with_slacks(
    slack: FakeSlack, ahead: timedelta, well: bool, said: str
) -> None:
    slack.api.skew = ahead
    [clock] = (await looked(slack))["clock"]
    assert clock.well is well
    assert said in clock.text


@pytest.mark.parametrize("trouble", ["ratelimited", "internal_error", "nothing", "page"])
async def test_trouble_of_slacks_own_is_not_blamed_on_the_token(slack: FakeSlack, trouble: str) -> None:
    match trouble:
        case "nothing":
            slack.faults.fail_next("auth.test", lost="question", times=3)  # a lost question is asked again
        case "page":
            slack.faults.fail_next("auth.test", status=503)
        case error:
            slack.faults.fail_next("auth.test", error=error)
    found = await looked(slack, "#coffee")
    assert list(found) == ["connection"]
    assert f"Slack cannot be reached at {slack.url}" in wrong(found)["connection"]


async def test_where_nobody_listens_the_network_is_to_be_looked_at(slack: FakeSlack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/api/"
    found = wrong(await looked(slack, "#coffee", url=nobody))
    assert list(found) == ["connection"]
    assert "SLACK_API_URL" in found["connection"]
    assert "xoxb" not in found["connection"]
