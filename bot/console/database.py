"""The commands that look into the database or change it: `status`, `run-now`, `db upgrade`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random, SystemRandom

import typer
from sqlalchemy.exc import IntegrityError

from bot.app import apply, open_database, platforms_named, read_config
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.config.settings import Settings
from bot.console.output import iso, print_json, print_table, row, short, table
from bot.db.engine import DatabaseProblem, Sessions, Unusable, connect, explain, with_async_driver
from bot.db.upgrade import revision_problem
from bot.db.upgrade import upgrade as migrate
from bot.domain.messages import Say
from bot.domain.phrasing import plain
from bot.services.administration import audit, named_ritual
from bot.services.administration import run_now as open_now
from bot.services.rounds import NotOpened
from bot.services.settings import team_row
from bot.services.standing import Standing, standing
from bot.services.teams import apply_config

IN_MEMORY = "sqlite://"
NOT_ASKED = "not asked: see /readyz of the running bot"


def status(settings: Settings, *, as_json: bool) -> None:
    """Print how things stand, as the config and the database say. Nothing is written, not even a database."""
    config = read_config(settings.config_path)
    now = asyncio.run(_standing(settings, config))
    if as_json:
        print_json(_document(now, platforms_named(config)))
        return
    made = table("Ritual", "Kind", "State", "Last (UTC)", "Next (UTC)")
    for r in now.rituals:
        row(made, r.name, r.kind, r.state.value, short(r.last), short(r.next))
    print_table(made)
    typer.echo("Messages: " + (", ".join(f"{n} {s}" for s, n in now.deliveries.items()) or "none yet") + ".")
    for u in now.undeliverable:
        typer.echo(f"{u.state.value.replace('_', ' ')}: {u.what} to {u.to}: {u.problem}")


def run_now(settings: Settings, name: str) -> None:
    """Open a round; whoever runs the bot sends it."""
    config = read_config(settings.config_path)

    async def go() -> str:
        clock = SystemClock()
        async with _closing(await open_database(settings.database_url, migrate=False)) as sessions:
            team_id = await apply(sessions, config, clock=clock, rng=SystemRandom())
            try:
                async with sessions.begin() as session:
                    team = await team_row(session, team_id)
                    ritual = await named_ritual(session, team, name)
                    now = clock.now()
                    opened = await open_now(session, team, ritual, now=now)
                    if opened is None:
                        return _already(ritual.name)
                    audit(session, team, "run", ritual.name, member_id=None, now=now)
                    if isinstance(opened, NotOpened):
                        return f"No round of {ritual.name} was opened: {plain(Say(opened.reason))}"
                    return f"A round of {ritual.name} is open, with {opened.matches} introductions to send."
            except IntegrityError:  # somebody else opened it between our question and our answer
                return _already(name.lower())

    typer.echo(asyncio.run(go()))


def upgrade(settings: Settings) -> None:
    """Run the migrations that are missing."""

    async def go() -> str | None:
        async with _closing(connect(settings.database_url)) as sessions:
            return await migrate(sessions)

    revision = asyncio.run(go())
    typer.echo(f"The database is at revision {revision} now." if revision else "The database is up to date.")


async def _standing(settings: Settings, config: Config) -> Standing:
    """How things stand, and how they would once the config is applied: a transaction that is undone.

    A SQLite file that nobody has made yet is one in memory.
    """
    there = _exists(settings.database_url)
    async with _closing(connect(settings.database_url if there else IN_MEMORY)) as sessions:
        if not there:
            await migrate(sessions)
        elif problem := await revision_problem(sessions):
            raise DatabaseProblem(problem)
        now = SystemClock().now()
        async with sessions.begin() as session:
            team_id, _ = await apply_config(session, config, now=now, rng=Random(0))
            found = await standing(session, await team_row(session, team_id), now=now)
            await session.rollback()
        return found


def _document(now: Standing, platforms: list[str]) -> dict[str, object]:
    return {
        "rituals": [
            {
                "name": r.name,
                "kind": r.kind,
                "last": iso(r.last),
                "next": iso(r.next),
                "state": r.state.value,
            }
            for r in now.rituals
        ],
        "deliveries": dict(now.deliveries),
        "undeliverable": [
            {"what": u.what, "to": u.to, "state": u.state.value, "problem": u.problem, "at": iso(u.at)}
            for u in now.undeliverable
        ],
        "platforms": dict.fromkeys(platforms, NOT_ASKED),
    }


def _already(ritual: str) -> str:
    return f"A round of {ritual} was opened within the hour already; no second one was."


def _exists(url: str) -> bool:
    """Whether there may be a database; not if it would be a SQLite file that has yet to be made."""
    address = with_async_driver(url)
    if address.get_backend_name() != "sqlite" or (address.database or "").startswith("file:"):
        return True
    path = Path(address.database or "")
    return path.exists() or not path.parent.is_dir()


@asynccontextmanager
async def _closing(sessions: Sessions) -> AsyncIterator[Sessions]:
    """Closed at the end; what goes wrong with the database comes out as DatabaseProblem."""
    try:
        yield sessions
    except IntegrityError:
        raise
    except Unusable as error:
        raise explain(error, sessions.engine.url) from error
    finally:
        await sessions.dispose()
