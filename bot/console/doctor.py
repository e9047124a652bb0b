"""`doctor`: looks at the config, the database, the platforms and the page, says what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import typer

from adapters.web.loopback import is_loopback
from bot.app import platforms_named, set_up
from bot.clock import SystemClock
from bot.config.loading import Problem, load
from bot.config.rituals import NEEDED_BY_SOME, RitualConfig
from bot.config.schema import Config
from bot.config.settings import Settings
from bot.console.output import print_json
from bot.db.addresses import BadAddress, with_async_driver
from bot.db.engine import DatabaseProblem, connect
from bot.db.upgrade import NO_TABLES, OLDER, head, revision_problem
from bot.ports import Finding, NotSetUp, Surroundings

MEND = 1  # something that whoever runs this can put right
AWAY = 3  # all that is wrong is that a database or a platform cannot be reached
CONNECTION = "connection"  # what a finding is about that says so
ENDLESS = 10_000  # columns, so that nothing is broken into lines


@dataclass(frozen=True, slots=True)
class Looked:
    """A finding, and the part of the program it is about."""

    part: str
    finding: Finding
    needed: bool = True  # by a ritual; what nobody needs is no fault


def doctor(settings: Settings, *, as_json: bool) -> int:
    """Look, and print what was found; the exit status: 0 if all is well, else MEND or AWAY. Changes nothing."""
    looked = list(asyncio.run(_look(settings)))
    wrong = [each.finding for each in looked if not each.finding.well]
    if as_json:
        print_json({"ok": not wrong, "findings": [_document(each) for each in looked]})
    else:
        _print(looked, wrong=len(wrong))
    if not wrong:
        return 0
    return AWAY if all(finding.about == CONNECTION for finding in wrong) else MEND


async def _look(settings: Settings) -> Iterable[Looked]:
    loaded = load(settings.config_path)
    looked = [Looked("config", _mistake(problem)) for problem in loaded.problems]
    if loaded.config is not None and not loaded.problems:
        looked.append(Looked("config", _config(settings.config_path, loaded.config)))
    looked.append(Looked("database", await _database(settings.database_url)))
    if loaded.config is not None:
        looked += [Looked("web", finding) for finding in _web(settings, loaded.config)]
        for name in platforms_named(loaded.config):
            looked += await _platform(name, settings, loaded.config)
    return looked


def _mistake(problem: Problem) -> Finding:
    return Finding(problem.key or "file", f"{problem.file}:{problem.line}: {problem.message}", well=False)


def _config(path: Path, config: Config) -> Finding:
    rituals = len(config.rituals)
    on = " and ".join(platforms_named(config)) or "no platform"
    return Finding("file", f"{path} is right: {rituals} {'ritual' if rituals == 1 else 'rituals'} on {on}.")


async def _database(url: str) -> Finding:
    """Whether the database can be reached, and has tables of this version."""
    try:
        address = with_async_driver(url)
    except BadAddress as error:
        return Finding("DATABASE_URL", str(error), well=False)
    is_file = address.get_backend_name() == "sqlite"
    if is_file and (file := _file_to_be(address.database or "")):
        return Finding("tables", f"{file} is not there yet; it will be made at the first start.")
    sessions = connect(url)
    try:
        problem = await revision_problem(sessions)
    except DatabaseProblem as error:
        return Finding(CONNECTION, str(error), well=False)
    finally:
        await sessions.dispose()
    if problem is None:
        return Finding(
            "tables", f"The database can be reached and has the tables of this version ({head()})."
        )
    if is_file and problem in (NO_TABLES, OLDER):
        return Finding("tables", "The next start brings the tables to this version. Make a backup before.")
    return Finding("tables", problem, well=False)


def _file_to_be(database: str) -> Path | None:
    """The SQLite file that a start would make, if it is not there and there is a folder for it."""
    path = Path(database)
    return None if database.startswith("file:") or path.exists() or not path.parent.is_dir() else path


def _web(settings: Settings, config: Config) -> Iterator[Finding]:
    """Whether the pages may be served where they are to be."""
    if "playground" in platforms_named(config) and not is_loopback(settings.host):
        yield Finding(
            "HOST",
            f"The playground has no passwords, so it is not served on {settings.host}. "
            "Set HOST=127.0.0.1, or take it out of the config.",
            well=False,
        )


async def _platform(name: str, settings: Settings, config: Config) -> Sequence[Looked]:
    """What the platform itself finds; what it keeps in files goes into a folder that is thrown away."""
    rituals = [r for r in config.rituals if any(c.platform == name for c in r.channel)]
    channels = [c.reference for ritual in rituals for c in ritual.channel if c.platform == name]
    with tempfile.TemporaryDirectory(prefix="kinkeeper-doctor-") as folder:
        surroundings = Surroundings(SystemClock(), Path(folder), settings.platform_variables)
        try:
            platform = set_up(name, surroundings)
        except NotSetUp as problem:
            return [Looked(name, Finding("settings", str(problem), well=False))]
        try:
            found = await platform.diagnose(list(dict.fromkeys(channels)))
        finally:
            await platform.stop()
    return [_as_needed(name, each, rituals) for each in found]


def _as_needed(platform: str, finding: Finding, rituals: Sequence[RitualConfig]) -> Looked:
    """What only some rituals need names those that do; where there are none, it is no fault."""
    if finding.well or finding.about not in NEEDED_BY_SOME:
        return Looked(platform, finding)
    names = [ritual.name for ritual in rituals if ritual.minds(finding.about)]
    if names:
        return Looked(platform, replace(finding, text=f"Needed by {' and '.join(names)}. {finding.text}"))
    text = f"Needed by no ritual. {finding.text}"
    return Looked(platform, replace(finding, text=text, well=True), needed=False)


def _document(looked: Looked) -> dict[str, object]:
    finding = looked.finding
    return {"part": looked.part, "about": finding.about, "ok": finding.well, "text": finding.text}


def _mark(looked: Looked) -> tuple[str, str]:
    """The mark before a finding, and its colour."""
    if not looked.needed:
        return "–", ""
    return ("✓", "green") if looked.finding.well else ("✗", "red")


def _print(looked: Sequence[Looked], *, wrong: int) -> None:
    """Each finding under its part: what is long goes on under itself on a terminal, and in one line elsewhere."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else ENDLESS, highlight=False)
    with console.capture() as printed:
        for part, found in groupby(looked, key=lambda each: each.part):
            lines = Table.grid(padding=(0, 1))
            for each in found:
                lines.add_row(Text(*_mark(each)), Text(each.finding.about), Text(each.finding.text))
            console.print(Text(part, style="bold"), Padding(lines, (0, 0, 1, 2), expand=False))
        console.print(
            "All is well." if not wrong else f"{wrong} to mend." if wrong > 1 else "One thing to mend."
        )
    for line in printed.get().splitlines():
        typer.echo(line.rstrip())
