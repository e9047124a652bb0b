"""The simulation does nothing for somebody that the person at the page did, or did not, for them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

from adapters.playground.platform import Playground
from adapters.web.app import build
from bot.clock import StillClock
from bot.domain.interactions import Interaction, Press
from bot.domain.messages import Button, Buttons, Message, Say
from bot.ports import Sent, ToChat
from tests.adapters.playground.bench import PlaygroundBench
from tests.fakes.inbox import ScriptedInbox

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
LATER = MONDAY + timedelta(days=60)
PAIR = ("ana", "emeka")
OUTCOMES = ("met", "rescheduled", "not")


async def healthy() -> Mapping[str, str]:
    return {}


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


async def introduce(bench: PlaygroundBench, number: int, *, key: str = "introduction") -> Sent:
    chat = await bench.playground.open_chat(PAIR, near="", key=f"match:{number}")
    buttons = tuple(Button(f"{verb}:{number}", Say("sample.button")) for verb in OUTCOMES)
    message = Message((Say("sample.plain"), Buttons(buttons)))
    return await bench.playground.send(ToChat(chat), message, key=f"{key}:{number}")


async def pass_time(bench: PlaygroundBench, clock: StillClock) -> list[Interaction]:
    """Step to each reaction there is; what is heard on the way."""
    before = len(bench.inbox.received)
    while (due := bench.playground.next_at()) is not None and due <= LATER:
        clock.set(max(due, clock.now()))
        await bench.playground.act(clock.now())
    return bench.inbox.received[before:]


def pressed(heard: list[Interaction], account: str) -> list[str]:
    return [h.action for h in heard if isinstance(h, Press) and h.actor.account == account]


async def test_a_press_by_hand_settles_what_they_would_have_pressed(
    bench: PlaygroundBench, clock: StillClock
) -> None:
    introductions = [await introduce(bench, number) for number in range(20)]
    for number in range(10):
        await bench.press("emeka", introductions[number], f"not:{number}")
    await bench.act_as("ana")
    answered = pressed(await pass_time(bench, clock), "emeka")
    assert answered
    assert {int(action.split(":")[1]) for action in answered} <= set(range(10, 20))


async def test_a_reminder_does_not_ask_again_who_answered_by_hand(
    bench: PlaygroundBench, clock: StillClock
) -> None:
    for number in range(10):
        await bench.press("emeka", await introduce(bench, number), f"not:{number}")
        await introduce(bench, number, key="nudge")
    await bench.act_as("dev")
    heard = await pass_time(bench, clock)
    assert pressed(heard, "ana")
    assert pressed(heard, "emeka") == []


async def test_a_press_about_one_match_says_nothing_about_another(
    bench: PlaygroundBench, clock: StillClock
) -> None:
    first = await introduce(bench, 100)
    for number in range(10):
        await introduce(bench, number)
    await bench.press("emeka", first, "not:100")
    await bench.act_as("dev")
    assert len(pressed(await pass_time(bench, clock), "emeka")) > 5


async def test_what_fell_due_while_they_were_played_by_hand_stays_undone(
    bench: PlaygroundBench, clock: StillClock
) -> None:
    for number in range(20):
        await introduce(bench, number)
    clock.set(MONDAY + timedelta(days=4))  # a Friday: some of what ana would have pressed is due, some is not
    await bench.playground.act(clock.now())
    await bench.act_as("dev")
    assert await bench.playground.act(clock.now()) == 0
    later = pressed(await pass_time(bench, clock), "ana")
    assert 0 < len(later) < 15


async def test_to_be_who_one_is_already_drops_nothing(bench: PlaygroundBench, clock: StillClock) -> None:
    for number in range(10):
        await introduce(bench, number)
    clock.set(LATER)
    await bench.act_as("ana")
    states = bench.playground.service.database.execute("SELECT DISTINCT state FROM reaction").fetchall()
    assert states == [("pending",)]


async def test_one_that_comes_late_waits_until_they_work(bench: PlaygroundBench, clock: StillClock) -> None:
    for number in range(10):
        await introduce(bench, number)
    bench.playground.service.set_setting("colleagues", "off")
    saturday = datetime(2026, 12, 19, 11, 0, tzinfo=UTC)
    clock.set(saturday)
    bench.playground.service.set_setting("colleagues", "on")
    assert await bench.playground.act(saturday) == 0
    due = bench.playground.next_at()
    assert due is not None
    assert (due.day, due.hour) == (21, 7)  # Monday, past eight in Lagos
    assert await bench.playground.act(due) > 0


async def test_nobody_is_offered_themselves_to_avoid_or_to_thank(bench: PlaygroundBench) -> None:
    bench.inbox.lines = ["/coffee avoid @ana", "/coffee avoid @ben"]

    async def offered(typed: str) -> list[str]:
        async with bench.client.get("/playground/complete", params={"typed": typed}) as response:
            lines: list[str] = (await response.json())["lines"]
            return [line.strip() for line in lines]

    assert "/coffee avoid @ana" not in await offered("/coffee avoid @")
    assert "/coffee avoid @ben" in await offered("/coffee avoid @")
    assert await offered("/coffee avoid @an") == []
    assert await offered("/thanks @an") == []
    assert await offered("hello @an") == ["hello @ana"]
