"""Answering under one's name: the form keeps what was said before, and gives back what it cannot take."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Answer, Answered, Participation, Received
from bot.domain.interactions import Refused, Reply
from bot.domain.messages import Form, Quote
from bot.domain.phrasing import plain
from bot.domain.states import Participated
from bot.runtime import Known
from tests.journeys.pulse import (
    CLOSE,
    HOUR,
    NAMED,
    OPEN,
    answers,
    summaries,
)
from tests.world import people, world

TWO = NAMED + NAMED[NAMED.index("[[checkin]]") :].replace("pulse", "retro")


async def test_answering_again_replaces_what_is_filled_in(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=NAMED, who=people("Ana", "Ben")) as acme:
        await acme.until(OPEN)
        await answers(acme, "ana", scale="2", words="Sleep")
        form = await acme.opens("ana", "Answer")
        assert [f.value for f in form.fields] == ["2", "Sleep"]
        await answers(acme, "ana", scale="2", words="Sleep, and a walk")
        acme.runtime.known.questions.clear()  # as in a process that has not heard of the round
        form = await acme.opens("ana", "Answer")
        assert [f.value for f in form.fields] == ["2", "Sleep, and a walk"]
        assert [f.value for f in (await acme.opens("ben", "Answer")).fields] == ["", ""]
        assert await acme.count(Answer) == 2
        await acme.until(CLOSE)
        assert "Ana: Sleep, and a walk" in summaries(acme)[0]
        assert "2: ● 1" in summaries(acme)[0]
        assert await acme.count(Participation, Participation.what == Participated.ANSWERED) == 1


async def test_what_is_taken_out_of_the_form_is_not_shown_and_what_never_stood_in_it_stays(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        before = await acme.opens("ana", "Answer")
        await answers(acme, "ana", words="Too much of it")
        await answers(acme, "ana", scale="4", form=before)  # opened when nothing stood in it
        assert await acme.count(Answer) == 2
        form = await acme.opens("ana", "Answer")
        assert [f.value for f in form.fields] == ["4", "Too much of it"]
        await answers(acme, "ana", scale="4", words=" ", form=form)
        assert await acme.count(Answer) == 1
        assert [f.value for f in (await acme.opens("ana", "Answer")).fields] == ["4", ""]
        await acme.until(CLOSE)
        assert "4: ● 1" in summaries(acme)[0]
        assert "Too much" not in summaries(acme)[0]


async def test_a_form_that_cannot_be_taken_says_why_at_its_field_and_nothing_changes(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        action = (await acme.opens("ana", "Answer")).action
        for values, field, why in (
            ({}, "question0", "at least one"),
            ({"question0": " ", "question1": "\n"}, "question0", "at least one"),
            ({"question0": "6"}, "question0", "from 1 to 5"),
            ({"question1": "x" * 1501}, "question1", "it has 1501 now"),
        ):
            refused = await acme.submits("ana", action, **values)
            assert isinstance(refused, Refused), values
            assert why in plain(refused.errors[field])
        assert await acme.count(Answer) + await acme.count(Answered) == 0


async def test_after_the_window_what_was_written_is_given_back(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        form = await acme.opens("ana", "Answer")
        await answers(acme, "ben", words="Tea")
        await acme.until(CLOSE)
        late = await answers(acme, "ana", scale="3", words="A long thought.", form=form)
        assert late.splitlines() == [
            "The time for answers to pulse is over. "
            "The next questions come on Wednesday, 14 January at 09:30 CET.",
            "This is what you wrote, for you to keep:",
            "How is your energy?",
            "3",
            "What would help?",
            "A long thought.",
        ]
        assert Quote("A long thought.") in acme.platform.replies[-1][1].parts
        assert await acme.count(Answer) == 1
        assert "is over" in await acme.presses("ana", "Answer")
        acme.clock.set(OPEN + timedelta(weeks=1) - HOUR)
        assert "is over" in await answers(acme, "ana", words="Again", form=form)


async def test_the_form_comes_on_demand_also_for_who_was_not_asked(
    sessions: Sessions, tmp_path: Path
) -> None:
    opt_in = NAMED.replace('kind = "questions"', 'kind = "questions"\nmembers = "opt-in"')
    async with world(sessions, tmp_path, config=opt_in, who=people("Ana", "Ben", "Chloe")) as acme:
        assert await acme.says("ana", "/checkin answer") == (
            "No questions are open right now. Those of pulse come on Wednesday, 7 January at 09:30 CET."
        )
        assert "come on Wednesday" in await acme.says("ana", "/checkin answer pulse")
        assert "no ritual called pulsar" in await acme.says("ana", "/checkin answer pulsar")
        await acme.says("ana", "/checkin join")
        await acme.until(OPEN)
        await acme.says("ben", "/checkin join")

        form = await acme.asks_for_form("ben", "/checkin answer")
        assert (await acme.asks_for_form("ben", "/kinkeeper checkin answer PULSE")).action == form.action
        await answers(acme, "ben", words="I came later", form=form)
        assert [f.value for f in (await acme.asks_for_form("ben", "/checkin answer")).fields] == [
            "",
            "I came later",
        ]
        refused = await answers(acme, "chloe", words="Me too", form=form)
        assert refused.startswith("You do not take part in pulse, so I left it as it is. /checkin join")
        assert "Me too" in refused
        await acme.until(CLOSE)
        assert "Ben: I came later" in summaries(acme)[0]
        assert "Me too" not in summaries(acme)[0]


async def test_of_several_open_rounds_the_one_that_is_named_is_answered(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=TWO) as acme:
        await acme.until(OPEN)
        assert "more than one: pulse, retro" in await acme.says("ana", "/checkin answer")
        form = await acme.asks_for_form("ana", "/checkin answer retro")
        assert plain(form.title) == "retro"


async def test_a_process_that_has_not_heard_of_the_round_shows_the_form_all_the_same(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        acme.runtime.known.questions.clear()
        said = await acme.says("ana", "/checkin answer")
        assert said == "pulse takes answers until Wednesday, 7 January at 17:30 CET.\n[Answer]"
        form = await acme.opens("ana", "Answer")
        assert acme.runtime.known.questions, "what memory lacked it knows now"
        await answers(acme, "ana", words="Tea", form=form)
        assert await acme.count(Answer) == 1


async def test_after_a_restart_in_the_middle_the_form_still_opens_with_what_was_answered(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        await answers(acme, "ana", words="Tea")
        await acme.restarted()
        assert acme.runtime.known != Known()
        form = await acme.opens("ana", "Answer")
        assert [f.value for f in form.fields] == ["", "Tea"]
        await acme.until(CLOSE)
        assert len(summaries(acme)) == 1
        assert acme.runtime.known.questions == {}
        assert acme.runtime.known.filled == {}


@pytest.mark.parametrize(
    "action",
    [
        "answer", "answer:", "answer:abc", "answer:0", "answer:-1", "answer:9999999999999", "answer:²", "answer:1:",
        "answer:1:abc", "answer:1:K7QD2M9X40TBHWZ3", "answer:1:2:3", "answer:abc:K7QD2M9X40TBHWZ3", "answer:99:x",
    ],
)  # fmt: skip
async def test_a_forged_button_or_form_gets_a_sentence_and_changes_nothing(
    sessions: Sessions, tmp_path: Path, action: str
) -> None:
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        pressed = await acme.platform.press("ana", action)
        submitted = await acme.platform.submit("ana", action, {"question1": "Tea"})
        for answer in (pressed, submitted):
            assert isinstance(answer, Form) or (isinstance(answer, Reply) and answer.message)
        assert not any("went wrong on my side" in text for text in acme.all_said())
        assert await acme.count(Answer) == 0


async def test_the_same_event_answers_once(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        form = await acme.opens("ana", "Answer")
        first = await acme.platform.submit("ana", form.action, {"question1": "Tea"}, event_id="E1")
        again = await acme.platform.submit("ana", form.action, {"question1": "Coffee"}, event_id="E1")
        assert isinstance(first, Reply)
        assert again == Reply()
        [answer] = await acme.rows(Answer)
        assert answer.words == "Tea"
        assert await acme.count(Received, Received.event_id == "E1") == 0, "an event's id is kept as a hash"
