"""What the commands do and print: tables and progress on a terminal, one JSON document where it is asked for."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

import typer

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from bot.demo import Choices
    from bot.runtime import Runtime


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def serve(settings: Settings, *, timetable: bool, web: bool) -> None:
    """Run until the process is told to stop."""
    from bot.app import acting, read_config, running, serving

    config = read_config(settings.config_path)

    async def main() -> None:
        async with AsyncExitStack() as stack:
            parts = await stack.enter_async_context(running(settings, config, timetable=timetable))
            if web:
                address = await stack.enter_async_context(serving(settings, parts))
                typer.echo(f"Kinkeeper is running: {address}", err=True)
            else:
                typer.echo("A Kinkeeper worker is running.", err=True)
            if web and parts.people:
                await stack.enter_async_context(acting(parts))
            await _told_to_stop()

    asyncio.run(main())


def serve_demo(settings: Settings, choices: Choices, *, fresh: bool) -> None:
    """The demo's page until the process is told to stop."""
    import shutil

    from bot.demo import FOLDER, page

    if fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)

    async def main() -> None:
        async with page(settings, choices) as address:
            typer.echo(f"The playground is open: {address}")
            typer.echo("Press Ctrl+C to stop. It goes on from here next time; --fresh begins anew.")
            await _told_to_stop()

    asyncio.run(main())


def play(choices: Choices, *, weeks: int, as_json: bool) -> None:
    """Play a demo at once, and print what happened."""
    from bot import log
    from bot.demo import play as play_demo

    log.configure("warning")
    with progress("Playing", weeks, quiet=as_json) as tick:
        document = asyncio.run(play_demo(choices, weeks=weeks, progress=tick))
    if as_json:
        print_json(document)
        return
    table = _table("Round", "When (UTC)", "Introduced", "Sat out")
    for one in document["rounds"]:
        when = datetime.fromisoformat(one["scheduled_for"])
        matches = "; ".join(" + ".join(m) for m in one["matches"]) or f"({one['state']})"
        table.add_row(one["ritual"], f"{when:%a %d %b %H:%M}", matches, ", ".join(one["byes"]))
    _print(table)
    counts = ", ".join(f"{count} {state}" for state, count in document["deliveries"].items())
    did = ", ".join(f"{count} {what}" for what, count in document["participation"].items())
    typer.echo(f"Messages: {counts}.\nTook part: {did}.")


def init(file: Path) -> None:
    """Ask, and write; an existing file is never overwritten."""
    from bot.app import CannotStart
    from bot.config.loading import load_text
    from bot.config.starter import Answers, starter_config

    if file.exists():
        raise CannotStart(
            f"{file} is there already, and it stays as it is. Say another name: kinkeeper init FILE"
        )
    team = typer.prompt("What is the team called?")
    zone = typer.prompt("In which time zone do its times hold?", default="Europe/Berlin")
    platform = typer.prompt("Where does it talk: slack, discord or playground?", default="playground")
    channel = typer.prompt("In which channel?", default="#coffee")
    weekday = typer.prompt("On which weekday are the coffees?", default="monday")
    at = typer.prompt("At what time?", default="10:00")
    starts = typer.prompt("From which day on?", default=date.today().isoformat())  # noqa: DTZ011 only a default
    try:
        answers = Answers(
            team, zone, platform, channel, weekday, time.fromisoformat(at), date.fromisoformat(starts)
        )
    except ValueError as problem:
        raise CannotStart(f"That is no time or date: {problem}. Write 10:00, and 2026-11-30.") from problem
    text = starter_config(answers)
    problems = load_text(text, file=str(file)).problems
    if problems:
        raise CannotStart("\n".join(p.message for p in problems))
    file.write_text(text, encoding="utf-8")
    typer.echo(f"{file} is written. Look it over, then: kinkeeper plan")


def check(file: Path, *, as_json: bool) -> bool:
    """Print all that is wrong with a config; whether nothing is."""
    from bot.config.loading import load

    problems = load(file).problems
    if as_json:
        errors = [{"file": p.file, "line": p.line, "key": p.key, "message": p.message} for p in problems]
        print_json({"ok": not problems, "errors": errors})
    elif problems:
        for problem in problems:
            typer.echo(str(problem), err=True)
        typer.echo(f"{len(problems)} to mend." if len(problems) > 1 else "One thing to mend.", err=True)
    else:
        typer.echo(f"{file} is right.")
    return not problems


def plan(file: Path, *, start: str | None, weeks: int, as_json: bool) -> None:
    """Print the steps of the coming weeks."""
    from zoneinfo import ZoneInfo

    from bot.app import CannotStart, read_config
    from bot.clock import SystemClock
    from bot.services.upcoming import outline, warnings

    config = read_config(file)
    begin = SystemClock().now()
    if start is not None:
        try:
            day = date.fromisoformat(start)
        except ValueError as problem:
            raise CannotStart(f"{start} is no date. Write it as 2026-11-30.") from problem
        begin = datetime.combine(day, time.min, tzinfo=ZoneInfo(config.team.timezone)).astimezone(UTC)
    steps = outline(config.rituals, config.team, start=begin, weeks=weeks)
    notes = warnings(config.rituals, config.team, steps, start=begin, weeks=weeks)
    if as_json:
        items = [
            {
                "ritual": s.ritual,
                "step": s.step,
                "utc": s.at.isoformat(),
                "local": s.at.astimezone(ZoneInfo(s.zone)).isoformat(),
                "timezone": s.zone,
                "to": s.to,
                "text": s.text,
            }
            for s in steps
        ]
        print_json({"items": items, "warnings": notes})
        return
    table = _table("When", "Ritual", "Step", "To", "Words")
    for s in steps:
        words = s.text.splitlines()[0]
        local = s.at.astimezone(ZoneInfo(s.zone))
        table.add_row(f"{local:%a %d %b %H:%M %Z}", s.ritual, s.step, s.to, words)
    _print(table)
    for note in notes:
        typer.echo(f"Note: {note}")


def simulate(
    *,
    people: int,
    group_size: int,
    rounds: int,
    odd: Literal["trio", "bye"],
    away: float,
    churn: float,
    avoid: float,
    seed: int,
    as_json: bool,
) -> None:
    """Play the pairing and print what came of it."""
    from bot.domain.simulation import simulate_coffee

    began = perf_counter()
    with progress("Pairing", rounds, quiet=as_json) as tick:
        played = simulate_coffee(
            people=people,
            group_size=group_size,
            rounds=rounds,
            odd=odd,
            away=away,
            churn=churn,
            avoid=avoid,
            seed=seed,
            progress=tick,
        )
    seconds = perf_counter() - began
    if as_json:
        document = [{"present": r.present, "groups": r.groups, "byes": r.byes} for r in played.rounds]
        head = {"ritual": "coffee", "people": people, "seed": seed, "seconds": round(seconds, 4)}
        print_json({**head, "rounds": document})
        return
    pairs = people * (people - 1) // 2
    table = _table("", "")
    table.add_row("rounds", str(len(played.rounds)))
    table.add_row(
        "pairs introduced", f"{played.pairs_met} of {pairs}" if not churn else str(played.pairs_met)
    )
    first = played.first_repeat
    table.add_row("first repeat", "none" if first is None else f"in round {first + 1}")
    table.add_row("byes per person", _range(played.byes.values()))
    table.add_row("trios per person", _range(played.trios.values()))
    table.add_row("time", f"{seconds:.2f} s")
    _print(table)


def status(settings: Settings, *, as_json: bool) -> None:
    """Print how things stand, as the database knows it."""
    from bot.services.settings import team_row
    from bot.services.standing import standing

    async def read() -> tuple[Any, dict[str, str]]:
        async with _looking(settings) as runtime, runtime.sessions.read() as session:
            team = await team_row(session, runtime.team_id)
            return await standing(session, team, now=runtime.clock.now()), dict.fromkeys(
                runtime.platforms, "not asked: see /readyz of the running bot"
            )

    now, platforms = asyncio.run(read())
    if as_json:
        rituals = [
            {
                "name": r.name,
                "kind": r.kind,
                "last": _iso(r.last),
                "next": _iso(r.next),
                "state": r.state.value,
            }
            for r in now.rituals
        ]
        lost = [
            {"what": u.what, "to": u.to, "state": u.state.value, "problem": u.problem, "at": _iso(u.at)}
            for u in now.undeliverable
        ]
        print_json(
            {
                "rituals": rituals,
                "deliveries": dict(now.deliveries),
                "undeliverable": lost,
                "platforms": platforms,
            }
        )
        return
    table = _table("Ritual", "Kind", "State", "Last (UTC)", "Next (UTC)")
    for r in now.rituals:
        table.add_row(r.name, r.kind, r.state.value, _short(r.last), _short(r.next))
    _print(table)
    typer.echo("Messages: " + (", ".join(f"{n} {s}" for s, n in now.deliveries.items()) or "none yet") + ".")
    for u in now.undeliverable:
        typer.echo(f"{u.state.value.replace('_', ' ')}: {u.what} to {u.to}: {u.problem}")


def run_now(settings: Settings, name: str) -> None:
    """Open a round; whoever runs the bot sends it."""
    from bot.domain.messages import Say
    from bot.domain.phrasing import plain
    from bot.services.administration import audit, named_ritual
    from bot.services.administration import run_now as open_now
    from bot.services.rounds import NotOpened
    from bot.services.settings import team_row

    async def go() -> str:
        async with _looking(settings) as runtime, runtime.sessions.begin() as session:
            team = await team_row(session, runtime.team_id)
            ritual = await named_ritual(session, team, name)
            now = runtime.clock.now()
            opened = await open_now(session, team, ritual, now=now)
            if opened is None:
                return f"A round of {ritual.name} was opened this minute already; no second one was."
            audit(session, team, "run", ritual.name, member_id=None, now=now)
            if isinstance(opened, NotOpened):
                return f"No round of {ritual.name} was opened: {plain(Say(opened.reason))}"
            return f"A round of {ritual.name} is open, with {opened.matches} introductions to send."

    typer.echo(asyncio.run(go()))


def upgrade(settings: Settings) -> None:
    """Run the migrations that are missing."""
    from bot.db.engine import connect
    from bot.db.upgrade import upgrade as migrate

    async def go() -> str | None:
        sessions = connect(settings.database_url)
        try:
            return await migrate(sessions)
        finally:
            await sessions.dispose()

    revision = asyncio.run(go())
    typer.echo(f"The database is at revision {revision} now." if revision else "The database is up to date.")


@asynccontextmanager
async def _looking(settings: Settings) -> AsyncIterator[Runtime]:
    """The database with the config applied; no platform is started."""
    from random import SystemRandom

    from bot.app import apply, make_platforms, open_database, read_config
    from bot.clock import SystemClock
    from bot.runtime import Runtime

    config = read_config(settings.config_path)
    clock = SystemClock()
    sessions = await open_database(settings.database_url, migrate=False)
    try:
        team_id = await apply(sessions, config, clock=clock, rng=SystemRandom())
        platforms = make_platforms(config, settings, clock)
        yield Runtime(sessions, platforms, clock, team_id, settings.config_path)
    finally:
        await sessions.dispose()


@contextmanager
def progress(label: str, total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, if it takes long enough for anybody to wait; nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    began = perf_counter()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total, visible=False)

        def tick(done: int) -> None:
            bar.update(task, completed=done, visible=perf_counter() - began > 1)

        yield tick


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()


def _table(*columns: str) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, show_header=any(columns), pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table


def _print(table: Any) -> None:
    from rich.console import Console

    width = None if sys.stdout.isatty() else 140
    Console(width=width).print(table)


def _range(counts: Any) -> str:
    values = list(counts)
    if not values or max(values) == 0:
        return "none"
    return f"{min(values)} to {max(values)}" if min(values) != max(values) else str(values[0])


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _short(at: datetime | None) -> str:
    return f"{at:%a %d %b %Y %H:%M}" if at else "-"
