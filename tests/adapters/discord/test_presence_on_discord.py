"""What somebody sees and sets of themselves on Discord: by command, as files, in the settings form, and their zone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adapters.discord.gathering import hall
from tests.adapters.discord.guildhall import DAY, MINUTE, MONDAY, WEEK
from tests.adapters.discord.test_coffee_on_discord import BY_OPT_IN, COFFEES

EIGHT = ("ana", "ben", "chloe", "dev", "eli", "fay", "gus", "hana")
ASKED = "One thing, and I ask it only once: which time zone are you in?"


async def test_me_says_what_comes_next_and_whom_one_has_met(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        [partner] = lab.partners_of("ana")
        said = await lab.says("ana", "/presence me")
        assert "• monday-coffee: next on 2026-01-12 09:00 UTC" in said
        assert f"This season of monday-coffee you have been introduced to @{partner.title()}." in said
        assert (await lab.presses("ana", "Skip the next")).startswith("You skip the next round")


async def test_the_teams_chart_comes_as_a_picture_with_words_and_names_nobody(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES, people=EIGHT) as lab:
        await lab.until(MONDAY + 3 * WEEK + 3 * DAY)
        said = await lab.says("ana", "/presence team")
        assert "16 of 28 pairs have been introduced this season." in said
        assert not any(name.title() in said for name in EIGHT), "nobody is named"
        await lab.goes_by(MINUTE)
        private = [m for m in lab.discord.eyes.private_messages(lab.account("ana")) if m.attachments]
        there = private or lab.discord.world.within(lab.discord.world.direct(lab.account("ana")).id)
        [file] = [file for message in there for file in message.attachments]
        assert file.name == "monday-coffee.png"
        assert file.content.startswith(b"\x89PNG\r\n\x1a\n")
        assert file.description.startswith("monday-coffee: 16 of 28 pairs introduced this season;")
        assert len(lab.within("coffee")) == 1, "the channel is left alone"


async def test_all_that_is_kept_comes_as_files_to_whoever_asks_alone(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        said = await lab.says("ben", "/presence mydata")
        assert f"• Ben, discord:{lab.account('ben')}" in said
        assert "introduced: monday-coffee, Monday, 5 January" in said
        said = await lab.says("ben", "/presence export")
        assert said.startswith("All that is kept about you is on its way, to you alone.")
        await lab.goes_by(MINUTE)
        found = lab.files("ben")
        assert sorted(found) == ["kinkeeper-csv.zip", "kinkeeper.json"]
        assert lab.account("ben") in json.dumps(json.loads(found["kinkeeper.json"]))
        direct = lab.discord.world.direct(lab.account("ben")).id
        assert {m.channel for m in lab.discord.world.messages if m.attachments} == {direct}


async def test_being_forgotten_takes_a_button_and_nobody_is_brought_back_unasked(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        said = await lab.says("ana", "/presence forget")
        assert said.startswith("If I forget you, this is deleted, for good and in one step:")
        assert "introduced to" in await lab.says("ana", "/coffee history"), "nothing was done yet"
        assert (await lab.presses("ana", "Forget me")).startswith("You are forgotten.")
        await lab.rosters_are_read()
        await lab.until(MONDAY + WEEK)
        assert sum("ana" in group for group in lab.groups()) == 1
        assert "You do not take part in" in await lab.says("ana", "/coffee plan")


async def test_the_settings_form_says_what_is_wrong_and_then_keeps_what_is_right(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.says("ana", "/presence quiet")
        await lab.presses("ana", "Settings")
        if lab.discord.eyes.modal(lab.account("ana")) is None:
            await lab.opens("ana", "Open the form")
        assert lab.typed("ana", "timezone") == "Europe/Berlin"
        said = await lab.submits("ana", timezone="Nowhere", quiet="25:00")
        assert "I do not know a time zone called Nowhere." in said
        assert "I could not read 25:00 as hours." in said
        await lab.opens("ana", "Open the form")
        assert (lab.typed("ana", "timezone"), lab.typed("ana", "quiet")) == ("Nowhere", "25:00")
        said = await lab.submits("ana", timezone="Asia/Kolkata", quiet="18:00-09:00")
        assert "• your time zone is Asia/Kolkata\n• your quiet hours are 18:00-09:00" in said


async def test_the_time_zone_is_asked_for_once_and_set_by_a_button(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=BY_OPT_IN, members_intent=False) as lab:
        assert ASKED in await lab.presses("ben", "Join")
        assert "Europe/London" in await lab.presses("ben", "Europe/London")
        assert ASKED not in await lab.says("ben", "/coffee plan")
        assert "Your time zone is Europe/London, as you set it." in await lab.says(
            "ben", "/presence timezone"
        )
        assert ASKED in await lab.presses("ana", "Join")
        assert ASKED not in await lab.says("ana", "/coffee skip")
        said = await lab.says("ana", "/presence timezone", zone="Asia/Kolkata")
        assert "your time zone is Asia/Kolkata" in said


async def test_another_zone_than_the_guesses_is_typed_into_a_form(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=BY_OPT_IN, members_intent=False) as lab:
        said = await lab.presses("ben", "Join")
        assert said.endswith("\nEurope/London\nAnother one")
        assert await lab.presses("ben", "Another one") == "Your form is ready here:\nOpen the form"
        await lab.opens("ben", "Open the form")
        assert lab.typed("ben", "timezone") == "Europe/Berlin", "what holds so far"
        said = await lab.submits("ben", timezone="Asia/Kolkatta")
        assert "I do not know a time zone called Asia/Kolkatta. Did you mean Asia/Kolkata?" in said
        await lab.opens("ben", "Open the form")
        assert lab.typed("ben", "timezone") == "Asia/Kolkatta"
        assert "• your time zone is Asia/Kolkata" in await lab.submits("ben", timezone="Asia/Kolkata")
        assert "Your time zone is Asia/Kolkata, as you set it." in await lab.says("ben", "/presence timezone")
        assert ASKED not in await lab.says("ben", "/coffee skip")


async def test_somebody_in_a_language_that_tells_no_country_chooses_a_zone_in_the_form(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=BY_OPT_IN, members_intent=False) as lab:
        lab.discord.world.users[lab.account("ben")].locale = "zz"
        said = await lab.presses("ben", "Join")
        assert ASKED in said
        assert said.endswith("\nChoose")
        await lab.presses("ben", "Choose")
        await lab.opens("ben", "Open the form")
        assert "• your time zone is Asia/Tokyo" in await lab.submits("ben", timezone="Asia/Tokyo")


@pytest.mark.parametrize(
    ("locale", "typed", "first"),
    [
        ("ja", "", ["Asia/Tokyo"]),
        ("pt-BR", "", ["America/Sao_Paulo", "America/Manaus", "America/Rio_Branco"]),
        ("en-US", "america", ["America/New_York", "America/Chicago", "America/Los_Angeles"]),
        ("de", "new york", ["America/New_York"]),
    ],
)
async def test_while_a_zone_is_typed_those_of_ones_own_country_are_offered_first(
    sqlite_url: str, tmp_path: Path, locale: str, typed: str, first: list[str]
) -> None:
    async with hall(sqlite_url, tmp_path, config=BY_OPT_IN) as lab:
        lab.discord.world.users[lab.account("ben")].locale = locale
        offered = await lab.is_offered("ben", "/presence timezone", "zone", typed)
        assert offered[: len(first)] == first
        assert len(offered) == len(set(offered)) <= 25
