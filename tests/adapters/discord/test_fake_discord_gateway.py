"""The make-believe Discord's gateway loses, resumes and begins sessions as the real one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest

from bot.clock import StillClock
from tests.adapters.discord.speaking import (
    MONDAY,
    Bot,
    Team,
    connected,
    pointed_at,
    refused,
    small_team,
    some_intents,
)


@pytest.fixture
async def team() -> AsyncIterator[Team]:
    async with small_team(StillClock(MONDAY)) as team:
        yield team


def words(bot: Bot) -> list[str]:
    return [
        what.content for name, what in bot.heard if name == "message" and isinstance(what, discord.Message)
    ]


@pytest.mark.parametrize("how", ["cut", "asked"])
async def test_what_happens_while_nobody_listens_is_heard_after_resuming(team: Team, how: str) -> None:
    news, gateway = team.fake.news, team.fake.gateway
    async with connected(team.fake, Bot(intents=some_intents())) as bot:
        news.says(team.ana, "before")
        await bot.until("message")
        await gateway.drop(
            how="asked" if how == "asked" else "cut", meanwhile=lambda: void(news.says(team.ana, "meanwhile"))
        )
        news.says(team.ana, "after")
        await bot.until("message", 3)
        assert words(bot) == ["before", "meanwhile", "after"]
        assert (gateway.identified, gateway.resumed, gateway.open) == (1, 1, 1)


async def test_a_session_that_is_lost_begins_anew_and_has_missed_what_happened(team: Team) -> None:
    news, gateway = team.fake.news, team.fake.gateway
    async with connected(team.fake, Bot(intents=some_intents())) as bot:
        await gateway.drop(resumable=False, meanwhile=lambda: void(news.says(team.ana, "meanwhile")))
        news.says(team.ana, "after")
        await bot.until("message")
        assert words(bot) == ["after"]
        assert (gateway.identified, gateway.resumed) == (2, 0)


async def test_many_interruptions_lose_nothing(team: Team) -> None:
    said = iter(range(100))
    async with connected(team.fake, Bot(intents=some_intents())) as bot:
        await team.fake.gateway.drop(
            20, meanwhile=lambda: void(team.fake.news.says(team.ana, str(next(said))))
        )
        await bot.until("message", 20)
        assert words(bot) == [str(n) for n in range(20)]
        assert team.fake.gateway.resumed == 20


async def test_one_can_wait_until_everything_is_heard(team: Team) -> None:
    async with connected(team.fake, Bot(intents=some_intents())) as bot:
        for number in range(200):
            team.fake.news.says(team.ana, str(number))
        await team.fake.gateway.settled()
        assert words(bot) == [str(n) for n in range(200)]


async def test_while_nobody_can_connect_everything_waits(team: Team) -> None:
    async with connected(team.fake, Bot(intents=some_intents())) as bot:
        async with team.fake.gateway.away():
            assert team.fake.gateway.open == 0
            team.fake.news.says(team.ana, "meanwhile")
        await bot.until("message")
        assert words(bot) == ["meanwhile"]


async def test_an_intent_that_is_not_switched_on_is_refused() -> None:
    async with small_team(StillClock(MONDAY), members_intent=False) as team:
        bot = Bot(intents=some_intents())
        with pointed_at(team.fake):
            await bot.login(team.fake.token)
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await bot.connect()


async def test_a_wrong_token_is_refused(team: Team) -> None:
    bot = Bot(intents=some_intents())
    with pointed_at(team.fake):
        with pytest.raises(discord.LoginFailure):
            await bot.login("wrong")
        await bot.close()


async def test_a_revoked_token_ends_everything(team: Team) -> None:
    bot = Bot(intents=some_intents())
    with pointed_at(team.fake):
        await bot.login(team.fake.token)
        running = asyncio.create_task(bot.connect())
        await bot.until("ready")
        team.fake.gateway.revoke()
        with pytest.raises(discord.ConnectionClosed) as caught:
            await running
        assert caught.value.code == 4004
        assert bot.is_closed()


async def test_shards_hear_of_their_own_servers(team: Team) -> None:
    world = team.fake.world
    others = [world.add_server(f"Lab {n}", people=[team.ana]) for n in range(6)]
    everywhere = {s.id for s in (team.server, *others)}
    mine = {shard: {s for s in everywhere if (int(s) >> 22) % 2 == shard} for shard in (0, 1)}
    bots = [Bot(intents=some_intents(), shard_ids=[shard], shard_count=2) for shard in (0, 1)]
    async with connected(team.fake, bots[0]), connected(team.fake, bots[1]):
        assert team.fake.gateway.open == 2
        for shard, bot in enumerate(bots):
            assert {str(g.id) for g in bot.guilds} == mine[shard]
        team.fake.news.renames(team.ana, others[0].id, "Annie")
        shard = (int(others[0].id) >> 22) % 2
        await bots[shard].until("member_update")
        assert "member_update" not in [name for name, _ in bots[1 - shard].heard]


async def test_one_bot_can_have_several_shards(team: Team) -> None:
    team.fake.gateway.shards = 3
    async with connected(team.fake, Bot(intents=some_intents())) as bot:
        assert sorted(bot.shards) == [0, 1, 2]
        await team.fake.gateway.drop()
        assert team.fake.gateway.resumed == 3


async def test_changes_of_people_roles_and_channels_are_heard(team: Team) -> None:
    news, server = team.fake.news, team.server.id
    async with connected(team.fake, Bot(intents=some_intents())) as bot:
        newcomer = team.fake.world.add_user("dev").id
        news.joins(newcomer, server)
        news.renames(newcomer, server, "Devi")
        role = news.adds_role(server, "hosts", permissions=32)
        news.gives(role.id, newcomer, server)
        channel = news.adds_channel(server, "thanks")
        news.renames_channel(channel.id, "gratitude")
        news.leaves(team.chloe, server)
        news.removes_role(server, role.id)
        await bot.until("guild_role_delete")
        guild = bot.guilds[0]
        member = guild.get_member(int(newcomer))
        assert member is not None
        assert (member.display_name, [r.name for r in member.roles]) == ("Devi", ["@everyone"])
        assert [c.name for c in guild.text_channels] == ["coffee", "gratitude"]
        assert guild.get_member(int(team.chloe)) is None
        news.deletes_channel(channel.id)
        news.renames_server(server, "Lab")
        await bot.until("guild_update")
        assert (guild.name, len(guild.text_channels)) == ("Lab", 1)


async def test_servers_come_and_go(team: Team) -> None:
    news, other = team.fake.news, team.fake.world.add_server("Elsewhere", with_bot=False)
    async with connected(team.fake, Bot(intents=some_intents())) as bot:
        news.adds_bot(other.id)
        await bot.until("guild_join")
        news.goes_down(other.id)
        await bot.until("guild_unavailable")
        news.comes_back(other.id)
        await bot.until("guild_available", 2)
        news.removes_bot(other.id)
        await bot.until("guild_remove")
        assert [g.name for g in bot.guilds] == ["Knowledge Lab"]
        assert await refused(bot.fetch_guild(int(other.id))) == (403, 50001)


async def test_without_the_intent_nothing_is_heard_of_members() -> None:
    bot = Bot(intents=some_intents(members=False))
    async with small_team(StillClock(MONDAY), members_intent=False) as team, connected(team.fake, bot):
        team.fake.news.renames(team.ana, team.server.id, "Annie")
        team.fake.news.leaves(team.ben, team.server.id)
        team.fake.news.renames_server(team.server.id, "Lab")
        await bot.until("guild_update")
        types = {what for name, what in bot.heard if name == "socket_event_type"}
        assert types == {"READY", "GUILD_CREATE", "GUILD_UPDATE"}


async def test_members_of_a_large_server_come_in_chunks(team: Team) -> None:
    for number in range(1100):
        team.fake.world.add_member(team.server.id, team.fake.world.add_user(f"p{number}").id)
    async with connected(team.fake, Bot(intents=some_intents())) as bot:
        assert len(bot.guilds[0].members) == 1104
        found = await bot.guilds[0].query_members(user_ids=[int(team.ben)])
        assert [m.id for m in found] == [int(team.ben)]


def void(_: object) -> None:
    """Nothing comes of it."""
