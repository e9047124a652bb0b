"""Coffees on Discord, from joining by a button to the thread that is archived, and the commands around them."""

from __future__ import annotations

from pathlib import Path

from jobs.close_rounds import close_rounds
from tests.adapters.discord.gathering import hall, team
from tests.adapters.discord.guildhall import DAY, FOUR, MONDAY, WEEK, Hall
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.permissions import Permission

COFFEE = """
[[coffee]]
name = "monday-coffee"
channel = "discord:#coffee"
every = "week"
on = "monday"
at = "10:00"
odd = "bye"
suggest_times = 2
nudge_after = "2 days"
close_after = "4 days"
starters = ["Who taught you *something* lately, @everyone?"]
"""
COFFEES = team(COFFEE)
BY_OPT_IN = team(COFFEE + 'members = "opt-in"\n')
MONTHLY = team(COFFEE.replace('"week"', '"month"').replace('"monday"', '"first monday"'))
WITH_TEA = team(COFFEE, COFFEE.replace("monday-coffee", "tea").replace("monday", "tuesday"))


def times(lab: Hall, who: str) -> list[str]:
    """The times that somebody's newest introduction offers as buttons."""
    message, _ = lab.button(who, "We met")
    return [label for label in lab.labels(message) if label.endswith(" CET")]


def without_threads(discord: FakeDiscord) -> None:
    """The bot may open no private threads beside #coffee."""
    world = discord.world
    world.forbid(world.channel_named("coffee").id, world.bot, int(Permission.CREATE_PRIVATE_THREADS))


def with_closed_doors(discord: FakeDiscord) -> None:
    """Nobody takes direct messages."""
    for account in list(discord.world.users):
        discord.world.close_door(account)


async def test_people_join_by_the_welcomes_button_without_any_privileged_intent(
    database_url: str, tmp_path: Path
) -> None:
    async with hall(database_url, tmp_path, config=BY_OPT_IN, members_intent=False) as lab:
        [welcome] = lab.within("coffee")
        assert "Taking part is up to you: /coffee join brings you in" in welcome
        assert welcome.endswith("\nJoin")
        for who in ("ana", "ben", "chloe"):
            assert (await lab.presses(who, "Join")).startswith(
                "Welcome to monday-coffee. The next round is on"
            )
        await lab.says("chloe", "/coffee leave")
        await lab.until(MONDAY)
        assert lab.groups() == [{"ana", "ben"}]
        assert lab.within("coffee") == [welcome], "who joined is nobody else's business"


async def test_whoever_manages_the_server_runs_a_round_and_exactly_the_matched_are_in_its_threads(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        said = await lab.says("ben", "/kinkeeper run", ritual="monday-coffee")
        assert said.startswith("Only admins can do that.")
        assert lab.threads() == []

        organisers = lab.discord.news.adds_role(
            lab.server, "organisers", permissions=int(Permission.MANAGE_SERVER)
        )
        lab.discord.news.gives(organisers.id, lab.account("ben"), lab.server)
        said = await lab.says("ben", "/kinkeeper run", ritual="monday-coffee")
        assert said.startswith("A round of monday-coffee is open; what it brings is on its way")
        assert [len(each) for each in lab.groups()] == [2, 2]
        assert set.union(*lab.groups()) == set(FOUR)
        assert len(lab.within("coffee")) == 1, "a round is nobody else's business"
        for thread in lab.threads():
            assert thread.parent == lab.channel("coffee").id
            [introduction] = lab.discord.world.within(thread.id)
            assert lab.pinged(introduction) == lab.people_in(thread), "no starter calls everybody"


async def test_we_met_changes_the_message_for_both_and_is_noted_to_the_presser_alone(
    database_url: str, tmp_path: Path
) -> None:
    async with hall(database_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        [partner] = lab.partners_of("ana")
        [before] = lab.in_thread_of("ana")
        assert "Who taught you *something* lately, @everyone?" in before
        assert (await lab.presses("ana", "We met")).startswith("Noted: you met. Thank you for telling me.")
        [after] = lab.in_thread_of("ana")
        assert "You met. Lovely.\n\nNot so? Just press another." in after
        assert lab.privately(partner) == []


async def test_not_this_time_never_says_who_pressed_it(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        [partner] = lab.partners_of("ana")
        [before] = lab.in_thread_of("ana")
        said = await lab.presses(partner, "Not this time")
        assert said.startswith("Noted. Nobody is told who said so.")
        [after] = lab.in_thread_of("ana")
        assert "No coffee this time, and that is fine." in after
        assert after.count(partner.title()) == before.count(partner.title())
        assert lab.privately("ana") == lab.told("ana") == []


async def test_a_time_that_is_pressed_is_set_for_both_and_comes_as_a_calendar_file(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        [partner] = lab.partners_of("ana")
        first, second = times(lab, "ana")
        assert first == "Monday, 5 January at 13:00 CET"
        assert (await lab.presses("ana", first)).startswith("It is set: 2026-01-05 12:00 UTC.")
        assert "You are meeting on 2026-01-05 12:00 UTC." in lab.in_thread_of("ana")[0]
        [(name, content)] = lab.files_in(lab.thread_of("ana").id).items()
        assert name == "coffee.ics"
        assert content.count(b"BEGIN:VEVENT") == 1
        assert b"DTSTART:20260105T120000Z" in content
        assert times(lab, partner) == [second]
        assert (await lab.presses(partner, second)).startswith("It is set: 2026-01-07 14:00 UTC.")
        assert "You are meeting on 2026-01-07 14:00 UTC." in lab.in_thread_of("ana")[0]


async def test_a_thread_is_archived_when_its_round_is_over_and_a_late_press_still_counts(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=MONTHLY) as lab:
        await lab.until(MONDAY)
        await lab.until(MONDAY + 5 * DAY)
        thread = lab.thread_of("ana")
        assert thread.thread is not None
        assert "did you meet?\nWe met\nRescheduled\nNot this time" in lab.in_thread_of("ana")[-1]
        assert not thread.thread.archived
        await lab.until(MONDAY + 13 * DAY)
        await close_rounds(lab.runtime)
        assert thread.thread.archived
        assert (await lab.presses("ana", "We met")).startswith("Noted: you met.")
        assert any("You met. Lovely." in text for text in lab.in_thread_of("ana"))


async def test_where_there_can_be_no_threads_each_of_them_is_written_to_directly(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES, prepare=without_threads) as lab:
        await lab.until(MONDAY)
        assert lab.threads() == []
        told = lab.told("ana")[-1]
        [partner] = [who for who in ("ben", "chloe", "dev") if who.title() in told]
        assert "you two are having coffee this time (monday-coffee)" in told
        assert lab.told(partner)[0].splitlines()[0] == told.splitlines()[0]
        assert (await lab.presses(partner, "We met")).startswith("Noted: you met.")
        for who in ("ana", partner):
            assert "You met. Lovely." in lab.told(who)[-1]
        assert len(lab.within("coffee")) == 1


async def test_who_takes_no_direct_messages_is_written_to_in_a_private_thread_of_their_own(
    sqlite_url: str, tmp_path: Path
) -> None:
    five = (*FOUR, "eli")
    async with hall(sqlite_url, tmp_path, config=COFFEES, people=five, prepare=with_closed_doors) as lab:
        await lab.until(MONDAY)
        [alone] = [each for each in lab.groups() if len(each) == 1]
        [out] = alone
        assert lab.in_thread_of(out)[0].startswith("You sit this round of monday-coffee out")
        assert len(lab.within("coffee")) == 1


async def test_where_nothing_private_arrives_a_line_without_content_asks_in_the_channel(
    sqlite_url: str, tmp_path: Path
) -> None:
    def shut(discord: FakeDiscord) -> None:
        without_threads(discord)
        with_closed_doors(discord)

    async with hall(sqlite_url, tmp_path, config=COFFEES, prepare=shut) as lab:
        await lab.until(MONDAY)
        _, *mentions = lab.within("coffee")
        assert sorted(mentions) == [
            f"@{name}, I have something for you but cannot write to you directly. "
            "Please allow direct messages from me, or ask me with /coffee why."
            for name in ("Ana", "Ben", "Chloe", "Dev")
        ]
        posts = lab.discord.world.within(lab.channel("coffee").id)[1:]
        assert sorted(who for post in posts for who in lab.pinged(post)) == sorted(FOUR)
        assert "This time you are with @" in await lab.says("ana", "/coffee why")


async def test_why_plan_and_history_are_told_to_whoever_asks_alone_also_in_a_direct_conversation(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        assert (await lab.says("ana", "/coffee why")).startswith(
            "There has been no round of monday-coffee yet."
        )
        await lab.until(MONDAY)
        [partner] = lab.partners_of("ana")
        said = await lab.says("ana", "/coffee why")
        assert f"This time you are with @{partner.title()}." in said
        assert "You had not been introduced to each other yet." in said
        assert f"This time you are with @{partner.title()}." in await lab.says_directly("ana", "/coffee why")
        assert "you will have met all 3 others by" in (await lab.says("ana", "/coffee plan")).lower()
        history = await lab.says("ana", "/coffee history")
        assert f"@{partner.title()}, Monday, 5 January: not known" in history
        assert len(lab.within("coffee")) == 1, "nobody else reads any of it"


async def test_a_break_is_asked_for_in_a_form_that_opens_again_with_what_was_typed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        assert await lab.says("ana", "/coffee pause") == ""
        assert lab.reads_modal("ana").startswith("Take a break\n")
        said = await lab.submits("ana", until="2026-01-02")
        assert "Friday, 2 January is not in the future. Please pick a day from tomorrow on." in said
        await lab.opens("ana", "Open the form")
        assert lab.typed("ana", "until") == "2026-01-02"
        said = await lab.submits("ana", until="2026-01-20")
        assert said.startswith("You are on a break from monday-coffee until Tuesday, 20 January.")
        await lab.until(MONDAY)
        assert all("ana" not in group for group in lab.groups())
        assert (await lab.says("ana", "/coffee resume")).startswith("You are back in monday-coffee.")
        await lab.until(MONDAY + WEEK)
        assert any("ana" in group for group in lab.groups())


async def test_a_round_is_skipped_and_somebody_avoided_without_anybody_else_seeing_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        assert "until Friday, 16 January" in await lab.says("ben", "/coffee pause", until="in 2 weeks")
        assert "You are back" in await lab.says("ben", "/coffee resume")
        assert (await lab.says("dev", "/coffee skip")).startswith("You skip the next round of monday-coffee")
        said = await lab.says("ana", "/coffee avoid", person="@ben")
        assert said.startswith("You will not be matched with @Ben in monday-coffee.")
        await lab.until(MONDAY)
        assert all("dev" not in group for group in lab.groups())
        for week in range(1, 6):
            await lab.until(MONDAY + week * WEEK)
        assert {"ana", "ben"} not in lab.groups()
        assert {"ana", "dev"} in lab.groups()
        assert "@Ana" not in await lab.says("ben", "/coffee avoid")
        assert (await lab.says("ana", "/coffee avoid", person="@ben")).startswith(
            "You may be matched with @Ben"
        )


async def test_rituals_and_time_zones_are_completed_while_somebody_types(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=WITH_TEA) as lab:
        assert "There is more than one: monday-coffee, tea." in await lab.says("ana", "/coffee skip")
        assert await lab.is_offered("ana", "/coffee skip", "ritual", "te") == ["tea"]
        assert sorted(await lab.is_offered("ana", "/coffee why", "ritual", "")) == ["monday-coffee", "tea"]
        assert await lab.is_offered("ana", "/presence timezone", "zone", "new y") == ["America/New_York"]
        assert await lab.is_offered("ana", "/presence timezone", "zone", "kolk") == ["Asia/Kolkata"]
        assert (await lab.says("ana", "/coffee skip", ritual="tea")).startswith(
            "You skip the next round of tea"
        )
