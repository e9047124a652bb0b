"""A connection to Discord that breaks, or does not come about: nothing is lost or done twice, and it says so."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bot.domain.interactions import Command, Said
from tests.adapters.discord.bench import COFFEE as CHANNEL
from tests.adapters.discord.bench import inhabited, over_gateway
from tests.adapters.discord.running import (
    ALL,
    FAR_OFF,
    PENDING,
    SENT,
    TEN,
    answers,
    button,
    coffee,
    database,
    inhabit,
    introduced,
    introductions,
    person,
    running,
    server,
    until,
)
from tests.chaos.looking import count, posted, write
from tests.fakes.discord import FakeDiscord

PAIRS = len(TEN) // 2
POSTING = "POST /channels/{channel_id}/messages"
BOTH = f"""{ALL}
[[coffee]]
name = "playground-coffee"
channel = "playground:#coffee"
cron = "{FAR_OFF}"
"""
OK = {"discord": "connected", "database": "ok"}
DUE_NOW = "UPDATE ritual SET next_round_at = CURRENT_TIMESTAMP WHERE name = 'playground-coffee'"
MET = "SELECT count(*) FROM match WHERE outcome = 'met'"
RUN = ("kinkeeper run", {"ritual": "monday-coffee"})
FRESH = {3, 7}  # of the ten drops, those after which the session is lost too


async def test_ten_drops_during_a_round_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    async with server(*TEN) as discord, running(discord, tmp_path, config=ALL) as program:
        url, here = database(tmp_path), coffee(discord).id
        askers = [person(discord, name) for name in TEN]
        pressed: dict[str, str] = {}  # by thread, who
        discord.faults.fail_next(POSTING, retry_after=1, times=PAIRS // 2)

        async with asyncio.TaskGroup() as doing:

            def press_what_is_new() -> None:
                for post in introductions(discord):
                    if post.channel not in pressed:
                        pressed[post.channel] = min(discord.eyes.in_thread(post.channel))
                        action = button(discord, post, "met")
                        doing.create_task(discord.hands.press(pressed[post.channel], post, action, times=2))

            doing.create_task(discord.hands.command(askers[0], *RUN, channel=here))
            for number, asker in enumerate(askers):
                is_fresh = number in FRESH
                if not is_fresh:
                    doing.create_task(discord.hands.command(asker, "presence me", channel=here, times=2))
                    press_what_is_new()
                await discord.gateway.drop(how="asked" if number % 2 else "cut", resumable=not is_fresh)
                if is_fresh:
                    doing.create_task(discord.hands.command(asker, "presence me", channel=here))
            await introduced(discord, pairs=PAIRS)
            press_what_is_new()

        await until(lambda: count(url, PENDING) == 0, what="nothing is owed")
        await until(lambda: count(url, MET) == PAIRS, what="every press is taken")
        await until(lambda: all(answers(discord, asker) for asker in askers), what="every answer")
        await program.until_ready()
        assert await program.stop() == 0
        assert (discord.gateway.identified, discord.gateway.resumed) == (1 + len(FRESH), 10 - len(FRESH))
        assert Counter(post.channel for post in introductions(discord)) == dict.fromkeys(pressed, 1)
        assert count(url, "SELECT count(*) FROM round") == 1
        assert count(url, "SELECT count(*) FROM received") == 1 + len(askers) + PAIRS
        told = Counter({asker: len(answers(discord, asker)) for asker in askers})
        expected = Counter([askers[0], *askers, *pressed.values()])
        assert told <= expected, "somebody was told something twice"
        assert all("rate limited" in line["event"] for line in program.troubles())


@pytest.mark.parametrize("how", ["cut", "asked"])
async def test_what_people_do_while_the_connection_is_broken_is_heard_once_when_it_is_back(how: str) -> None:
    async with FakeDiscord() as discord, over_gateway(inhabited(discord)) as bench:
        ana, ben, _ = bench.people
        for number in range(10):

            def meanwhile(number: int = number) -> None:
                discord.news.says(ben, f"number {number}")

            await discord.gateway.drop(how="asked" if how == "asked" else "cut", meanwhile=meanwhile)
        await bench.quiet()
        said = [happened for happened in bench.inbox.received if isinstance(happened, Said)]
        assert [each.text for each in said] == [f"number {number}" for number in range(10)]
        await bench.command(ana, "coffee", "why")
        assert len([each for each in bench.inbox.received if isinstance(each, Command)]) == 1
        assert bench.platform.state() == "connected"
        assert discord.gateway.identified == 1


async def test_ten_lost_sessions_are_begun_anew_and_the_people_are_read_again() -> None:
    async with FakeDiscord() as discord, over_gateway(inhabited(discord)) as bench:
        ana, *_ = bench.people
        await bench.platform.find_channel(CHANNEL)
        for number in range(10):
            await discord.gateway.drop(resumable=False)
            await bench.command(ana, "coffee", "why")
            heard = [each for each in bench.inbox.received if isinstance(each, Command)]
            assert len({each.event_id for each in heard}) == len(heard) == number + 1
        await until(lambda: bench.inbox.rosters, what="the people are read again")
        assert discord.gateway.identified == 11
        assert bench.platform.state() == "connected"


async def test_while_discord_is_away_it_says_so_and_afterwards_it_goes_on(tmp_path: Path) -> None:
    async with server() as discord, running(discord, tmp_path, config=ALL) as program:
        await until(lambda: count(database(tmp_path), SENT) == 1, what="it has introduced itself")
        async with discord.gateway.away():
            await program.until_unready("I am connecting again")
        await program.until_ready()
        ben = person(discord, "ben")
        await discord.hands.command(ben, "coffee why", channel=coffee(discord).id)
        await until(lambda: answers(discord, ben), what="an answer")
        assert await program.stop() == 0


async def test_where_discord_cannot_be_reached_the_others_go_on_and_it_comes_when_discord_does(
    tmp_path: Path,
) -> None:
    async with server() as discord:
        port = int(discord.api_url.split(":")[2].split("/")[0])
        await discord.stop()
        async with running(discord, tmp_path, config=BOTH) as program:
            status, parts = await program.ready()
            assert status == 503
            assert (parts["playground"], parts["database"]) == ("connected", "ok")
            assert parts["discord"].startswith("Discord cannot be reached: ")
            write(database(tmp_path), DUE_NOW)
            await until(lambda: posted(tmp_path / "kinkeeper-playground.db"), what="the playground's round")
            await discord.start(port=port)
            await program.until_ready()
            await until(lambda: people_of_discord(tmp_path) == 4, what="it knows the people")
            await discord.hands.command(person(discord, "ana"), *RUN, channel=coffee(discord).id)
            await introduced(discord, pairs=2)
            assert await program.stop() == 0


async def test_with_a_wrong_token_it_stays_and_says_so_without_the_token(tmp_path: Path) -> None:
    wrong = "token-of-somebody-else"
    async with server() as discord, running(discord, tmp_path, env={"DISCORD_TOKEN": wrong}) as program:
        status, parts = await program.ready()
        assert status == 503
        assert "Discord does not take the bot's token." in parts["discord"]
        assert await program.stop() == 0
        assert wrong not in program.process.output


async def test_a_token_that_is_taken_back_while_it_runs_is_said(tmp_path: Path) -> None:
    async with server() as discord, running(discord, tmp_path, config=ALL) as program:
        discord.gateway.revoke()
        await program.until_unready("Discord does not take the bot's token.")
        assert await program.stop() == 0


async def test_where_the_gateway_alone_is_away_it_stays_and_says_so(tmp_path: Path) -> None:
    async with server() as discord:
        nowhere = {"DISCORD_GATEWAY_URL": "ws://127.0.0.1:9/gateway/"}
        async with running(discord, tmp_path, env=nowhere) as program:
            await program.until_unready("Discord's gateway cannot be reached")
            assert await program.stop() == 0


def people_of_discord(folder: Path) -> int:
    return count(
        database(folder),
        "SELECT count(*) FROM account JOIN workspace ON workspace.id = account.workspace_id"
        " WHERE workspace.platform = 'discord'",
    )


async def test_two_processes_that_share_the_shards_do_everything_once(
    tmp_path: Path, postgres_url: str
) -> None:
    async with server() as discord:
        [first], second = discord.world.servers, ""
        while not second or (int(second) >> 22) % 2 == (int(first) >> 22) % 2:
            discord.world.servers.pop(second, None)
            second = inhabit(discord, "Tea House", *TEN[4:8], channel="tea")
        emeka = discord.world.servers[second].owner
        env = {"DATABASE_URL": postgres_url, "DISCORD_SHARD_COUNT": "2"}
        tea = next(c.id for c in discord.world.channels.values() if c.server == second)
        config = f"""{ALL}
[[coffee]]
name = "tuesday-tea"
channel = "discord:{tea}"
cron = "{FAR_OFF}"
"""
        async with (
            running(discord, tmp_path, config=config, env={**env, "DISCORD_SHARD_IDS": "0"}) as one,
            running(discord, tmp_path, env={**env, "DISCORD_SHARD_IDS": "1"}) as other,
        ):
            await discord.hands.command(person(discord, "ana"), *RUN, channel=coffee(discord).id)
            await discord.hands.command(emeka, "kinkeeper run", {"ritual": "tuesday-tea"}, channel=tea)
            for post in await introduced(discord, pairs=4):
                somebody = min(discord.eyes.in_thread(post.channel))
                await discord.hands.press(somebody, post, button(discord, post, "met"))
            await until(lambda: count(postgres_url, MET) == 4, what="every press is taken")
            await until(lambda: count(postgres_url, PENDING) == 0, what="nothing is owed")
            assert (await one.ready(), await other.ready()) == ((200, OK), (200, OK))
            assert (await one.stop(), await other.stop()) == (0, 0)
        assert set(Counter(post.channel for post in introductions(discord)).values()) == {1}
        assert len(introductions(discord)) == 4
        assert count(postgres_url, "SELECT count(*) FROM round") == 2
