"""A private nudge: to the sender alone, from their own thanks, about one person, once for each silence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Delivery, Enrolment, Pause
from bot.domain.states import Attention, Choice
from tests.journeys.gratitude import CALM, CONFIG, FRIDAY
from tests.world import World, world

NUDGING = CONFIG + "nudge = true\n"
WEEK = timedelta(weeks=1)


def nudges(acme: World, who: str) -> list[str]:
    """What somebody was told of their own silence."""
    return [text for text in acme.platform.to(who) if "since you last thanked" in text]


async def test_after_eight_weeks_and_more_the_sender_alone_is_told_when_a_prompt_opens(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=NUDGING) as acme:
        await acme.until(FRIDAY)
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.until(FRIDAY + 8 * WEEK - timedelta(minutes=1))
        assert nudges(acme, "ana") == []
        await acme.until(FRIDAY + 9 * WEEK)
        assert nudges(acme, "ana") == [
            "It has been 8 weeks since you last thanked Ben. Only if there is something, of course.\n[Say thanks]"
        ]
        assert (await acme.opens("ana", "Say thanks")).action == "thanks:1"
        await acme.until(FRIDAY + 20 * WEEK)
        assert len(nudges(acme, "ana")) == 1, "never twice for one silence"
        for other in ("ben", "chloe", "dev"):
            assert nudges(acme, other) == []
        [owed] = await acme.rows(Delivery, Delivery.what == "thanks_nudge")
        assert owed.attention is Attention.PRIVATE

        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.until(FRIDAY + 29 * WEEK)
        assert len(nudges(acme, "ana")) == 2, "that was another silence"


async def test_of_several_it_is_the_longest_silence_and_one_a_prompt(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=NUDGING) as acme:
        await acme.says("ana", f"/thanks <@chloe> {CALM} privately")
        await acme.until(FRIDAY + WEEK)
        await acme.says("ana", f"/thanks <@ben> <@dev> {CALM}")
        await acme.says("ana", f"/thanks <@dev> {CALM} again")
        await acme.until(FRIDAY + 9 * WEEK)
        assert [text.split(".")[0] for text in nudges(acme, "ana")] == [
            "It has been 8 weeks since you last thanked Chloe",
            "It has been 8 weeks since you last thanked Ben",
        ]


async def test_nobody_is_told_of_who_left_or_while_they_are_out_or_on_a_pause(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=NUDGING) as acme:
        for who in ("ana", "chloe", "dev"):
            await acme.says(who, f"/thanks <@ben> {CALM}")
        async with sessions.begin() as session:
            for row in await acme.rows(Enrolment):
                if row.member_id == 3:
                    (await session.get_one(Enrolment, row.id)).choice = Choice.LEFT
            session.add(
                Pause(
                    team_id=1,
                    member_id=4,
                    ritual_id=1,
                    started_at=acme.clock.now(),
                    paused_until=FRIDAY + 10 * WEEK,
                )
            )
        await acme.until(FRIDAY + 9 * WEEK)
        assert [len(nudges(acme, who)) for who in ("ana", "chloe", "dev")] == [1, 0, 0]
        await acme.says("ben", f"/thanks <@chloe> {CALM}")
        await acme.departs("chloe")
        await acme.until(FRIDAY + 30 * WEEK)
        assert nudges(acme, "ben") == []
        assert len(nudges(acme, "dev")) == 1


async def test_a_nudge_that_waits_is_dropped_when_the_thanks_come_first(
    sessions: Sessions, tmp_path: Path
) -> None:
    late = NUDGING.replace('at = "15:00"', 'at = "20:00"')
    async with world(sessions, tmp_path, config=late) as acme:
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.until(FRIDAY + 8 * WEEK + timedelta(hours=5))
        assert await acme.count(Delivery, Delivery.what == "thanks_nudge") == 1
        await acme.says("ana", f"/thanks <@ben> {CALM} again")
        await acme.until(FRIDAY + 10 * WEEK)
        assert nudges(acme, "ana") == []


async def test_without_the_word_in_the_config_nobody_is_told(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.until(FRIDAY + 20 * WEEK)
        assert nudges(acme, "ana") == []


async def test_what_was_taken_back_was_not_said(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=NUDGING) as acme:
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.presses("ana", "Delete")
        await acme.until(FRIDAY + 20 * WEEK)
        assert nudges(acme, "ana") == []
