"""Why, history and plan: what members can ask about their coffees, and that the answers are true."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.ports import Away
from tests.world import CONFIG, MONDAY, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
WEEK = timedelta(weeks=1)
TRIO = CONFIG.replace('odd = "bye"', 'odd = "trio"').format(more="")


async def test_why_tells_of_a_first_introduction_and_of_a_repeat(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as acme:
        assert await acme.says("ana", "/coffee why") == (
            "There has been no round of monday-coffee yet.\nThe next one is on Monday, 5 January at 10:00 CET."
        )
        assert "not been introduced to anybody" in await acme.says("ana", "/coffee history")
        await acme.until(TEN)
        assert await acme.says("ana", "/coffee why") == (
            "This time you are with Ben.\nYou had not been introduced to each other yet.\n"
            "The next one is on Monday, 12 January at 10:00 CET."
        )
        await acme.until(TEN + WEEK)
        assert "It has been 1 round since you were last introduced to each other." in await acme.says(
            "ana", "/coffee why"
        )


async def test_why_is_kind_to_who_came_later_or_was_away_or_has_nothing_to_do_with_it(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.changes("dev", away=(Away("status"),))
        await acme.says("chloe", "/coffee leave")
        await acme.until(TEN)
        await acme.days(1)
        await acme.arrives(*people("Eli"))

        assert "you were away." in await acme.says("dev", "/coffee why")
        assert "you joined after it." in await acme.says("eli", "/coffee why")
        assert "/coffee join brings you in" in await acme.says("chloe", "/coffee why")


async def test_history_names_everybody_newest_first_with_what_became_of_it(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        partners = []
        for week, pressed in enumerate(("We met", "Rescheduled", "Not this time")):
            await acme.until(TEN + week * WEEK)
            [partner] = acme.partners_of("ana")
            partners.append(partner.title())
            await acme.presses("ana", pressed)
        await acme.until(TEN + 3 * WEEK)
        [last] = acme.partners_of("ana")

        assert (await acme.says("ana", "/coffee history")).splitlines() == [
            "You have been introduced to 3 people in monday-coffee:",
            f"• {last.title()}, Monday, 26 January: not known",
            f"• {partners[2]}, Monday, 19 January: not this time",
            f"• {partners[1]}, Monday, 12 January: rescheduled",
            f"• {partners[0]}, Monday, 5 January: you met",
        ]


async def test_a_long_history_says_how_much_more_there_was(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as acme:
        await acme.until(TEN + 16 * WEEK)
        assert (await acme.says("ana", "/coffee history")).endswith("… and 2 earlier rounds.")


async def test_plan_keeps_its_word_about_the_day_by_which_all_have_met(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        assert await acme.says("ana", "/coffee plan") == (
            "The next round of monday-coffee is on Monday, 5 January at 10:00 CET.\n"
            "This season you have been introduced to 0 of 3 others.\n"
            "You will have met all 3 others by Monday, 19 January if nobody is away."
        )
        await acme.until(TEN)
        assert "1 of 3 others.\nYou will have met all 3 others by Monday, 19 January if" in await acme.says(
            "ana", "/coffee plan"
        )
        await acme.until(TEN + 2 * WEEK)
        assert len({p for met in acme.met() if "ana" in met for p in met}) == 4
        assert "This season you have been introduced to 0 of 3 others." in await acme.says(
            "ana", "/coffee plan"
        )


async def test_plan_moves_and_says_so_when_somebody_joins_or_leaves(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.until(TEN)
        await acme.arrives(*people("Eli", "Fay"))
        plan = await acme.says("ana", "/coffee plan")
        assert "1 of 5 others." in plan
        assert "At the earliest, you will have met all 5 others by Monday, 9 February." in plan
        assert "The date moved, as 2 people joined since the season began." in plan

        await acme.departs("eli", "fay", "dev")
        plan = await acme.says("ana", "/coffee plan")
        assert "The date moved, as 1 person left since the season began." in plan


async def test_with_trios_the_day_is_only_the_earliest_that_is_possible(
    sessions: Sessions, tmp_path: Path
) -> None:
    five = people("Ana", "Ben", "Chloe", "Dev", "Eli")
    async with world(sessions, tmp_path, config=TRIO, who=five) as acme:
        assert "At the earliest, you will have met all 4 others by Monday, 19 January." in await acme.says(
            "ana", "/coffee plan"
        )


async def test_plan_of_one_who_is_alone_or_has_met_all_or_whose_ritual_rests(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben", "Chloe")) as acme:
        for week in range(2):
            await acme.until(TEN + week * WEEK)
        done = next(w for w in ("ana", "ben", "chloe") if sum(w in met for met in acme.met()) == 2)
        assert "You have met everybody this season." in await acme.says(done, "/coffee plan")
        await acme.says("ana", "/kinkeeper pause monday-coffee 2026-02-02")
        assert "monday-coffee is paused until Monday, 2 February." in await acme.says("ben", "/coffee plan")
        await acme.says("ana", "/kinkeeper pause monday-coffee")
        assert "monday-coffee is paused.\n" in await acme.says("ben", "/coffee plan")
        await acme.departs("ben", "chloe")
        assert "Nobody else takes part yet" in await acme.says("ana", "/coffee plan")
