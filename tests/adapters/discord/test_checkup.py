"""What `kinkeeper doctor` finds out about Discord, asked over HTTP."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.discord import commands
from adapters.discord.asking import Rest
from adapters.discord.checkup import check_up
from bot.ports import Finding
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.documents import APPLICATION
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Kind


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    """A server "Acme" with a channel #coffee."""
    async with FakeDiscord() as there:
        server = there.world.add_server("Acme")
        there.world.add_channel(server.id, "coffee")
        yield there


async def looked(
    there: FakeDiscord,
    *channels: str,
    token: str = FakeDiscord.token,
    url: str | None = None,
    ahead: timedelta = timedelta(),
) -> dict[str, list[Finding]]:
    """The findings by what they are about."""
    now = datetime.now(UTC) + ahead
    found = await check_up(token=token, api_url=url or there.api_url, channels=channels, now=now)
    about: dict[str, list[Finding]] = {}
    for finding in found:
        about.setdefault(finding.about, []).append(finding)
    return about


def wrong(found: dict[str, list[Finding]]) -> dict[str, str]:
    """What is not well, by what it is about."""
    return {f.about: f.text for findings in found.values() for f in findings if not f.well}


def coffee(there: FakeDiscord) -> str:
    return there.world.channel_named("#coffee").id


async def test_a_server_in_which_all_is_well_but_for_what_voice_would_take(discord: FakeDiscord) -> None:
    found = await looked(discord, "#coffee")
    assert list(found) == ["token", "members", "commands", "clock", "servers", "voice", "#coffee"]
    assert list(wrong(found)) == ["voice"]
    assert found["token"][0].text == "The token is good: the bot kinkeeper of Kinkeeper."
    assert found["servers"][0].text == "The bot is in Acme."
    assert found["#coffee"][0].text.startswith("#coffee (Acme) is there")


async def test_looking_changes_nothing_and_connects_to_nothing(discord: FakeDiscord) -> None:
    await looked(discord, "#coffee", coffee(discord))
    assert discord.faults.calls
    assert all(route.startswith("GET ") for route in discord.faults.calls)


async def test_a_token_that_discord_does_not_take_is_all_there_is_to_say(discord: FakeDiscord) -> None:
    discord.faults.revoked = True
    found = await looked(discord, "#coffee")
    assert list(found) == ["token"]
    assert "Reset it at https://discord.com/developers/applications" in wrong(found)["token"]


async def test_what_is_no_token_at_all_is_told_without_asking(discord: FakeDiscord) -> None:
    assert "is no bot's token" in wrong(await looked(discord, token="a-client-secret"))["token"]
    assert not discord.faults.calls


async def test_members_need_the_privileged_intent_and_opting_in_does_not(discord: FakeDiscord) -> None:
    discord.world.members_intent = False
    said = wrong(await looked(discord, "#coffee"))["members"]
    assert "The Server Members Intent is off" in said
    assert "Bot, Privileged Gateway Intents" in said
    assert 'With members = "opt-in" it can stay off' in said


async def test_a_bot_that_is_nowhere_is_told_how_it_is_let_in(discord: FakeDiscord) -> None:
    for server in discord.world.servers.values():
        del server.members[discord.world.bot]
    found = wrong(await looked(discord, "#coffee"))
    assert "kinkeeper discord invite" in found["servers"]
    assert "There is no text channel #coffee" in found["#coffee"]


async def test_the_exact_permission_is_named_with_what_it_is_for(discord: FakeDiscord) -> None:
    denied = Permission.CREATE_PRIVATE_THREADS | Permission.ATTACH_FILES
    discord.world.forbid(coffee(discord), discord.world.bot, int(denied))
    for reference in ("#coffee", coffee(discord)):
        said = wrong(await looked(discord, reference))[reference]
        assert "In #coffee (Acme) the bot lacks Create Private Threads, Attach Files." in said
        assert "Edit Channel, Permissions, Advanced permissions" in said
        assert "Send calendar entries and charts." in said


async def test_a_private_channel_of_which_it_is_no_member_is_a_matter_of_seeing_it(
    discord: FakeDiscord,
) -> None:
    [server] = discord.world.servers
    hidden = discord.world.add_channel(server, "board", only=[])
    for reference in ("#board", hidden.id):
        said = wrong(await looked(discord, reference))[reference]
        assert "give kinkeeper View Channel there" in said
    discord.world.permit(hidden.id, discord.world.bot, int(Permission.VIEW_CHANNEL))
    assert list(wrong(await looked(discord, "#board", hidden.id))) == ["voice"]


async def test_a_channel_that_is_not_there_or_not_for_text(discord: FakeDiscord) -> None:
    [server] = discord.world.servers
    discord.world.add_channel(server, "lounge", Kind.VOICE)
    found = wrong(await looked(discord, "#cofee", "#lounge", "123456789012345678"))
    assert "There is no text channel #cofee" in found["#cofee"]
    assert "There is no text channel #lounge" in found["#lounge"]
    assert "There is no text channel 123456789012345678" in found["123456789012345678"]


async def test_one_name_in_two_servers_has_to_be_an_id(discord: FakeDiscord) -> None:
    other = discord.world.add_server("Guild of Ben")
    there = discord.world.add_channel(other.id, "coffee")
    said = wrong(await looked(discord, "#coffee"))["#coffee"]
    assert f"Guild of Ben ({there.id})" in said
    assert f'"discord:{coffee(discord)}"' in said
    assert list(wrong(await looked(discord, there.id))) == ["voice"]


async def test_voice_channels_take_permissions_in_the_server(discord: FakeDiscord) -> None:
    said = wrong(await looked(discord, "#coffee"))["voice"]
    assert "in Acme: its role lacks Manage Channels" in said
    assert "kinkeeper discord invite --voice" in said
    [server] = discord.world.servers
    needed = int(Permission.MANAGE_CHANNELS | Permission.CONNECT)
    discord.world.add_role(server, "Kinkeeper", holders=[discord.world.bot], permissions=needed)
    assert wrong(await looked(discord, "#coffee")) == {}


async def test_voice_channels_take_them_in_the_category_too(discord: FakeDiscord) -> None:
    [server] = discord.world.servers
    needed = int(Permission.MANAGE_CHANNELS | Permission.CONNECT)
    discord.world.add_role(server, "Kinkeeper", holders=[discord.world.bot], permissions=needed)
    place = discord.world.add_channel(server, "Social", Kind.CATEGORY)
    discord.world.channel_named("coffee").parent = place.id
    assert wrong(await looked(discord, "#coffee")) == {}
    discord.world.forbid(place.id, discord.world.bot, int(Permission.CONNECT))
    said = wrong(await looked(discord, coffee(discord)))["voice"]
    assert "in the category Social (Acme): it lacks Connect there. Open Edit Category" in said
    discord.world.forbid(place.id, discord.world.bot, int(Permission.VIEW_CHANNEL))
    assert "connection" not in await looked(discord, "#coffee")


async def test_whether_discord_has_the_commands_of_this_version(discord: FakeDiscord) -> None:
    assert "The next start" in (await looked(discord))["commands"][0].text
    discord.world.commands[None] = [
        {"id": "1", "application_id": APPLICATION, **c} for c in commands.wanted()
    ]
    assert (await looked(discord))["commands"][0].text == "Discord has the commands of this version."


async def test_a_clock_that_is_wrong(discord: FakeDiscord) -> None:
    assert (await looked(discord))["clock"][0].text == "The clock is right."
    some = await looked(discord, ahead=timedelta(minutes=2))
    assert "seconds ahead of Discord's" in some["clock"][0].text
    assert some["clock"][0].well
    assert "seconds behind Discord's" in wrong(await looked(discord, ahead=timedelta(hours=-1)))["clock"]


async def test_a_discord_that_is_away_or_in_trouble_is_one_finding(discord: FakeDiscord) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    away = await looked(discord, "#coffee", url=f"http://127.0.0.1:{port}/api/v10")
    assert list(away) == ["connection"]
    assert f"127.0.0.1:{port}" in wrong(away)["connection"]
    for route in ("GET /users/@me", "GET /users/@me/guilds", "GET /guilds/{guild_id}/channels"):
        discord.faults.fail_next(route, status=502)
        assert list(await looked(discord, "#coffee")) == ["connection"]
    discord.faults.fail_next(
        "GET /users/@me", lost="question", times=2
    )  # what was only read is asked for again
    assert list(await looked(discord, "#coffee")) == ["connection"]
    discord.faults.fail_next("GET /users/@me", status=403)
    assert "it answered HTTP 403" in wrong(await looked(discord))["connection"]


async def test_a_short_rate_limit_is_waited_for_and_a_long_one_is_told(discord: FakeDiscord) -> None:
    discord.faults.fail_next("GET /users/@me", retry_after=0.01)
    assert "connection" not in await looked(discord)
    discord.faults.fail_next("GET /users/@me", retry_after=60.0)
    assert "it asks to wait for 60 seconds" in wrong(await looked(discord))["connection"]


async def test_a_server_that_lets_the_bot_go_meanwhile_is_told_at_its_channel(discord: FakeDiscord) -> None:
    discord.faults.fail_next("GET /guilds/{guild_id}/members/{user_id}", status=404, code=10007)
    found = wrong(await looked(discord, "#coffee"))
    assert "Discord does not show the channel to the bot: HTTP 404, code 10007." in found["#coffee"]


async def test_it_goes_to_discord_itself_unless_told_otherwise() -> None:
    assert Rest("a").base == "https://discord.com/api/v10"
