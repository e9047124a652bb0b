"""Guests who are asked for, people whom no channel shows, and channels that change: everybody is where they belong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Account, Channel, Delivery, Enrolment, Member
from bot.domain.interactions import RosterChanged
from bot.domain.states import Choice, DeliveryState
from bot.ports import NeedsAdmin, Profile, TemporaryFailure
from tests.world import CONFIG, MONDAY, World, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
GUS = Profile(id="gus", name="Gus", timezone="Europe/Berlin", is_guest=True)
HOST = """
[[checkin]]
name = "retro-host"
kind = "host"
channel = "playground:#general"
members = "opt-in"
every = "week"
on = "thursday"
at = "14:00"
"""


def mentioning(acme: World, who: str, words: str) -> list[str]:
    """Which of the private messages to somebody have these words."""
    return [text for text in acme.platform.to(who) if words in text]


async def test_guests_take_part_where_a_ritual_asks_for_them_and_only_there(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more="guests = true") + HOST.replace('"opt-in"', '"channel"')
    async with world(sessions, tmp_path, config=config, who=[*people("Ana"), GUS]) as acme:
        await acme.until(TEN)
        assert acme.met() == [{"ana", "gus"}]
        [member] = await acme.rows(Member, Member.name == "Gus")
        assert await acme.count(Enrolment, Enrolment.member_id == member.id, Enrolment.in_channel) == 1

        await acme.configure(config.replace("guests = true", ""))
        await acme.until(TEN + WEEK)
        assert len(acme.met()) == 1
        assert await acme.count(Enrolment, Enrolment.member_id == member.id, Enrolment.in_channel) == 0


async def joined_from_elsewhere(acme: World) -> None:
    """Zoe, who is in no channel, has joined coffee by her own word."""
    acme.platform.people += people("Zoe")[:1]
    acme.platform.elsewhere.add("zoe")
    await acme.says("zoe", "/coffee join")


async def test_who_joined_and_is_in_no_channel_is_kept_current_in_one_question_a_workspace(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await joined_from_elsewhere(acme)
        acme.platform.people += people("Yara")
        acme.platform.elsewhere.add("yara")
        await acme.says("yara", "/coffee join")
        acme.platform.asked_about.clear()
        await acme.changes("zoe", name="Zoë", timezone="Asia/Tokyo", is_admin=True)
        assert [sorted(asked) for asked in acme.platform.asked_about] == [["yara", "zoe"]]
        [account] = await acme.rows(Account, Account.handle == "zoe")
        assert (account.name, account.timezone, account.is_admin) == ("Zoë", "Asia/Tokyo", True)
        assert await acme.count(Enrolment, Enrolment.choice == Choice.JOINED) == 2


async def test_who_joined_and_left_the_workspace_is_gone_and_new_when_they_come_back(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as acme:
        await joined_from_elsewhere(acme)
        await acme.departs("zoe")
        [zoe] = await acme.rows(Member, Member.name == "Zoe")
        assert zoe.left_at is not None
        assert await acme.count(Account, Account.handle == "zoe", Account.active.is_(False)) == 1
        await acme.until(TEN)
        assert acme.met() == [{"ana", "ben"}]

        acme.platform.people += people("Zoe")
        assert (await acme.says("zoe", "/coffee join")).startswith("Welcome to monday-coffee.")
        await acme.until(TEN + 3 * WEEK)
        assert any("zoe" in met for met in acme.met())
        assert await acme.count(Member) == 3


async def test_a_platform_that_cannot_tell_of_them_for_a_moment_loses_nobody(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await joined_from_elsewhere(acme)

        async def busy(_: object) -> object:
            raise TemporaryFailure("rate limited")

        acme.platform.profiles = busy  # type: ignore[method-assign,assignment]
        await acme.reads_rosters()
        assert await acme.count(Member, Member.left_at.is_not(None)) == 0
        assert await acme.count(Enrolment, Enrolment.choice == Choice.JOINED) == 1


@pytest.mark.parametrize("by_event", [False, True])
async def test_the_turn_of_a_host_who_left_the_workspace_is_handed_on(
    sessions: Sessions, tmp_path: Path, by_event: bool
) -> None:
    config = CONFIG.format(more="") + HOST
    async with world(sessions, tmp_path, config=config, who=people("Ana", "Ben")) as acme:
        acme.platform.people += people("Yara", "Zoe")
        acme.platform.elsewhere |= {"yara", "zoe"}
        for who in ("yara", "zoe"):
            await acme.says(who, "/checkin join")
        await acme.until(MONDAY + 2 * DAY + timedelta(hours=6))  # Wednesday, the host is announced
        [announced] = [t for t in acme.platform.within("C-general") if "host" in t and "Thursday" in t]
        host, other = ("yara", "zoe") if "Yara" in announced else ("zoe", "yara")
        acme.platform.people = [p for p in acme.platform.people if p.id != host]
        if by_event:
            await acme.inbox.roster_changed(RosterChanged("playground", "W1", "somebody left"))
        else:
            await acme.reads_rosters()
        await acme.until(acme.clock.now() + timedelta(hours=18))
        announced_now = "\n".join(acme.platform.within("C-general"))
        assert other.title() in announced_now
        assert host.title() not in announced_now


async def test_an_event_of_the_platform_brings_the_bot_into_a_channel_as_the_night_does(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more="").replace("#coffee", "#tea")
    async with world(sessions, tmp_path, config=config) as acme:
        assert acme.platform.delivered == []
        acme.platform.channels["tea"] = "C-tea"
        await acme.inbox.roster_changed(RosterChanged("playground", "W1", "invited"))
        await acme.until(MONDAY)
        assert "I look after monday-coffee" in acme.platform.within("C-tea")[0]


async def test_one_who_left_between_the_round_and_the_introduction_is_named_to_the_other(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana")) as acme:
        await joined_from_elsewhere(acme)
        acme.platform.shut = NeedsAdmin("closed for the morning", retry_after=3600)
        await acme.until(TEN)
        acme.platform.shut = None
        await acme.departs("zoe")
        await acme.until(TEN + timedelta(hours=2))
        assert acme.met() == []
        assert len(mentioning(acme, "ana", "I could not reach Zoe")) == 1
        assert len(mentioning(acme, "ana", "you two are having coffee")) == 1


async def test_a_renamed_channel_is_found_and_the_admins_are_asked_once_to_change_the_config(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        acme.platform.channels = {"coffee-corner": "C-coffee", "general": "C-general"}
        await acme.arrives(Profile(id="eve", name="Eve", timezone="Europe/Berlin"))
        await acme.until(TEN + WEEK)
        await acme.arrives(Profile(id="fay", name="Fay", timezone="Europe/Berlin"))
        await acme.until(TEN + 6 * WEEK)
        assert mentioning(acme, "ana", "cannot read") == []
        assert mentioning(acme, "ana", "is called") == [
            "#coffee is called #coffee-corner now. I found it all the same. Please change the config too, for "
            'monday-coffee: channel = "playground:#coffee-corner"'
        ]
        assert mentioning(acme, "ben", "is called") == [], "Ben is no admin"
        assert all(any(who in met for met in acme.met()) for who in ("eve", "fay"))
        assert len(acme.platform.within("C-coffee")) == 1, "introduced once, under whichever name"

        config = CONFIG.format(more="").replace("#coffee", "#coffee-corner")
        await acme.configure(config)
        await acme.until(TEN + 8 * WEEK)
        assert [c.name for c in await acme.rows(Channel)] == ["coffee-corner"]
        assert len(mentioning(acme, "ana", "is called")) == 1


async def test_a_channel_that_is_archived_midway_ends_no_coffee_and_the_admins_are_told_once(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as acme:
        await acme.until(TEN)
        acme.platform.archived.add("C-coffee")
        await acme.until(TEN + 2 * WEEK)
        assert acme.met() == [{"ana", "ben"}] * 3
        assert mentioning(acme, "ana", "cannot read a channel") == [
            "I cannot read a channel that monday-coffee names: playground:#coffee: C-coffee is archived"
        ]
        assert mentioning(acme, "ben", "archived") == []
        await acme.presses("ana", "We met")
        assert "you met" in await acme.says("ana", "/coffee history")


async def test_a_post_that_a_channel_never_takes_is_told_once_beside_the_channel_that_is_gone(
    sessions: Sessions, tmp_path: Path
) -> None:
    prompts = """
[[gratitude]]
name = "friday-thanks"
channel = "playground:#general"
every = "day"
at = "10:00"
prompts = ["Who made your week lighter?"]
"""
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + prompts) as acme:
        await acme.until(MONDAY)
        members = acme.platform.members

        async def and_then_it_is_archived(channel: object) -> object:
            found = await members(channel)  # type: ignore[arg-type]
            if channel.id == "C-general":  # type: ignore[attr-defined]
                acme.platform.archived.add("C-general")
            return found

        acme.platform.members = and_then_it_is_archived  # type: ignore[method-assign,assignment]
        await acme.until(TEN + 3 * DAY)
        told = [text for text in acme.platform.to("ana") if "archived" in text]
        assert told == ["I could not post in playground:#general: C-general is archived"]
        assert (
            await acme.count(Delivery, Delivery.what == "prompt", Delivery.state == DeliveryState.FAILED) == 4
        )
