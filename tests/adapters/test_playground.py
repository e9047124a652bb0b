"""The playground keeps the platforms' contract; its people act through the page's own requests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from adapters.playground.platform import WORKSPACE, Playground
from adapters.web.app import build
from bot.clock import StillClock
from bot.domain.interactions import Ask, Command, Refused, Reply, Said
from bot.domain.messages import Form, Message, Moment, PeopleField, Person, Place, Quote, Say
from bot.ports import Away, CannotTell, PermanentFailure, Profile, ToChannel, ToPerson, Unreachable
from tests.adapters.contract import ChatPlatformContract
from tests.adapters.platform_bench import CHOICE, PLAIN, SMALL_FORM, Bench
from tests.adapters.playground.bench import PlaygroundBench
from tests.fakes.inbox import ScriptedInbox

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


async def healthy() -> Mapping[str, str]:
    return {"playground": "connected"}


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY)


@pytest.fixture
async def bench(clock: StillClock) -> AsyncIterator[PlaygroundBench]:
    playground = Playground(path=":memory:", clock=clock)
    inbox = ScriptedInbox()
    await playground.start(inbox)
    async with TestClient(TestServer(build(health=healthy, mounts=[playground.routes]))) as client:
        yield PlaygroundBench(playground, inbox, client)
    await playground.stop()


class TestPlayground(ChatPlatformContract):
    """Passes what every platform passes."""

    def test_the_bench_is_a_bench(self, bench: PlaygroundBench) -> None:
        as_bench: Bench = bench
        assert as_bench.platform is bench.playground


async def test_the_same_key_is_one_message(bench: PlaygroundBench) -> None:
    channel = await bench.platform.find_channel("#coffee")
    first = await bench.platform.send(ToChannel(channel.id), PLAIN, key="d1")
    assert await bench.platform.send(ToChannel(channel.id), PLAIN, key="d1") == first
    assert await bench.count(channel.id) == 1


async def test_a_restart_loses_nothing(tmp_path: Path, clock: StillClock) -> None:
    path = tmp_path / "playground.db"
    before = Playground(path=path, clock=clock, people=3, seed=5)
    await before.start(ScriptedInbox())
    channel = await before.find_channel("#coffee")
    sent = await before.send(ToChannel(channel.id), CHOICE, key="d1")
    chat = await before.open_chat(["ana", "ben"], near=channel.id, key="match:1")
    before.service.set_closed("ben", closed=True)
    before.service.set_setting("you", "chloe")
    before.clock_offset = timedelta(days=3)
    due = before.next_at()
    await before.stop()

    after = Playground(path=path, clock=clock, people=3, seed=9)
    await after.start(ScriptedInbox())
    assert await after.find_sent(ToChannel(channel.id), PLAIN, key="d1", since=MONDAY) == sent
    assert await after.find_channel(channel.id) == channel
    assert (await after.send(ToChannel(channel.id), CHOICE, key="d1")) == sent
    with pytest.raises(Unreachable):
        await after.open_chat(["ana", "ben"], near=channel.id, key="match:1")
    after.service.set_closed("ben", closed=False)
    assert await after.open_chat(["ana", "ben"], near=channel.id, key="match:1") == chat
    assert after.service.setting("you") == "chloe"
    assert after.service.setting("seed") == "5"
    assert after.clock_offset == timedelta(days=3)
    assert after.next_at() == due
    await after.stop()


async def test_people_can_be_given_and_the_first_is_an_admin(clock: StillClock) -> None:
    people = [
        Profile(id="u1", name="Ana", timezone=None),
        Profile(id="u2", name="Ben", away=(Away("status"),)),
    ]
    playground = Playground(path=":memory:", clock=clock, people=people)
    members = await playground.members(await playground.find_channel("#coffee"))
    assert [(m.id, m.is_admin, m.away, m.is_bot) for m in members] == [
        ("u1", True, (), False),
        ("u2", False, (Away("status"),), False),
        ("kinkeeper", False, (), True),
    ]
    await playground.stop()


async def test_names_are_read_where_they_are_exactly_somebody(bench: PlaygroundBench) -> None:
    typed = '@Ana @ben, @"x" @CHLOE CHEN @nobody @benny me@ana.org @ana-lyst @Dev. <@emeka>'
    await bench.command("ana", "coffee", typed)
    (happened,) = bench.inbox.received
    assert isinstance(happened, Command)
    assert happened.text == (
        '<@ana> <@ben>, @"x" <@chloe> @nobody @benny me@ana.org @ana-lyst <@dev>. <@emeka>'
    )


async def test_values_are_shown_as_what_they_are(bench: PlaygroundBench) -> None:
    channel = await bench.platform.find_channel("#coffee")
    ben = Person(2, "Ben Brandt", "ben")
    message = Message(
        (
            Say("sample.hello", {"person": ben}),
            Say("sample.place", {"place": Place(channel.id, "coffee")}),
            Say("sample.when", {"when": Moment(MONDAY)}),
            Quote("for <@chloe>, not <@nobody>", by=ben),
        )
    )
    await bench.platform.send(ToChannel(channel.id), message, key="d1")
    await bench.act_as("dev")
    (shown,) = (await bench.state(conversation=channel.id))["messages"]
    hello, place, when, quote = shown["parts"]
    assert hello["runs"][1] == {"kind": "person", "text": "@Ben Brandt", "person": "ben"}
    assert place["runs"][1]["conversation"] == channel.id
    assert when["runs"][1]["text"] == "Monday, 30 November at 14:30 IST"
    assert when["runs"][1]["at"] == "2026-11-30T09:00:00+00:00"
    assert quote["words"] == "for <@chloe>, not <@nobody>"
    assert [run["text"] for run in quote["runs"]] == ["for ", "@Chloe Chen", ", not ", "<@nobody>"]
    assert quote["by"] == {"name": "Ben Brandt", "person": "ben"}


async def test_a_form_is_shown_refused_with_its_errors_and_accepted(bench: PlaygroundBench) -> None:
    sent = await bench.platform.send(ToPerson("ana", "direct"), CHOICE, key="d1")
    asked = Form("f", Say("sample.title"), Say("sample.submit"), (PeopleField("to", Say("sample.field")),))
    bench.inbox.forms["met:42"] = asked
    bench.inbox.answers["f"] = Refused({"to": Say("sample.wrong")})
    shown = await bench.post("press", event_id="e1", message=int(sent.message), action="met:42")
    assert shown["form"]["title"] == "A small form"
    assert bench.inbox.received == []
    body = {"conversation": sent.conversation, "action": "f", "values": {"to": "<@ben>"}}
    refused = await bench.post("submit", event_id="e2", **body)
    assert refused == {"errors": {"to": "Please say a little more."}}
    bench.inbox.answers["f"] = Ask(SMALL_FORM)
    assert (await bench.post("submit", event_id="e3", **body))["form"]["action"] == "sample:1"
    bench.inbox.answers["f"] = Reply()
    assert await bench.post("submit", event_id="e4", **body) == {}


async def test_words_in_the_direct_conversation_reach_the_bot_and_in_a_channel_do_not(
    bench: PlaygroundBench,
) -> None:
    channel = await bench.platform.find_channel("#coffee")
    await bench.post("say", event_id="e1", conversation=channel.id, text="Morning, <b>all</b>")
    assert bench.inbox.received == []
    for _ in range(2):
        await bench.post("say", event_id="e2", conversation="direct-ana", text="hello @ben")
    (happened,) = bench.inbox.counted
    assert isinstance(happened, Said)
    assert happened.text == "hello <@ben>"
    shown = (await bench.state(conversation="direct-ana"))["messages"]
    assert [(m["author"], m["only_you"]) for m in shown] == [("ana", False), (None, True)]


async def test_an_unknown_command_gets_the_nearest(bench: PlaygroundBench) -> None:
    answer = await bench.post("command", event_id="e1", conversation="direct-ana", text="/cofee why")
    assert answer == {"problem": "There is no command /cofee. Did you mean /coffee?"}
    assert bench.inbox.received == []


async def test_a_button_that_is_not_there_any_more_does_nothing(bench: PlaygroundBench) -> None:
    sent = await bench.platform.send(ToPerson("ben", "direct"), CHOICE, key="d1")
    for action in ("met:42", "met:43"):
        answer = await bench.post("press", event_id="e1", message=int(sent.message), action=action)
        assert "gone" in answer["problem"]
    assert bench.inbox.received == []


async def test_a_menu_of_nobody_is_told_so_and_hands_in_nothing(bench: PlaygroundBench) -> None:
    body = {"event_id": "e1", "conversation": "direct-ana", "name": "thanks"}
    for person, status in (("nobody", 404), ("", 400), ("x" * 200, 400), (7, 400)):
        async with bench.client.post("/playground/shortcut", json={**body, "person": person}) as response:
            assert response.status == status
            assert await response.text()
    assert bench.inbox.received == []


async def test_others_conversations_are_not_shown(bench: PlaygroundBench) -> None:
    channel = await bench.platform.find_channel("#coffee")
    chat = await bench.platform.open_chat(["ben", "chloe"], near=channel.id, key="match:1")
    state = await bench.state(conversation=chat)
    assert "messages" not in state
    assert {c["id"] for c in state["conversations"]} == {channel.id, "direct-ana"}
    async with bench.client.post(
        "/playground/say", json={"event_id": "e", "conversation": chat, "text": "hi"}
    ) as response:
        assert response.status == 404


async def test_what_is_unread_is_told_until_it_is_read(bench: PlaygroundBench) -> None:
    sent = await bench.platform.send(ToPerson("ana", "direct"), PLAIN, key="d1")

    async def unread() -> dict[str, int]:
        return {c["id"]: c["unread"] for c in (await bench.state())["conversations"]}

    assert await unread() == {"direct-ana": 1}
    await bench.post("read", conversation="direct-ana", message=int(sent.message))
    assert await unread() == {"direct-ana": 0}


async def test_completion_speaks_as_people_type(bench: PlaygroundBench) -> None:
    bench.inbox.lines = ["/coffee avoid <@ben> monday-coffee", "/coffee why"]

    async def complete(typed: str) -> list[str]:
        async with bench.client.get("/playground/complete", params={"typed": typed}) as response:
            lines: list[str] = (await response.json())["lines"]
            return lines

    assert await complete("/coffee w") == ["/coffee why"]
    assert await complete("/coffee avoid @ben m") == ["/coffee avoid @ben monday-coffee"]
    assert await complete("/coffee avoid @Bran") == ["/coffee avoid @ben "]
    assert await complete("plain words") == []


async def test_a_mention_needs_a_channel_to_stand_in(bench: PlaygroundBench) -> None:
    with pytest.raises(Unreachable):
        await bench.platform.send(ToPerson("ana", "mention"), PLAIN, key="d1")
    with pytest.raises(PermanentFailure):
        await bench.platform.send(ToPerson("nobody", "direct"), PLAIN, key="d1")
    with pytest.raises(PermanentFailure):
        await bench.platform.send(ToPerson("ana", "thread"), PLAIN, key="d1")


async def test_hundreds_of_messages_take_no_time(tmp_path: Path, clock: StillClock) -> None:
    playground = Playground(path=tmp_path / "playground.db", clock=clock, people=30)
    await playground.start(ScriptedInbox())
    channel = await playground.find_channel("#coffee")
    started = datetime.now(UTC)
    for i in range(400):
        await playground.send(ToChannel(channel.id), PLAIN, key=f"d{i}")
    assert datetime.now(UTC) - started < timedelta(seconds=2)
    await playground.stop()


async def test_the_core_is_told_when_somebody_goes_away(bench: PlaygroundBench) -> None:
    await bench.post("person", person="ben", away=True)
    (told,) = bench.inbox.rosters
    assert (told.platform, told.workspace) == ("playground", WORKSPACE)
    members = await bench.platform.members(await bench.platform.find_channel("#coffee"))
    assert not isinstance(members, CannotTell)
    assert [m.id for m in members if m.away] == ["ben"]


async def test_a_long_conversation_comes_in_pages(bench: PlaygroundBench) -> None:
    channel = await bench.platform.find_channel("#coffee")
    for i in range(250):
        await bench.platform.send(ToChannel(channel.id), PLAIN, key=f"d{i}")
    last = await bench.state(conversation=channel.id)
    assert (len(last["messages"]), last["earlier"]) == (200, True)
    first = await bench.state(conversation=channel.id, before=str(last["messages"][0]["id"]))
    assert (len(first["messages"]), first["earlier"]) == (50, False)
    assert (await bench.state(conversation=channel.id, after=str(last["revision"])))["messages"] == []
