"""Questions: asked at everybody's own time, reminded once, read together, whatever the config says meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Answer, Asked, Delivery, Participation, Ritual, Round
from bot.domain.messages import ChoiceField, Moment, Say
from bot.domain.phrasing import plain
from bot.domain.states import DeliveryState, Participated, RoundState
from bot.ports import Profile, ToPerson
from tests.journeys.pulse import (
    CLOSE,
    HOUR,
    LOCAL,
    NAMED,
    OPEN,
    abroad,
    answers,
    asked,
    summaries,
)
from tests.world import people, world


async def test_a_round_is_asked_answered_and_read_together(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=NAMED, who=people("Ana", "Ben", "Chloe")) as acme:
        await acme.until(OPEN - HOUR)
        assert asked(acme, "ana") == []
        await acme.until(OPEN)
        [told] = asked(acme, "ana")
        assert told.splitlines() == [
            "pulse has a few questions for you.",
            "What you write is shown to the team under your name.",
            "[Answer]",
        ]

        form = await acme.opens("ana", "Answer")
        assert plain(form.title) == "pulse"
        assert form.intro is not None
        assert plain(form.intro) == "What you write is shown to the team under your name."
        assert [plain(f.label) for f in form.fields] == ["How is your energy?", "What would help?"]
        assert isinstance(form.fields[0], ChoiceField)

        said = await answers(acme, "ana", scale="4", words="Fewer meetings,  and\n<@ben>'s help.")
        assert said == (
            "Thank you. Your words go into the summary of pulse. "
            "You can change them until Wednesday, 7 January at 17:30 CET."
        )
        await answers(acme, "ben", scale="4")
        assert summaries(acme) == []
        await acme.until(CLOSE)

        [summary] = summaries(acme)
        assert summary == (
            "What you said in pulse:\nHow is your energy?\n• 5: 0\n• 4: ●● 2\n• 3: 0\n• 2: 0\n• 1: 0\n"
            "What would help?\nAna: Fewer meetings,  and\n@Ben's help."
        )
        assert await acme.count(Participation, Participation.what == Participated.ANSWERED) == 2
        assert {a.answered_at is not None for a in await acme.rows(Answer)} == {True}


async def test_each_is_asked_at_their_own_half_past_nine_and_reminded_in_their_own_window(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=LOCAL, who=abroad()) as acme:
        seen: dict[str, list[datetime]] = {"kavya": [], "ana": [], "nora": []}
        now = OPEN - 8 * HOUR
        while now <= OPEN + 15 * HOUR:
            await acme.until(now)
            for who, times in seen.items():
                times += [now] * (len(asked(acme, who)) - len(times))
            now += timedelta(minutes=30)

        assert {who: [(t - OPEN) / HOUR for t in times] for who, times in seen.items()} == {
            "kavya": [-4.5, 1.5],
            "ana": [0, 6],
            "nora": [6, 12],
        }
        rows = {a.member_id: a for a in await acme.rows(Asked)}
        assert len(rows) == 3
        assert all(a.reminded for a in rows.values())
        [round_] = await acme.rows(Round)
        assert (round_.scheduled_for, round_.opened_at) == (OPEN, OPEN - 4.5 * HOUR)
        assert (round_.state, round_.closed_at) == (RoundState.CLOSED, CLOSE + 6 * HOUR)
        assert asked(acme, "nora")[1].splitlines()[0] == (
            "pulse still takes answers, until Wednesday, 7 January at 17:30 EST. Only if you like."
        )
        assert summaries(acme) == [], "nobody said anything, so there is nothing to post"
        [ritual] = await acme.rows(Ritual)
        assert ritual.next_round_at == OPEN + timedelta(weeks=1)


async def test_the_first_to_be_asked_is_looked_for_again_when_the_time_comes(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=LOCAL, who=people("Ana", "Ben")) as acme:
        await acme.until(OPEN - 20 * HOUR)
        assert await acme.count(Round) == 0
        await acme.arrives(Profile(id="kavya", name="Kavya", timezone="Asia/Kolkata"))
        await acme.until(OPEN)
        assert len(asked(acme, "ana")) == 1
        assert len(asked(acme, "kavya")) == 1, (
            "late, as nobody knew of her time when the round was looked for"
        )


async def test_only_who_is_silent_there_and_not_away_is_reminded_and_once(
    sessions: Sessions, tmp_path: Path
) -> None:
    who = people("Ana", "Ben", "Chloe", "Dev", "Eli")
    async with world(sessions, tmp_path, config=NAMED, who=who) as acme:
        await acme.until(OPEN + HOUR)
        await answers(acme, "ana", words="Sleep")
        await acme.says("ben", "/checkin leave")
        await acme.says("chloe", "/checkin pause in 2 weeks")
        await acme.departs("dev")
        await acme.until(CLOSE)

        assert {w: len(asked(acme, w)) for w in ("ana", "ben", "chloe", "eli")} == {
            "ana": 1,
            "ben": 1,
            "chloe": 1,
            "eli": 2,
        }
        assert len([d for d in acme.platform.delivered if d.to == ToPerson("dev", "direct", None)]) <= 1


async def test_a_reminder_that_waits_for_the_morning_is_of_no_use_once_the_window_is_closed(
    sessions: Sessions, tmp_path: Path
) -> None:
    evening = NAMED.replace('at = "09:30"', 'at = "15:00"')
    async with world(sessions, tmp_path, config=evening, who=people("Ana", "Ben")) as acme:
        await acme.until(OPEN + timedelta(days=2))
        assert len(asked(acme, "ana")) == 1
        [reminder, _] = await acme.rows(Delivery, Delivery.what == "reminder")
        assert reminder.state is DeliveryState.EXPIRED


async def test_questions_that_change_while_a_round_is_open_are_the_next_rounds(
    sessions: Sessions, tmp_path: Path
) -> None:
    other = NAMED.replace("What would help?", "What went well?").replace('"8 hours"', '"2 hours"')
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        await acme.configure(other)
        form = await acme.opens("ana", "Answer")
        assert plain(form.fields[1].label) == "What would help?"
        await answers(acme, "ana", words="Tea", form=form)
        await acme.until(CLOSE - HOUR)
        assert summaries(acme) == []
        await acme.until(CLOSE)
        assert "What would help?\nAna: Tea" in summaries(acme)[0]
        await acme.until(OPEN + timedelta(weeks=1))
        assert plain((await acme.opens("ana", "Answer")).fields[1].label) == "What went well?"


async def test_a_ritual_that_becomes_another_kind_or_goes_still_ends_its_round(
    sessions: Sessions, tmp_path: Path
) -> None:
    host = NAMED.replace('"questions"', '"host"').replace('window = "8 hours"\n', "")
    host = "\n".join(line for line in host.splitlines() if not line.startswith("questions"))
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        await answers(acme, "ana", words="Tea")
        await acme.configure(host)
        await acme.until(CLOSE)
        assert len(summaries(acme)) == 1


async def test_a_ritual_that_is_gone_takes_no_answers_and_gives_back_what_was_written(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        form = await acme.opens("ana", "Answer")
        await acme.configure(NAMED.replace("pulse", "retro").replace('"wednesday"', '"friday"'))
        said = await answers(acme, "ana", words="A long thought.", form=form)
        assert said.startswith("The time for answers to pulse is over.\nThis is what you wrote")
        assert "A long thought." in said
        assert "time for answers to pulse is over" in await acme.presses("ana", "Answer")
        assert "No questions are open right now" in await acme.says("ana", "/checkin answer")
        assert "pulse" not in await acme.says("ana", "/presence me")
        assert await acme.count(Answer) == 0


async def test_who_was_asked_may_answer_whatever_the_config_says_since_unless_they_left(
    sessions: Sessions, tmp_path: Path
) -> None:
    opt_in = NAMED.replace('window = "8 hours"', 'window = "8 hours"\nmembers = "opt-in"')
    async with world(sessions, tmp_path, config=NAMED) as acme:
        await acme.until(OPEN)
        left = await acme.opens("ben", "Answer")
        await acme.says("ben", "/checkin leave pulse")
        await acme.configure(opt_in)
        await answers(acme, "ana", words="Tea")
        assert "You do not take part in pulse" in await answers(acme, "ben", words="Coffee", form=left)
        assert [a.words for a in await acme.rows(Answer)] == ["Tea"]


async def test_who_answers_before_they_are_asked_is_not_asked_any_more(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=LOCAL, who=abroad()) as acme:
        await acme.until(OPEN)
        form = await acme.asks_for_form("nora", "/checkin answer")
        await answers(acme, "nora", words="Up early", form=form)
        await acme.until(CLOSE + 6 * HOUR)
        assert asked(acme, "nora") == []
        assert "Nora: Up early" in summaries(acme)[0]


@pytest.mark.parametrize("step", ["leave", "pause in 2 weeks"])
async def test_who_leaves_or_pauses_before_their_time_comes_is_not_asked(
    sessions: Sessions, tmp_path: Path, step: str
) -> None:
    async with world(sessions, tmp_path, config=LOCAL, who=abroad()) as acme:
        await acme.until(OPEN)
        await acme.says("nora", f"/checkin {step}")
        await acme.until(CLOSE + 6 * HOUR)
        assert asked(acme, "nora") == []
        assert len(asked(acme, "ana")) == 2


async def test_the_plan_says_what_a_round_will_send(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=NAMED) as acme:
        said = await acme.says("ana", "/kinkeeper plan 1")
        assert [line.partition(": ")[2] for line in said.splitlines()[1:]] == [
            "pulse, questions",
            "pulse, reminder",
            "pulse, summary",
        ]
        await acme.until(OPEN)
        [message] = [d.message for d in acme.platform.delivered if isinstance(d.to, ToPerson)][:1]
        assert Say("questions.with_names") in message.parts
        assert not any(
            isinstance(v, Moment) for p in message.parts if isinstance(p, Say) for v in p.values.values()
        )
