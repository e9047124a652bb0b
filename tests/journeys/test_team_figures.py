"""Half a year of a team of nine: each figure that is told is what the rows say, counted another way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text

from bot.db.engine import Sessions
from bot.domain.figures import Coverage, Outcomes, TeamFigures, blocks
from bot.services.presence.team_figures import team_figures
from bot.services.settings import team_row
from tests.world import CONFIG, MONDAY, World, people, world

NINE = people("Ana", "Ben", "Chloe", "Dev", "Eva", "Finn", "Gia", "Hugo", "Ivo")
WEEKS = 26
TEN = MONDAY + timedelta(hours=1)
MORE = """
[[checkin]]
name = "pulse"
kind = "questions"
channel = "playground:#general"
every = "week"
on = "wednesday"
at = "10:00"
window = "6 hours"
questions = [{ ask = "How is your week?", scale = 5 }]

[[checkin]]
name = "mood"
kind = "questions"
channel = "playground:#general"
every = "2 weeks"
starts = 2026-01-08
on = "thursday"
at = "10:00"
window = "6 hours"
anonymous = true
min_answers = 4
questions = [{ ask = "What would help?" }]
"""


async def played(acme: World) -> None:
    """Everybody does what they like: presses, corrects, answers, or not."""
    rng = Random(5)
    for week in range(WEEKS):
        monday = TEN + timedelta(weeks=week)
        await acme.until(monday + timedelta(minutes=1))
        for person in NINE:
            if rng.random() < 0.45 and acme.partners_of(person.id):
                said = rng.choice(("We met", "We met", "We met", "Rescheduled", "Not this time"))
                await acme.presses(person.id, said)
        for days in (2, 3):
            await acme.until(monday + timedelta(days=days, hours=1))
            if days == 3 and week % 2:
                continue
            for person in NINE:
                if rng.random() < 0.6:
                    form = await acme.opens(person.id, "Answer")
                    await acme.submits(person.id, form.action, **{f.name: "4" for f in form.fields})
    await acme.until(TEN + timedelta(weeks=WEEKS, days=-1))


async def rows(acme: World, sql: str, **values: Any) -> list[Any]:
    """Rows of plain SQL."""
    async with acme.reading() as session:
        return list(await session.execute(text(sql), values))


async def figures(acme: World, viewer: int) -> TeamFigures:
    async with acme.reading() as session:
        team = await team_row(session, acme.runtime.team_id)
        return await team_figures(session, team, viewer, now=acme.clock.now())


async def coverage(acme: World) -> tuple[int, list[int]]:
    """All pairs, and those introduced after each round since the last time that all had been introduced."""
    met = await rows(
        acme,
        "SELECT r.id, r.season_id, a.member_id, b.member_id FROM round r JOIN match m ON m.round_id = r.id "
        "JOIN match_member a ON a.match_id = m.id JOIN match_member b ON b.match_id = m.id "
        "WHERE a.member_id < b.member_id AND m.introduced_at IS NOT NULL ORDER BY r.scheduled_for",
    )
    [[here]] = await rows(acme, "SELECT count(*) FROM member WHERE left_at IS NULL")
    everybody = here * (here - 1) // 2
    since: set[tuple[int, int]] = set()
    counts: dict[int, int] = {}
    season = None
    for round_id, season_id, a, b in met:
        if season_id != season and len(since) == everybody:
            since, counts = set(), {}
        season = season_id
        since.add((a, b))
        counts[round_id] = len(since)
    return everybody, list(counts.values())


async def outcomes(acme: World, viewer: int) -> list[tuple[int, dict[str, int]]]:
    """Of the last blocks of rounds, each with three matches of others at least: how many rounds, and the outcomes."""
    told = await rows(
        acme,
        "SELECT r.id, m.outcome FROM match m JOIN round r ON r.id = m.round_id "
        "WHERE r.state = 'closed' AND m.introduced_at IS NOT NULL AND m.id NOT IN "
        "(SELECT match_id FROM match_member WHERE member_id = :viewer) ORDER BY r.scheduled_for",
        viewer=viewer,
    )
    by_round: dict[int, list[str]] = {}
    for round_id, outcome in told:
        by_round.setdefault(round_id, []).append(outcome)
    found: list[tuple[int, dict[str, int]]] = []
    rounds = 0
    gathered: list[str] = []
    for each in by_round.values():
        rounds, gathered = rounds + 1, [*gathered, *each]
        if len(gathered) >= 3:
            words = ("met", "rescheduled", "not_this_time", "unknown")
            found.append((rounds, {word: gathered.count(word) for word in words}))
            rounds, gathered = 0, []
    return found[-6:]


async def answer_rate(acme: World, ritual: str, *, at_least: int) -> tuple[int, int, int]:
    """Rounds, asked and answered, over the last six rounds of a ritual that have so many answers."""
    counted = await rows(
        acme,
        "SELECT r.id, (SELECT count(*) FROM asked WHERE round_id = r.id), "
        "(SELECT count(DISTINCT member_id) FROM answered WHERE round_id = r.id) FROM round r "
        "JOIN ritual t ON t.id = r.ritual_id WHERE t.name = :ritual AND r.state = 'closed' "
        "ORDER BY r.scheduled_for DESC",
        ritual=ritual,
    )
    enough = [(asked, answered) for _, asked, answered in counted if answered >= at_least][:6]
    return len(enough), sum(asked for asked, _ in enough), sum(answered for _, answered in enough)


async def furthest(acme: World) -> float:
    """Byes and trios weigh one each, and everybody was always there: how far the furthest is from the mean."""
    turns = await rows(
        acme,
        "SELECT m.id, (SELECT count(*) FROM turn t WHERE t.member_id = m.id AND t.at >= :since) FROM member m",
        since=(acme.clock.now() - timedelta(weeks=26)).replace(tzinfo=None)
        if acme.runtime.sessions.engine.dialect.name == "sqlite"
        else acme.clock.now() - timedelta(weeks=26),
    )
    mean: float = sum(count for _, count in turns) / len(turns)
    return max((abs(count - mean) for _, count in turns), default=0.0)


async def test_every_figure_is_what_the_rows_say_whoever_looks(sessions: Sessions, tmp_path: Path) -> None:
    config = CONFIG.replace('odd = "bye"', 'odd = "trio"').format(more="") + MORE
    async with world(sessions, tmp_path, config=config, who=NINE) as acme:
        await played(acme)
        pairs, after = await coverage(acme)
        for viewer in range(1, 10):
            told = await figures(acme, viewer)
            [coffee] = told.coffees
            assert coffee.coverage == Coverage(pairs, tuple(after))
            expected = await outcomes(acme, viewer)
            assert [(b.rounds, counts_of(b)) for b in coffee.outcomes] == expected
            assert all(b.matches >= 3 for b in coffee.outcomes)
            rates = {r.ritual: (r.rounds, r.asked, r.answered) for r in told.answers}
            assert rates == {
                "pulse": await answer_rate(acme, "pulse", at_least=5),
                "mood": await answer_rate(acme, "mood", at_least=4),
            }
            assert told.within is not None
            assert abs(told.within - await furthest(acme)) < 1e-9

        said = await acme.says("ben", "/presence team")
        [ben] = [r[0] for r in await rows(acme, "SELECT id FROM member WHERE name = 'Ben'")]
        mine = await outcomes(acme, ben)
        total = {word: sum(counts[word] for _, counts in mine) for word in mine[0][1]}
        assert (
            f"{sum(total.values())} matches of {sum(n for n, _ in mine)} rounds, your own left out: "
            f"{total['met']} met, "
            f"{total['rescheduled']} rescheduled, {total['not_this_time']} not this time, {total['unknown']} unknown."
        ) in said
        if pairs - after[-1] > max(pairs / 10, 2):
            assert f"{after[-1]} of {pairs} pairs" in said
        rounds, asked, answered = await answer_rate(acme, "mood", at_least=4)
        assert f"mood: {answered} of {asked} answered, over the last {rounds} rounds" in said


def counts_of(block: Outcomes) -> dict[str, int]:
    return {
        "met": block.met,
        "rescheduled": block.rescheduled,
        "not_this_time": block.not_this_time,
        "unknown": block.unknown,
    }


def test_blocks_of_rounds_never_overlap_so_looks_on_two_days_tell_no_more_than_either() -> None:
    def one(day: int, met: int, unknown: int) -> Outcomes:
        return Outcomes(1, datetime(2026, 1, day, tzinfo=UTC), met=met, unknown=unknown)

    rounds = [
        one(day, day % 2, 1 - day % 2) for day in range(1, 9)
    ]  # one match a round, of the other two people
    seen = [blocks(rounds[:day]) for day in range(9)]
    for earlier, later in combinations(seen, 2):
        assert later[: len(earlier)] == earlier, "what was told stays as it was told"
    assert [block.matches for block in seen[-1]] == [3, 3]
    assert blocks([]) == blocks(rounds[:2]) == []


def test_how_many_pairs_are_left_is_told_only_while_they_are_many() -> None:
    assert not Coverage(36, (32,)).nearly
    assert [Coverage(36, (n,)).nearly for n in (33, 34, 35, 36)] == [True, True, True, False]
    assert Coverage(36, (18, 33, 35, 36)).shares() == [18 / 36, 33 / 36, 33 / 36, 1]
    assert [Coverage(190, (n,)).nearly for n in (170, 171, 189, 190)] == [False, True, True, False]
    for many in (4, 5, 6, 7):  # one or two that are left are too few in any team
        pairs = many * (many - 1) // 2
        assert [Coverage(pairs, (pairs - n,)).nearly for n in (3, 2, 1, 0)] == [False, True, True, False]
    assert Coverage(36).introduced == 0
