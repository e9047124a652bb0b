"""Whose turn it is to host: announced, passed on, taken over, and told ahead; the announcement follows it all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Assignment, Participation, Turn
from bot.domain.interactions import Refused
from bot.domain.messages import Buttons
from bot.domain.phrasing import plain
from bot.domain.states import AssignmentState, Participated
from bot.domain.turns import TurnKind
from tests.world import World, button_of, people, world

CONFIG = """
[team]
name = "Acme"
timezone = "Europe/Berlin"

[[checkin]]
name = "retro"
kind = "host"
role = "facilitator"
channel = "playground:#general"
every = "week"
on = "thursday"
at = "14:00"
announce_before = "1 day"
{more}
"""
FRIDAY = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
ANNOUNCED = datetime(2026, 1, 7, 13, 0, tzinfo=UTC)  # Wednesday, 14:00 in Berlin
RETRO = ANNOUNCED + timedelta(days=1)
WEEK = timedelta(weeks=1)
WHEN = "Thursday, 8 January at 14:00 CET"


def announcement(acme: World, number: int = -1) -> str:
    """What stands in the channel about a round, the newest unless told otherwise."""
    said = [
        d.text for d in acme.platform.delivered if d.sent.conversation == "C-general" and "retro" in d.text
    ]
    return [text for text in said if "Hello!" not in text][number]


def host(acme: World) -> str:
    """Whose name stands in the newest announcement."""
    return announcement(acme).split(" is ")[0].lower()


async def ledger(acme: World) -> list[int]:
    """Whose turns as host are in the ledger, oldest first."""
    return [turn.member_id for turn in await acme.rows(Turn, Turn.kind == TurnKind.HOST)]


async def test_the_host_is_announced_a_day_before_and_has_hosted_when_the_day_is_over(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.until(ANNOUNCED - timedelta(minutes=1))
        assert not any("facilitator for retro on" in text for text in acme.platform.within("C-general"))
        await acme.until(ANNOUNCED)
        who = host(acme)
        assert (
            announcement(acme)
            == f"{who.title()} is facilitator for retro on {WHEN}.\n[Pass] [Swap] [Volunteer]"
        )
        assert await acme.count(Participation, Participation.what == Participated.HOSTED) == 0

        await acme.until(RETRO + timedelta(days=1))
        assert announcement(acme) == f"{who.title()} was facilitator for retro on {WHEN}."
        assert await acme.count(Participation, Participation.what == Participated.HOSTED) == 1
        assert "is over, so there is nothing to change" in await acme.presses_action(who, "pass:1")
        assert acme.platform.to(who) == [], "it is announced where all can see it, and nowhere else"


async def test_everybody_hosts_once_before_anybody_hosts_twice(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        hosts = []
        for week in range(8):
            await acme.until(ANNOUNCED + week * WEEK)
            hosts.append(host(acme))
        assert sorted(hosts[:4]) == ["ana", "ben", "chloe", "dev"]
        assert hosts[4:] == hosts[:4], "then in the same order again: whose last turn is longest ago"


async def test_who_passes_keeps_the_turn_and_the_next_takes_it(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        stranger = next(n for n in ("ana", "ben", "chloe", "dev") if n != first)
        refused = await acme.presses(stranger, "Pass")
        said = await acme.presses(first, "Pass")
        second = host(acme)
        assert f"{first.title()} is facilitator for retro" in refused
        assert said.startswith(f"Noted. {second.title()} is facilitator for retro on {WHEN} instead;")
        assert second != first
        assert (
            len(
                [
                    d
                    for d in acme.platform.delivered
                    if "is facilitator for retro" in d.text and "[Pass]" in d.text
                ]
            )
            == 1
        )
        assert acme.platform.to(second) == [
            f"The turn has come to you: you are facilitator for retro on {WHEN}. "
            "If it does not suit you, /checkin pass retro hands it on."
        ]
        assert len(await ledger(acme)) == 1

        await acme.until(ANNOUNCED + WEEK)
        assert host(acme) == first, "the turn that was kept comes first"


async def test_when_everybody_has_passed_the_channel_is_asked_and_somebody_volunteers(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(
        sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY, who=people("Ana", "Ben")
    ) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        await acme.says(first, "/checkin pass")
        second = host(acme)
        said = await acme.says(second, "/checkin pass retro")
        assert "I have asked in the channel who would like to be facilitator" in said
        assert (
            announcement(acme)
            == f"Nobody is facilitator for retro on {WHEN} yet. Who would like to?\n[Volunteer]"
        )
        assert await ledger(acme) == []
        assert "Nobody is facilitator" in await acme.says(second, "/checkin pass")

        assert (
            await acme.presses(first, "Volunteer") == f"Thank you. You are facilitator for retro on {WHEN}."
        )
        assert host(acme) == first
        assert len(await ledger(acme)) == 1


async def test_whoever_volunteers_hosts_at_once_and_the_one_relieved_keeps_the_turn(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        eager = next(n for n in ("dev", "chloe") if n != first)
        assert "already" in await acme.presses(first, "Volunteer")
        await acme.presses(eager, "Volunteer", event_id="E1")
        assert await acme.presses(eager, "Volunteer", event_id="E1") == ""
        assert host(acme) == eager
        assert acme.platform.to(first) == [
            f"{eager.title()} volunteered to be facilitator for retro on {WHEN}, so you are free. "
            "You keep your turn, and it comes to you again next time."
        ]
        states = [a.state for a in await acme.rows(Assignment)]
        assert states == [AssignmentState.SWAPPED, AssignmentState.ASSIGNED]
        await acme.until(ANNOUNCED + WEEK)
        assert host(acme) == first


async def test_hosts_tells_who_comes_next_and_it_comes_true(sessions: Sessions, tmp_path: Path) -> None:
    async with world(
        sessions,
        tmp_path,
        config=CONFIG.format(more=""),
        now=FRIDAY,
        who=people("Ana", "Ben", "Chloe", "Dev", "Eli"),
    ) as acme:
        await acme.until(ANNOUNCED + 2 * WEEK)
        said = await acme.says("eli", "/checkin hosts")
        announced, title, *lines = said.splitlines()
        assert announced.startswith(f"{host(acme).title()} is facilitator for retro on Thursday, 22 January")
        assert title == "Next as facilitator for retro, if nobody passes or is away:"
        assert len(lines) == 4
        for week, line in enumerate(lines, start=3):
            await acme.until(ANNOUNCED + week * WEEK)
            assert line.endswith(f": {host(acme).title()}"), (said, host(acme))


async def test_what_has_begun_is_handed_to_nobody_any_more_but_can_be_taken(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.until(RETRO + timedelta(hours=3))
        who = host(acme)
        other = next(n for n in ("ana", "ben") if n != who)
        for said in (
            await acme.says(who, "/checkin pass"),
            await acme.says(who, f"/checkin swap <@{other}>"),
        ):
            assert said.startswith(f"retro began on {WHEN}, so I ask nobody else now."), said
        assert host(acme) == who
        assert f"{who.title()} is facilitator for retro on {WHEN}" in await acme.says(other, "/checkin hosts")
        await acme.says(other, "/checkin volunteer")
        assert host(acme) == other


async def test_done_is_taken_once_it_has_begun(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        assert "The next one begins on Wednesday, 7 January at 14:00 CET" in await acme.says(
            "ana", "/checkin done"
        )
        await acme.until(ANNOUNCED)
        who = host(acme)
        other = next(n for n in ("ana", "ben") if n != who)
        assert "is still ahead" in await acme.says(who, "/checkin done")
        assert "that is theirs to say" in await acme.says(other, "/checkin done")
        await acme.until(RETRO + timedelta(hours=1))
        assert (await acme.says(who, "/checkin done")).startswith("Thank you.")
        assert await acme.count(Participation, Participation.what == Participated.HOSTED) == 1
        assert "already" in await acme.says(who, "/checkin pass")
        assert f"{who.title()} was facilitator" in await acme.says(other, "/checkin volunteer")
        await acme.until(RETRO + timedelta(days=2))
        assert await acme.count(Participation, Participation.what == Participated.HOSTED) == 1


async def test_a_round_that_is_moved_after_its_host_was_announced_keeps_the_host(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more="")
    async with world(sessions, tmp_path, config=config, now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        who = host(acme)
        await acme.configure(config.replace('at = "14:00"', 'at = "13:30"'))
        assert announcement(acme).startswith(
            f"{who.title()} is facilitator for retro on Thursday, 8 January at 13:30 CET."
        )
        await acme.until(ANNOUNCED + timedelta(days=6))
        assert await acme.count(Participation, Participation.what == Participated.HOSTED) == 1
        assert len(await ledger(acme)) == 1, "it was one turn"


async def test_a_restart_a_reload_and_another_name_keep_the_order(sessions: Sessions, tmp_path: Path) -> None:
    config = CONFIG.format(more="")
    async with world(sessions, tmp_path, config=config, now=FRIDAY) as acme:
        hosts = []
        for week in range(8):
            await acme.until(ANNOUNCED + week * WEEK)
            hosts.append(host(acme) if week < 6 else announcement_of(acme, "review"))
            if week == 3:
                await acme.restarted()
            if week == 4:
                await acme.configure(
                    config.replace('announce_before = "1 day"', 'announce_before = "24 hours"')
                )
            if week == 5:
                renamed = config.replace('name = "retro"', 'name = "review"\nwas = "retro"')
                await acme.configure(renamed)
        assert hosts[4:] == hosts[:4]


def announcement_of(acme: World, ritual: str) -> str:
    said = [d.text for d in acme.platform.delivered if f"facilitator for {ritual} on" in d.text]
    return said[-1].split(" is ")[0].lower()


async def test_forged_and_late_buttons_get_a_sentence(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        who = host(acme)
        for verb in ("pass", "volunteer", "done", "swap", "accept", "decline"):
            for about in ("abc", "9999999999999", "77", "-1", "", "²", "1.0"):
                if (verb, about) == ("swap", "77"):
                    continue  # a form, made without looking; sending it gets the sentence
                said = await acme.presses_action(who, f"{verb}:{about}")
                assert "no longer have a record" in said, (verb, about)
        refused = await acme.submits(who, "swap:77", **{"with": "<@ana>"})
        assert isinstance(refused, Refused)
        assert "no longer have a record" in plain(refused.errors["with"])
        late = next(d for d in acme.platform.delivered if "[Pass]" in d.text)
        pass_, volunteer = button_of(late, "Pass"), button_of(late, "Volunteer")
        await acme.until(RETRO + timedelta(days=3))
        assert not any(isinstance(part, Buttons) for part in late.message.parts)
        for action in (pass_, volunteer):
            assert "is over, so there is nothing to change" in await acme.presses_action(who, action)
        assert not any("went wrong on my side" in text for text in acme.all_said())
