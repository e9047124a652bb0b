"""The make-believe colleagues thank, answer, host and care, believably, and alike for one seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.playground.platform import Playground
from bot.clock import StillClock
from bot.domain.interactions import Ask, Press, Refused, Submit
from bot.domain.messages import Button, Buttons, ChoiceField, Form, Message, Option, Person, Say, TextField
from bot.ports import ToChannel, ToPerson
from tests.adapters.playground.simulated import LATER, MONDAY, heard, offering, play, tell
from tests.fakes.inbox import ScriptedInbox


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY)


@pytest.fixture
async def playground(clock: StillClock) -> AsyncIterator[Playground]:
    made = Playground(path=":memory:", clock=clock)
    await made.start(ScriptedInbox())
    yield made
    await made.stop()


def answering(*, code: str) -> Form:
    scale = tuple(Option(str(n), Say("sample.count", {"count": n})) for n in range(1, 6))
    fields = (ChoiceField("q0", Say("sample.field"), scale), TextField("q1", Say("sample.field"), long=True))
    return Form(f"answer:9:{code}", Say("sample.title"), Say("sample.submit"), fields)


async def test_a_random_code_in_a_form_does_not_change_what_is_answered(clock: StillClock) -> None:
    async def story(code: str) -> list[tuple[str, dict[str, str]]]:
        clock.set(MONDAY)
        playground = Playground(path=":memory:", clock=clock)
        inbox = ScriptedInbox()
        inbox.answers["answer:9"] = Ask(answering(code=code))
        await playground.start(inbox)
        for person in playground.service.people():
            await playground.send(ToPerson(person.id, "direct"), offering("answer:9"), key=f"d-{person.id}")
        await play(playground, clock, until=LATER)
        sent = [h for h in inbox.received if isinstance(h, Submit)]
        assert {h.action for h in sent} == {f"answer:9:{code}"}
        await playground.stop()
        return [(h.actor.account, dict(h.values)) for h in sent]

    first = await story("k3f9")
    assert len(first) > 4
    assert first == await story("zzzz")


async def test_a_form_that_is_refused_is_filled_in_once(playground: Playground, clock: StillClock) -> None:
    assert isinstance(playground.inbox, ScriptedInbox)
    playground.inbox.forms["answer:9"] = answering(code="x")
    playground.inbox.answers["answer:9:x"] = Refused({"q1": Say("sample.wrong")})
    for person in playground.service.people():
        await playground.send(ToPerson(person.id, "direct"), offering("answer:9"), key=f"d-{person.id}")
    await play(playground, clock, until=LATER)
    tried = Counter(h.actor.account for h in heard(playground))
    assert len(tried) > 4
    assert set(tried.values()) == {1}
    assert playground.next_at() is None


async def test_each_prompt_moves_some_to_say_thanks(playground: Playground, clock: StillClock) -> None:
    channel = await playground.find_channel("#thanks")
    said = []
    for week in range(12):
        clock.set(MONDAY + timedelta(weeks=week))
        await playground.send(ToChannel(channel.id), offering("thanks:1"), key=f"prompt-{week}")
        await play(playground, clock, until=MONDAY + timedelta(weeks=week + 1))
        said.append(len(heard(playground)))
    assert said == sorted(said)
    assert said[0] < said[-1]
    assert 10 < said[-1] < 45  # eight people, twelve prompts, a quarter


async def test_only_the_host_passes_and_only_others_volunteer(
    playground: Playground, clock: StillClock
) -> None:
    channel = await playground.find_channel("#team")
    for number in range(300):
        host = Person(2, "Ben Brandt", "ben")
        buttons = (Button(f"{verb}:{number}", Say("sample.button")) for verb in ("pass", "volunteer"))
        message = Message((Say("sample.hello", {"person": host}), Buttons(tuple(buttons))))
        await playground.send(ToChannel(channel.id), message, key=f"d{number}")
    await play(playground, clock, until=LATER)
    who: dict[str, set[str]] = {"pass": set(), "volunteer": set()}
    for happened in heard(playground):
        assert isinstance(happened, Press)
        who[happened.action.split(":")[0]].add(happened.actor.account)
    assert who["pass"] == {"ben"}
    assert "ben" not in who["volunteer"]
    assert len(who["volunteer"]) > 3


async def test_their_events_name_nobody(playground: Playground, clock: StillClock) -> None:
    await tell(playground)
    await play(playground, clock, until=LATER)
    events = {h.event_id for h in heard(playground)}
    assert len(events) == len(heard(playground)) > 50
    assert not any(name in event for event in events for name in ("ben", "chloe", "met", "not"))
