"""The make-believe Discord's API speaks as the real one does, to the real discord.py over real sockets."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import discord
import pytest

from bot.clock import StillClock
from tests.adapters.discord.speaking import (
    MONDAY,
    Bot,
    Team,
    connected,
    refused,
    small_team,
    some_intents,
    texts,
)
from tests.fakes.discord.faults import Limit
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Kind

PRIVATE = discord.ChannelType.private_thread


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY)


@pytest.fixture
async def team(clock: StillClock) -> AsyncIterator[Team]:
    async with small_team(clock) as team:
        yield team


@pytest.fixture
async def bot(team: Team) -> AsyncIterator[Bot]:
    async with connected(team.fake, Bot(intents=some_intents())) as bot:
        yield bot


@pytest.fixture
def coffee(bot: Bot, team: Team) -> discord.TextChannel:
    found = bot.get_channel(int(team.coffee.id))
    assert isinstance(found, discord.TextChannel)
    return found


async def test_a_message_is_read_as_people_see_it(team: Team, coffee: discord.TextChannel) -> None:
    embed = discord.Embed(title="Coffee", description="**Well** done \\*Ana\\*")
    embed.add_field(name="When", value=discord.utils.format_dt(MONDAY, "F"))
    sent = await coffee.send(
        f"> Hello <@{team.ben}>, see {coffee.mention}\n- `*so*`", embed=embed, nonce="d1", tts=False
    )
    assert texts(team.fake, coffee) == [
        "Hello @Ben, see #coffee\n• *so*\nCoffee\nWell done *Ana*\nWhen\n2026-11-30 09:00 UTC"
    ]
    await sent.edit(content="other", embed=None)
    assert texts(team.fake, coffee) == ["other"]
    assert (await coffee.fetch_message(sent.id)).edited_at == MONDAY
    await sent.delete()
    assert texts(team.fake, coffee) == []
    assert await refused(sent.delete()) == (404, 10008)


async def test_people_are_called_only_as_far_as_is_allowed(team: Team, coffee: discord.TextChannel) -> None:
    words = f"<@{team.ben}> <@{team.chloe}> `<@{team.ana}>` @everyone"
    only_ben = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(int(team.ben))])
    nobody = discord.AllowedMentions.none()
    calls = []
    for allowed in (discord.AllowedMentions.all(), only_ben, nobody):
        sent = await coffee.send(words, allowed_mentions=allowed)
        found = team.fake.world.find(team.coffee.id, str(sent.id))
        assert found is not None
        calls.append(team.fake.eyes.pinged(found))
    assert calls == [{team.ben, team.chloe, "everybody"}, {team.ben}, set()]


async def test_a_role_calls_who_has_it(team: Team, coffee: discord.TextChannel) -> None:
    world = team.fake.world
    hosts = world.add_role(team.server.id, "hosts", holders=[team.chloe], mentionable=True)
    await coffee.send(f"<@&{hosts.id}>")
    assert team.fake.eyes.pinged(world.messages[-1]) == {team.chloe}
    assert texts(team.fake, coffee) == ["@hosts"]


async def test_the_same_nonce_is_the_same_message_for_a_few_minutes(
    team: Team, coffee: discord.TextChannel, clock: StillClock
) -> None:
    first = await coffee.send("hello", nonce="d1")
    assert (await coffee.send("hello again", nonce="d1")).id == first.id
    assert (await coffee.send("other", nonce="d2")).id != first.id
    clock.set(MONDAY + timedelta(minutes=10))
    assert (await coffee.send("hello", nonce="d1")).id != first.id
    assert texts(team.fake, coffee) == ["hello", "other", "hello"]


async def test_history_is_read_from_anywhere(team: Team, coffee: discord.TextChannel) -> None:
    sent = [await coffee.send(str(n)) for n in range(7)]
    later = [m.content async for m in coffee.history(after=sent[2], limit=3)]
    assert later == ["3", "4", "5"]
    around = [m.content async for m in coffee.history(around=sent[3], limit=3)]
    assert sorted(around) == ["2", "3", "4"]
    newest = [m.content async for m in coffee.history(limit=2)]
    assert newest == ["6", "5"]
    since = discord.utils.time_snowflake(MONDAY - timedelta(days=1), high=True)
    assert len([m async for m in coffee.history(after=discord.Object(since), limit=None)]) == 7


async def test_a_file_arrives_with_its_bytes_and_words(team: Team, coffee: discord.TextChannel) -> None:
    file = discord.File(io.BytesIO(b"BEGIN"), "coffee.ics", description="An entry.")
    sent = await coffee.send("Here:", file=file)
    assert (sent.attachments[0].content_type, sent.attachments[0].size) == ("text/calendar", 5)
    found = team.fake.world.messages[-1]
    assert team.fake.eyes.files(found) == {"coffee.ics": b"BEGIN"}
    assert team.fake.eyes.text(found) == "Here:\ncoffee.ics\nAn entry."


async def test_what_the_bot_may_not_do_is_refused(team: Team, bot: Bot, coffee: discord.TextChannel) -> None:
    world, me = team.fake.world, team.fake.world.bot
    secret = world.add_channel(team.server.id, "secret", only=[team.ana])
    found = bot.get_partial_messageable(int(secret.id))
    assert await refused(found.send("x")) == (403, 50001)
    assert await refused(bot.get_partial_messageable(7).send("x")) == (404, 10003)
    world.forbid(team.coffee.id, me, Permission.SEND_MESSAGES)
    assert await refused(coffee.send("x")) == (403, 50013)
    world.forbid(team.coffee.id, me, Permission.CREATE_PRIVATE_THREADS)
    assert await refused(coffee.create_thread(name="x", type=PRIVATE)) == (403, 50013)
    world.forbid(team.coffee.id, me, Permission.READ_MESSAGE_HISTORY)
    assert [m async for m in coffee.history()] == []
    assert await refused(coffee.guild.create_voice_channel("talk")) == (403, 50013)
    assert await refused(coffee.edit(name="tea")) == (403, 50013)
    assert await refused(bot.fetch_guild(7)) == (404, 10004)
    assert not team.fake.eyes.can_read(team.ben, secret.id)


async def test_who_manages_channels_can_make_and_remove_them(team: Team, coffee: discord.TextChannel) -> None:
    guild, eyes = coffee.guild, team.fake.eyes
    team.server.roles[team.server.id].permissions |= Permission.MANAGE_CHANNELS
    hidden = discord.PermissionOverwrite(view_channel=False)
    seen = discord.PermissionOverwrite(view_channel=True, connect=True)
    ben = await guild.fetch_member(int(team.ben))
    made = await guild.create_voice_channel("talk", overwrites={guild.default_role: hidden, ben: seen})
    assert team.fake.world.channels[str(made.id)].kind == Kind.VOICE
    assert [eyes.can_read(p, str(made.id)) for p in (team.ben, team.chloe)] == [True, False]
    more = discord.PermissionOverwrite(manage_roles=True)
    assert await refused(guild.create_voice_channel("more", overwrites={ben: more})) == (403, 50013)
    await coffee.edit(name="tea")
    assert [c.name for c in await guild.fetch_channels()] == ["tea"], "what it may not view is left out"
    assert await refused(made.delete()) == (403, 50001)
    team.fake.world.permit(str(made.id), team.fake.world.bot, Permission.VIEW_CHANNEL)
    await made.delete()
    assert str(made.id) not in team.fake.world.channels


async def test_a_direct_message_arrives_unless_the_door_is_closed(team: Team, bot: Bot) -> None:
    ana = await bot.fetch_user(int(team.ana))
    await ana.send("hello")
    assert team.fake.eyes.to(team.ana) == ["hello"]
    team.fake.world.close_door(team.ana)
    assert await refused(ana.send("x")) == (403, 50007)
    stranger = await bot.fetch_user(int(team.fake.world.add_user("stranger").id))
    assert await refused(stranger.send("x")) == (403, 50278)
    assert await refused(bot.fetch_user(7)) == (404, 10013)


async def test_a_private_thread_is_for_who_is_in_it(team: Team, coffee: discord.TextChannel) -> None:
    thread = await coffee.create_thread(name="Ana and Ben", type=PRIVATE, invitable=False)
    eyes, id_ = team.fake.eyes, str(thread.id)
    for person in (team.ana, team.ben):
        await thread.add_user(discord.Object(int(person)))
    await thread.send("hello")
    assert eyes.in_thread(id_) == {team.ana, team.ben}
    assert [eyes.can_read(p, id_) for p in (team.ben, team.chloe)] == [True, False]
    await thread.remove_user(discord.Object(int(team.ben)))
    assert {m.id for m in await thread.fetch_members()} == {int(team.ana), thread.owner_id}
    await thread.send(f"<@{team.chloe}>")
    assert eyes.in_thread(id_) == {team.ana, team.chloe}
    team.fake.news.leaves(team.ben, team.server.id)
    assert await refused(thread.add_user(discord.Object(int(team.ben)))) == (404, 10007)


async def test_an_archived_thread_opens_when_somebody_writes_unless_it_is_locked(
    team: Team, coffee: discord.TextChannel
) -> None:
    thread = await coffee.create_thread(name="chat", type=PRIVATE)
    first = await thread.send("hello")
    await thread.edit(archived=True)
    assert [t.name for t in team.fake.eyes.threads(team.server.id, archived=True)] == ["chat"]
    assert await refused(first.edit(content="x")) == (400, 50083)
    assert await refused(thread.add_user(discord.Object(int(team.ana)))) == (400, 50083)
    found = [t.id async for t in coffee.archived_threads(private=True, joined=True)]
    assert found == [thread.id]
    assert await refused(coffee.archived_threads(private=True).__anext__()) == (403, 50001)
    await thread.send("again")
    assert team.fake.eyes.threads(team.server.id, archived=True) == []
    assert [t.id for t in await coffee.guild.active_threads()] == [thread.id]
    assert await refused(thread.edit(locked=True)) == (403, 50013)
    team.fake.news.archives(str(thread.id), locked=True)
    assert await refused(thread.send("x")) == (400, 50083)
    assert await refused(thread.delete()) == (403, 50013)


async def test_members_come_in_pages(team: Team, coffee: discord.TextChannel) -> None:
    for number in range(1010):
        team.fake.world.add_member(team.server.id, team.fake.world.add_user(f"p{number}").id)
    found = [m async for m in coffee.guild.fetch_members(limit=None)]
    assert len({m.id for m in found}) == len(found) == 1014
    assert team.fake.faults.calls["GET /guilds/{guild_id}/members"] == 2
    assert (await coffee.guild.fetch_member(int(team.ben))).display_name == "Ben"
    assert await refused(coffee.guild.fetch_member(7)) == (404, 10013)
    assert (await bot_count(coffee)) == 1014


async def bot_count(coffee: discord.TextChannel) -> int | None:
    client = coffee._state._get_client()
    return (await client.fetch_guild(coffee.guild.id, with_counts=True)).approximate_member_count


async def test_without_the_intent_the_members_stay_unknown(clock: StillClock) -> None:
    bot = Bot(intents=some_intents(members=False))
    async with small_team(clock, members_intent=False) as team, connected(team.fake, bot):
        assert not bot.application_flags.gateway_guild_members_limited
        guild = bot.guilds[0]
        assert [m.id for m in guild.members] == [int(team.fake.world.bot)]
        assert guild.member_count == 4
        assert await refused(bot.http.get_members(guild.id, 100, None)) == (403, 50001)
        assert (await guild.fetch_member(int(team.ben))).id == int(team.ben)


async def test_faults_come_when_they_are_asked_for(team: Team, coffee: discord.TextChannel) -> None:
    post, faults = "POST /channels/{channel_id}/messages", team.fake.faults
    faults.fail_next(post, retry_after=0.01)
    await coffee.send("after a while")
    assert faults.calls[post] == 2
    faults.fail_next(post, retry_after=0.01, scope="global")
    await coffee.send("after all")
    faults.fail_next(post, status=503)
    with pytest.raises(discord.DiscordServerError):
        await coffee.send("x")
    faults.fail_next(post, status=403, code=50013, message="Missing Permissions")
    assert await refused(coffee.send("x")) == (403, 50013)
    faults.fail_next(post, lost="question")
    with pytest.raises(aiohttp.ClientError):
        await coffee.send("x")
    assert texts(team.fake, coffee) == ["after a while", "after all"]
    faults.fail_next(post, lost="answer")
    with pytest.raises(aiohttp.ClientError):
        await coffee.send("arrived", nonce="d1")
    await coffee.send("arrived", nonce="d1")
    assert texts(team.fake, coffee)[2:] == ["arrived"]
    faults.revoked = True
    assert await refused(coffee.send("x")) == (401, 0)


async def test_a_bucket_empties_and_fills_again(team: Team, bot: Bot, coffee: discord.TextChannel) -> None:
    post = "POST /channels/{channel_id}/messages"
    team.fake.faults.limits[post] = Limit(2, 0.05)
    for number in range(5):
        await coffee.send(str(number))
    assert texts(team.fake, coffee) == ["0", "1", "2", "3", "4"]
    assert team.fake.faults.calls[post] == 5


async def test_who_asks_too_often_is_told_to_wait(team: Team) -> None:
    team.fake.faults.limits["GET /channels/{channel_id}"] = Limit(1, 60)
    headers = {"Authorization": f"Bot {team.fake.token}"}
    url = f"{team.fake.api_url}/channels/{team.coffee.id}"
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.get(url) as first:
            assert (first.status, first.headers["X-RateLimit-Remaining"]) == (200, "0")
        async with session.get(url) as second:
            assert (second.status, second.headers["X-RateLimit-Scope"]) == (429, "user")
            assert 59 < (await second.json())["retry_after"] <= 60


async def test_what_is_too_long_is_refused_with_its_place(team: Team, coffee: discord.TextChannel) -> None:
    view = discord.ui.View()
    for _ in range(2):
        view.add_item(discord.ui.Button(label="We met", custom_id="met:42"))
    with pytest.raises(discord.HTTPException) as caught:
        await coffee.send("x" * 2001, view=view)
    assert caught.value.code == 50035
    assert "content: Must be 2000 or fewer in length." in caught.value.text
    assert "components.0.components.1.custom_id" in caught.value.text
    assert await refused(coffee.send(embed=discord.Embed(description="x" * 4097))) == (400, 50035)
    team.fake.violations.clear()
    assert await refused(coffee.send(" \n")) == (400, 50006)
    big = [discord.Embed(description="x" * 3100) for _ in range(2)]
    with pytest.raises(discord.HTTPException, match="6000"):
        await coffee.send(embeds=big)
    assert texts(team.fake, coffee) == []
