"""The make-believe colleagues answer by themselves, alike for one seed, never for the one at the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.playground.platform import Playground
from bot.clock import StillClock
from bot.domain.interactions import Interaction, Press, Refused, Submit
from bot.domain.messages import (
    ChoiceField,
    DateField,
    Form,
    Message,
    Option,
    PeopleField,
    Say,
    TextField,
)
from bot.ports import ToChannel, ToChat, ToPerson
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


async def test_they_react_after_a_while_in_order_of_time(playground: Playground, clock: StillClock) -> None:
    await tell(playground)
    first = playground.next_at()
    assert first is not None
    assert first >= MONDAY + timedelta(minutes=5)
    assert await playground.act(first - timedelta(seconds=1)) == 0
    assert await playground.act(first) == 1
    assert await play(playground, clock, until=LATER) > 50
    assert playground.next_at() is None


async def test_most_have_met_some_have_not_some_say_nothing(
    playground: Playground, clock: StillClock
) -> None:
    await tell(playground, rounds=200)
    await play(playground, clock, until=LATER)
    said = Counter(h.action.split(":")[0] for h in heard(playground) if isinstance(h, Press))
    assert 0.65 < said["met"] / 400 < 0.85
    assert said["rescheduled"] > 5
    assert said["not"] > 5
    assert said.total() < 390


async def test_each_says_at_most_once_what_became_of_a_match(
    playground: Playground, clock: StillClock
) -> None:
    await tell(playground)
    for number in range(60):  # the nudge asks again
        chat = await playground.open_chat(["ben", "chloe"], near="", key=f"match:{number}")
        await playground.send(ToChat(chat), offering(f"met:{number}", f"not:{number}"), key=f"nudge{number}")
    await play(playground, clock, until=LATER)
    said = Counter(
        (h.actor.account, h.action.split(":")[1]) for h in heard(playground) if isinstance(h, Press)
    )
    assert max(said.values()) == 1


async def test_they_choose_one_of_the_suggested_times_within_hours(
    playground: Playground, clock: StillClock
) -> None:
    for number in range(20):
        chat = await playground.open_chat(["ben", "chloe"], near="", key=f"match:{number}")
        message = offering(f"time:{number}:0", f"time:{number}:1", f"met:{number}")
        await playground.send(ToChat(chat), message, key=f"d{number}")
    await play(playground, clock, until=MONDAY + timedelta(hours=7))
    chosen = [h.action for h in heard(playground) if isinstance(h, Press)]
    assert {a.split(":")[0] for a in chosen} == {"time"}
    assert {a.split(":")[2] for a in chosen} == {"0", "1"}


async def test_they_never_act_for_the_person_at_the_page(playground: Playground, clock: StillClock) -> None:
    playground.service.set_setting("you", "ben")
    await tell(playground)
    await play(playground, clock, until=LATER)
    assert {h.actor.account for h in heard(playground)} == {"chloe"}


async def test_the_first_sits_at_the_page_unless_nobody_does(
    playground: Playground, clock: StillClock
) -> None:
    channel = await playground.find_channel("#coffee")
    for number in range(10):
        await playground.send(ToChannel(channel.id), offering(f"join:{number}"), key=f"d{number}")
    await play(playground, clock, until=MONDAY + timedelta(days=20))
    assert "ana" not in {h.actor.account for h in heard(playground)}
    playground.service.set_setting("you", "")
    await play(playground, clock, until=LATER)
    assert "ana" in {h.actor.account for h in heard(playground)}


async def test_they_can_be_switched_off_and_come_back_to_it_later(
    playground: Playground, clock: StillClock
) -> None:
    await tell(playground)
    playground.service.set_setting("colleagues", "off")
    assert playground.next_at() is None
    assert await playground.act(LATER) == 0
    playground.service.set_setting("colleagues", "on")
    assert await playground.act(LATER) > 0


async def test_one_seed_one_story_and_another_seed_another(tmp_path: Path) -> None:
    async def story(seed: int, *, restart: bool = False) -> list[tuple[str, str, datetime]]:
        clock = StillClock(MONDAY)
        path = tmp_path / f"{seed}-{restart}.db"
        playground = Playground(path=path, clock=clock, seed=seed)
        inbox = ScriptedInbox()
        await playground.start(inbox)
        await tell(playground, rounds=20)
        told = []

        def note(happened: Interaction) -> Refused:
            assert isinstance(happened, Press)
            told.append((happened.actor.account, happened.action, clock.now()))
            return Refused()

        inbox.answers = {f"{v}:{n}": note for v in ("met", "rescheduled", "not") for n in range(20)}
        await play(playground, clock, until=MONDAY + timedelta(days=3))
        if restart:
            await playground.stop()
            playground = Playground(path=path, clock=clock, seed=seed)
            await playground.start(inbox)
        await play(playground, clock, until=LATER)
        await playground.stop()
        return told

    assert await story(1) == await story(1, restart=True)
    assert await story(1) != await story(2)


async def test_the_order_in_which_conversations_are_told_makes_no_difference() -> None:
    async def story(order: list[int]) -> list[tuple[str, str]]:
        clock = StillClock(MONDAY)
        playground = Playground(path=":memory:", clock=clock)
        await playground.start(ScriptedInbox())
        for number in order:
            pair = [["ben", "chloe"], ["dev", "emeka"]][number]
            chat = await playground.open_chat(pair, near="", key=f"match:{number}")
            await playground.send(
                ToChat(chat), offering(f"time:{number}:0", f"met:{number}"), key=f"d{number}"
            )
        await play(playground, clock, until=LATER)
        told = [(h.actor.account, h.action) for h in heard(playground) if isinstance(h, Press)]
        await playground.stop()
        return told

    assert await story([0, 1]) == await story([1, 0])


async def test_a_form_that_a_button_opens_is_filled_in(playground: Playground, clock: StillClock) -> None:
    assert isinstance(playground.inbox, ScriptedInbox)
    playground.inbox.forms["answer:9"] = Form(
        "answered:9",
        Say("sample.title"),
        Say("sample.submit"),
        (
            TextField("words", Say("sample.field"), max_length=20),
            ChoiceField(
                "energy",
                Say("sample.field"),
                tuple(Option(str(n), Say("sample.count", {"count": n})) for n in range(1, 6)),
            ),
            PeopleField("who", Say("sample.field")),
            DateField("until", Say("sample.field")),
        ),
    )
    for person in playground.service.people():
        await playground.send(ToPerson(person.id, "direct"), offering("answer:9"), key=f"d-{person.id}")
    await play(playground, clock, until=LATER)
    sent = heard(playground)
    assert len(sent) > 4
    for happened in sent:
        assert isinstance(happened, Submit)
        assert happened.action == "answered:9"
        assert 0 < len(happened.values["words"]) <= 20
        assert happened.values["energy"] in set("12345")
        assert happened.values["who"] != f"<@{happened.actor.account}>"
        assert datetime.fromisoformat(happened.values["until"]).date() > MONDAY.date()


async def test_a_button_that_was_taken_away_is_not_pressed(playground: Playground, clock: StillClock) -> None:
    channel = await playground.find_channel("#coffee")
    sent = await playground.send(ToChannel(channel.id), offering("join:5"), key="d1")
    assert playground.next_at() is not None
    await playground.edit(sent, Message((Say("sample.plain"),)))
    assert await play(playground, clock, until=LATER) == 0
    assert heard(playground) == []


async def test_one_who_is_away_does_nothing(playground: Playground, clock: StillClock) -> None:
    await tell(playground)
    playground.service.set_away("ben", away=True)
    await play(playground, clock, until=LATER)
    assert {h.actor.account for h in heard(playground)} == {"chloe"}


async def test_an_event_that_fails_is_not_tried_for_ever(playground: Playground) -> None:
    assert isinstance(playground.inbox, ScriptedInbox)

    def fail(happened: Interaction) -> Refused:
        raise ValueError("a defect")

    await tell(playground, rounds=1)
    playground.inbox.answers = {f"{verb}:0": fail for verb in ("met", "rescheduled", "not")}
    failures = 0
    while playground.next_at():
        with pytest.raises(ValueError, match="a defect"):
            await playground.act(LATER)
        failures += 1
    assert 0 < failures <= 2


async def test_with_a_chance_of_being_away_some_are_each_week_but_never_the_one_at_the_page(
    clock: StillClock,
) -> None:
    playground = Playground(path=":memory:", clock=clock, people=20, colleagues_away=0.3)
    playground.service.set_setting("you", "ana")
    channel = await playground.find_channel("#coffee")
    away_by_week = []
    for week in range(10):
        clock.set(MONDAY + timedelta(weeks=week))
        members = await playground.members(channel)
        away_by_week.append({m.id for m in members if m.away})
        clock.set(clock.now() + timedelta(days=3))
        assert {m.id for m in await playground.members(channel) if m.away} == away_by_week[-1]
    assert 30 < sum(map(len, away_by_week)) < 90
    assert len(set(map(frozenset, away_by_week))) > 5
    assert not any("ana" in away for away in away_by_week)
    await playground.stop()
