"""Coffees on Slack, from the round that opens to the answer of whether people met, and the commands around them."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.slack.office import DAY, HOUR, MONDAY, WEEK, Office, account, office, team

COFFEE = """
[[coffee]]
name = "monday-coffee"
channel = "slack:#coffee"
every = "week"
on = "monday"
at = "10:00"
odd = "bye"
suggest_times = 2
nudge_after = "2 days"
close_after = "4 days"
starters = ["Who taught you *something* lately, <!channel>?"]
"""
COFFEES = team(COFFEE)
TRIO = team(COFFEE.replace('"bye"', '"trio"'))
TEA = team(COFFEE, COFFEE.replace("monday-coffee", "tea").replace("monday", "tuesday"))


def times(lines: list[str]) -> list[str]:
    """The times that an introduction offers."""
    return [line for line in lines if line.endswith(" CET")]


def introduction(acme: Office, who: str) -> str:
    """What stands first in somebody's newest group conversation."""
    return acme.read(acme.in_group_of(who))[0]


async def test_an_admin_runs_a_round_and_exactly_the_matched_people_are_brought_together(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        [welcome] = acme.within("coffee")
        assert welcome.startswith("Hello! I am Kinkeeper.\nI look after monday-coffee here")

        said = await acme.says("ben", "/kinkeeper run monday-coffee", channel="coffee")
        assert said == "Only admins can do that. /kinkeeper help lists what you can do."
        assert acme.groups() == []

        said = await acme.says("ana", "/kinkeeper run monday-coffee", channel="coffee")
        assert said.startswith("A round of monday-coffee is open; what it brings is on its way")
        assert [len(each) for each in acme.groups()] == [2, 2]
        assert set.union(*acme.groups()) == {"U0ANA", "U0BEN", "U0CHLOE", "U0DEV"}
        assert acme.within("coffee") == [welcome], "a round is nobody else's business"


async def test_an_introduction_has_a_starter_times_buttons_a_mark_and_words_for_the_notification(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        [post] = acme.in_group_of("ana")
        [partner] = acme.partners_of("ana")
        said = acme.read([post])[0].splitlines()
        one, other = times(said)
        assert said[1:] == [
            "To begin with, if you like:",
            "Who taught you *something* lately, <!channel>?",
            "You are both working then. Does one of these times suit you?",
            one,
            other,
            "And afterwards, or whenever you know, one press says what became of it.",
            "We met",
            "Rescheduled",
            "Not this time",
        ]
        assert acme.slack.eyes.called(post) == {"U0ANA", account(partner)}
        assert post.metadata is not None
        assert post.metadata["event_type"] == "kinkeeper_delivery"
        notified = acme.slack.eyes.notification(post)
        assert "you two are having coffee this time (monday-coffee)" in notified
        assert "Ana" in notified
        assert partner.title() in notified
        assert "<@" not in post.text, "a notification that calls somebody would call twice"


async def test_a_time_that_is_pressed_is_set_for_both_and_comes_as_a_calendar_file(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        when, _ = times(introduction(acme, "ana").splitlines())
        said = await acme.presses("ana", when)
        assert said == f"It is set: {when}. The calendar entry is in your conversation."
        assert f"You are meeting on {when}." in introduction(acme, "ana")
        [file] = [file for post in acme.in_group_of("ana") for file in post.files]
        assert file.name.endswith(".ics")
        assert file.alt == f"A calendar entry for {when}."
        assert (file.content or b"").count(b"BEGIN:VEVENT") == 1
        [partner] = acme.partners_of("ana")
        [other] = times(introduction(acme, partner).splitlines())
        assert (await acme.presses(partner, other)).startswith(f"It is set: {other}.")
        assert f"You are meeting on {other}." in introduction(acme, "ana")


async def test_we_met_changes_the_message_for_both_and_is_noted_to_the_presser_alone(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        [partner] = acme.partners_of("ana")
        assert await acme.presses("ana", "We met") == "Noted: you met. Thank you for telling me."
        assert "You met. Lovely.\nNot so? Just press another." in introduction(acme, "ana")
        assert len(acme.in_group_of("ana")) == 1, "the message is changed, nothing is added"
        assert acme.slack.eyes.privately(f"U0{partner.upper()}") == []


async def test_not_this_time_never_says_who_pressed_it(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        [partner] = acme.partners_of("ana")
        before = introduction(acme, "ana")
        said = await acme.presses(partner, "Not this time")
        assert said.startswith("Noted. Nobody is told who said so.")
        after = introduction(acme, "ana")
        assert "No coffee this time, and that is fine." in after
        assert after.splitlines()[0] == before.splitlines()[0]
        assert after.count(partner.title()) == before.count(partner.title())
        assert acme.slack.eyes.privately("U0ANA") == []

        assert await acme.presses("ana", "We met") == "Noted: you met. Thank you for telling me."
        assert "You met. Lovely." in introduction(acme, "ana"), "one who says so is enough"


async def test_who_has_not_answered_is_nudged_once_and_asked_at_the_end(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        others = next(who for who in ("ben", "chloe", "dev") if who not in acme.partners_of("ana"))
        await acme.presses("ana", "We met")
        await acme.until(MONDAY + 3 * DAY)
        assert len(acme.in_group_of("ana")) == 1
        [nudge] = acme.read(acme.in_group_of(others))[1:]
        assert ", have you found a time yet? A short walk counts too." in nudge
        await acme.until(MONDAY + 5 * DAY)
        question = acme.in_group_of(others)[-1]
        assert "did you meet?\nWe met\nRescheduled\nNot this time" in acme.read([question])[0]
        assert len(acme.in_group_of(others)) == 3
        assert await acme.presses(others, "Rescheduled") == "Noted: you will meet later."
        assert "You are meeting later." in acme.read(acme.in_group_of(others))[-1]


async def test_why_plan_and_history_are_told_to_whoever_asks_alone(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        assert await acme.says("ana", "/coffee why") == (
            "There has been no round of monday-coffee yet.\n"
            "The next one is on Monday, 5 January at 10:00 CET."
        )
        await acme.until(MONDAY)
        [partner] = acme.partners_of("ana")
        said = await acme.says("ana", "/coffee why", channel="coffee")
        assert f"This time you are with @{partner.title()}." in said
        assert "You had not been introduced to each other yet." in said
        assert await acme.says("ana", "/kinkeeper coffee why") == said
        assert "you will have met all 3 others by" in (await acme.says("ana", "/coffee plan")).lower()
        history = await acme.says("ana", "/coffee history")
        assert f"@{partner.title()}, Monday, 5 January: not known" in history
        assert len(acme.within("coffee")) == 1, "nobody else reads any of it"


async def test_a_break_is_asked_for_in_a_form_and_a_day_that_is_over_is_refused_at_its_field(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        assert await acme.says("ana", "/coffee pause", channel="coffee") == ""
        assert acme.reads_modal("ana").startswith("Take a break\n")
        shown = acme.modal("ana")
        await acme.submits("ana", until="2026-01-02")
        assert acme.wrong("ana") == {
            "until": "Friday, 2 January is not in the future. Please pick a day from tomorrow on."
        }
        assert acme.modal("ana") is shown, "the form stays, with what was typed"
        said = await acme.submits("ana", until="2026-01-20")
        assert "You are on a break from monday-coffee until Tuesday, 20 January." in said
        await acme.until(MONDAY)
        assert all("U0ANA" not in group for group in acme.groups())
        assert (await acme.says("ana", "/coffee resume")).startswith("You are back in monday-coffee.")
        await acme.until(MONDAY + WEEK)
        assert any("U0ANA" in group for group in acme.groups())


async def test_a_break_until_a_typed_day_needs_no_form(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        said = await acme.says("ben", "/coffee pause in 2 weeks")
        assert "until Friday, 16 January" in said
        assert "I could not read soonish as a date." in await acme.says("ben", "/coffee pause soonish")


async def test_a_round_that_is_skipped_goes_by_without_whoever_skipped_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        said = await acme.says("dev", "/coffee skip")
        assert said.startswith("You skip the next round of monday-coffee, on Monday, 5 January at 10:00 CET.")
        await acme.until(MONDAY)
        assert all("U0DEV" not in group for group in acme.groups())
        await acme.until(MONDAY + WEEK)
        assert sum("U0DEV" in group for group in acme.groups()) == 1


async def test_whom_somebody_avoids_is_picked_as_slack_writes_it_and_seen_by_nobody_else(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        said = await acme.says("ana", "/coffee avoid @ben", channel="coffee")
        assert said.startswith("You will not be matched with @Ben in monday-coffee.")
        assert "with @Ben in" in await acme.says("ana", "/coffee avoid")
        for week in range(6):
            await acme.until(MONDAY + week * WEEK)
        assert {"U0ANA", "U0BEN"} not in acme.groups()
        assert {"U0ANA", "U0CHLOE"} in acme.groups()
        assert "@Ana" not in await acme.says("ben", "/coffee avoid")
        assert (await acme.says("ana", "/coffee avoid @ben")).startswith("You may be matched with @Ben")


async def test_a_name_that_was_not_picked_from_the_list_is_answered_with_what_to_do(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        said = await acme.says("ana", "/coffee avoid @Bne")
        assert said == "I do not know anybody called @Bne here. Did you mean Ben?"
        acme.slack.workspace.add_person("zoe", is_stranger=True)
        said = await acme.says("ana", "/coffee avoid @zoe")
        assert said.startswith("I do not know anybody called @Zoe here."), "she is of another organisation"
        said = await acme.says("ana", "/coffee avoid @<!channel>&co", channel="coffee")
        assert said.startswith("I do not know anybody called @<!channel>&co here.")
        [*_, post] = acme.slack.workspace.posts
        assert post.only_for == "U0ANA"
        assert acme.slack.eyes.called(post) == set()


async def test_where_other_apps_own_the_names_all_sentences_name_the_commands_as_they_are_there(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES, prefix="kin") as acme:
        [welcome] = acme.within("coffee")
        assert "/kin-coffee leave takes you out" in welcome
        assert "/coffee" not in welcome.replace("/kin-coffee", "")
        said = await acme.says("ana", "/coffee leave")
        assert said.endswith("/kin-coffee join brings you back.")
        assert "/kin-kinkeeper help" in await acme.says("ben", "/kinkeeper run monday-coffee")
        assert "There has been no round" in await acme.says("ben", "/kinkeeper coffee why")
        page = await acme.looks_at_home("ben")
        assert "/kin-kinkeeper help shows what else there is" in page


async def test_an_unknown_word_gets_the_nearest_one(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        assert await acme.says("ana", "/coffee puase") == (
            "I do not know /coffee puase. Did you mean /coffee pause?"
        )
        assert await acme.says("ana", "/coffee xyzzy") == (
            "I do not know /coffee xyzzy. /kinkeeper help lists what I understand."
        )
        said = await acme.says("ana", "/coffee")
        assert "• /coffee why: why you were matched as you were, or not" in said.replace(" [RITUAL]", "")
        [pointer] = await acme.writes("ana", "are you there?")
        assert pointer.startswith("I only understand commands.")


async def test_with_several_rituals_it_asks_which_and_a_mistyped_one_is_guessed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=TEA) as acme:
        assert "There is more than one: monday-coffee, tea." in await acme.says("ana", "/coffee skip")
        assert (await acme.says("ana", "/coffee skip tea")).startswith("You skip the next round of tea")
        assert "Did you mean tea?" in await acme.says("ana", "/coffee skip teaa")


async def test_an_odd_number_makes_a_group_of_three_with_the_bot_in_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    five = ("ana", "ben", "chloe", "dev", "eli")
    async with office(sqlite_url, tmp_path, config=TRIO, people=five) as acme:
        await acme.until(MONDAY)
        assert sorted(map(len, acme.groups())) == [2, 3]
        one = next(who for who in five if len(acme.partners_of(who)) == 2)
        assert "you 3 are having coffee together this time" in introduction(acme, one)
        assert "You are three because we were an odd number." in await acme.says(one, "/coffee why")


async def test_who_sits_a_round_out_is_told_so_kindly_and_alone(sqlite_url: str, tmp_path: Path) -> None:
    five = ("ana", "ben", "chloe", "dev", "eli")
    async with office(sqlite_url, tmp_path, config=COFFEES, people=five) as acme:
        await acme.until(MONDAY)
        met = set.union(*acme.groups())
        [out] = [who for who in five if f"U0{who.upper()}" not in met]
        assert acme.told(out) == [
            "You sit this round of monday-coffee out: we were an odd number, and it was your turn. "
            "Your next coffee comes on Monday, 12 January."
        ]
        assert [acme.told(who) for who in five if who != out] == [[], [], [], []]
        assert "Sitting out is a turn" in await acme.says(out, "/coffee why")


async def test_eight_people_can_meet_in_one_conversation(sqlite_url: str, tmp_path: Path) -> None:
    eight = ("ana", "ben", "chloe", "dev", "eli", "fay", "gus", "hana")
    config = team(COFFEE.replace('odd = "bye"', "group_size = 8"))
    async with office(sqlite_url, tmp_path, config=config, people=eight) as acme:
        await acme.until(MONDAY)
        assert acme.groups() == [{f"U0{who.upper()}" for who in eight}]
        assert "you 8 are having coffee together" in introduction(acme, "hana")


async def test_a_round_of_the_same_people_goes_on_in_the_conversation_they_have(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES, people=("ana", "ben")) as acme:
        await acme.until(MONDAY + WEEK + HOUR)
        assert acme.groups() == [{"U0ANA", "U0BEN"}]
        introductions = [
            text for text in acme.read(acme.in_group_of("ana")) if "having coffee this time" in text
        ]
        assert len(introductions) == 2
        assert await acme.presses("ben", "We met") == "Noted: you met. Thank you for telling me."
