"""What the bot may not do on a server is found before it is needed, and named as Discord's settings name it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.db.models import Delivery
from bot.domain.states import DeliveryState
from tests.adapters.discord.gathering import hall, team
from tests.adapters.discord.guildhall import DAY, MINUTE, MONDAY, Hall
from tests.adapters.discord.test_coffee_on_discord import BY_OPT_IN, COFFEE, COFFEES
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.permissions import EVERYONES, Permission
from tests.fakes.discord.records import Kind

LACKS = "In #coffee (Lab) the bot lacks "
WITH_VOICE = team(COFFEE + "voice = true\n")
MESSAGES = "POST /channels/{channel_id}/messages"


def limited(discord: FakeDiscord) -> None:
    """The bot may open no threads beside #coffee, nor send files."""
    denied = Permission.CREATE_PRIVATE_THREADS | Permission.ATTACH_FILES
    discord.world.forbid(discord.world.channel_named("coffee").id, discord.world.bot, int(denied))


def lacking(lab: Hall, who: str) -> list[str]:
    """Which permissions somebody was told the bot lacks, each time."""
    found = [text for text in lab.told(who) if LACKS in text]
    return [text.split(LACKS)[1].split(". Open")[0] for text in found]


async def test_what_a_channel_lacks_is_told_at_the_start_once_and_to_admins_alone(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES, prepare=limited) as lab:
        assert lab.clock.now() < MONDAY - DAY, "days before anything needs it"
        assert lacking(lab, "ana") == ["Create Private Threads, Attach Files"]
        [told] = [text for text in lab.told("ana") if LACKS in text]
        assert told.startswith("Something in discord:#coffee waits for an admin")
        assert "Edit Channel, Permissions, Advanced permissions, choose kinkeeper, and allow that" in told
        assert "Attach Files: Send calendar entries and charts." in told
        await lab.restarted()
        await lab.rosters_are_read()
        await lab.until(MONDAY)
        assert len(lacking(lab, "ana")) == 1
        assert not any(LACKS in text for who in ("ben", "chloe", "dev") for text in lab.told(who))


async def test_a_server_where_nothing_lacks_tells_nobody_anything(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        assert all(lab.told(who) == [] for who in ("ana", "ben", "chloe", "dev"))


async def test_a_permission_that_is_taken_away_is_told_when_that_happens(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        without = EVERYONES & ~Permission.SEND_MESSAGES_IN_THREADS
        lab.discord.news.changes_role(lab.server, lab.server, permissions=without)
        await lab.heard()
        assert lacking(lab, "ana") == ["Send Messages in Threads"]
        lab.discord.world.forbid(lab.channel("coffee").id, lab.server, int(Permission.SEND_MESSAGES))
        lab.discord.news.changes_channel(lab.channel("coffee").id)
        await lab.heard()
        assert lacking(lab, "ana")[1:] == ["Send Messages, Send Messages in Threads"]


async def test_a_role_that_the_bot_gets_or_loses_counts_without_any_privileged_intent(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=BY_OPT_IN, members_intent=False) as lab:
        await lab.presses("ana", "Join")
        world, without = lab.discord.world, EVERYONES & ~Permission.CREATE_PRIVATE_THREADS
        grants = int(Permission.CREATE_PRIVATE_THREADS)
        role = lab.discord.news.adds_role(lab.server, "Kinkeeper", permissions=grants)
        lab.discord.news.gives(role.id, world.bot, lab.server)
        lab.discord.news.changes_role(lab.server, lab.server, permissions=without)
        await lab.heard()
        assert lacking(lab, "ana") == []
        lab.discord.news.takes(role.id, world.bot, lab.server)
        await lab.heard()
        assert lacking(lab, "ana") == ["Create Private Threads"]


async def test_a_channel_that_is_hidden_from_the_bot_lacks_one_permission_and_is_used_again_once_it_is_seen(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        coffee = lab.channel("coffee").id
        lab.discord.world.forbid(coffee, lab.discord.world.bot, int(Permission.VIEW_CHANNEL))
        lab.discord.news.changes_channel(coffee)
        await lab.heard()
        told = [text for text in lab.told("ana") if "the bot lacks" in text]
        assert len(told) == 1
        assert f"In the channel {coffee} (Lab) the bot lacks View Channel. Open" in told[0]
        assert not any("___hidden___" in text for text in lab.told("ana"))
        lab.discord.world.permit(coffee, lab.discord.world.bot, int(Permission.VIEW_CHANNEL))
        lab.discord.news.changes_channel(coffee)
        await lab.heard()
        await lab.until(MONDAY)
        assert len(lab.told("ana")) == 1
        assert len(lab.threads()) == 2


async def test_what_voice_channels_take_is_told_where_a_ritual_wants_them(
    sqlite_url: str, tmp_path: Path
) -> None:
    def in_category(discord: FakeDiscord) -> None:
        """The bot may open channels, but not where #coffee is."""
        world = discord.world
        [server] = world.servers
        role = world.add_role(server, "Kinkeeper", holders=[world.bot])
        role.permissions = int(Permission.MANAGE_CHANNELS)
        place = world.add_channel(server, "Social", Kind.CATEGORY)
        world.channel_named("coffee").parent = place.id
        world.forbid(place.id, world.bot, int(Permission.MANAGE_CHANNELS))

    async with hall(sqlite_url, tmp_path, config=WITH_VOICE) as lab:
        [told] = lab.told("ana")
        assert "cannot open voice channels in Lab: its role lacks Manage Channels (Server Settings" in told
    async with hall(sqlite_url, tmp_path, config=WITH_VOICE, prepare=in_category) as lab:
        [told] = lab.told("ana")
        assert "in the category Social (Lab): it lacks Manage Channels there. Open Edit Category" in told


@pytest.mark.parametrize(
    ("kind", "word"), [(Kind.FORUM, "forum"), (Kind.VOICE, "voice"), (Kind.CATEGORY, "category")]
)
async def test_a_channel_of_another_kind_is_refused_by_what_it_is(
    sqlite_url: str, tmp_path: Path, kind: Kind, word: str
) -> None:
    def of_kind(discord: FakeDiscord) -> None:
        discord.world.channel_named("coffee").kind = kind
        discord.world.add_channel(next(iter(discord.world.servers)), "tea")

    both = COFFEES + COFFEE.replace("monday-coffee", "tea").replace("#coffee", "#tea")
    async with hall(sqlite_url, tmp_path, config=both, prepare=of_kind) as lab:
        [told] = [text for text in lab.told("ana") if "monday-coffee" in text]
        assert f"#coffee is not a text channel: its kind is {word}." in told
        assert "private threads in text channels only" in told


async def test_what_discord_refuses_in_a_thread_is_explained_by_what_is_missing_beside_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY)
        coffee = lab.channel("coffee").id
        lab.discord.world.forbid(coffee, lab.server, int(Permission.SEND_MESSAGES_IN_THREADS))
        lab.discord.news.changes_channel(coffee)
        await lab.until(MONDAY + 2 * DAY + MINUTE)
        waiting = await lab.rows(Delivery, Delivery.what == "nudge")
        assert {each.state for each in waiting} == {DeliveryState.PENDING}
        for each in waiting:
            assert "In #coffee (Lab) the bot lacks Send Messages in Threads." in each.problem
        lab.discord.world.permit(coffee, lab.server, int(Permission.SEND_MESSAGES_IN_THREADS))
        lab.discord.news.changes_channel(coffee)
        await lab.goes_by(11 * MINUTE)
        assert len(lab.in_thread_of("ana")) == 2


async def test_a_refusal_that_no_permission_explains_is_told_as_discord_words_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY - MINUTE)
        lab.discord.faults.fail_next(MESSAGES, status=403, code=50013, times=2)
        await lab.until(MONDAY)
        told = [text for text in lab.told("ana") if "waits for an admin" in text]
        assert len(told) == 1
        assert "You lack permissions to perform that action, 50013" in told[0]
