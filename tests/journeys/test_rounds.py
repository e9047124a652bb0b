"""A round happens once: after outages, with clocks that jump, pauses, other schedules and broken configs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Match, Ritual, Round
from bot.domain.states import RitualState, RoundState
from jobs.open_rounds import open_rounds
from tests.world import CONFIG, MONDAY, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
WEEK = timedelta(weeks=1)
PLAIN = CONFIG.format(more="")


async def test_the_same_minute_run_twice_opens_one_round(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        acme.clock.set(TEN)
        await open_rounds(acme.runtime)
        await open_rounds(acme.runtime)
        assert await acme.says("ana", "/kinkeeper run") == (
            "A round of monday-coffee was opened within the hour already, so I opened no second one."
        )
        acme.clock.set(TEN - timedelta(minutes=30))  # the clock jumps back
        await acme.configure(PLAIN.replace('"10:00"', '"10:00" # a comment'))
        await acme.until(TEN + timedelta(minutes=1))
        assert await acme.count(Round) == 1
        assert len(acme.platform.chats) == 2


async def test_a_short_outage_opens_late_and_a_long_one_is_recorded_and_told_once(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        acme.clock.set(TEN + timedelta(hours=11))
        await acme.until(TEN + timedelta(hours=11))
        [late] = await acme.rows(Round)
        assert (late.state, late.scheduled_for) == (RoundState.OPEN, TEN)

        acme.clock.set(TEN + WEEK + timedelta(hours=12, minutes=1))
        await acme.until(TEN + WEEK + timedelta(days=1))
        [_, missed] = await acme.rows(Round)
        assert missed.state is RoundState.MISSED
        told = [t for t in acme.platform.to("ana") if "did not open" in t]
        assert told == [
            "monday-coffee did not open on Monday, 12 January at 10:00 CET: I was not running, and it is too late now. "
            "The next round is on Monday, 19 January at 10:00 CET."
        ]
        assert not any("did not open" in t for t in acme.platform.to("ben"))


async def test_of_several_missed_rounds_at_most_the_last_opens(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        acme.clock.set(TEN + 3 * WEEK + timedelta(hours=1))
        await acme.until(TEN + 3 * WEEK + timedelta(hours=2))
        states = [round_.state for round_ in await acme.rows(Round)]
        assert states.count(RoundState.OPEN) == 1
        assert states.count(RoundState.MISSED) == 3
        assert len(acme.platform.chats) == 2
        await acme.until(TEN + 3 * WEEK + timedelta(days=2))
        assert sum("did not open" in t for t in acme.platform.to("ana")) == 1


async def test_a_change_that_has_nothing_to_do_with_the_schedule_loses_no_round(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        acme.clock.set(TEN + timedelta(hours=1))  # the bot was stopped over ten o'clock for a new config
        await acme.configure(CONFIG.format(more='starters = ["How was your Sunday?"]'))
        await acme.until(TEN + timedelta(hours=1))
        assert len(acme.platform.chats) == 2
        assert "How was your Sunday?" in acme.chat_of("ana")[0]


async def test_a_changed_schedule_is_kept_from_then_on(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.configure(PLAIN.replace('on = "monday"', 'on = "tuesday"'))
        await acme.until(TEN)
        assert acme.platform.chats == {}
        await acme.until(TEN + timedelta(days=1))
        assert len(acme.platform.chats) == 2

        zone = PLAIN.replace('"Europe/Berlin"', '"America/New_York"').replace(
            'on = "monday"', 'on = "tuesday"'
        )
        await acme.configure(zone)
        [ritual] = await acme.rows(Ritual)
        assert ritual.next_round_at == TEN + timedelta(days=1, hours=6)


async def test_a_paused_ritual_resumes_by_itself_on_its_day(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        said = await acme.says("ana", "/kinkeeper pause monday-coffee until 2026-01-19")
        assert said == "monday-coffee is paused until Monday, 19 January."
        await acme.until(TEN + WEEK)
        assert acme.platform.chats == {}
        acme.clock.set(TEN + 2 * WEEK + timedelta(hours=2))  # nobody was looking when the pause ended
        await acme.until(TEN + 2 * WEEK + timedelta(hours=2))
        assert len(acme.platform.chats) == 2
        assert await acme.count(Round) == 1


async def test_a_ritual_that_disappears_is_archived_and_one_that_is_renamed_keeps_its_history(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.until(TEN)
        renamed = PLAIN.replace('name = "monday-coffee"', 'name = "tea"\nwas = "monday-coffee"')
        await acme.configure(renamed)
        assert "introduced to 1 person in tea" in await acme.says("ana", "/coffee history")
        assert "no ritual called monday-coffee" in await acme.says("ana", "/coffee plan monday-coffee")
        await acme.until(TEN + 2 * WEEK)
        assert len({frozenset(m) for m in acme.met()}) == 6
        welcomes = [t for t in acme.platform.within("C-coffee") if "I am Kinkeeper" in t]
        assert len(welcomes) == 1, "the bot introduces itself once in a channel for a ritual"

        await acme.configure(PLAIN.replace('name = "monday-coffee"', 'name = "lunch"'))
        assert await acme.count(Ritual, Ritual.state == RitualState.ARCHIVED) == 1
        await acme.until(TEN + 2 * WEEK + timedelta(days=5))
        assert await acme.count(Match) == 6
        assert "no longer in the config" in await acme.says("ana", "/kinkeeper run tea")
        assert len([t for t in acme.platform.within("C-coffee") if "I look after lunch" in t]) == 1

        await acme.configure(renamed)
        assert "introduced to 3 people in tea" in await acme.says("ana", "/coffee history")


async def test_a_config_that_breaks_leaves_the_last_good_one_and_the_admins_are_told_once(
    sessions: Sessions, tmp_path: Path
) -> None:
    broken = PLAIN.replace('on = "monday"', 'on = "mondy"')
    async with world(sessions, tmp_path, now=MONDAY - timedelta(hours=-0.5)) as acme:
        for _ in range(3):
            await acme.configure(broken)
        [told] = acme.platform.to("ana")
        assert told.startswith(
            "The config file has 1 mistake, so I keep the last good one:\n"
            "• line 10, coffee[0].on: 'mondy' is not a weekday."
        )
        assert "Did you mean 'monday'?" in told
        assert acme.platform.to("ben") == []
        await acme.until(TEN)
        assert len(acme.platform.chats) == 2, "the last good one is in force"

        await acme.configure(PLAIN.replace('at = "10:00"', 'at = "11:00"'))
        [ritual] = await acme.rows(Ritual)
        assert ritual.next_round_at == TEN + timedelta(hours=1)
        await acme.configure(broken)
        assert len(acme.platform.to("ana")) == 2, "mended in between, so it is news"


async def test_a_holiday_moves_a_round_or_leaves_it_out(sessions: Sessions, tmp_path: Path) -> None:
    config = PLAIN.replace("[[coffee]]", 'holidays = ["DE-BW"]\n\n[[coffee]]').replace(
        '"monday"', '"tuesday"'
    )
    async with world(sessions, tmp_path, config=config) as acme:
        await acme.until(TEN + timedelta(days=2))
        [moved] = await acme.rows(Round)
        assert moved.scheduled_for == TEN + timedelta(days=2), "Tuesday is Epiphany; Wednesday is not"
        await acme.configure(config + 'on_holiday = "skip"\n')
        [ritual] = await acme.rows(Ritual)
        assert ritual.next_round_at == TEN + timedelta(days=8)


async def test_a_restart_forgets_nothing_and_starters_do_not_repeat_until_all_were_used(
    sessions: Sessions, tmp_path: Path
) -> None:
    def listed(*starters: str) -> str:
        return CONFIG.format(more="starters = [" + ", ".join(f'"{s}?"' for s in starters) + "]")

    async with world(sessions, tmp_path, config=listed("a", "b", "c"), who=people("Ana", "Ben")) as acme:
        await acme.until(TEN + WEEK)
        await acme.restarted()
        assert len(acme.platform.chats) == 2
        await acme.configure(listed("a", "b", "c", "d"))
        await acme.until(TEN + 3 * WEEK)
        drawn = [match.starter for match in await acme.rows(Match)]
        assert sorted(drawn) == ["a?", "b?", "c?", "d?"]
        await acme.configure(listed("a", "b"))
        await acme.until(TEN + 5 * WEEK)
        drawn = [match.starter for match in await acme.rows(Match)]
        assert sorted(drawn[4:]) == ["a?", "b?"]
        assert drawn[3] != drawn[4]
