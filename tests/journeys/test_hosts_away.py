"""Whoever is away does not host, whoever leaves hands the turn on, and nobody makes up for having been away."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Participation
from bot.domain.states import Participated
from tests.journeys.test_hosts import ANNOUNCED, CONFIG, FRIDAY, RETRO, WEEK, host, ledger
from tests.world import world


async def test_who_leaves_or_takes_a_break_hands_the_turn_on(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        await acme.says(first, "/checkin pause 2026-01-08")
        assert host(acme) == first, "a break that is over by then changes nothing"
        await acme.says(first, "/checkin pause 2026-01-20")
        second = host(acme)
        await acme.says(second, "/checkin leave")
        third = host(acme)
        assert len({first, second, third}) == 3
        assert len(await ledger(acme)) == 1


async def test_the_turn_of_somebody_who_left_the_channel_is_handed_on(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        await acme.departs(first)
        second = host(acme)
        assert second != first
        await acme.until(RETRO + timedelta(hours=1))
        await acme.departs(second)
        await acme.until(RETRO + timedelta(days=2))
        assert host(acme).startswith(f"{second} was"), "it was over by then"
        assert await acme.count(Participation, Participation.what == Participated.HOSTED) == 0


async def test_who_volunteers_without_having_joined_hosts_until_they_say_otherwise(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more='members = "opt-in"')
    async with world(sessions, tmp_path, config=config, now=FRIDAY) as acme:
        for who in ("ana", "ben"):
            await acme.says(who, "/checkin join")
        await acme.until(ANNOUNCED)
        await acme.presses("dev", "Volunteer")
        await acme.reads_rosters()
        assert host(acme) == "dev", "the nightly look at the channel takes nothing from them"
        await acme.says("dev", "/checkin leave")
        assert host(acme) in ("ana", "ben")

        await acme.presses("dev", "Volunteer")
        await acme.departs("dev")
        assert host(acme) == "nobody", "both have handed it on before"


async def test_whom_the_turn_comes_to_overnight_reads_it_in_the_morning(
    sessions: Sessions, tmp_path: Path
) -> None:
    early = CONFIG.format(more="").replace('at = "14:00"', 'at = "09:00"')
    begins = RETRO - timedelta(hours=5)
    async with world(sessions, tmp_path, config=early, now=FRIDAY) as acme:
        await acme.until(begins - timedelta(hours=13))
        await acme.says(host(acme), "/checkin pass")
        second = host(acme)
        assert acme.platform.to(second) == []
        await acme.until(begins)
        assert "The turn has come to you" in acme.platform.to(second)[0]


async def test_who_is_away_is_not_chosen_and_back_after_a_long_time_makes_up_for_nothing(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.says("ben", "/checkin pause 2026-03-18")
        hosts = []
        for week in range(18):
            await acme.until(ANNOUNCED + week * WEEK)
            hosts.append(host(acme))
        assert "ben" not in hosts[:10]
        assert 1 <= hosts[10:].count("ben") <= 3
        assert all(a != b for a, b in pairwise(hosts))
