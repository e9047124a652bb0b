"""Why, history and plan: what members can ask about their coffees, and that the answers are true."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.ports import Away
from tests.world import CONFIG, MONDAY, World, people, world

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


async def test_history_plan_and_why_say_the_same_while_the_introduction_is_on_its_way(
    sessions: Sessions, tmp_path: Path
) -> None:
    abroad = [
        replace(person, timezone="America/Los_Angeles") for person in people("Ana", "Ben", "Chloe", "Dev")
    ]
    async with world(sessions, tmp_path, who=abroad) as acme:
        await acme.until(TEN)
        assert acme.platform.chats == {}, "it is night where they are"
        why = await acme.says("ana", "/coffee why")
        assert (said := re.match(r"This time you are with (\w+)\.", why))
        assert "introduced to 1 of 3 others." in await acme.says("ana", "/coffee plan")
        assert f"been introduced to {said[1]}." in await acme.says("ana", "/presence me")
        assert await acme.says("ana", "/coffee history") == (
            "You have been introduced to 1 person in monday-coffee:\n"
            f"• {said[1]}, Monday, 5 January: the introduction has not arrived yet"
        )
        await acme.until(TEN + timedelta(days=1))
        assert (await acme.says("ana", "/coffee history")).endswith(
            f"• {said[1]}, Monday, 5 January: not known"
        )


async def test_an_introduction_that_never_came_is_in_no_history_and_no_plan(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as acme:
        acme.platform.closed |= {"ana", "ben"}
        acme.platform.archived.add("C-coffee")
        await acme.until(TEN + timedelta(days=5))
        assert "not been introduced to anybody" in await acme.says("ana", "/coffee history")
        assert "introduced to 0 of 1 other." in await acme.says("ana", "/coffee plan")


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


async def all_met_by(acme: World, who: str) -> datetime:
    """The day that `/coffee plan` promises, at ten."""
    said = await acme.says(who, "/coffee plan")
    named = re.search(r"You will have met all \d+ others by \w+, (\d+ \w+) if nobody is away", said)
    assert named, said
    day = datetime.strptime(f"{named[1]} 2026", "%d %B %Y")  # noqa: DTZ007
    return TEN.replace(month=day.month, day=day.day)


def has_met_all(acme: World, who: str) -> bool:
    return len({each for met in acme.met() if who in met for each in met}) == len(acme.platform.people)


async def test_plan_moves_and_says_so_when_somebody_joins_or_leaves(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.until(TEN)
        await acme.arrives(*people("Eli", "Fay"))
        plan = await acme.says("ana", "/coffee plan")
        assert "1 of 5 others." in plan
        assert "The date moved, as 2 people joined since the season began." in plan
        by = await all_met_by(acme, "eli")
        await acme.until(by - WEEK)
        assert not has_met_all(acme, "eli")
        await acme.until(by)
        assert all(has_met_all(acme, each) for each in ("ana", "dev", "eli", "fay"))

        await acme.until(by + WEEK)
        await acme.departs("eli", "fay", "dev")
        plan = await acme.says("ana", "/coffee plan")
        assert "The date moved, as 3 people left since the season began." in plan


async def test_plan_moves_and_keeps_its_word_when_somebody_was_away_and_nobody_is_counted(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.says("dev", "/coffee skip")
        before = await all_met_by(acme, "ana")
        await acme.until(TEN)
        plan = await acme.says("ana", "/coffee plan")
        assert (
            "It can be later than it was, as not everybody was there each time. "
            "What did not take place is made up for."
        ) in plan
        assert "dev" not in plan.casefold()
        by = await all_met_by(acme, "ana")
        assert by == before + WEEK
        await acme.until(by)
        assert all(has_met_all(acme, each) for each in ("ana", "dev"))


async def test_with_trios_plan_keeps_its_word_too(sessions: Sessions, tmp_path: Path) -> None:
    five = people("Ana", "Ben", "Chloe", "Dev", "Eli")
    async with world(sessions, tmp_path, config=TRIO, who=five) as acme:
        by = await all_met_by(acme, "ana")
        await acme.until(by - WEEK)
        assert not all(has_met_all(acme, each.id) for each in five)
        await acme.until(by)
        assert all(has_met_all(acme, each.id) for each in five)


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
