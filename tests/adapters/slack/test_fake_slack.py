"""The make-believe Slack's Web API speaks as the real one does, to the real slack_sdk over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import StillClock
from tests.adapters.slack.speaking import (
    ANA,
    BEN,
    BUTTONS,
    CHLOE,
    COFFEE,
    MODAL,
    MONDAY,
    refused,
    small_team,
    web_client,
)
from tests.fakes.slack import FakeSlack


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


async def test_a_message_is_read_as_people_see_it_and_calls_whom_it_names(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    said = await client.chat_postMessage(channel=COFFEE, text="<@U0BEN>", blocks=BUTTONS)
    post = slack.workspace.find(COFFEE, said["ts"])
    assert post is not None
    assert slack.eyes.text(post) == "Did you meet @Ben?\nWe met"
    assert slack.eyes.called(post) == {BEN}
    await client.chat_update(channel=COFFEE, ts=said["ts"], text="a &lt; b <!channel>", blocks=[])
    assert slack.eyes.within(COFFEE) == ["a < b @channel"]
    assert slack.eyes.called(post) == {"everybody"}


async def test_what_slack_would_not_take_is_refused(slack: FakeSlack, client: AsyncWebClient) -> None:
    too_long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    answer = await refused(client.chat_postMessage(channel=COFFEE, text="x", blocks=too_long))
    assert answer["error"] == "invalid_blocks"
    assert "/blocks/0/text" in answer["response_metadata"]["messages"][0]
    many = await refused(client.chat_postMessage(channel=COFFEE, text="x", blocks=[{"type": "divider"}] * 51))
    assert many["error"] == "invalid_blocks"
    assert (await refused(client.chat_postMessage(channel="C0NOWHERE", text="x")))[
        "error"
    ] == "channel_not_found"
    assert (await refused(client.api_call("reactions.add")))["error"] == "unknown_method"
    assert slack.eyes.within(COFFEE) == []


async def test_only_where_the_bot_is_and_something_lives_can_be_posted(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.workspace.add_channel("elsewhere", with_bot=False)
    slack.workspace.add_channel("secret", with_bot=False, private=True)
    slack.workspace.channel("coffee").archived = True
    errors = [
        (await refused(client.chat_postMessage(channel=c, text="x")))["error"]
        for c in ("C0ELSEWHERE", "C0SECRET", COFFEE)
    ]
    assert errors == ["not_in_channel", "channel_not_found", "is_archived"]


async def test_scopes_and_tokens_are_asked_for(slack: FakeSlack, client: AsyncWebClient) -> None:
    answer = await refused(client.conversations_history(channel=COFFEE))
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "channels:history"
    assert "chat:write" in answer["provided"]
    slack.api.scopes.add("channels:history")
    mark = {"event_type": "kinkeeper_delivery", "event_payload": {"key": "d1"}}
    await client.chat_postMessage(channel=COFFEE, text="hello", metadata=mark)
    (found,) = (await client.conversations_history(channel=COFFEE, include_all_metadata=True))["messages"]
    assert found["metadata"] == mark
    (bare,) = (await client.conversations_history(channel=COFFEE))["messages"]
    assert "metadata" not in bare
    assert "channels:history" in (await client.auth_test()).headers["x-oauth-scopes"]
    assert (await refused(client.auth_test(token="xoxb-other")))["error"] == "invalid_auth"
    slack.faults.revoke()
    assert (await refused(client.auth_test()))["error"] == "token_revoked"


async def test_lists_come_in_pages(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.workspace.page_size = 7
    for number in range(40):
        slack.workspace.add_channel(f"room-{number}").archived = number % 2 == 0
    people = [slack.workspace.add_person(f"person-{n}").id for n in range(30)]
    slack.workspace.channel("coffee").members += people
    found, cursor, pages = [], None, 0
    while cursor != "":
        page = await client.conversations_list(cursor=cursor, exclude_archived=True, limit=1000)
        found += [c["name"] for c in page["channels"]]
        cursor, pages = page["response_metadata"]["next_cursor"], pages + 1
    assert len(found) == len(set(found)) == 21
    assert pages == 6
    members = [page["members"] async for page in await client.conversations_members(channel=COFFEE)]
    assert {*people, ANA} <= {m for page in members for m in page}


async def test_a_group_is_the_same_for_the_same_people(slack: FakeSlack, client: AsyncWebClient) -> None:
    first = (await client.conversations_open(users=[ANA, BEN]))["channel"]["id"]
    assert (await client.conversations_open(users=[BEN, ANA]))["channel"]["id"] == first
    assert (await client.conversations_open(users=[ANA]))["channel"]["id"] != first
    crowd = [slack.workspace.add_person(f"p{n}").id for n in range(9)]
    assert (await refused(client.conversations_open(users=crowd)))["error"] == "too_many_users"
    slack.workspace.people[BEN].deleted = True
    assert (await refused(client.conversations_open(users=[ANA, BEN])))["error"] == "user_disabled"
    slack.workspace.people[CHLOE].closed = "cannot_dm_bot"
    assert (await refused(client.conversations_open(users=[CHLOE])))["error"] == "cannot_dm_bot"
    assert (await refused(client.conversations_open(users=["U0NOBODY"])))["error"] == "user_not_found"


async def test_a_file_arrives_with_its_bytes_and_words(slack: FakeSlack, client: AsyncWebClient) -> None:
    await client.files_upload_v2(
        channel=COFFEE, filename="a.ics", content="BEGIN", alt_txt="An entry.", initial_comment="Here:"
    )
    (post,) = slack.workspace.within(COFFEE)
    assert [f.content for f in post.files] == [b"BEGIN"]
    assert slack.eyes.text(post) == "Here:\na.ics\nAn entry."


async def test_faults_come_when_they_are_asked_for(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.fail_next("chat.postMessage", error="ratelimited", retry_after=30)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=COFFEE, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "30")
    slack.faults.fail_next("chat.postMessage", status=500)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=COFFEE, text="x")
    slack.faults.fail_next("chat.postMessage", lost="question")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=COFFEE, text="x")
    assert slack.eyes.within(COFFEE) == []
    slack.faults.fail_next("chat.postMessage", lost="answer")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=COFFEE, text="arrived")
    assert slack.eyes.within(COFFEE) == ["arrived"]
    assert slack.faults.calls["chat.postMessage"] == 4


async def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: FakeSlack, client: AsyncWebClient, clock: StillClock
) -> None:
    trigger = slack.workspace.give_trigger(ANA)
    await client.views_open(trigger_id=trigger, view=MODAL)
    assert (await refused(client.views_open(trigger_id=trigger, view=MODAL)))[
        "error"
    ] == "exchanged_trigger_id"
    late = slack.workspace.give_trigger(ANA)
    clock.set(MONDAY + timedelta(seconds=4))
    assert (await refused(client.views_open(trigger_id=late, view=MODAL)))["error"] == "expired_trigger_id"
    fresh = slack.workspace.give_trigger(ANA)
    wrong = {**MODAL, "title": {"type": "plain_text", "text": "t" * 25}}
    assert (await refused(client.views_open(trigger_id=fresh, view=wrong)))["error"] == "invalid_arguments"


async def test_a_modal_lies_over_another_and_the_first_is_seen_again_afterwards(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    first = await client.views_open(trigger_id=slack.workspace.give_trigger(ANA), view=MODAL)
    inside = slack.workspace.give_trigger(ANA, view=first["view"]["id"])
    second = await client.views_push(trigger_id=inside, view=MODAL)
    assert second["view"]["previous_view_id"] == first["view"]["id"]
    hash_ = first["view"]["hash"]
    calm = {**MODAL, "blocks": BUTTONS[:1]}
    await client.views_update(view_id=first["view"]["id"], view=calm, hash=hash_)
    stale = await refused(client.views_update(view_id=first["view"]["id"], view=calm, hash=hash_))
    assert stale["error"] == "hash_conflict"
    await slack.hands.close(ANA)
    seen = slack.hands.view_of(ANA)
    assert seen is not None
    assert slack.eyes.body(seen) == "Did you meet @Ben?"
    assert (await refused(client.views_update(view_id="V0GONE", view=calm)))["error"] == "not_found"


async def test_people_are_told_of_as_slack_tells_of_them(slack: FakeSlack, client: AsyncWebClient) -> None:
    until_friday = MONDAY + timedelta(days=4)
    slack.workspace.add_person(
        "dev", tz="Asia/Kolkata", status_emoji=":palm_tree:", status_until=until_friday
    )
    slack.workspace.add_person("emeka", deleted=True, is_admin=True)
    slack.workspace.add_person("stranger", is_stranger=True)
    slack.workspace.people[BEN].dnd = (MONDAY, until_friday)
    listed = {u["id"]: u for u in (await client.users_list(include_locale=True))["members"]}
    assert (listed["U0DEV"]["tz"], listed["U0DEV"]["tz_offset"]) == ("Asia/Kolkata", 19800)
    assert listed["U0DEV"]["profile"]["status_expiration"] == int(until_friday.timestamp())
    assert "is_admin" not in listed["U0EMEKA"]
    assert listed["USLACKBOT"]["is_bot"] is False
    assert "U0STRANGER" not in listed
    assert (await client.users_info(user="U0STRANGER"))["user"]["team_id"] == "T2"
    dnd = (await client.dnd_teamInfo(users=[ANA, BEN]))["users"]
    assert (dnd[ANA]["dnd_enabled"], dnd[BEN]["dnd_enabled"]) == (False, True)
    assert dnd[BEN]["next_dnd_end_ts"] == int(until_friday.timestamp())
    assert (await refused(client.dnd_teamInfo(users=[f"U{n}" for n in range(51)])))[
        "error"
    ] == "too_many_users"
