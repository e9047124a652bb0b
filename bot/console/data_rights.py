"""The commands for what people have a right to: `export` and `forget` of one member."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import typer

from bot.app import CannotStart, open_database
from bot.clock import SystemClock
from bot.config.settings import Settings
from bot.db.engine import Sessions, Unusable, explain
from bot.services.administration import audit
from bot.services.presence.forgetting import forget as forget_member
from bot.services.presence.known_members import member_meant, the_team
from bot.services.presence.own_data import Files, files
from bot.services.presence.own_words import looked_at

PRIVATE = 0o600


def export(settings: Settings, who: str, *, folder: Path) -> None:
    """Write all rows of a member into two files that only their owner can read; the look is logged for the member."""
    name, made = asyncio.run(_export(settings, who))
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.").lower() or "member"
    for path, content in (
        (folder / f"kinkeeper-{stem}.json", made.document),
        (folder / f"kinkeeper-{stem}-csv.zip", made.tables),
    ):
        _write(path, content)
        typer.echo(f"Written: {path}")


def forget(settings: Settings, who: str, *, sure: bool) -> None:
    """Forget a member, once the operator has confirmed whom."""
    name = asyncio.run(_whom(settings, who))
    if not sure:
        typer.echo(f"This deletes what identifies {name}, for good. The team's totals stay.", err=True)
        if not typer.confirm("Forget them?", err=True):
            typer.echo("Nothing was changed.", err=True)
            return
    wiped = asyncio.run(_forget(settings, who))
    typer.echo("Forgotten. A bot that is running stops knowing the name when it next reads who is where.")
    if not wiped:
        typer.echo(
            "The database is in use, so what was deleted may still stand in its file until tonight's cleaning.",
            err=True,
        )


async def _export(settings: Settings, who: str) -> tuple[str, Files]:
    async with _opened(settings) as sessions, sessions.begin() as session:
        team, now = await the_team(session), SystemClock().now()
        member = await member_meant(session, team, who)
        audit(session, team, "export", looked_at(member.id), member_id=None, now=now)
        await session.flush()
        return member.name, await files(session, team, member, now=now)


async def _whom(settings: Settings, who: str) -> str:
    async with _opened(settings) as sessions, sessions.read() as session:
        return (await member_meant(session, await the_team(session), who)).name


async def _forget(settings: Settings, who: str) -> bool:
    async with _opened(settings) as sessions:
        async with sessions.begin() as session:
            team = await the_team(session)
            member = await member_meant(session, team, who)
            now = SystemClock().now()
            await forget_member(session, team, member, now=now)
            audit(session, team, "forget", "a member", member_id=None, now=now)
        return await sessions.wipe()


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Sessions]:
    """The database, closed at the end; what goes wrong with it comes out as a sentence."""
    sessions = await open_database(settings.database_url, migrate=False)
    try:
        yield sessions
    except Unusable as error:
        raise explain(error, sessions.engine.url) from error
    finally:
        await sessions.dispose()


def _write(path: Path, content: bytes) -> None:
    """A file that nobody but its owner can read; CannotStart if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as file:
            path.chmod(PRIVATE)  # it may have been there before, for everybody
            file.write(content)
    except OSError as problem:
        raise CannotStart(
            f"{path} cannot be written: {problem.strerror}. Choose another folder with --out."
        ) from problem
