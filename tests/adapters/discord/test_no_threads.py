"""Where Discord lets no thread be opened, each is written to directly with the others' names; none is left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.db.models import Delivery
from bot.domain.states import DeliveryState
from tests.adapters.discord.gathering import hall
from tests.adapters.discord.guildhall import HOUR, MINUTE, MONDAY, Hall
from tests.adapters.discord.test_coffee_on_discord import COFFEES
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Kind

OPENING = "POST /channels/{channel_id}/threads"
ADDING = "PUT /channels/{channel_id}/thread-members/{user_id}"


def forbidden(denied: Permission) -> Callable[[FakeDiscord], None]:
    """The bot may not do this in #coffee."""

    def prepare(discord: FakeDiscord) -> None:
        world = discord.world
        world.forbid(world.channel_named("coffee").id, world.bot, int(denied))

    return prepare


def announcing(discord: FakeDiscord) -> None:
    """#coffee is an announcement channel."""
    discord.world.channel_named("coffee").kind = Kind.ANNOUNCEMENT


def open_threads(lab: Hall) -> list[str]:
    """The names of the threads that are not archived."""
    return [each.name for each in lab.threads() if each.thread and not each.thread.archived]


def introduction(lab: Hall, who: str) -> str:
    """What somebody reads of whom they meet, in their own conversation with the bot."""
    [found] = [text for text in lab.told(who) if "you two are having coffee this time" in text]
    return found


async def all_met_directly(lab: Hall) -> None:
    """Everybody has been introduced once, by a message of their own that names the other; nobody waits."""
    others = {"ana": ("Ben", "Chloe", "Dev"), "ben": ("Ana", "Chloe", "Dev")}
    for who in ("ana", "ben", "chloe", "dev"):
        named = others.get(who, ("Ana", "Ben", "Chloe", "Dev"))
        assert any(f"@{name}" in introduction(lab, who) for name in named)
    assert open_threads(lab) == []
    waiting = await lab.rows(Delivery, Delivery.state == DeliveryState.PENDING)
    assert [each.what for each in waiting if each.due_at <= lab.clock.now()] == []


@pytest.mark.parametrize(
    ("route", "status", "code"),
    [
        (OPENING, 403, 50013),  # a permission is missing
        (OPENING, 403, 50001),  # the channel cannot be seen
        (OPENING, 404, 10003),  # it is gone
        (OPENING, 400, 50024),  # channels of this kind have none
        (OPENING, 400, 50035),  # the form was not right
        (OPENING, 400, 160004),  # there is one already
        (OPENING, 400, 160006),  # the server has as many as it may have
        (OPENING, 400, 29_999),  # a code that nobody knows yet
        (ADDING, 403, 50013),
        (ADDING, 403, 50001),
        (ADDING, 400, 30033),  # it has as many people as it may have
        (ADDING, 400, 160005),  # somebody locked it at once
    ],
)
async def test_whatever_discord_refuses_a_thread_for_people_are_introduced_directly(
    sqlite_url: str, tmp_path: Path, route: str, status: int, code: int
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY - MINUTE)
        lab.discord.faults.fail_next(route, status=status, code=code, times=2)
        await lab.until(MONDAY)
        await all_met_directly(lab)


@pytest.mark.parametrize(
    ("denied", "named"),
    [
        (Permission.CREATE_PRIVATE_THREADS, "Create Private Threads"),
        (Permission.SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
    ],
)
async def test_without_a_permission_none_is_begun_and_admins_know_which_from_the_start(
    sqlite_url: str, tmp_path: Path, denied: Permission, named: str
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES, prepare=forbidden(denied)) as lab:
        [told] = lab.told("ana")
        assert f"In #coffee (Lab) the bot lacks {named}. Open Edit Channel" in told
        await lab.until(MONDAY)
        await all_met_directly(lab)
        assert lab.discord.faults.calls[OPENING] == 0
        split = await lab.rows(Delivery, Delivery.state == DeliveryState.SPLIT)
        assert all(
            f"There can be no thread: In #coffee (Lab) the bot lacks {named}" in d.problem for d in split
        )


async def test_beside_an_announcement_channel_too_and_admins_are_told_to_take_another(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES, prepare=announcing) as lab:
        [told] = lab.told("ana")
        assert (
            "#coffee (Lab) is an announcement channel, beside which Discord opens no private threads" in told
        )
        await lab.until(MONDAY)
        await all_met_directly(lab)
        assert lab.within("coffee")[0].startswith("Hello! I am Kinkeeper"), "posts go there all the same"


async def test_a_thread_that_only_has_to_wait_is_waited_for(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY - MINUTE)
        lab.discord.faults.fail_next(OPENING, retry_after=60.0)
        lab.discord.faults.fail_next(ADDING, status=503)
        await lab.until(MONDAY + HOUR)
        assert [len(group) for group in lab.groups()] == [2, 2]
        assert [len(lab.in_thread_of(who)) for who in ("ana", "ben", "chloe", "dev")] == [1, 1, 1, 1]


async def test_a_thread_that_is_there_is_used_although_no_other_could_be_opened(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(MONDAY - MINUTE)
        lab.discord.faults.fail_next(
            ADDING, status=503, times=2
        )  # the threads are made, and nobody is in them
        lab.clock.set(MONDAY)
        await lab.settled()
        assert len(lab.threads()) == 2
        coffee = lab.channel("coffee").id
        lab.discord.world.forbid(coffee, lab.server, int(Permission.CREATE_PRIVATE_THREADS))
        lab.discord.news.changes_channel(coffee)
        await lab.goes_by(HOUR)
        assert [len(group) for group in lab.groups()] == [2, 2]
        assert [len(lab.in_thread_of(who)) for who in ("ana", "ben", "chloe", "dev")] == [1, 1, 1, 1]
