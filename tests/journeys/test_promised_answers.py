"""What somebody was promised an answer to is answered, however full their week is; what came too late is shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from tests.journeys import gratitude, pulse, test_hosts, test_ring
from tests.journeys.test_attention import TEN, TWO, WEEK, budget, with_team
from tests.journeys.test_hosts import ANNOUNCED, host
from tests.journeys.test_ring import TUESDAY, is_sound, rings
from tests.world import people, world

FOUR = ("ana", "ben", "chloe", "dev")


def a_week_of(messages: int, config: str) -> str:
    """The config with so few private messages a week."""
    lines = [line for line in config.splitlines() if not line.startswith("messages_per_week")]
    return "\n".join(lines).replace("[team]", f"[team]\nmessages_per_week = {messages}", 1)


async def test_whoever_asked_for_a_swap_is_told_the_answer_when_their_week_is_full(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = a_week_of(2, test_ring.CONFIG.format(more=""))
    who = people(*test_ring.NINE)
    async with world(sessions, tmp_path, config=config, now=test_ring.FRIDAY, who=who) as acme:
        await acme.until(TUESDAY)
        [ring] = await rings(acme)
        asker, willing = next(
            (a, b)
            for a in ring
            for b in ring
            if b not in (a, ring[a]) and is_sound({**ring, a: ring[b], b: ring[a]})
        )
        [first, *unwilling] = [w for w in ring if w not in (asker, willing, ring[asker])]
        if ring[first] == asker:
            [first, *unwilling] = [*unwilling, first]
        await acme.says(first, f"/checkin swap <@{asker}>")  # that fills the asker's own week
        await acme.presses(asker, "Not this time")
        for other in unwilling:
            assert "as soon as there is an answer" in await acme.says(asker, f"/checkin swap <@{other}>")
            await acme.presses(other, "Not this time")
            assert acme.platform.to(asker)[-1].startswith(f"{other.title()} cannot swap in care this time")
        await acme.says(asker, f"/checkin swap <@{willing}>")
        assert "I will tell each of you privately" in await acme.presses(willing, "Accept")
        [after] = await rings(acme)
        for each in (asker, willing):
            assert f"look after {after[each].title()} this time" in acme.platform.to(each)[-1]


async def test_an_answer_waits_for_the_quiet_hours_of_whoever_asked_to_end(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = test_hosts.CONFIG.format(more="")
    async with world(sessions, tmp_path, config=config, now=test_hosts.FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        other = next(who for who in FOUR if who != first)
        await acme.says(first, f"/checkin swap <@{other}>")
        await acme.says(first, "/presence quiet 18:00-14:30")
        before = len(acme.platform.to(first))
        await acme.until(ANNOUNCED + timedelta(hours=8))
        await acme.presses(other, "Not this time")
        assert len(acme.platform.to(first)) == before
        await acme.days(3)
        assert acme.platform.to(first)[before:] == [
            f"{other.title()} cannot swap in retro this time, so it stays as it was. You can ask somebody else."
        ]


async def test_a_host_who_asked_somebody_is_told_that_a_third_took_it_when_their_week_is_full(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = a_week_of(1, test_hosts.CONFIG.format(more=""))
    async with world(sessions, tmp_path, config=config, now=test_hosts.FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        second, third, fourth = (who for who in FOUR if who != first)
        await acme.says(first, f"/checkin swap <@{second}>")
        await acme.presses(second, "Accept")
        assert f"{second.title()} swaps with you" in acme.platform.to(first)[-1]
        await acme.says(second, f"/checkin swap <@{third}>")  # whose own week the question to them has filled
        await acme.presses(fourth, "Volunteer")
        assert f"{fourth.title()} volunteered to be facilitator" in acme.platform.to(second)[-1]


async def test_whoever_said_thanks_hears_that_they_did_not_arrive_when_their_week_is_full(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = a_week_of(1, gratitude.CONFIG)
    async with world(sessions, tmp_path, config=config, now=gratitude.FRIDAY) as acme:
        acme.platform.closed |= {"ben", "dev"}
        for other in ("ben", "dev"):
            await acme.says("ana", f"/thanks <@{other}> for the calm yesterday")
            told = acme.platform.to("ana")[-1]
            assert told.startswith(f"I could not reach {other.title()}, so your thanks have not arrived")


async def test_the_status_says_what_came_too_late_and_why(sessions: Sessions, tmp_path: Path) -> None:
    config = budget(1).replace('every = "week"', 'every = "4 weeks"\nstarts = 2026-01-05')
    async with world(sessions, tmp_path, config=config, who=TWO) as acme:
        assert "could not be delivered" not in await acme.says("ana", "/kinkeeper status")
        await acme.until(TEN + 3 * WEEK)
        status = await acme.says("ana", "/kinkeeper status")
        assert "1 message could not be delivered:" in status
        assert (
            "nudge to Ana, Ben: the messages of the week were used up until it would have been of no use"
            in status
        )


async def test_the_status_does_not_tell_who_was_to_be_reminded(sessions: Sessions, tmp_path: Path) -> None:
    evening = with_team(pulse.NAMED, "").replace('at = "09:30"', 'at = "15:00"')
    async with world(sessions, tmp_path, config=evening, who=people("Ana", "Ben", "Chloe")) as acme:
        await acme.until(pulse.OPEN + timedelta(hours=6))
        await pulse.answers(acme, "ben", scale="3")
        await acme.until(pulse.OPEN + timedelta(days=2))
        [line] = [
            each for each in (await acme.says("ana", "/kinkeeper status")).splitlines() if "quiet" in each
        ]
        assert line == (
            "• message to somebody: quiet hours or days off would have lasted until it was of no use"
        )
