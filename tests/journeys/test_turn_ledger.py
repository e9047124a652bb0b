"""The load is shared: over coffee, care and hosting together, nobody carries what nobody else carries."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.db.engine import Sessions
from bot.db.models import Account, Round, Team, Turn
from bot.domain.turns import TurnKind
from bot.services.rotations import shares
from tests.world import World, people, world

COFFEE = """
[team]
name = "Acme"
timezone = "Europe/Berlin"
messages_per_week = 20

[[coffee]]
name = "coffee"
channel = "playground:#coffee"
every = "week"
on = "monday"
at = "10:00"
odd = "trio"
"""
CARE = """
[[checkin]]
name = "care"
kind = "ring"
channel = "playground:#general"
every = "2 weeks"
starts = 2026-01-06
on = "tuesday"
at = "09:30"
"""
HOSTS = """
[[checkin]]
name = "retro"
kind = "host"
channel = "playground:#general"
every = "week"
on = "thursday"
at = "14:00"
"""
FRIDAY = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
NINE = ("Ana", "Ben", "Chloe", "Dev", "Eli", "Fay", "Gus", "Hana", "Ivo")
WEIGHTS = {TurnKind.HOST: 2, TurnKind.CARER: 1, TurnKind.TRIO: 1, TurnKind.BYE: 1}

Week = dict[str, Counter[TurnKind]]


async def weeks(acme: World) -> list[Week]:
    """Who had which turns, by the calendar week of their rounds."""
    names = {account.member_id: account.handle for account in await acme.rows(Account)}
    on = {
        row.id: row.scheduled_for.astimezone(ZoneInfo("Europe/Berlin")).date()
        for row in await acme.rows(Round)
    }
    found: dict[date, Week] = defaultdict(lambda: defaultdict(Counter))
    for turn in await acme.rows(Turn):
        day = on[turn.round_id]
        found[day - timedelta(days=day.weekday())][names[turn.member_id]][turn.kind] += 1
    return [found[monday] for monday in sorted(found)]


def total(found: list[Week], kind: TurnKind) -> Counter[str]:
    """How many turns of a kind each had."""
    return Counter(
        {who: sum(week[who][kind] for week in found if who in week) for week in found for who in week}
    )


def evenly(found: list[Week]) -> dict[str, int]:
    """The weighted turns of each, over all kinds."""
    return {
        who.lower(): sum(WEIGHTS[kind] * n for week in found for kind, n in week.get(who.lower(), {}).items())
        for who in NINE
    }


def assert_no_load_sticks(found: list[Week]) -> None:
    """In no week is somebody host, carer and one of three while somebody else has no turn at all."""
    for week in found:
        rested = [who for who in NINE if not week.get(who.lower())]
        for who, turns in week.items():
            assert not (rested and len(turns) > 2), (who, week)


async def test_over_a_year_no_one_is_host_carer_and_third_while_another_has_no_turn(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = COFFEE + CARE + 'members = "opt-in"\n' + HOSTS
    async with world(sessions, tmp_path, config=config, now=FRIDAY, who=people(*NINE)) as acme:
        for who in ("ana", "ben", "chloe", "dev", "eli"):
            await acme.says(who, "/checkin join care")
        await acme.days(364)
        found = await weeks(acme)
        assert len(found) == 52
        assert_no_load_sticks(found)
        load = evenly(
            found
        )  # the ring alone gives its five an equal share: a host's turn more stays with them
        apart = max(load.values()) - min(load.values())
        assert apart <= 2 * WEIGHTS[TurnKind.HOST] + WEIGHTS[TurnKind.TRIO], load


async def test_a_host_who_is_announced_before_the_ring_of_the_week_does_not_carry_it_all_either(
    sessions: Sessions, tmp_path: Path
) -> None:
    late_ring = CARE.replace('on = "tuesday"', 'on = "friday"') + 'members = "opt-in"\n'
    # so that hosting goes round regardless of the rest, and the week alone decides who steps behind
    light = COFFEE.replace("messages_per_week", "turn_weights = { carer = 0, trio = 0 }\nmessages_per_week")
    async with world(
        sessions, tmp_path, config=light + late_ring + HOSTS, now=FRIDAY, who=people(*NINE)
    ) as acme:
        for who in ("ana", "ben", "chloe", "dev", "eli"):
            await acme.says(who, "/checkin join care")
        await acme.days(182)
        assert_no_load_sticks(await weeks(acme))


async def test_what_is_expected_of_hosts_comes_true_next_to_a_ring(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = COFFEE.replace('"trio"', '"bye"') + CARE + 'members = "opt-in"\n' + HOSTS
    async with world(sessions, tmp_path, config=config, now=FRIDAY, who=people(*NINE[:6])) as acme:
        for who in ("ana", "ben"):
            await acme.says(who, "/checkin join care")
        await acme.days(28)
        for _ in range(4):
            said = await acme.says("ana", "/checkin hosts")
            lines = said.splitlines()[-4:]
            await acme.days(28)
            names = {account.member_id: account.name for account in await acme.rows(Account)}
            hosted = [names[turn.member_id] for turn in await acme.rows(Turn, Turn.kind == TurnKind.HOST)]
            assert [line.split(": ")[1] for line in lines] == hosted[-4:], (said, hosted)


async def test_who_comes_while_somebody_is_long_away_need_not_host_again_and_again(
    sessions: Sessions, tmp_path: Path
) -> None:
    [team, *_] = COFFEE.split("[[coffee]]")
    async with world(
        sessions, tmp_path, config=team + HOSTS, now=FRIDAY, who=people("Ana", "Ben", "Chloe", "Dev")
    ) as acme:
        await acme.says("dev", "/checkin pause 2026-06-30")
        await acme.days(70)
        await acme.arrives(*people("Eli"))
        await acme.days(56)
        found = await weeks(acme)
        assert 1 <= total(found[10:], TurnKind.HOST)["eli"] <= 3
        assert total(found, TurnKind.HOST)["dev"] == 0


async def test_where_all_are_equally_there_hosting_differs_by_one_turn_at_most(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=COFFEE + CARE + HOSTS, now=FRIDAY, who=people(*NINE)) as acme:
        await acme.days(182)
        found = await weeks(acme)
        hosted = total(found, TurnKind.HOST)
        assert max(hosted.values()) - min(hosted[who.lower()] for who in NINE) <= 1
        async with acme.reading() as session:
            team = await session.get_one(Team, acme.runtime.team_id)
            found_shares = await shares(session, team, since=FRIDAY)
        assert len(found_shares) == 9
        assert (
            abs(sum(s.taken for s in found_shares.values()) - sum(s.equal for s in found_shares.values()))
            < 1e-6
        )
        assert all(abs(s.taken - s.equal) <= 2 for s in found_shares.values()), found_shares


async def test_an_equal_share_is_a_turn_divided_among_those_who_were_there(
    sessions: Sessions, tmp_path: Path
) -> None:
    [team, *_] = COFFEE.split("[[coffee]]")
    who = people("Ana", "Ben", "Chloe", "Dev")
    async with world(sessions, tmp_path, config=team + HOSTS, now=FRIDAY, who=who) as acme:
        await acme.says("dev", "/checkin pause 2026-01-10")
        await acme.days(7)
        names = {account.member_id: account.handle for account in await acme.rows(Account)}
        [turn] = await acme.rows(Turn)
        async with acme.reading() as session:
            acme_team = await session.get_one(Team, acme.runtime.team_id)
            found = {names[m]: share for m, share in (await shares(session, acme_team, since=FRIDAY)).items()}
            assert await shares(session, acme_team, since=FRIDAY + timedelta(days=7)) == {}
        assert sorted(found) == ["ana", "ben", "chloe"]
        assert {share.equal for share in found.values()} == {2 / 3}
        assert {name for name, share in found.items() if share.taken == 2} == {names[turn.member_id]}
