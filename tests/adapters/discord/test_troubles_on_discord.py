"""What goes wrong on Discord: twice, too late, after a restart, and what is gone; nothing is lost or counts twice."""

from __future__ import annotations

from pathlib import Path

from bot.db.models import Delivery, Pause, Thanks
from bot.domain.states import DeliveryState
from tests.adapters.discord.gathering import hall, team
from tests.adapters.discord.guildhall import DAY, HOUR, MINUTE, MONDAY, WEEK
from tests.adapters.discord.test_coffee_on_discord import BY_OPT_IN, COFFEE, COFFEES
from tests.adapters.discord.test_gratitude_on_discord import GENERAL, GRATITUDE, THREE
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.permissions import Permission

WITH_ADMIN = team(COFFEE, admins='["discord:@ana"]')
MESSAGES = "POST /channels/{channel_id}/messages"


def silenced(discord: FakeDiscord) -> None:
    """The bot may not write in #general."""
    world = discord.world
    world.forbid(world.channel_named("general").id, world.bot, int(Permission.SEND_MESSAGES))


async def test_what_discord_hands_over_several_times_has_one_effect_and_one_answer(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        await lab.presses("ana", "Not this time", times=2)
        lab.discord.hands.again()
        await lab.settled()
        assert len(lab.privately("ana")) == 1
        await lab.says("ana", "/coffee pause", until="2026-02-01", times=3)
        assert len(lab.privately("ana")) == 2
        assert len(await lab.rows(Pause)) == 1


async def test_a_form_that_is_sent_twice_counts_once(database_url: str, tmp_path: Path) -> None:
    async with hall(database_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.opens("ana", "Say thanks")
        await lab.submits("ana", to="@ben", words="for the calm", times=2)
        lab.discord.hands.again()
        await lab.settled()
        await lab.goes_by(20 * MINUTE)
        assert len(await lab.rows(Thanks)) == 1
        assert len(lab.told("ben")) == 1
        assert len([text for text in lab.within("general") if " thanks @" in text]) == 1


async def test_buttons_that_were_posted_before_a_restart_do_what_they_say(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        asked = lab.discord.faults.calls["PUT /applications/{application_id}/commands"]
        await lab.restarted()
        assert lab.discord.faults.calls["PUT /applications/{application_id}/commands"] == asked
        assert (await lab.presses("ana", "We met")).startswith("Noted: you met.")
        [introduction] = lab.in_thread_of("ana")
        assert "You met. Lovely." in introduction
        await lab.until(MONDAY + WEEK)
        assert len(lab.threads()) == 4


async def test_join_and_say_thanks_open_after_a_restart_too(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=BY_OPT_IN, members_intent=False) as lab:
        await lab.restarted()
        assert (await lab.presses("ana", "Join")).startswith("Welcome to monday-coffee.")
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.restarted()
        await lab.opens("ana", "Say thanks")
        await lab.submits("ana", to="@ben", words="for the calm")
        assert "for the calm" in lab.told("ben")[0]


async def test_a_form_that_was_open_during_a_restart_is_taken_or_refused_with_what_is_wrong(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.opens("ana", "Say thanks")
        await lab.opens("dev", "Say thanks")
        await lab.restarted()
        assert (await lab.submits("ana", to="@ben", words="for the calm")).startswith("Thank you! @Ben")
        assert "for the calm" in lab.told("ben")[0]
        assert "You cannot thank yourself here" in await lab.submits("dev", to="@dev", words="for me")


async def test_an_answer_that_comes_when_the_interaction_is_over_comes_by_a_direct_message(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        lab.discord.faults.fail_next(
            "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
            status=401,
            code=50027,
            message="Invalid Webhook Token",
        )
        await lab.says("ana", "/coffee skip")
        [told] = [text for text in lab.told("ana") if text.startswith("You skip the next round")]
        assert "monday-coffee" in told
        assert "already" in (await lab.says("ana", "/coffee skip")).lower()


async def test_somebody_who_leaves_the_server_mid_round_is_in_no_further_one_and_calls_nobody(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        [partner] = lab.partners_of("ana")
        await lab.leaves(partner)
        assert (await lab.presses("ana", "Rescheduled")).startswith("Noted: you will meet later.")
        await lab.until(MONDAY + WEEK)
        await lab.until(MONDAY + 2 * WEEK)
        later = lab.threads()[2:]
        assert later
        assert all(partner not in lab.people_in(thread) for thread in later)
        assert all("ana" in lab.people_in(thread) or len(lab.people_in(thread)) == 2 for thread in later)


async def test_a_deleted_channel_is_told_to_the_admins_once_and_what_was_said_still_counts(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        lab.discord.news.deletes_channel(lab.channel("coffee").id)
        await lab.rosters_are_read()
        await lab.until(MONDAY + 8 * DAY)
        told = [text for text in lab.told("ana") if "discord:#coffee" in text]
        assert len(told) == 1
        assert "I see no text channel #coffee. Check its name" in told[0]
        assert not any("#coffee" in text for who in ("ben", "chloe", "dev") for text in lab.told(who))


async def test_a_deleted_role_takes_the_rights_of_an_admin_with_it(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        role = lab.discord.news.adds_role(lab.server, "organisers", permissions=int(Permission.MANAGE_SERVER))
        lab.discord.news.gives(role.id, lab.account("ben"), lab.server)
        assert "monday-coffee" in await lab.says("ben", "/kinkeeper status")
        lab.discord.news.removes_role(lab.server, role.id)
        await lab.rosters_are_read()
        assert (await lab.says("ben", "/kinkeeper status")).startswith("Only admins can do that.")


async def test_admins_are_told_which_permission_a_channel_lacks_and_what_is_owed_comes_later(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL, prepare=silenced) as lab:
        await lab.until(THREE)
        assert lab.within("general") == []
        [told] = lab.told("ana")
        assert "In #general (Lab) the bot lacks Send Messages. Open Edit Channel, Permissions" in told
        assert lab.told("ben") == []
        general = lab.channel("general").id
        lab.discord.world.permit(general, lab.discord.world.bot, int(Permission.SEND_MESSAGES))
        lab.discord.news.changes_channel(general)
        await lab.rosters_are_read()
        await lab.goes_by(11 * MINUTE)
        assert lab.within("general")[0].startswith("Hello! I am Kinkeeper")
        assert len(lab.told("ana")) == 1


async def test_of_a_channel_that_the_bot_cannot_see_the_admins_are_told_once(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        coffee, bot = lab.channel("coffee").id, lab.discord.world.bot
        lab.discord.world.forbid(coffee, bot, int(Permission.VIEW_CHANNEL))
        lab.discord.news.changes_channel(coffee)
        await lab.heard()
        await lab.until(MONDAY + DAY)
        told = [text for text in lab.told("ana") if "(Lab) the bot lacks View Channel. Open" in text]
        assert len(told) == 1
        assert any("you two are having coffee this time" in text for text in lab.told("ben"))
        lab.discord.world.permit(coffee, bot, int(Permission.VIEW_CHANNEL))
        lab.discord.news.changes_channel(coffee)
        await lab.heard()
        await lab.until(MONDAY + WEEK)
        assert "you two are having coffee this time" in lab.in_thread_of("ben")[0]


async def test_being_asked_to_wait_delays_and_doubles_nothing(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY - MINUTE)
        lab.discord.faults.fail_next(MESSAGES, retry_after=0.01)
        lab.discord.faults.fail_next(MESSAGES, retry_after=0.01, scope="global")
        await lab.until(MONDAY + HOUR)
        introductions = await lab.rows(Delivery, Delivery.what == "introduction")
        assert {each.state for each in introductions} == {DeliveryState.SENT}
        assert [len(lab.in_thread_of(who)) for who in ("ana", "ben", "chloe", "dev")] == [1, 1, 1, 1]


async def test_a_lost_answer_makes_no_second_introduction(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES, people=("ana", "ben")) as lab:
        await lab.until(MONDAY - MINUTE)
        lab.discord.faults.fail_next(MESSAGES, status=503, lost="answer")
        await lab.until(MONDAY + HOUR)
        assert len(lab.in_thread_of("ana")) == 1
        [introduction] = await lab.rows(Delivery, Delivery.what == "introduction")
        assert introduction.state is DeliveryState.SENT


async def test_without_the_members_intent_admins_are_told_once_and_people_join_by_themselves(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=WITH_ADMIN, members_intent=False) as lab:
        await lab.rosters_are_read()
        [told] = lab.told("ana")
        assert "Server Members Intent" in told
        assert lab.told("ben") == []
        [welcome] = lab.within("coffee")
        assert welcome.endswith("\nJoin")
        for who in ("ben", "chloe"):
            await lab.presses(who, "Join")
        await lab.until(MONDAY + DAY)
        await lab.rosters_are_read()
        assert lab.groups() == [{"ben", "chloe"}]
        assert len([text for text in lab.told("ana") if "Server Members Intent" in text]) == 1
