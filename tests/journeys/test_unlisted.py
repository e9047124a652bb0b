"""A platform that shows nobody who is in its channels: people take part by their own word, and nothing is missing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Enrolment, Member
from bot.domain.messages import Form
from bot.ports import NeedsAdmin, Profile
from tests.fakes.platform import FakePlatform
from tests.world import CONFIG, MONDAY, World, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
WEEK = timedelta(weeks=1)
HIDDEN = "I may see no members. Switch the members intent on."
OPT_IN = CONFIG.format(more='members = "opt-in"')
EACH_ROUND = CONFIG.format(more='members = "each-round"\nannounce_before = "1 day"')
CHANNEL = CONFIG.format(more="")
ADMIN = CHANNEL.replace("[[coffee]]", 'admins = ["playground:ana"]\n\n[[coffee]]')
TEA = """
[[coffee]]
name = "tea"
channel = ["playground:#general", "discord:#tea"]
every = "week"
on = "monday"
at = "10:00"
"""

THANKS = (
    CHANNEL
    + """
[[gratitude]]
name = "friday-thanks"
channel = "playground:#general"
every = "week"
on = "friday"
at = "15:00"
prompts = ["Who made your week lighter?"]
"""
)


def told(acme: World, who: str) -> list[str]:
    """The private messages to somebody about what cannot be seen."""
    return [text for text in acme.platform.to(who) if HIDDEN in text]


async def test_who_joins_by_button_or_command_takes_part_wholly_and_nobody_is_bothered(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=OPT_IN, unlisted=HIDDEN) as acme:
        assert await acme.count(Member) == 0
        joined = await acme.presses("ana", "Join")
        assert joined.startswith("Welcome to monday-coffee. The next round is on Monday, 5 January at 10:00")
        await acme.says("ben", "/coffee join")
        await acme.until(TEN)

        assert acme.met() == [{"ana", "ben"}]
        assert acme.chat_of("ana")[0].startswith("Ana and Ben, you two are having coffee")
        assert not any(HIDDEN in text for text in acme.all_said())


async def test_they_are_known_by_what_their_profiles_say_and_are_out_once_they_have_left(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=OPT_IN, unlisted=HIDDEN) as acme:
        for who in ("ana", "ben", "chloe"):
            await acme.says(who, "/coffee join")
        await acme.changes("ben", name="Benedikt", timezone="Europe/Lisbon")
        assert "Europe/Lisbon" in await acme.says("ben", "/presence timezone")
        await acme.departs("chloe")
        await acme.until(TEN)

        assert acme.met() == [{"ana", "ben"}]
        assert "Benedikt" in acme.chat_of("ana")[0]


async def test_where_everybody_in_the_channel_takes_part_people_are_told_how_to_join(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CHANNEL, unlisted=HIDDEN) as acme:
        [welcome] = acme.platform.within("C-coffee")
        assert "Everybody in this channel takes part" not in welcome
        assert "[Join]" in welcome
        await acme.presses("dev", "Join")
        await acme.presses("ben", "Join")
        await acme.until(TEN)
        assert acme.met() == [{"ben", "dev"}]


async def test_admins_are_told_once_how_it_can_be_mended(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=ADMIN, unlisted=HIDDEN) as acme:
        await acme.until(TEN + 5 * WEEK)
        assert told(acme, "ana") == [
            "I cannot see who is in playground:#coffee, so in monday-coffee only those who join by "
            f"themselves take part, and those I knew before. {HIDDEN}"
        ]
        assert await acme.count(Enrolment) == 0, "to be told is not to take part"
        assert told(acme, "ben") == []


async def test_one_who_turns_out_to_be_an_admin_is_told_too(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CHANNEL, unlisted=HIDDEN) as acme:
        await acme.presses("ana", "Join")  # an admin of the workspace
        await acme.until(TEN + WEEK)
        assert len(told(acme, "ana")) == 1


async def test_when_the_list_is_hidden_later_the_ritual_keeps_its_people(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CHANNEL) as acme:
        await acme.until(TEN)
        acme.platform.unlisted = HIDDEN
        await acme.departs("dev")
        await acme.until(TEN + WEEK)

        assert [len(met) for met in acme.met()] == [2, 2, 2]
        assert all("dev" not in met for met in acme.met()[2:]), "who left the workspace is out all the same"
        await acme.until(TEN + 2 * WEEK)
        assert len(told(acme, "ana")) == 1


async def test_a_list_that_can_be_read_still_counts_where_another_cannot(
    sessions: Sessions, tmp_path: Path
) -> None:
    discord = FakePlatform("discord", people=people("Eli", "Fay"), channels=("tea",), workspace="G1")
    async with world(sessions, tmp_path, config=CHANNEL + TEA, others=[discord]) as acme:
        assert await acme.count(Enrolment, Enrolment.in_channel.is_(True)) == 4 + 6
        discord.unlisted = HIDDEN
        acme.platform.elsewhere.add("dev")  # leaves the channels
        await acme.reads_rosters()
        assert await acme.count(Enrolment, Enrolment.in_channel.is_(True)) == 3 + 5


async def test_a_yes_to_a_round_is_enough_to_be_in_it(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=EACH_ROUND, unlisted=HIDDEN) as acme:
        await acme.until(TEN - timedelta(hours=12))
        await acme.presses("chloe", "I'm in")
        await acme.presses("dev", "I'm in")
        await acme.presses("ben", "Not this time")
        await acme.until(TEN)
        assert acme.met() == [{"chloe", "dev"}]

        await acme.until(TEN + WEEK - timedelta(hours=12))
        await acme.presses("dev", "I'm in")
        await acme.until(TEN + WEEK)
        assert len(acme.met()) == 1, "each round is asked about anew"
        assert not any(HIDDEN in text for text in acme.all_said())


async def test_once_the_list_is_shown_everybody_in_the_channel_takes_part(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CHANNEL, unlisted=HIDDEN) as acme:
        await acme.presses("ben", "Join")
        acme.platform.unlisted = None
        await acme.until(TEN)
        assert sorted(map(len, acme.met())) == [2, 2]


async def test_somebody_who_never_spoke_to_the_bot_can_be_thanked(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=THANKS, unlisted=HIDDEN) as acme:
        await acme.until(TEN)
        assert "I know nobody" not in await acme.says("ana", "/thanks <@ben> for the calm yesterday")
        await acme.until(TEN + WEEK)
        assert "for the calm yesterday" in acme.platform.to("ben")[0]
        await acme.says("ana", "/thanks <@ben> for still being here")
        form = await acme.picks("ana", "thanks", "chloe")
        assert isinstance(form, Form)
        await acme.submits("ana", form.action, to="<@chloe>", words="For the tea", where="private")
        await acme.until(TEN + 2 * WEEK)
        assert "for still being here" in acme.platform.to("ben")[1]
        assert "For the tea" in acme.platform.to("chloe")[0]
        assert acme.met() == [], "to be thanked is not to take part"

        await acme.departs("ben")
        assert "Ben has left" in await acme.says("ana", "/thanks <@ben> once more")


async def test_a_bot_and_somebody_who_is_not_there_stay_unknown(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=THANKS, unlisted=HIDDEN) as acme:
        for who in ("kinkeeper", "zoe"):
            assert f"I know nobody called @{who} here" in await acme.says("ana", f"/thanks <@{who}> for all")


async def test_while_the_platform_does_not_answer_they_are_unknown_and_nothing_is_lost(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=THANKS, unlisted=HIDDEN) as acme:
        acme.platform.shut = NeedsAdmin("away for a moment")
        assert "I know nobody called @ben here" in await acme.says("ana", "/thanks <@ben> for the calm")
        acme.platform.shut = None
        assert "I know nobody" not in await acme.says("ana", "/thanks <@ben> for the calm")


async def test_who_had_themselves_forgotten_is_not_brought_back_by_being_named(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=THANKS, unlisted=HIDDEN) as acme:
        await acme.presses("ben", "Join")
        await acme.says("ben", "/presence forget")
        await acme.presses("ben", "Forget me")
        assert "I know nobody called @ben here" in await acme.says("ana", "/thanks <@ben> for the calm")


async def test_where_lists_are_shown_nobody_is_asked_about_besides(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=THANKS) as acme:
        acme.platform.people.append(Profile(id="eli", name="Eli"))
        assert "I know nobody called @eli here" in await acme.says("ana", "/thanks <@eli> for the calm")
        assert acme.platform.asked_about == []


async def test_a_ritual_that_was_joined_need_not_be_named(sessions: Sessions, tmp_path: Path) -> None:
    tea = CHANNEL.replace("[team]", "#").partition("[[coffee]]")[2].replace("monday-coffee", "tea")
    config = f"{CHANNEL}[[coffee]]{tea}"
    async with world(sessions, tmp_path, config=config, unlisted=HIDDEN) as acme:
        await acme.says("ben", "/coffee join tea")
        assert "tea" in await acme.says("ben", "/coffee skip")
