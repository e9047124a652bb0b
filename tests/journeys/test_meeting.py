"""From the introduction to the answer: a time is settled, people meet or not, and each press has one effect."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from icalendar import Calendar

from bot.db.engine import Sessions
from bot.db.models import Delivery, Match, Participation, Received
from bot.domain.messages import Buttons, File
from bot.domain.phrasing import plain
from bot.domain.states import DeliveryState, Outcome
from bot.services.received import mark_of
from tests.world import CONFIG, MONDAY, World, button_of, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
TWO = people("Ana", "Ben")


def times_offered(acme: World, who: str) -> list[tuple[str, str]]:
    """The labels and meanings of the buttons for a time, in somebody's newest conversation."""
    [introduction] = [
        d
        for d in acme.platform.delivered
        if acme.sees(who, d.sent.conversation) and "having coffee" in d.text
    ]
    buttons = [b for p in introduction.first.parts if isinstance(p, Buttons) for b in p.buttons]
    return [(plain(b.label), b.action) for b in buttons if b.action.startswith("time:")]


def entries(acme: World, who: str) -> list[Any]:
    """The calendar entries that somebody was sent, oldest first."""
    files = [
        p
        for d in acme.platform.delivered
        if acme.sees(who, d.sent.conversation)
        for p in d.message.parts
        if isinstance(p, File)
    ]
    return [event for f in files for event in Calendar.from_ical(f.content).walk("VEVENT")]


async def test_a_time_is_chosen_confirmed_with_a_calendar_entry_and_nobody_is_nudged(
    sessions: Sessions, tmp_path: Path
) -> None:
    more = "suggest_times = 3\nmeeting_minutes = 45"
    config = CONFIG.format(more=more).replace(
        "[[coffee]]", 'meeting_url = "https://meet.example.org/{match}"\n\n[[coffee]]'
    )
    async with world(sessions, tmp_path, config=config, who=TWO) as acme:
        await acme.until(TEN)
        offered = times_offered(acme, "ana")
        assert len(offered) == 3
        assert "https://meet.example.org/1" in acme.chat_of("ana")[0]

        label, action = offered[1]
        assert "in your conversation" in await acme.presses("ana", label)
        assert (await acme.presses_action("ben", action)).startswith("It is set for")
        [event] = entries(acme, "ben")
        [match] = await acme.rows(Match)
        assert event.start == match.chosen_time
        assert event.end - event.start == timedelta(minutes=45)
        assert event["summary"] == "monday-coffee: Ana + Ben"
        assert event["url"] == "https://meet.example.org/1"
        assert f"You are meeting on {label}." in acme.chat_of("ana")[0]
        assert f"It is set: {label}." in acme.chat_of("ana")[1]

        await acme.until(TEN + timedelta(days=5))
        assert not any("have you found a time" in text for text in acme.chat_of("ana"))
        assert "did you meet?" in acme.chat_of("ana")[-1]


async def test_people_change_their_minds_about_the_time_and_back_again(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        await acme.until(TEN)
        (_, first), (_, second), *_ = times_offered(acme, "ana")
        for action in (first, second, first):
            await acme.presses_action("ana", action)

        events = entries(acme, "ana")
        assert len(events) == 3, "each change is confirmed, also the one back"
        assert len({event["uid"] for event in events}) == 1
        assert events[0].start == events[2].start != events[1].start
        assert plain_time(events[2].start) in acme.chat_of("ana")[0]

        await acme.until(events[1].start + timedelta(minutes=1))
        said = await acme.presses_action("ben", second)
        assert said == "That time is over. Please pick another one, or agree on one in your conversation."


async def test_another_time_is_still_offered_after_one_was_chosen(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        await acme.until(TEN)
        offered = times_offered(acme, "ana")
        await acme.presses("ana", offered[1][0])

        card = acme.chat_of("ana")[0]
        assert "Does another time suit you better?" in card
        assert f"[{offered[0][0]}]" in card
        assert f"[{offered[1][0]}]" not in card


async def test_a_time_that_has_passed_is_offered_no_more(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        await acme.until(TEN)
        offered = times_offered(acme, "ana")
        await acme.until(TEN + timedelta(days=2, minutes=5))
        nudge = acme.chat_of("ana")[-1]
        assert "have you found a time" in nudge
        assert f"[{offered[0][0]}]" not in nudge, "Monday is over"
        assert f"[{offered[-1][0]}]" in nudge


async def test_once_it_did_not_come_about_the_card_no_longer_says_when_they_are_meeting(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        await acme.until(TEN)
        await acme.presses("ana", times_offered(acme, "ana")[0][0])
        await acme.presses("ben", "Not this time")
        card = acme.chat_of("ana")[0]
        assert "You are meeting on" not in card
        assert "No coffee this time" in card


def plain_time(at: datetime) -> str:
    """An hour in Berlin in winter, as it is written."""
    return f"{at + timedelta(hours=1):%H:%M} CET"


async def test_a_nudge_that_waits_for_the_morning_is_not_sent_if_somebody_speaks_in_the_evening(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.replace('at = "10:00"', 'at = "18:00"').format(more="")
    async with world(sessions, tmp_path, config=config, who=TWO) as acme:
        await acme.until(TEN + timedelta(days=2, hours=9))  # Wednesday evening: the nudge is due, and waits
        assert (
            await acme.count(Delivery, Delivery.what == "nudge", Delivery.state == DeliveryState.PENDING) == 1
        )
        await acme.presses("ben", "Rescheduled")
        await acme.until(TEN + timedelta(days=6))

        assert not any("found a time" in text for text in acme.chat_of("ana"))
        assert not any("did you meet" in text for text in acme.chat_of("ana"))
        assert await acme.count(Match, Match.outcome == Outcome.RESCHEDULED) == 1


async def test_late_answers_still_correct_what_became_of_it(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        await acme.until(TEN + timedelta(days=5))
        for who, pressed, outcome in (
            ("ana", "Not this time", Outcome.NOT_THIS_TIME),
            ("ben", "Rescheduled", Outcome.RESCHEDULED),
            ("ben", "We met", Outcome.MET),
            ("ana", "Rescheduled", Outcome.MET),
            ("ben", "Not this time", Outcome.NOT_THIS_TIME),
        ):
            await acme.presses(who, pressed)
            [match] = await acme.rows(Match, Match.id == 1)
            assert match.outcome is outcome, (who, pressed)
            for text in acme.chat_of("ana"):
                assert "found a time" in text or outcome_said(outcome) in text


def outcome_said(outcome: Outcome) -> str:
    return {
        Outcome.MET: "You met. Lovely.",
        Outcome.RESCHEDULED: "You are meeting later.",
        Outcome.NOT_THIS_TIME: "No coffee this time, and that is fine.",
    }[outcome]


async def test_not_this_time_is_between_the_bot_and_the_one_who_pressed(
    sessions: Sessions, tmp_path: Path
) -> None:
    trio = CONFIG.replace('"bye"', '"trio"').format(more="")
    async with world(sessions, tmp_path, config=trio, who=people("Ana", "Ben", "Chloe")) as acme:
        await acme.until(TEN)
        before = len(acme.platform.delivered)
        said = await acme.presses("ben", "Not this time")
        against = await acme.presses("chloe", "We met")
        stands = await acme.presses("ben", "Not this time")

        assert said == "Noted. Nobody is told who said so. You will get another turn with each other."
        assert against == "Noted: you met. Thank you for telling me."
        assert stands == "Noted, between you and me. It stays at “you met”, as that was said as well."
        assert len(acme.platform.delivered) == before, "nothing new is sent to anybody"
        [shared] = acme.chat_of("ana")
        assert shared.count("Ben") == 1, "named once, as one of the three who are introduced"
        assert "You met. Lovely." in shared


async def test_a_press_or_an_event_that_comes_twice_has_one_effect(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        await acme.until(TEN)
        assert await acme.presses("ana", "We met", event_id="E1")
        assert await acme.presses("ana", "Not this time", event_id="E1") == "", (
            "the same event says nothing twice"
        )
        assert await acme.presses("ana", "We met") == "Noted: you met. Thank you for telling me."
        assert await acme.says("ben", "/coffee skip", event_id="E2")
        assert await acme.says("ben", "/coffee skip", event_id="E2") == ""

        assert await acme.count(Match, Match.outcome == Outcome.MET) == 1
        assert await acme.count(Delivery, Delivery.edits_id.is_not(None)) == 1
        known_as = mark_of(acme.platform.actor("ana"), "E1")
        assert await acme.count(Received, Received.event_id == known_as) == 1
        assert await acme.count(Participation) == 2


async def test_a_stranger_and_a_forger_get_a_kind_sentence_and_change_nothing(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.until(TEN)
        mine = next(
            d for d in acme.platform.delivered if acme.sees("ana", d.sent.conversation) and "We met" in d.text
        )
        met = button_of(mine, "We met")
        stranger = next(w for w in ("ben", "chloe", "dev") if w not in acme.partners_of("ana"))
        assert "a conversation of others" in await acme.presses_action(stranger, met)
        number = met.split(":")[1]
        for forged in (
            "met:abc", "met:999999999999999999999", "met:99999999999", "met:-1", "met:", "met", "met:²", "met:1.0",
            f"time:{number}:99", f"time:{number}:²", f"time:{number}:{'9' * 5000}", f"time:{number}", "time",
            "in:1", "in:0", "out:x", "", ":", "::::", "drop table:1", "met\x00:1", "𝟏:1", f"not:{'1' * 30}",
        ):  # fmt: skip
            said = await acme.presses_action("ana", forged)
            assert "no longer have a record" in said or "has begun already" in said, forged

        assert await acme.count(Match, Match.outcome != Outcome.UNKNOWN) == 0
        assert isinstance(await acme.platform.submit("ana", "no:such:form", {"x": "y"}), object)
        assert not any("went wrong on my side" in text for text in acme.all_said())
