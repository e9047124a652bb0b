"""Several processes and sessions on one database: each round opens once, each message is sent once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Round
from bot.services import rounds
from bot.services.claims import claim
from jobs.sync_rosters import sync_rosters
from tests.chaos.looking import count, opened, posted, twice, write
from tests.chaos.processes import EVERY_MINUTE, kinkeeper, started, until
from tests.world import MONDAY, people, world

WHO = people("Ana", "Ben", "Chloe", "Dev", "Emeka", "Farah", "Gus", "Hana", "Ivo", "Jun")
DUE_NOW = "UPDATE ritual SET next_round_at = CURRENT_TIMESTAMP"


async def test_of_many_sessions_that_open_the_same_round_one_does(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=WHO) as team:
        team.clock.set(MONDAY + timedelta(hours=1))
        async with sessions.read() as session:
            [ritual] = await rounds.due_rituals(session, team.runtime.team_id, now=team.clock.now())

        async def open_it() -> object:
            async with sessions.begin() as session:
                return await rounds.open_due(session, ritual, now=team.clock.now())

        done = await asyncio.gather(*(open_it() for _ in range(8)))
        assert [type(each).__name__ for each in done if each is not None] == ["Opened"]
        assert await team.count(Round) == 1


async def test_of_many_that_claim_at_once_each_delivery_goes_to_one(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=WHO) as team:
        team.clock.set(MONDAY + timedelta(hours=1))
        async with sessions.begin() as session:
            [ritual] = await rounds.due_rituals(session, team.runtime.team_id, now=team.clock.now())
            await rounds.open_due(session, ritual, now=team.clock.now())
        later = team.clock.now() + timedelta(hours=5)  # whoever's hours it waited for

        async def claim_some() -> list[int]:
            async with sessions.begin() as session:
                return [c.id for c in await claim(session, team.runtime.team_id, now=later)]

        claimed = [each for some in await asyncio.gather(*(claim_some() for _ in range(6))) for each in some]
        assert len(claimed) == 5
        assert len(set(claimed)) == 5


async def test_the_people_are_read_by_several_at_once_without_harm(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as team:
        team.platform.people.extend(p for p in WHO if p.id not in {q.id for q in team.platform.people})
        await asyncio.gather(*(sync_rosters(team.runtime) for _ in range(4)))
        from bot.db.models import Member

        assert await team.count(Member) == len(WHO)


def test_two_workers_and_a_web_process_share_one_postgresql(postgres_url: str, tmp_path: Path) -> None:
    (tmp_path / "kinkeeper.toml").write_text(EVERY_MINUTE.replace("* * * * *", "0 0 1 1 *"))
    env = {"DATABASE_URL": postgres_url}
    playground = tmp_path / "kinkeeper-playground.db"
    pending = "SELECT count(*) FROM delivery WHERE state = 'pending'"
    with (
        started("worker", cwd=tmp_path, env=env) as one,
        started("worker", cwd=tmp_path, env=env) as two,
        started("web", cwd=tmp_path, env=env) as web,
    ):
        one.says("worker is running")
        two.says("worker is running")
        web.says("Kinkeeper is running")
        for number in (1, 2, 3):
            write(postgres_url, DUE_NOW)
            until(partial(_is_open, postgres_url, number), what=f"round {number} is open")
        until(lambda: count(postgres_url, pending) == 0, what="all is sent")
        for process in (web, one, two):
            assert process.stop() == 0
        for process in (web, one, two):
            assert "Traceback" not in process.output
            assert [e for e in process.events() if e["level"] not in ("info", "debug")] == []
        heard = [e for p in (one, two) for e in p.events() if e["event"] == "round_opened"]
    assert len(heard) == 3
    assert not [e for e in web.events() if e["event"] == "round_opened"]
    arrived = posted(playground)
    assert twice(arrived) == []
    assert len(arrived) == 1 + 3 * 4  # the bot's own introduction; nine people are four matches a round


def _is_open(url: str, number: int) -> bool:
    return len(opened(url)) == number


def test_several_processes_may_upgrade_an_empty_database_at_once(postgres_empty: str, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def go(_: int) -> tuple[int, str]:
        done = kinkeeper("db", "upgrade", cwd=tmp_path, env={"DATABASE_URL": postgres_empty})
        return done.returncode, done.stdout + done.stderr

    with ThreadPoolExecutor(3) as pool:
        ended = list(pool.map(go, range(3)))
    assert [status for status, _ in ended] == [0, 0, 0], ended
    assert sorted("up to date" in said for _, said in ended) == [False, True, True]


@pytest.fixture
def postgres_empty(postgres_server: str) -> str:
    """A database without any tables."""
    import uuid

    import psycopg

    name = f"empty_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    head, _, query = postgres_server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
