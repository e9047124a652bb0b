"""Anonymous answers: nothing that is stored, sent or logged leads from an answer to who gave it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from math import sqrt
from pathlib import Path
from random import Random

from bot.db.engine import Sessions
from bot.db.models import Answer, Asked, Participation, Ritual, Round
from bot.domain import receipts
from bot.domain.interactions import Reply
from bot.domain.messages import Form
from bot.domain.phrasing import plain, plain_message
from bot.domain.states import Participated
from tests.journeys.pulse import (
    ANONYMOUS,
    CLOSE,
    HOUR,
    NINE,
    OPEN,
    answers_unseen,
    summaries,
    words_of,
)
from tests.journeys.seeing import agreeing_pairs, every_row, in_files, logged
from tests.world import people, world

DAILY = ANONYMOUS.replace('every = "week"\non = "wednesday"', 'every = "day"')


async def test_before_answering_one_sentence_says_what_is_stored_and_the_reply_alone_has_the_receipt(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        stored = (
            "Answers are stored without your name, the time or anything else that leads to you; "
            "that you answered is stored apart from what you said."
        )
        assert acme.platform.to("ana")[0].splitlines()[1] == stored
        first, second = await acme.opens("ana", "Answer"), await acme.opens("ana", "Answer")
        assert first.intro is not None
        assert plain(first.intro) == stored
        assert first.action != second.action, "each form has a receipt of its own"
        acme.runtime.known.questions.clear()
        assert (await acme.opens("ana", "Answer")).action not in (first.action, second.action)

        done = await acme.submits("ana", first.action, question0="4", question1="Tea")
        assert isinstance(done, Reply)
        assert done.message is not None
        code = receipts.written(first.action.split(":")[2])
        assert plain_message(done.message) == (
            "Thank you. What you said goes into the summary of pulse, without your name.\n"
            f"Only you have this receipt: {code}. Whenever you like, /checkin delete {code} deletes "
            "what you just said. I keep no copy of the code."
        )
        assert acme.runtime.known.filled == {}, "no form remembers what was said"


async def test_nothing_is_shown_before_the_close_and_then_everybodys_words_without_names(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        for who in ("ana", "ben", "chloe", "dev", "eli", "fay"):
            await answers_unseen(acme, who, words_of(who))
            acme.clock.set(acme.clock.now() + timedelta(minutes=40))
        await acme.says("ana", "/kinkeeper status")
        await acme.until(CLOSE - timedelta(minutes=1))
        assert not any("less noise" in said for said in acme.all_said())
        assert await acme.count(Participation, Participation.what == Participated.ANSWERED) == 0
        reminded = {w.lower() for w in NINE if any("still takes" in t for t in acme.platform.to(w.lower()))}
        assert reminded == {"gus", "hana", "ivo"}

        await acme.until(CLOSE)
        lines = summaries(acme)[-1].splitlines()
        assert lines[:7] == [
            "What you said in pulse:", "How is your energy?", "• 5: 0", "• 4: 0", "• 3: ●●●●●● 6", "• 2: 0", "• 1: 0",
        ]  # fmt: skip
        said = [words_of(w) for w in ("ana", "ben", "chloe", "dev", "eli", "fay")]
        assert sorted(lines[8:]) == sorted(said)
        done = await acme.rows(Participation, Participation.what == Participated.ANSWERED)
        assert [p.at for p in done] == [CLOSE] * 6
        assert {a.reminded for a in await acme.rows(Asked)} == {True}


async def test_no_row_message_or_log_line_leads_from_an_answer_to_who_gave_it(
    sessions: Sessions, tmp_path: Path
) -> None:
    who = [name.lower() for name in NINE]
    Random(7).shuffle(who)
    codes: dict[str, str] = {}
    with logged() as log:
        async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
            await acme.until(OPEN)
            for i, name in enumerate(who):
                acme.clock.set(OPEN + i * timedelta(minutes=37))
                codes[name] = await answers_unseen(acme, name, words_of(name), scale=str(i % 5 + 1))
                # one look into the database, whenever it is: no name, no time, no age that tells one from another
                looked = await every_row(acme, "answer")
                assert len(looked) == 2 * (i + 1)
                assert {(r.values["member_id"], r.values["answered_at"]) for r in looked} == {(None, None)}
                assert len({r.age for r in looked}) == 1
                assert len({r.age for r in await every_row(acme, "answered")}) == 1
                marked = {r.values["member_id"] for r in await every_row(acme, "answered")}
                members = [r for r in await every_row(acme, "member") if r.values["id"] in marked]
                assert len({r.touched for r in members}) == 1
                assert await acme.count(Participation, Participation.what == Participated.ANSWERED) == 0
            await acme.until(CLOSE + 48 * HOUR)
            rows = await every_row(acme)
            messages = [message for _, message in acme.platform.versions]
            replies = list(acme.platform.replies)
            names = {m.values["name"].lower(): m.values["id"] for m in rows if m.table == "member"}

    said = {words_of(name) for name in who}
    hashes = {r.values["receipt_hash"] for r in rows if r.table == "answer"}
    assert len(hashes) == 18, "not even two answers of one person have one in common"

    telling = [r for r in rows if any(each in r.shown for each in said | hashes)]
    assert {(r.table, r.values.get("what")) for r in telling} == {("answer", None), ("delivery", "summary")}
    assert not any(r.names_somebody for r in telling)
    assert not any(f"'member': {id_}" in r.shown for r in telling for id_ in names.values())
    assert len({r.age for r in rows if r.table == "answer"}) == 1
    assert len({r.age for r in rows if r.table == "answered"}) == 1
    assert len({r.touched for r in rows if r.table == "member"}) == 1
    assert len({(r.age, str(r.values["at"])) for r in rows if r.values.get("what") == "answered"}) == 1

    for name, code in codes.items():
        for hidden in (code, code.replace("-", "")):
            assert not any(hidden in r.shown for r in rows), "the code is nowhere stored"
            assert hidden not in log.text
            assert not any(hidden in plain_message(m) for m in messages)
            assert {to for to, m in replies if hidden in plain_message(m)} <= {name}
        assert any(code in plain_message(m) for _, m in replies)
    assert not any(each in log.text for each in said | hashes)
    assert "event-" not in log.text + "".join(r.shown for r in rows if r.table == "received")
    assert [plain_message(m) for m in messages if "less noise" in plain_message(m)] == [summaries(acme)[-1]]


async def test_order_tells_nothing_neither_at_any_one_look_nor_afterwards(
    sessions: Sessions, tmp_path: Path
) -> None:
    """Thirty rounds of nine, answered in another order each time.

    By chance half of the 36 pairs of a round agree: 540 of 1,080, with a variance of 23 a round (Kendall). Beyond five
    standard deviations (131 pairs) chance gets once in 1.7 million times; without mixing all 1,080 agree.
    """
    rounds, pairs = 30, 9 * 8 // 2
    bound = 5 * sqrt(rounds * 9 * 8 * (2 * 9 + 5) / 72)
    agreeing: Counter[str] = Counter()
    rng = Random(1)
    async with world(sessions, tmp_path, config=DAILY, who=people(*NINE)) as acme:
        members = {row.values["id"]: row.values["name"] for row in await every_row(acme, "member")}
        for _ in range(rounds):
            [ritual] = await acme.rows(Ritual)
            await acme.until(ritual.next_round_at)
            order = rng.sample(NINE, len(NINE))
            for i, name in enumerate(order):
                acme.clock.set(ritual.next_round_at + i * timedelta(minutes=30))
                form = await acme.platform.command(name.lower(), "checkin", "answer")
                assert isinstance(form, Form)
                await acme.platform.submit(name.lower(), form.action, {"question1": name})
            [now_open] = (await acme.rows(Round))[-1:]
            for when, instant in (("open", acme.clock.now()), ("closed", now_open.close_at)):
                await acme.until(instant)
                here = [
                    r
                    for r in await every_row(acme, "answer", "answered", "participation")
                    if r.values["round_id"] == now_open.id
                ]
                spoken = [r for r in here if r.table == "answer"]
                marks = [r for r in here if r.table == "answered"]
                done = [r for r in here if r.table == "participation"]
                orders = {
                    "answers by place": [r.values["words"] for r in spoken],
                    "answers by id": [
                        r.values["words"] for r in sorted(spoken, key=lambda r: r.values["id"])
                    ],
                    "marks by place": [members[r.values["member_id"]] for r in marks],
                    "marks by id": [
                        members[r.values["member_id"]] for r in sorted(marks, key=lambda r: r.values["id"])
                    ],
                }
                if when == "closed":
                    orders["participation"] = [members[r.values["member_id"]] for r in done]
                    lines = summaries(acme)[-1].splitlines()
                    orders["summary"] = lines[lines.index("What would help?") + 1 :]
                for what, seen in orders.items():
                    assert sorted(seen) == sorted(NINE), (what, when)
                    agreeing[f"{what}, {when}"] += agreeing_pairs(order, seen)
                for one in ("by place", "by id"):
                    agreeing[f"answers with marks {one}, {when}"] += agreeing_pairs(
                        orders[f"answers {one}"], orders[f"marks {one}"]
                    )
        far = {what: n for what, n in agreeing.items() if abs(n - rounds * pairs / 2) > bound}
        assert far == {}
        assert len(agreeing) == 14


async def test_with_too_few_answers_they_are_in_no_table_message_or_log_and_the_number_is_not_told(
    sessions: Sessions, tmp_path: Path
) -> None:
    with logged() as log:
        async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
            await acme.until(OPEN)
            codes = [await answers_unseen(acme, who, words_of(who)) for who in ("ana", "ben", "chloe", "dev")]
            await acme.until(CLOSE)
            assert await acme.count(Answer) == 0
            assert not any("less noise" in row.shown for row in await every_row(acme))
            assert not any("less noise" in said for said in acme.all_said())
            assert b"less noise" not in in_files(tmp_path), "as soon as the window has closed"
            assert summaries(acme)[-1] == (
                "Too few answered pulse this time for anything to be shown without names, "
                "so what was said is deleted."
            )
            [round_] = await acme.rows(Round)
            assert round_.kept["answered"] is None
            assert "No answer belongs to that receipt" in await acme.says(
                "ana", f"/checkin delete {codes[0]}"
            )
            none_answered = summaries(acme)[-1]
            await acme.until(CLOSE + timedelta(weeks=1))
            assert summaries(acme)[-1] == none_answered, "nobody or four: the same sentence"
    assert "less noise" not in log.text


async def test_a_ritual_that_goes_from_the_config_leaves_its_answers_mixed_and_unshown(
    sessions: Sessions, tmp_path: Path
) -> None:
    other = ANONYMOUS.replace("pulse", "retro").replace('on = "wednesday"', 'on = "friday"')
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        for who in ("ana", "ben", "chloe", "dev"):
            await answers_unseen(acme, who, words_of(who))
        await acme.configure(other)
        await acme.until(CLOSE)
        assert await acme.count(Answer) == 0, "four are too few to be kept, shown or not"
        assert not any("less noise" in said for said in acme.all_said())


async def test_who_answers_before_they_are_asked_is_not_asked_any_more(
    sessions: Sessions, tmp_path: Path
) -> None:
    local = ANONYMOUS.replace("anonymous = true", "anonymous = true\nlocal_time = true")
    async with world(sessions, tmp_path, config=local, who=people(*NINE)) as acme:
        await acme.changes("ana", timezone="America/New_York")
        await acme.until(OPEN)
        form = await acme.asks_for_form("ana", "/checkin answer")
        await acme.submits("ana", form.action, question1="Tea")
        await acme.until(CLOSE + 6 * HOUR)
        assert not any("questions for you" in told for told in acme.platform.to("ana"))
