"""The bot is put out of a server: who learns of it, what waits, what goes on elsewhere, and what coming back mends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest

from bot.db.models import Delivery
from bot.domain.states import DeliveryState
from tests.adapters.discord.gathering import hall, team
from tests.adapters.discord.guildhall import DAY, HOUR, MINUTE, MONDAY, WEEK, Hall
from tests.adapters.discord.test_coffee_on_discord import COFFEE, COFFEES
from tests.fakes.discord import FakeDiscord
from tests.fakes.platform import FakePlatform
from tests.world import people

TEA = COFFEE.replace("monday-coffee", "monday-tea").replace("discord:#coffee", "slack:#tea")
LOOKING = "GET /channels/{channel_id}"
SHUT_OUT = "Discord shut me out on "


def elsewhere() -> FakePlatform:
    """The team's other workspace; Zoe administers it."""
    return FakePlatform("slack", people=people("Zoe", "Yan"), channels=("tea",))


@asynccontextmanager
async def put_out(database: str, folder: Path, slack: FakePlatform) -> AsyncIterator[Hall]:
    """The bot has just been removed from the Discord server of a team that is on Slack too."""
    async with hall(database, folder, config=team(COFFEE, TEA), besides=[slack]) as lab:
        lab.discord.news.removes_bot(lab.server)
        await lab.heard()
        yield lab


async def test_admins_are_told_once_where_they_can_be_reached_and_with_what_lets_it_in_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    slack = elsewhere()
    async with put_out(sqlite_url, tmp_path, slack) as lab:
        [told] = [text for text in slack.to("zoe") if SHUT_OUT in text]
        assert "I am not in that server any more. `kinkeeper discord invite` prints the address" in told
        await lab.until(MONDAY + HOUR)
        await lab.rosters_are_read()
        assert len([text for text in slack.to("zoe") if "iscord" in text]) == 1
        assert not any("iscord" in text for text in slack.to("yan"))
        assert all(lab.told(who) == [] for who in ("ana", "ben", "chloe", "dev"))


async def test_the_other_platform_goes_on_and_what_is_owed_in_the_server_waits(
    sqlite_url: str, tmp_path: Path
) -> None:
    slack = elsewhere()
    async with put_out(sqlite_url, tmp_path, slack) as lab:
        await lab.until(MONDAY + HOUR)
        assert list(slack.chats.values()) == [("zoe", "yan")]
        assert lab.platform.state() == "connected", "Discord itself is there; it is one server that is not"
        waiting = await lab.rows(Delivery, Delivery.what == "introduction", Delivery.workspace_id == 1)
        assert {each.state for each in waiting} == {DeliveryState.PENDING}
        assert {each.attempts for each in waiting} == {0}, "waiting is no try that failed"
        assert all("not in that server any more" in (each.problem or "") for each in waiting if each.problem)


async def test_coming_back_brings_what_waited_once_and_all_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    slack = elsewhere()
    async with put_out(sqlite_url, tmp_path, slack) as lab:
        await lab.until(MONDAY + HOUR)
        lab.discord.news.adds_bot(lab.server)
        await lab.heard()
        await lab.goes_by(HOUR)
        assert sorted(len(group) for group in lab.groups()) == [2, 2]
        for who in ("ana", "ben", "chloe", "dev"):
            assert len(lab.in_thread_of(who)) == 1
        assert (await lab.presses("ben", "We met")).startswith("Noted: you met.")
        await lab.until(MONDAY + WEEK)
        assert len(lab.groups()) == 4
        assert len([text for text in slack.to("zoe") if SHUT_OUT in text]) == 1


@pytest.mark.parametrize("members", ["channel", "opt-in"])
async def test_a_restart_in_between_loses_neither_people_nor_messages(
    sqlite_url: str, tmp_path: Path, members: str
) -> None:
    slack = elsewhere()
    config = team(f'{COFFEE}members = "{members}"\n', TEA)
    async with hall(sqlite_url, tmp_path, config=config, besides=[slack]) as lab:
        if members == "opt-in":
            for who in ("ana", "ben", "chloe", "dev"):
                await lab.presses(who, "Join")
        await lab.says("ben", "/coffee skip", ritual="monday-coffee")
        await lab.until(MONDAY - MINUTE)
        lab.discord.news.removes_bot(lab.server)
        await lab.heard()
        await lab.restarted()
        assert len([text for text in slack.to("zoe") if SHUT_OUT in text]) == 1
        await lab.until(MONDAY + HOUR)
        await lab.rosters_are_read()
        owed = await lab.rows(Delivery, Delivery.what == "introduction", Delivery.workspace_id == 1)
        assert {each.state for each in owed} == {DeliveryState.PENDING}
        lab.discord.news.adds_bot(lab.server)
        await lab.heard()
        await lab.goes_by(HOUR)
        assert len(lab.groups()) == 1
        assert "ben" not in set.union(*lab.groups()), "who skips it skips it still"
        await lab.until(MONDAY + WEEK)
        assert set.union(*lab.groups()) == {"ana", "ben", "chloe", "dev"}


@pytest.mark.parametrize("lost", ["question", None])
async def test_trouble_at_discord_after_a_restart_is_not_taken_for_a_channel_that_is_gone(
    sqlite_url: str, tmp_path: Path, lost: Literal["question"] | None
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        lab.discord.news.deletes_channel(lab.channel("coffee").id)
        lab.discord.faults.fail_next(LOOKING, status=503, lost=lost, times=2)
        await lab.heard()
        assert lab.told("ana") == []
        await lab.rosters_are_read()
        await lab.rosters_are_read()
        assert any("I see no text channel #coffee" in text for text in lab.told("ana"))


async def test_what_is_of_no_use_any_more_is_not_sent_when_the_bot_comes_back_late(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY - MINUTE)
        lab.discord.news.removes_bot(lab.server)
        await lab.heard()
        await lab.until(MONDAY + HOUR)
        lab.clock.set(MONDAY + 8 * DAY)
        lab.discord.news.adds_bot(lab.server)
        await lab.heard()
        await lab.goes_by(HOUR)
        introductions = await lab.rows(Delivery, Delivery.what == "introduction")
        assert {each.state for each in introductions} == {DeliveryState.EXPIRED}
        await lab.until(MONDAY + 2 * WEEK)
        assert [len(group) for group in lab.groups()] == [2, 2]


async def test_another_server_of_the_team_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    def with_another(discord: FakeDiscord) -> None:
        world = discord.world
        first, second = (world.add_user(name).id for name in ("eli", "fay"))
        world.add_channel(world.add_server("Branch", owner=first, people=[second]).id, "tea")

    tea = TEA.replace("slack:#tea", "discord:#tea")
    async with hall(sqlite_url, tmp_path, config=team(COFFEE, tea), prepare=with_another) as lab:
        lab.discord.news.removes_bot(lab.server)
        await lab.heard()
        [told] = [text for text in lab.told("eli") if SHUT_OUT in text]
        assert "not in that server any more" in told
        await lab.until(MONDAY + HOUR)
        assert lab.groups() == [{"eli", "fay"}]
        await lab.restarted()
        lab.discord.news.adds_bot(lab.server)
        await lab.heard()
        await lab.goes_by(HOUR)
        assert sorted(len(group) for group in lab.groups()) == [2, 2, 2]


async def test_a_server_that_is_only_down_is_waited_for_and_nobody_is_told(
    sqlite_url: str, tmp_path: Path
) -> None:
    slack = elsewhere()
    async with hall(sqlite_url, tmp_path, config=team(COFFEE, TEA), besides=[slack]) as lab:
        lab.discord.news.goes_down(lab.server)
        await lab.heard()
        await lab.until(MONDAY + HOUR)
        assert not any("iscord" in text for text in slack.to("zoe"))
        lab.discord.news.comes_back(lab.server)
        await lab.heard()
        await lab.goes_by(HOUR)
        assert [len(group) for group in lab.groups()] == [2, 2]
