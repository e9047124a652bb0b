"""Thanks on Discord: by form, in one command, from a menu; whom they ping, and what can still be changed of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.adapters.discord.gathering import hall, team
from tests.adapters.discord.guildhall import DAY, FRIDAY, HOUR, MINUTE, MONDAY, Hall
from tests.adapters.discord.test_coffee_on_discord import with_closed_doors
from tests.fakes.discord import FakeDiscord

THANKS = """
[[gratitude]]
name = "friday-thanks"
channel = "discord:#general"
every = "week"
on = "friday"
at = "15:00"
prompts = ["Who made your week *lighter*?", "Whose work did you stand on?"]
values = ["craft", "care"]
roundup = "first monday"
"""
GRATITUDE = team(THANKS)
THREE = FRIDAY + 5 * HOUR  # the prompt's time: 15:00 in Berlin
MONDAYS = datetime(2026, 2, 2, 14, 30, tzinfo=UTC)
GENERAL = ("general",)


def with_strangers(discord: FakeDiscord) -> None:
    """Zoe is in no server with the bot; a role that may be mentioned; an app called Deploys in the server."""
    world = discord.world
    world.add_user("zoe")
    (server,) = world.servers.values()
    world.add_role(server.id, "crew", holders=[server.owner], mentionable=True)
    world.add_member(server.id, world.add_user("deploys", is_bot=True).id)


def last(lab: Hall) -> str:
    return lab.within("general")[-1]


def role(lab: Hall, name: str) -> str:
    roles = lab.discord.world.servers[lab.server].roles
    return next(each.id for each in roles.values() if each.name == name)


async def test_who_is_only_named_in_what_somebody_reads_alone_is_not_taken_into_their_thread(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(
        sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL, prepare=with_closed_doors
    ) as lab:
        await lab.until(THREE)
        await lab.opens("ana", "Say thanks")
        await lab.submits("ana", to="@ben", words="for listening", where="private")
        await lab.settled()
        assert lab.in_thread_of("ben")[0].startswith("@Ana thanks you:")
        assert [set(each) for each in lab.groups()] == [{"ben"}]


async def test_the_prompts_button_opens_the_form_and_the_words_reach_each_of_those_who_are_thanked(
    database_url: str, tmp_path: Path
) -> None:
    async with hall(database_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        assert last(lab).splitlines()[0] in ("Who made your week *lighter*?", "Whose work did you stand on?")
        assert last(lab).endswith("\nSay thanks")
        await lab.opens("ana", "Say thanks")
        assert list(lab.fields("ana")) == ["to", "words", "worth", "where"]
        said = await lab.submits("ana", to="@ben @chloe", words="for the calm yesterday", worth="#craft")
        assert said.startswith(
            "Thank you! @Ben and @Chloe will get it first, and then it appears in the channel."
        )
        assert "\nEdit\nDelete" in said
        for one, other in (("ben", "Chloe"), ("chloe", "Ben")):
            [told] = lab.told(one)
            assert [line for line in told.splitlines() if line] == [
                "@Ana thanks you:",
                "for the calm yesterday",
                "For craft.",
                f"@{other} got the same words.",
                "It appears in the channel too, unless you take it out; nobody is told who did.",
                "Take it out of the channel",
            ]
        await lab.goes_by(20 * MINUTE)
        lines = [line for line in last(lab).splitlines() if line]
        assert lines == ["@Ana thanks @Ben and @Chloe:", "for the calm yesterday", "For craft."]


async def test_thanks_that_mention_everybody_a_role_and_a_stranger_ping_nobody_but_the_recipient(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL, prepare=with_strangers) as lab:
        await lab.until(THREE)
        words = (
            f"hi @everyone @here <@&{role(lab, 'crew')}> {lab.mention('zoe')} {lab.mention('dev')} "
            f"in <#{lab.channel('general').id}> *stars*"
        )
        await lab.says("ana", "/thanks", to="@ben", words=words)
        await lab.opens("chloe", "Say thanks")
        await lab.submits("chloe", to="@ben", words=words)
        await lab.goes_by(20 * MINUTE)
        for message in lab.discord.world.messages:
            assert lab.pinged(message) <= {"ana", "ben", "chloe"}, message.content
        for text in (*lab.told("ben"), *lab.within("general")[-2:]):
            assert "hi @everyone @here @crew" in text
            assert text.splitlines()[1].endswith(" @Dev in #general *stars*")
        by_ana = lab.discord.world.within(lab.channel("general").id)[-2]
        assert "ben" in lab.pinged(by_ana)


async def test_thanks_in_one_command_name_several_people_a_value_and_may_stay_private(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        before = lab.within("general")
        said = await lab.says(
            "dev", "/thanks", to="@ana", and_="@ben", words="for *the* calm", value="care", privately=True
        )
        assert said.startswith("Thank you! I will bring it to @Ana and @Ben, privately.")
        await lab.goes_by(DAY)
        for who in ("ana", "ben"):
            lines = [line for line in lab.told(who)[0].splitlines() if line]
            assert lines[:3] == ["@Dev thanks you:", "for *the* calm", "For care."]
        assert lab.within("general") == before
        assert await lab.is_offered("dev", "/thanks", "value", "cr") == ["#craft"]


async def test_the_command_alone_opens_the_form_with_whom_it_names(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        assert await lab.says("dev", "/thanks", to="@ben", value="care") == ""
        assert lab.typed("dev", "to") == ["ben"]
        assert lab.typed("dev", "worth") == ["#care"]
        await lab.submits("dev", words="for the review")
        assert "for the review" in lab.told("ben")[0]


async def test_the_menus_of_a_message_and_of_a_person_open_the_form_for_them(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL, prepare=with_strangers) as lab:
        general, write = lab.channel("general").id, lab.discord.world.write
        bens = write(general, lab.account("ben"), "I wrote the handbook.")
        apps = write(general, lab.account("deploys"), "Deployed.")
        assert await lab.picks("ana", "Say thanks", bens) == ""
        assert lab.typed("ana", "to") == ["ben"]
        await lab.submits("ana", words="for the handbook")
        assert "for the handbook" in lab.told("ben")[0]

        await lab.picks_of("ana", "Say thanks", "chloe")
        assert lab.typed("ana", "to") == ["chloe"]
        await lab.submits("ana", words="for the tea")
        assert "for the tea" in lab.told("chloe")[0]

        assert "You cannot thank yourself here" in await lab.picks("ben", "Say thanks", bens)
        await lab.picks("ana", "Say thanks", apps)
        said = await lab.submits("ana", words="for being there")
        assert "I know nobody called @Deploys here who can be thanked. Bots cannot;" in said
        assert lab.told("deploys") == []


async def test_for_fifteen_minutes_the_words_can_be_changed_or_taken_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.says("ana", "/thanks", to="@ben", words="for teh calm")
        await lab.opens("ana", "Edit")
        assert lab.typed("ana", "words") == "for teh calm"
        await lab.submits("ana", words="for the calm")
        assert lab.told("ben")[0].splitlines()[1] == "for the calm"

        await lab.says("chloe", "/thanks", to="@dev", words="for nothing really")
        assert (await lab.presses("chloe", "Delete")).startswith("It is gone, and so are the words.")
        assert lab.told("dev") == ["@Chloe took this back."]

        await lab.goes_by(16 * MINUTE)
        assert "The 15 minutes for changing it are over" in await lab.presses("ana", "Delete")
        assert last(lab).splitlines() == ["@Ana thanks @Ben:", "for the calm"]


async def test_who_was_thanked_can_take_it_out_of_the_channel_and_the_roundup_leaves_it_out(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.says("ana", "/thanks", to="@ben", words="for the calm")
        await lab.says("ana", "/thanks", to="@dev", words="for the cake")
        await lab.goes_by(20 * MINUTE)
        said = await lab.presses("ben", "Take it out of the channel")
        assert said.startswith("It does not stand in the channel any more. The words stay with you.")
        thanks = [text for text in lab.within("general") if " thanks @" in text]
        assert [text.splitlines() for text in thanks] == [["@Ana thanks @Dev:", "for the cake"]]
        await lab.until(MONDAYS)
        [roundup] = [text for text in lab.within("general") if text.startswith("Gathered from")]
        assert "for the cake" in roundup
        assert "for the calm" not in roundup


async def test_what_is_refused_comes_back_behind_a_button_with_all_that_was_typed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.opens("ana", "Say thanks")
        said = await lab.submits(
            "ana", to="@ana", words="for *being* me\n@everyone", worth="#care", where="private"
        )
        assert "To whom?: You cannot thank yourself here, however well deserved." in said
        await lab.opens("ana", "Open the form")
        assert lab.typed("ana", "to") == ["ana"]
        assert lab.typed("ana", "words") == "for *being* me\n@everyone"
        assert (lab.typed("ana", "worth"), lab.typed("ana", "where")) == (["#care"], ["private"])
        assert (await lab.submits("ana", to="@ben")).startswith(
            "Thank you! I will bring it to @Ben, privately."
        )
        await lab.until(MONDAY)
        assert "for *being* me\n@everyone" in lab.told("ben")[0]


async def test_where_discord_shows_no_members_whoever_is_in_the_server_can_be_thanked(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL, members_intent=False) as lab:
        await lab.until(THREE)
        said = await lab.says("ana", "/thanks", to="@ben", words="for the calm")
        assert said.startswith("Thank you! @Ben will get it first")
        assert "for the calm" in lab.told("ben")[0]
