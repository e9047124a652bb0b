"""Attention is scarce: quiet hours, days off, holidays, the weekly budget, and one reminder at most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Delivery, Match
from bot.domain.states import DeliveryState
from bot.ports import Profile
from tests.world import CONFIG, MONDAY, World, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
WEEK = timedelta(weeks=1)
TWO = people("Ana", "Ben")


def with_team(config: str, line: str) -> str:
    """The config with one more line in its `[team]` table."""
    return config.replace("[[coffee]]", f"{line}\n\n[[coffee]]", 1)


def budget(messages: int) -> str:
    return with_team(CONFIG.format(more=""), f"messages_per_week = {messages}")


def in_zones(**zones: str) -> list[Profile]:
    return [Profile(id=n, name=n.title(), timezone=zone, is_admin=n == "ana") for n, zone in zones.items()]


async def sent_at(acme: World, what: str) -> list[datetime]:
    rows = await acme.rows(Delivery, Delivery.what == what, Delivery.edits_id.is_(None))
    return [row.sent_at for row in rows if row.sent_at]


async def test_an_introduction_waits_for_the_first_hour_that_suits_all_within_a_day(
    sessions: Sessions, tmp_path: Path
) -> None:
    who = in_zones(ana="Asia/Tokyo", ben="America/Los_Angeles")
    async with world(sessions, tmp_path, who=who) as acme:
        await acme.until(TEN + timedelta(days=1))
        # Tuesday 09:00 in Tokyo is Monday 16:00 in California
        assert await sent_at(acme, "introduction") == [datetime(2026, 1, 6, 0, 0, tzinfo=UTC)]
        [match] = await acme.rows(Match)
        assert match.suggested_times
        assert all(datetime.fromisoformat(t) > match.introduced_at for t in match.suggested_times)


async def test_where_no_hour_suits_all_the_introduction_comes_at_its_own_time(
    sessions: Sessions, tmp_path: Path
) -> None:
    who = in_zones(ana="Europe/Berlin", ben="America/Los_Angeles")
    async with world(sessions, tmp_path, who=who) as acme:
        await acme.until(TEN)
        assert await sent_at(acme, "introduction") == [TEN]
        assert "Your working hours do not overlap" in acme.chat_of("ana")[0]


async def test_a_zone_that_nobody_knows_stops_nothing(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=in_zones(ana="Europe/Berlin", ben="Mars/Olympus_Mons")) as acme:
        await acme.until(TEN)
        assert acme.partners_of("ana") == {"ben"}
        assert "10:00 CET" in await acme.says("ben", "/coffee plan")


async def test_reminders_wait_for_working_hours_of_everybody(sessions: Sessions, tmp_path: Path) -> None:
    who = in_zones(ana="Europe/Berlin", ben="America/New_York")
    config = CONFIG.format(more="").replace('nudge_after = "2 days"', 'nudge_after = "30 hours"')
    async with world(sessions, tmp_path, config=config, who=who) as acme:
        await acme.until(TEN + timedelta(days=6))
        assert await sent_at(acme, "introduction") == [datetime(2026, 1, 5, 14, 0, tzinfo=UTC)]
        assert await sent_at(acme, "nudge") == [datetime(2026, 1, 6, 15, 0, tzinfo=UTC)]
        assert await sent_at(acme, "question") == [datetime(2026, 1, 9, 14, 0, tzinfo=UTC)]


async def test_nothing_private_starts_on_a_holiday_or_a_weekend(sessions: Sessions, tmp_path: Path) -> None:
    config = CONFIG.replace('close_after = "4 days"', 'close_after = "5 days"').format(more="")
    config = with_team(config, 'holidays = ["DE-BW"]').replace(
        'nudge_after = "2 days"', 'nudge_after = "1 day"'
    )
    async with world(sessions, tmp_path, config=config, who=TWO) as acme:
        await acme.until(TEN + WEEK)
        # Tuesday is Epiphany in Baden-Württemberg; and Saturday waits for Monday
        assert (await sent_at(acme, "nudge"))[0] == datetime(2026, 1, 7, 8, 0, tzinfo=UTC)
        assert await sent_at(acme, "question") == [datetime(2026, 1, 12, 8, 0, tzinfo=UTC)]


async def test_beyond_the_weekly_budget_messages_wait_and_what_became_useless_is_not_sent(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = budget(1).replace('every = "week"', 'every = "4 weeks"\nstarts = 2026-01-05')
    async with world(sessions, tmp_path, config=config, who=TWO) as acme:
        await acme.until(TEN + 3 * WEEK)

        assert await sent_at(acme, "introduction") == [TEN]
        assert await sent_at(acme, "nudge") == []
        assert (
            await acme.count(Delivery, Delivery.what == "nudge", Delivery.state == DeliveryState.EXPIRED) == 1
        )
        assert await sent_at(acme, "question") == [TEN + WEEK]


async def test_a_full_week_holds_for_all_conversations_of_a_person_together(
    sessions: Sessions, tmp_path: Path
) -> None:
    two = (
        budget(3)
        + """
[[coffee]]
name = "tea"
channel = "playground:#general"
every = "4 weeks"
starts = 2026-01-05
on = "monday"
at = "10:00"
nudge_after = "2 days"
close_after = "9 days"
"""
    )
    config = two.replace('every = "week"', 'every = "4 weeks"\nstarts = 2026-01-05', 1).replace(
        '"4 days"', '"9 days"'
    )
    async with world(sessions, tmp_path, config=config, who=TWO) as acme:
        await acme.until(TEN + timedelta(days=6))
        assert len(await sent_at(acme, "introduction")) == 2
        assert len(await sent_at(acme, "nudge")) == 1, "there is room for one of two that are due together"


async def test_several_messages_that_wait_for_one_person_arrive_as_one(
    sessions: Sessions, tmp_path: Path
) -> None:
    more = """
[[coffee]]
name = "tea"
channel = "playground:#general"
every = "week"
on = "saturday"
at = "12:00"
odd = "bye"
"""
    config = CONFIG.replace('on = "monday"', 'on = "saturday"').format(more=more)
    async with world(sessions, tmp_path, config=config, who=people("Ana", "Ben", "Chloe")) as acme:
        for who in ("ana", "ben", "chloe"):
            await acme.says(who, "/coffee prefer " + ("bye" if who == "ana" else "trio") + " monday-coffee")
            await acme.says(who, "/coffee prefer " + ("bye" if who == "ana" else "trio") + " tea")
        await acme.until(MONDAY - timedelta(hours=1))
        assert acme.platform.to("ana") == [], "both byes were on Saturday, a day off"
        await acme.until(MONDAY)

        [told] = acme.platform.to("ana")
        assert told.count("You sit this round of") == 2
        assert "monday-coffee" in told
        assert "tea" in told
        assert await acme.count(Delivery, Delivery.state == DeliveryState.MERGED) == 1


async def test_nobody_is_nudged_twice_for_one_thing(sessions: Sessions, tmp_path: Path) -> None:
    from jobs.nudge import nudge

    async with world(sessions, tmp_path, who=TWO) as acme:
        await acme.until(TEN + timedelta(days=2))
        for _ in range(3):
            await nudge(acme.runtime)
        acme.clock.set(TEN + timedelta(days=1))  # the clock jumps back
        await acme.until(TEN + timedelta(days=3))
        assert len(await sent_at(acme, "nudge")) == 1
