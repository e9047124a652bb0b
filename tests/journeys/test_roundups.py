"""Roundups: the public thanks since the last one, once, each as it was said, whatever happens in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Delivery, Ritual, Thanks
from bot.services.retention import purge
from jobs.roundup import roundup
from tests.journeys.gratitude import CALM, CHANNEL, CONFIG
from tests.world import World, people, world

MONTHLY = CONFIG + 'roundup = "first monday"\n'
FIRST = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)  # the first Monday of January, 15:00 in Berlin
SECOND = datetime(2026, 2, 2, 14, 0, tzinfo=UTC)
THIRD = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
FOURTH = datetime(2026, 4, 6, 13, 0, tzinfo=UTC)  # summer time


def roundups(acme: World) -> list[str]:
    """The roundups that stand in the channel now."""
    return [t for t in acme.platform.within(CHANNEL) if t.startswith(("Gathered from", "More from"))]


async def test_a_roundup_has_the_public_thanks_since_the_last_one_each_as_it_was_said(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=MONTHLY) as acme:
        await acme.says("ana", f"/thanks <@ben> <@chloe> {CALM}\n  and more #care")
        await acme.says("ben", "/thanks <@ana> for nothing to tell privately")
        await acme.says("dev", "/thanks <@ana> that was taken out")
        await acme.presses("ana", "Take it out of the channel")
        await acme.says("dev", "/thanks <@ana> that was taken back")
        await acme.presses("dev", "Delete")
        await acme.until(FIRST - timedelta(seconds=1))
        assert roundups(acme) == []
        await acme.until(FIRST)
        january = (
            "Gathered from friday-thanks: what you thanked each other for.\n"
            f"Ana thanks Ben and Chloe:\nAna: {CALM}\n  and more"
        )
        assert roundups(acme) == [january]

        await acme.says("chloe", "/thanks <@dev> for the map")
        await acme.until(SECOND)
        assert roundups(acme)[0] == january
        assert roundups(acme)[1].endswith("Chloe thanks Dev:\nChloe: for the map")
        assert CALM not in roundups(acme)[1]
        await acme.until(THIRD)
        assert len(roundups(acme)) == 2, "nothing was said, so nothing is gathered"
        assert await acme.count(Thanks, Thanks.gathered_at.is_not(None)) == 2


async def test_it_comes_once_whoever_runs_the_job_and_after_a_restart(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=MONTHLY) as acme:
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.until(FIRST - timedelta(minutes=1))
        await acme.restarted()
        await acme.configure(MONTHLY.replace("craft", "crafts"))
        acme.clock.set(FIRST)
        assert [await roundup(acme.runtime), await roundup(acme.runtime)] == [1, 0]
        await acme.restarted()
        await acme.days(2)
        assert len(roundups(acme)) == 1


async def test_after_an_outage_it_still_comes_within_the_grace_and_else_waits_for_the_next(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=MONTHLY) as acme:
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.until(FIRST - timedelta(minutes=1))
        acme.clock.set(FIRST + timedelta(hours=11))
        await acme.configure(MONTHLY + "# read again when the process begins\n")
        await acme.until(FIRST + timedelta(hours=11))
        assert len(roundups(acme)) == 1

        await acme.says("ana", "/thanks <@ben> for the cake")
        await acme.until(SECOND - timedelta(minutes=1))
        acme.clock.set(THIRD - timedelta(days=20))
        await acme.until(THIRD - timedelta(days=20))
        assert len(roundups(acme)) == 1, "two days late is too late"
        await acme.until(THIRD)
        assert roundups(acme)[1].endswith("for the cake"), "its thanks were kept for this one"


async def test_many_thanks_are_split_over_several_posts(sessions: Sessions, tmp_path: Path) -> None:
    many = people(*(f"Person{n}" for n in range(40)))
    async with world(sessions, tmp_path, config=MONTHLY, who=many) as acme:
        for n in range(34):
            await acme.says(f"person{n}", f"/thanks <@person{n + 1}> for thing {n}.")
        await acme.until(FIRST)
        posts = roundups(acme)
        assert [post.count(" thanks ") for post in posts] == [15, 15, 4]
        assert [post.split(":")[0] for post in posts] == ["Gathered from friday-thanks"] + 2 * [
            "More from friday-thanks"
        ]
        assert [f"for thing {n}." in "".join(posts) for n in range(34)] == [True] * 34


async def test_what_is_taken_out_changed_or_deleted_later_changes_in_the_roundup_too(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=MONTHLY) as acme:
        await acme.until(FIRST - timedelta(minutes=5))
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.says("chloe", "/thanks <@dev> for the map")
        await acme.until(FIRST)
        assert CALM in roundups(acme)[0]
        await acme.submits("chloe", "thanks-edit:2", words="for the good map")
        assert roundups(acme)[0].endswith(f"Ana: {CALM}\nChloe thanks Dev:\nChloe: for the good map")
        await acme.presses("chloe", "Delete")
        assert "map" not in roundups(acme)[0]
        assert not any("map" in str(d.message) for d in await acme.rows(Delivery))
        await acme.days(3)
        await acme.presses("ben", "Take it out of the channel")
        assert roundups(acme) == []
        assert any(d.removed and "roundup" in str(d.first) for d in acme.platform.delivered)


async def test_thanks_that_are_still_on_their_way_wait_for_the_next(
    sessions: Sessions, tmp_path: Path
) -> None:
    nightly = MONTHLY.replace('at = "15:00"', 'at = "23:00"')
    async with world(sessions, tmp_path, config=nightly) as acme:
        await acme.until(FIRST + timedelta(hours=7))
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.until(FIRST + timedelta(days=1))
        assert roundups(acme) == []
        await acme.until(SECOND + timedelta(hours=8))
        assert len(roundups(acme)) == 1


async def test_with_cron_it_is_nine_and_a_changed_roundup_is_another_day(
    sessions: Sessions, tmp_path: Path
) -> None:
    cron = MONTHLY.replace('every = "week"\non = "friday"\nat = "15:00"', 'cron = "0 15 * * fri"')
    async with world(sessions, tmp_path, config=cron) as acme:
        [ritual] = await acme.rows(Ritual)
        assert ritual.next_roundup_at == FIRST - timedelta(hours=6)
        for roundup_on, at in (
            ('"tuesday"', FIRST + timedelta(hours=18)),
            ("15", datetime(2026, 1, 15, 8, 0, tzinfo=UTC)),
            ('["wednesday", "saturday"]', datetime(2026, 1, 3, 8, 0, tzinfo=UTC)),
        ):
            await acme.configure(cron.replace('"first monday"', roundup_on))
            assert (await acme.rows(Ritual))[0].next_roundup_at == at, roundup_on
        await acme.configure(CONFIG)
        assert (await acme.rows(Ritual))[0].next_roundup_at is None


async def test_a_team_that_begins_with_roundups_is_not_read_years_of_thanks(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.until(THIRD + timedelta(days=20))
        await acme.says("ana", "/thanks <@ben> for the cake")
        await acme.configure(MONTHLY)
        await acme.until(FOURTH)
        assert len(roundups(acme)) == 1
        assert CALM not in roundups(acme)[0]


async def test_thanks_past_their_limit_leave_nothing_in_the_outbox_either(
    sessions: Sessions, tmp_path: Path
) -> None:
    short = MONTHLY + "\n[retention]\nthanks = 30\n"
    async with world(sessions, tmp_path, config=short) as acme:
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.submits("ana", "thanks-edit:1", words=f"{CALM} and today")
        await acme.until(FIRST + timedelta(days=1))
        await acme.says("chloe", "/thanks <@dev> for the map")
        await acme.until(FIRST + timedelta(days=28))
        async with sessions.begin() as session:
            await purge(session, acme.runtime.team_id, now=FIRST + timedelta(days=29))
        assert [t.words for t in await acme.rows(Thanks)] == ["for the map"]
        kept = [str(d.message) for d in await acme.rows(Delivery)]
        assert not any(CALM in message for message in kept)
        assert sum("for the map" in message for message in kept) >= 2
