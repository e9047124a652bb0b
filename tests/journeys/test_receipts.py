"""Receipts: whoever gave an anonymous answer can delete it, and whatever crashes or comes twice, it counts once."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from bot.db.engine import Sessions
from bot.db.models import Answer, Answered, Delivery
from bot.domain import receipts
from bot.domain.interactions import Refused, Reply, Submit
from bot.domain.messages import Message
from bot.domain.phrasing import plain, plain_message
from bot.services import closing
from bot.services.checkins import anonymous
from bot.services.checkins.anonymous import Ahead
from tests.journeys.pulse import (
    ANONYMOUS,
    CLOSE,
    NINE,
    OPEN,
    answers,
    answers_unseen,
    summaries,
    words_of,
)
from tests.journeys.seeing import every_row, logged
from tests.world import people, world


async def test_who_has_answered_is_refused_before_anything_is_written_and_the_receipt_lets_them_answer_anew(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        form = await acme.opens("ana", "Answer")
        code = await answers_unseen(acme, "ana", "Tea")
        before = await every_row(acme, "answer", "answered")
        for asked in (await acme.presses("ana", "Answer"), await acme.says("ana", "/checkin answer")):
            assert "answered pulse already" in asked, "told so before anything is typed"
        again = await acme.submits("ana", form.action, question1="Coffee")
        assert isinstance(again, Reply)
        assert again.message is not None
        assert plain_message(again.message).splitlines() == [
            "You have answered pulse already. /checkin delete with the code of your receipt deletes that answer; "
            "then you can answer anew.",
            "This is what you wrote, for you to keep:",
            "What would help?",
            "Coffee",
        ]
        assert await every_row(acme, "answer", "answered") == before
        acme.runtime.known.questions.clear()
        assert "answered pulse already" in await acme.presses("ana", "Answer")

        typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        assert await acme.says("ana", f"/checkin delete {typed}") == (
            "Your answer to pulse is deleted. You can answer anew until Wednesday, 7 January at 17:30 CET."
        )
        assert await acme.count(Answer) + await acme.count(Answered) == 0
        assert "No answer belongs to that receipt" in await acme.says("ana", f"/checkin delete {code}")
        await answers_unseen(acme, "ana", "Coffee")
        assert [a.words for a in await acme.rows(Answer, Answer.question == 1)] == ["Coffee"]


@pytest.mark.parametrize("typed", ["", "K7QD", "pulse", "0" * 500, "<@ben>", "K7QD-2M9X-40TB-HWZU"])
async def test_what_is_no_receipt_gets_a_sentence_with_an_example(
    sessions: Sessions, tmp_path: Path, typed: str
) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS) as acme:
        assert await acme.says("ana", f"/checkin delete {typed}") == (
            "Please give the code of your receipt, 16 letters and digits, for example "
            "/checkin delete K7QD-2M9X-40TB-HWZ3."
        )


async def test_a_guess_at_somebody_elses_receipt_deletes_nothing(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        await answers_unseen(acme, "ana", "Tea")
        guess = receipts.written(receipts.fresh(Random(3)))
        assert "No answer belongs to that receipt" in await acme.says("ben", f"/checkin delete {guess}")
        assert await acme.count(Answer) == 2
        assert await acme.count(Answered) == 1


async def test_an_answer_deleted_after_the_close_is_out_of_the_summary_and_of_the_outbox(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        six = ("ana", "ben", "chloe", "dev", "eli", "fay")
        codes = {who: await answers_unseen(acme, who, words_of(who)) for who in six}
        await acme.until(CLOSE)
        order = [line for line in summaries(acme)[-1].splitlines() if "less noise" in line]

        said = await acme.says("ana", f"/checkin delete {codes['ana']}")
        assert said == "Your answer to pulse is deleted, and is taken out of the summary."
        order.remove(words_of("ana"))
        assert [line for line in summaries(acme)[-1].splitlines() if "less noise" in line] == order
        assert "3: ●●●●● 5" in summaries(acme)[-1]
        assert not any(words_of("ana") in row.shown for row in await every_row(acme))
        assert "No answer belongs to that receipt" in await acme.says(
            "ana", f"/checkin delete {codes['ana']}"
        )

        await acme.says("ben", f"/checkin delete {codes['ben']}")
        assert summaries(acme)[-1].startswith("Too few answered pulse this time"), (
            "four are too few to be shown"
        )
        assert await acme.count(Answer) == 0
        assert not any("less noise" in row.shown for row in await every_row(acme))
        assert len([t for t in acme.platform.within("C-general") if "Too few" in t]) == 1
        assert await acme.count(Delivery, Delivery.what == "summary") == 1


async def test_the_same_form_twice_counts_once_and_shows_its_receipt_again(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        form = await acme.opens("ana", "Answer")
        for event, words in (("E1", "Tea"), ("E2", "Tea, twice"), ("E1", "Tea")):
            await acme.platform.submit("ana", form.action, {"question1": words}, event_id=event)
        assert [a.words for a in await acme.rows(Answer)] == ["Tea"]
        assert await acme.count(Answered) == 1
        code = receipts.written(form.action.split(":")[2])
        assert [code in plain_message(m) for _, m in acme.platform.replies] == [True, True]

        await acme.says("ana", f"/checkin delete {code}")
        for event in ("E1", "E4"):  # neither an event nor a form that comes late brings back what was deleted
            await acme.platform.submit("ana", form.action, {"question1": "Tea"}, event_id=event)
        assert await acme.count(Answer) + await acme.count(Answered) == 0
        assert plain_message(acme.platform.replies[-1][1]).startswith(
            "That form of pulse cannot be used any more."
        )
        assert plain_message(acme.platform.replies[-1][1]).endswith("Tea")


async def test_a_crash_between_the_two_transactions_counts_once_when_the_event_is_handed_in_again(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        form = await acme.opens("ana", "Answer")
        event = Submit(acme.platform.actor("ana"), "E1", form.action, {"question1": "Tea"})
        await anonymous.write_ahead(sessions, acme.runtime.team_id, event, now=acme.clock.now())
        assert (await acme.count(Answer), await acme.count(Answered)) == (1, 0)

        again = await acme.platform.submit("ana", form.action, {"question1": "Tea"}, event_id="E1")
        assert isinstance(again, Reply)
        assert again.message is not None
        assert receipts.written(form.action.split(":")[2]) in plain_message(again.message)
        assert (await acme.count(Answer), await acme.count(Answered)) == (1, 1)


async def test_after_a_crash_and_an_answer_by_another_form_the_first_is_not_counted_beside_it(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        form = await acme.opens("ana", "Answer")
        event = Submit(acme.platform.actor("ana"), "E1", form.action, {"question1": "Tea"})
        await anonymous.write_ahead(sessions, acme.runtime.team_id, event, now=acme.clock.now())
        await answers_unseen(acme, "ana", "Coffee")
        again = await acme.platform.submit("ana", form.action, {"question1": "Tea"}, event_id="E1")
        assert isinstance(again, Reply)
        assert again.message is not None
        assert "answered pulse already" in plain_message(again.message)
        assert [a.words for a in await acme.rows(Answer, Answer.question == 1)] == ["Coffee"]


async def test_of_two_forms_at_the_same_moment_the_later_one_is_taken_back_and_given_back(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        now, team = acme.clock.now(), acme.runtime.team_id
        events = [
            Submit(
                acme.platform.actor("ana"),
                word,
                (await acme.opens("ana", "Answer")).action,
                {"question1": word},
            )
            for word in ("Tea", "Coffee")
        ]
        ahead = [await anonymous.write_ahead(sessions, team, event, now=now) for event in events]
        assert await acme.count(Answer) == 2
        first, second = [
            await acme.inbox._handle(event, written, now=now)
            for event, written in zip(events, ahead, strict=True)
        ]
        assert isinstance(first, Message)
        assert isinstance(second, Message)
        assert "Only you have this receipt" in plain_message(first)
        assert "answered pulse already" in plain_message(second)
        assert plain_message(second).endswith("Coffee")
        assert [a.words for a in await acme.rows(Answer)] == ["Tea"]


async def test_many_at_the_same_moment_are_all_heard(sessions: Sessions, tmp_path: Path) -> None:
    if sessions.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        forms = {who.lower(): (await acme.opens(who.lower(), "Answer")).action for who in NINE}
        await asyncio.gather(
            *(
                acme.platform.submit(who, form, {"question0": "3", "question1": words_of(who)})
                for who, form in forms.items()
                for _ in range(2)
            )
        )
        assert await acme.count(Answer) == 18
        assert await acme.count(Answered) == 9
        await acme.until(CLOSE)
        assert all(words_of(who) in summaries(acme)[-1] for who in forms)


async def test_what_the_close_deletes_between_the_two_transactions_is_given_back(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = anonymous.write_ahead

    async def then_it_closes(*args: Any, now: datetime) -> Ahead | None:
        ahead = await written(*args, now=now)
        async with sessions.begin() as session:
            await closing.close(session, 1, now=now)
        return ahead

    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        monkeypatch.setattr(anonymous, "write_ahead", then_it_closes)
        said = await answers(acme, "ana", words="A long thought.")
        assert said.startswith("The time for answers to pulse is over.\nThis is what you wrote")
        assert said.endswith("A long thought.")
        assert await acme.count(Answer) + await acme.count(Answered) == 0


async def test_where_the_second_transaction_fails_the_first_is_taken_back_and_the_log_tells_nothing(
    sessions: Sessions, tmp_path: Path
) -> None:
    breaks = {
        "sqlite": "CREATE TRIGGER broken BEFORE INSERT ON answered BEGIN SELECT RAISE(ABORT, 'broken'); END",
        "postgresql": "ALTER TABLE answered ADD CONSTRAINT broken CHECK (false) NOT VALID",
    }
    with logged() as log:
        async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
            await acme.until(OPEN)
            form = await acme.opens("ana", "Answer")
            async with sessions.begin() as session:
                await session.execute(text(breaks[sessions.engine.dialect.name]))
            done = await acme.submits("ana", form.action, question1=words_of("ana"))
            assert isinstance(done, Refused)  # so that what was typed stays in the form
            assert "went wrong on my side" in plain(done.errors[""])
            assert await acme.count(Answer) == 0
    code = form.action.split(":")[2]
    assert "interaction_failed" in log.text
    assert not any(each in log.text for each in ("less noise", code, receipts.written(code), "event-"))
