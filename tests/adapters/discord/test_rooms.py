"""Voice channels on Discord: seen and entered by the people of a match alone, and taken away again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.db.models import Match
from bot.ports import NeedsAdmin
from tests.adapters.discord.bench import inhabited, over_gateway
from tests.adapters.discord.gathering import hall, team
from tests.adapters.discord.guildhall import HOUR, MINUTE, MONDAY, Hall
from tests.adapters.discord.test_coffee_on_discord import COFFEE, times
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Channel, Kind

WITH_VOICE = team(COFFEE + "voice = true\nmeeting_minutes = 30\n")
MANAGING = Permission.MANAGE_CHANNELS | Permission.CONNECT
MAKING = "POST /guilds/{guild_id}/channels"


def allowed(discord: FakeDiscord) -> None:
    """The bot may do what voice channels take, by a role of its own."""
    world = discord.world
    [server] = world.servers
    world.add_role(server, "Kinkeeper", holders=[world.bot], permissions=int(MANAGING))


def rooms(lab: Hall) -> list[Channel]:
    return [each for each in lab.discord.world.channels.values() if each.kind == Kind.VOICE]


async def meeting_of(lab: Hall, who: str) -> datetime:
    """Somebody chooses the first of the times that are offered; when that is."""
    await lab.presses(who, times(lab, who)[0])
    chosen: list[datetime] = [match.chosen_time for match in await lab.rows(Match) if match.chosen_time]
    return chosen[-1]


async def test_a_room_is_for_those_who_meet_alone_and_goes_away_again() -> None:
    async with FakeDiscord() as discord, over_gateway(inhabited(discord)) as bench:
        world = discord.world
        near = world.channel_named(bench.channel).id
        ana, ben, chloe = bench.people
        assert discord.eyes.can_read(chloe, near)
        room = await bench.platform.open_voice([ana, ben], near=near, name="Coffee: Ana and Ben", key="v1")
        assert isinstance(room, str)
        assert world.channels[room].kind == Kind.VOICE
        assert world.channels[room].name.startswith("Coffee: Ana and Ben")
        enters = Permission.VIEW_CHANNEL | Permission.CONNECT
        may = {who: world.may(world.channels[room], who) & enters for who in (ben, chloe)}
        assert may == {ben: enters, chloe: 0}
        await bench.platform.close_voice(room)
        assert room not in world.channels
        await bench.platform.close_voice(room)


@pytest.mark.parametrize(
    ("lost", "named"),
    [
        (Permission.MANAGE_CHANNELS, "its role lacks Manage Channels (Server Settings"),
        (Permission.CONNECT, "its role lacks Connect (Server Settings"),
        (Permission.VIEW_CHANNEL, "its role lacks View Channel (Server Settings"),
        (MANAGING, "its role lacks Manage Channels, Connect (Server Settings"),
    ],
)
async def test_a_room_that_may_not_be_opened_names_what_the_bots_role_lacks(
    lost: Permission, named: str
) -> None:
    async with FakeDiscord() as discord, over_gateway(inhabited(discord)) as bench:
        for role in discord.world.servers[bench.workspace].roles.values():
            discord.news.changes_role(bench.workspace, role.id, permissions=role.permissions & ~lost)
        await bench.quiet()
        near = discord.world.channel_named(bench.channel).id
        with pytest.raises(NeedsAdmin) as refused:
            await bench.platform.open_voice(bench.people[:2], near=near, name="Coffee", key="v1")
        assert f"The bot cannot open voice channels in Knowledge Lab: {named}" in str(refused.value)
        assert refused.value.scope == "lane"


async def test_a_category_that_takes_the_permission_away_is_named() -> None:
    async with FakeDiscord() as discord, over_gateway(inhabited(discord)) as bench:
        place = discord.news.adds_channel(bench.workspace, "Social", Kind.CATEGORY)
        discord.world.channel_named(bench.channel).parent = place.id
        discord.world.forbid(place.id, bench.workspace, int(Permission.MANAGE_CHANNELS))
        near = discord.world.channel_named(bench.channel).id
        for changed in (place.id, near):
            discord.news.changes_channel(changed)
        await bench.quiet()
        with pytest.raises(
            NeedsAdmin, match=r"in the category Social \(Knowledge Lab\): it lacks Manage Channels"
        ):
            await bench.platform.open_voice(bench.people[:2], near=near, name="Coffee", key="v1")


@pytest.mark.parametrize(
    ("lost", "named"), [(Permission.MANAGE_CHANNELS, "Manage Channels"), (Permission.CONNECT, "Connect")]
)
async def test_a_room_that_may_not_be_taken_away_names_what_is_lacking_there(
    lost: Permission, named: str
) -> None:
    async with FakeDiscord() as discord, over_gateway(inhabited(discord)) as bench:
        near = discord.world.channel_named(bench.channel).id
        room = await bench.platform.open_voice(bench.people[:2], near=near, name="Coffee", key="v1")
        assert isinstance(room, str)
        discord.world.forbid(room, discord.world.bot, int(lost))
        discord.news.changes_channel(room)
        await bench.quiet()
        with pytest.raises(NeedsAdmin) as refused:
            await bench.platform.close_voice(room)
        assert f"away: it lacks {named} there. Grant its role that" in str(refused.value)
        discord.world.permit(room, discord.world.bot, int(lost))
        await bench.platform.close_voice(room)
        assert room not in discord.world.channels


async def test_a_refusal_that_nothing_explains_says_what_discord_said() -> None:
    async with FakeDiscord() as discord, over_gateway(inhabited(discord)) as bench:
        near = discord.world.channel_named(bench.channel).id
        discord.faults.fail_next(MAKING, status=403, code=50013)
        with pytest.raises(NeedsAdmin, match="You lack permissions to perform that action, 50013"):
            await bench.platform.open_voice(bench.people[:2], near=near, name="Coffee", key="v1")


async def test_the_thread_names_the_room_while_it_is_open_and_not_afterwards(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=WITH_VOICE, people=("ana", "ben"), prepare=allowed) as lab:
        await lab.until(MONDAY)
        at = await meeting_of(lab, "ana")
        await lab.until(at)
        [room] = rooms(lab)
        assert room.name.startswith(("Coffee: Ana and Ben", "Coffee: Ben and Ana"))
        assert any("A room is open for your coffee" in text for text in lab.in_thread_of("ben"))
        await lab.until(at + 45 * MINUTE)
        assert rooms(lab) == []
        assert not any("room is open" in text for text in lab.in_thread_of("ben"))
        assert any("is closed again" in text for text in lab.in_thread_of("ben"))


async def test_people_who_took_the_room_away_themselves_are_promised_none_either(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=WITH_VOICE, people=("ana", "ben"), prepare=allowed) as lab:
        await lab.until(MONDAY)
        at = await meeting_of(lab, "ana")
        await lab.until(at)
        lab.discord.news.deletes_channel(rooms(lab)[0].id)
        await lab.until(at + HOUR)
        assert not any("room is open" in text for text in lab.in_thread_of("ana"))


async def test_admins_are_told_at_the_start_what_a_room_takes_and_not_once_more_when_it_is_due(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=WITH_VOICE, people=("ana", "ben")) as lab:
        [told] = lab.told("ana")
        assert "its role lacks Manage Channels (Server Settings, Roles)" in told
        await lab.until(MONDAY)
        at = await meeting_of(lab, "ben")
        await lab.until(at - timedelta(minutes=1))
        assert rooms(lab) == []
        allowed(lab.discord)
        [role] = [r for r in lab.discord.world.servers[lab.server].roles.values() if r.name == "Kinkeeper"]
        lab.discord.news.changes_role(lab.server, role.id, permissions=role.permissions)
        await lab.until(at + 10 * MINUTE)
        assert len(rooms(lab)) == 1
        assert len([text for text in lab.told("ana") if "voice channels" in text]) == 1
