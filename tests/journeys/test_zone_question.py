"""Where a platform tells no time zones, the bot asks each person once, beside the first answer that only they read."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Member
from bot.domain.interactions import Reply
from bot.domain.phrasing import plain_message
from bot.ports import Profile
from tests.journeys.test_unlisted import TEN
from tests.world import CONFIG, World, people, world

OPT_IN = CONFIG.format(more='members = "opt-in"')
CHANNEL = CONFIG.format(more="")
ASKED = "which time zone are you in?"


def somewhere(locale: str = "") -> list[Profile]:
    """People of whom the platform tells no zone."""
    return [replace(p, timezone=None, locale=locale) for p in people("Ana", "Ben", "Chloe", "Dev")]


async def zone_of(acme: World, who: str) -> str:
    """The zone that holds for somebody, as they are told it."""
    said = await acme.says(who, "/presence timezone")
    return said.removeprefix("Your time zone is ").replace(";", ",").partition(",")[0]


async def test_who_joins_is_asked_once_and_a_button_is_enough(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=OPT_IN, who=somewhere("en-US")) as acme:
        joined = await acme.presses("ana", "Join")
        assert joined == (
            "Welcome to monday-coffee. The next round is on Monday, 5 January at 10:00 CET.\n"
            "One thing, and I ask it only once: which time zone are you in? I do not know, so for now I go by "
            "Europe/Berlin; if that is right, there is nothing to do. /presence timezone changes it whenever "
            "you like.\n"
            "[America/New_York] [America/Chicago] [America/Los_Angeles] [Another one]"
        )
        said = await acme.presses("ana", "America/Chicago")
        assert said == "Noted: your time zone is America/Chicago, from now on."
        assert "10:00 CET" not in await acme.says("ana", "/coffee plan")
        assert ASKED not in await acme.says("ana", "/coffee leave")
        assert ASKED not in await acme.says("ana", "/coffee join")


async def test_who_does_not_answer_is_not_asked_again(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=OPT_IN, who=somewhere("de")) as acme:
        assert ASKED in await acme.says("ben", "/coffee join")
        for line in ("/coffee plan", "/coffee leave", "/coffee join", "/presence me"):
            assert ASKED not in await acme.says("ben", line)
        assert await zone_of(acme, "ben") == "Europe/Berlin"


async def test_whom_the_channel_enrolled_is_asked_beside_the_first_answer_and_gets_no_message_for_it(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CHANNEL, who=somewhere("en-GB")) as acme:
        await acme.until(TEN)
        assert not any(ASKED in text for text in acme.all_said())
        said = await acme.presses("ana", "We met")
        assert said.startswith("Noted: you met.")
        assert said.endswith("[Europe/London] [Another one]")
        assert acme.platform.to("ana") == []
        assert ASKED not in await acme.presses("ana", "We met")


async def test_one_who_takes_part_in_nothing_is_not_asked(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=OPT_IN, who=somewhere()) as acme:
        assert ASKED not in await acme.says("ana", "/kinkeeper help")
        assert ASKED not in await acme.says("ana", "/coffee leave")
        assert ASKED in await acme.says("ana", "/coffee join")


async def test_who_has_told_already_is_not_asked(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=OPT_IN, who=somewhere("de")) as acme:
        await acme.says("ana", "/presence timezone Asia/Tokyo")
        assert ASKED not in await acme.says("ana", "/coffee join")


async def test_nobody_is_asked_where_the_platform_tells_zones(sessions: Sessions, tmp_path: Path) -> None:
    newcomer = Profile(id="eli", name="Eli", timezone="Europe/Paris")
    async with world(sessions, tmp_path, config=OPT_IN) as acme:
        acme.platform.people.append(newcomer)  # not read yet, so theirs is not known at that moment
        assert ASKED not in await acme.says("ana", "/coffee join")
        assert ASKED not in await acme.says("eli", "/coffee join")
        await acme.reads_rosters()
        assert await zone_of(acme, "eli") == "Europe/Paris"


async def test_without_a_guess_the_settings_open(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=OPT_IN, who=somewhere("")) as acme:
        assert (await acme.says("ana", "/coffee join")).endswith("[Choose]")
        form = await acme.opens("ana", "Choose")
        await acme.submits("ana", form.action, timezone="lisbon", quiet="")
        assert await acme.rows(Member, Member.timezone.is_not(None)) == []
        await acme.submits("ana", form.action, timezone="europe/lisbon", quiet="")
        assert await zone_of(acme, "ana") == "Europe/Lisbon"


async def test_two_answers_at_once_ask_once(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CHANNEL, who=somewhere("de")) as acme:
        answers = await asyncio.gather(
            *(acme.platform.command("ana", "coffee", verb) for verb in ("plan", "history", "why"))
        )
        said = [plain_message(a.message) for a in answers if isinstance(a, Reply) and a.message]
        assert len(said) == 3
        assert sum(ASKED in text for text in said) == 1


async def test_a_button_that_carries_no_zone_does_nothing(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=OPT_IN, who=somewhere("de")) as acme:
        await acme.presses_action("ana", "zone:Moon/Crater")
        await acme.presses_action("ana", "zone")
        assert await acme.count(Member, Member.timezone.is_not(None)) == 0


async def test_that_it_was_asked_is_shown_in_their_data(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=OPT_IN, who=somewhere("de")) as acme:
        await acme.says("ana", "/coffee join")
        [member] = [m for m in await acme.rows(Member) if m.name == "Ana"]
        assert member.zone_asked_at == acme.clock.now()


async def test_the_teams_own_zone_is_the_first_that_is_offered(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        assert acme.inbox.complete("/presence timezone ") == ["/presence timezone Europe/Berlin"]
        first, *others = acme.inbox.complete("/presence timezone europe/b")
        assert first == "/presence timezone Europe/Berlin"
        assert "/presence timezone Europe/Belgrade" in others
        lisbon = acme.configs[-1].replace("Europe/Berlin", "Europe/Lisbon")
        await acme.configure(lisbon)
        await acme.reads_rosters()
        assert acme.inbox.complete("/presence timezone ") == ["/presence timezone Europe/Lisbon"]
