"""What somebody sees and sets of themselves on Slack: by command, as files, in the settings form, on the home page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adapters.slack.office import DAY, HOUR, MINUTE, MONDAY, WEEK, Office, office
from tests.adapters.slack.test_checkins_on_slack import PULSE, WEDNESDAY
from tests.adapters.slack.test_coffee_on_slack import COFFEES

EIGHT = ("ana", "ben", "chloe", "dev", "eli", "fay", "gus", "hana")


def files(acme: Office, who: str) -> dict[str, bytes]:
    """What files the bot put into somebody's own conversation, by name."""
    there = acme.slack.workspace.open_im(f"U0{who.upper()}")
    found = [file for post in acme.slack.workspace.within(there.id) for file in post.files]
    return {file.name: file.content or b"" for file in found}


async def test_me_says_what_comes_next_and_whom_one_has_met(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        [partner] = acme.partners_of("ana")
        said = await acme.says("ana", "/presence me", channel="coffee")
        assert "• monday-coffee: next on Monday, 12 January at 10:00 CET" in said
        assert f"This season of monday-coffee you have been introduced to @{partner.title()}." in said
        assert (await acme.presses("ana", "Skip the next")).startswith("You skip the next round")


async def test_the_teams_chart_comes_as_a_picture_with_words_into_ones_own_conversation(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES, people=EIGHT) as acme:
        await acme.until(MONDAY + 3 * WEEK + 3 * DAY)
        said = await acme.says("ana", "/presence team", channel="coffee")
        assert "16 of 28 pairs have been introduced this season." in said
        assert said.endswith("The file is in our direct messages.")
        assert not any(name.title() in said for name in EIGHT), "nobody is named"
        [(name, content)] = files(acme, "ana").items()
        assert name == "monday-coffee.png"
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        [file] = acme.slack.workspace.files.values()
        assert file.alt.startswith("monday-coffee: 16 of 28 pairs introduced this season;")
        assert len(acme.within("coffee")) == 1, "the channel is left alone"


async def test_all_that_is_kept_comes_as_files_to_whoever_asks_alone(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        said = await acme.says("ben", "/presence mydata", channel="coffee")
        assert "• Ben, slack:U0BEN" in said
        assert "introduced: monday-coffee, Monday, 5 January" in said
        said = await acme.says("ben", "/presence export", channel="coffee")
        assert said.startswith("All that is kept about you is on its way, to you alone.")
        await acme.goes_by(MINUTE)
        found = files(acme, "ben")
        assert sorted(found) == ["kinkeeper-csv.zip", "kinkeeper.json"]
        assert "U0BEN" in json.dumps(json.loads(found["kinkeeper.json"]))
        assert not any(post.files for post in acme.slack.workspace.posts if post.channel != "D00BEN")


async def test_being_forgotten_takes_a_button_and_what_follows_begins_anew(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        await acme.says("ana", "/coffee avoid @ben")
        said = await acme.says("ana", "/presence forget")
        assert said.startswith("If I forget you, this is deleted, for good and in one step:")
        assert "introduced to" in await acme.says("ana", "/coffee history"), "nothing was done yet"
        post, action = acme.button("ana", "Forget me")
        assert acme.slack.eyes.actions(post.blocks)[action]["style"] == "danger"
        assert (await acme.presses("ana", "Forget me")).startswith("You are forgotten.")
        page = await acme.looks_at_home("ana")
        assert "You take part in nothing yet." in page
        await acme.until(MONDAY + WEEK)
        assert sum("U0ANA" in group for group in acme.groups()) == 1, "nobody is brought back unasked"
        assert "You do not take part in" in await acme.says("ana", "/coffee plan")


async def test_zone_and_quiet_hours_are_set_by_command(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        assert (await acme.says("ana", "/presence timezone")).startswith(
            "Your time zone is Europe/Berlin; you have not set one yourself."
        )
        assert "Did you mean Europe/Paris?" in await acme.says("ana", "/presence timezone Europe/Pariss")
        assert "is Asia/Kolkata, from now on." in await acme.says("ana", "/presence timezone Asia/Kolkata")
        assert "5 January at 14:30 IST" in await acme.says("ana", "/coffee plan")
        assert "18:00-09:00 overnight (Asia/Kolkata)" in await acme.says("ana", "/presence quiet 18:00-09:00")


async def test_the_settings_form_says_at_each_field_what_is_wrong_and_then_keeps_what_is_right(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.says("ana", "/presence quiet")
        shown = await acme.opens("ana", "Settings")
        assert acme.typed("ana", "timezone") == "Europe/Berlin"
        await acme.submits("ana", timezone="Nowhere", quiet="25:00")
        assert "I do not know a time zone called Nowhere." in acme.wrong("ana")["timezone"]
        assert acme.wrong("ana")["quiet"].startswith("I could not read 25:00 as hours.")
        assert acme.modal("ana") is shown
        odd = next(b["block_id"] for b in shown.inputs() if b["block_id"].startswith("odd"))
        said = await acme.submits("ana", timezone="Asia/Kolkata", quiet="18:00-09:00", **{odd: "trio"})
        assert said.splitlines() == [
            "Noted. From now on:",
            "• your time zone is Asia/Kolkata",
            "• your quiet hours are 18:00-09:00, and days off",
            "• when the number is odd in monday-coffee: a group of three",
        ]


async def test_the_home_page_shows_what_comes_next_and_changes_with_what_is_pressed_on_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        [partner] = acme.partners_of("ben")
        page = await acme.looks_at_home("ben")
        assert page.startswith(
            "Hello @Ben. This page is yours; nobody else sees it.\nWhat comes next for you:"
        )
        assert "monday-coffee: next on Monday, 12 January at 10:00 CET" in page
        assert f"introduced to @{partner.title()}." in page

        assert await acme.presses_at_home("ben", "Skip the next") == "", "it is said on the page itself"
        skipped = "You skip the next round of monday-coffee, on Monday, 12 January at 10:00 CET."
        assert acme.home("ben").startswith(skipped)
        assert "monday-coffee: you skip Monday, 12 January at 10:00 CET" in acme.home("ben")
        await acme.presses_at_home("ben", "Be in after all")
        assert acme.home("ben").startswith("You are in for the next round of monday-coffee")
        assert skipped not in await acme.looks_at_home("ben"), "a notice is read once"
        assert acme.slack.eyes.privately("U0BEN") == []
        assert acme.told("ben") == []


async def test_a_break_and_settings_are_set_from_the_home_page_which_is_published_anew(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.looks_at_home("ben")
        await acme.presses_at_home("ben", "Pause")
        said = await acme.submits("ben", until="2026-02-28")
        assert said.startswith("You are on a break from monday-coffee until Saturday, 28 February.")
        assert "monday-coffee: you are on a break until Saturday, 28 February" in acme.home("ben")
        await acme.presses_at_home("ben", "End the break")
        assert acme.home("ben").startswith("You are back in monday-coffee.")

        await acme.presses_at_home("ben", "Settings")
        await acme.submits("ben", timezone="Europe/Paris", quiet="18:00-10:00")
        assert "• your time zone is Europe/Paris\n• your quiet hours are 18:00-10:00" in acme.home("ben")


@pytest.mark.parametrize("config", [COFFEES, PULSE])
async def test_somebody_who_was_never_seen_can_join_from_the_home_page(
    sqlite_url: str, tmp_path: Path, config: str
) -> None:
    channel = "coffee" if config == COFFEES else "team"
    async with office(sqlite_url, tmp_path, config=config, channels=[channel]) as acme:
        acme.slack.workspace.add_person("noa")
        page = await acme.looks_at_home("noa")
        assert "You take part in nothing yet. There is:" in page
        ritual = "monday-coffee" if config == COFFEES else "pulse"
        await acme.presses_at_home("noa", f"Join {ritual}")
        assert acme.home("noa").startswith(f"Welcome to {ritual}.")
        assert "Hello @Noa." in acme.home("noa")


async def test_open_questions_wait_on_the_home_page_until_they_are_answered(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=PULSE, channels=["team"]) as acme:
        await acme.until(WEDNESDAY + HOUR)
        assert "pulse has questions for you until" in await acme.looks_at_home("dev")
        await acme.presses_at_home("dev", "Answer")
        assert (await acme.submits("dev", question0="5", question1="well")).startswith("Thank you.")
        await acme.until(WEDNESDAY + 9 * HOUR)
        assert "Dev:\nwell" in acme.within("team")[-1]
        assert "has questions for you" not in await acme.looks_at_home("dev")
