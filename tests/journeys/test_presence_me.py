"""What `/presence me` tells of the coffee one has now, and the few buttons under it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.domain.interactions import Reply
from bot.domain.messages import Buttons
from bot.domain.phrasing import plain, plain_message
from tests.journeys.test_meeting import TEN, TWO, times_offered
from tests.world import CONFIG, World, people, world

RITUALS = CONFIG.format(more="") + "".join(
    f"""
[[checkin]]
name = "{name}"
kind = "{kind}"
channel = "playground:#general"
every = "week"
on = "{day}"
at = "11:00"
{more}
"""
    for name, kind, day, more in (
        ("care", "ring", "tuesday", ""),
        ("retro", "host", "wednesday", 'role = "facilitator"'),
        ("pulse", "questions", "saturday", 'questions = [{ ask = "How are you?" }]'),
        ("mood", "questions", "sunday", 'questions = [{ ask = "What is new?" }]'),
    )
)


async def me(acme: World, who: str) -> tuple[str, list[str]]:
    """What somebody reads, and the labels of the buttons beneath."""
    said = await acme.says(who, "/presence me")
    rows = [part for part in acme.platform.replies[-1][1].parts if isinstance(part, Buttons)]
    return said, [plain(button.label) for row in rows for button in row.buttons]


async def test_the_coffee_one_has_now_stands_there_with_its_time_until_it_is_over(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        assert "you are with" not in (await me(acme, "ana"))[0]
        await acme.until(TEN)
        assert "In monday-coffee you are with Ben this time.\n" in (await me(acme, "ana"))[0]

        [(label, _), *_] = times_offered(acme, "ana")
        await acme.presses("ben", label)
        agreed = f"In monday-coffee you are with Ben this time, and you meet on {label}."
        assert agreed in (await me(acme, "ana"))[0]
        page = await acme.platform.opens_home("ana", event_id="look")
        assert isinstance(page, Reply)
        assert page.message is not None
        assert agreed in plain_message(page.message)

        await acme.presses("ana", "We met")
        assert "you are with" not in (await me(acme, "ana"))[0]


async def test_a_match_of_which_nobody_said_anything_is_not_shown_once_its_round_is_closed(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), who=TWO) as acme:
        await acme.until(TEN + timedelta(days=4, hours=1))
        assert "you are with" not in (await me(acme, "ana"))[0]


async def test_of_many_rituals_those_that_come_next_have_buttons_and_the_others_a_command(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=RITUALS, who=people("Ana", "Ben", "Chloe")) as acme:
        said, labels = await me(acme, "ana")  # on a Friday
        assert labels == ["Skip pulse", "Pause pulse", "Skip mood", "Pause mood", "Settings"]
        assert "can be paused by name, for example /coffee pause in 2 weeks monday-coffee." in said
        assert "You are on a break from" in await acme.says("ana", "/coffee pause in 2 weeks monday-coffee")


async def test_what_is_paused_for_everybody_has_nothing_to_skip_or_to_pause(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        assert (await me(acme, "ben"))[1] == ["Skip the next", "Pause", "Settings"]
        await acme.says("ana", "/kinkeeper pause monday-coffee")
        said, labels = await me(acme, "ben")
        assert "monday-coffee: paused for everybody" in said
        assert labels == ["Settings"]
