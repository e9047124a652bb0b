"""The command line. Each command is a few lines over the app and the services; what it prints is in `bot/console.py`.

Exit status: 0 done, 1 the input is wrong, 2 usage, 3 the platform or the database cannot be reached.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.config.settings import Settings

WRONG_INPUT = 1

app = typer.Typer(
    help="Kinkeeper gives small, flat teams a rhythm for looking after one another.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(db, name="db")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@app.command()
def demo(
    headless: Annotated[bool, typer.Option(help="Play the weeks at once, without a page.")] = False,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many weeks a headless demo plays.")] = 8,
    people: Annotated[int, typer.Option(min=1, max=200, help="How many people live in the playground.")] = 9,
    seed: Annotated[int, typer.Option(help="The same seed plays the same demo.")] = 1,
    away: Annotated[float, typer.Option(min=0, max=1, help="How likely somebody is away in a week.")] = 0,
    config: Annotated[Path | None, typer.Option(help="Try this config instead of the demo's own.")] = None,
    fresh: Annotated[bool, typer.Option(help="Forget the demo played before, and begin anew.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try Kinkeeper in a browser page with make-believe people; no tokens needed."""
    from bot import console
    from bot.demo import Choices

    choices = Choices(config=config, people=people, seed=seed, away=away)
    with _sentences():
        if headless:
            console.play(choices, weeks=weeks, as_json=as_json)
        else:
            console.serve_demo(_settings(), choices, fresh=fresh)


@app.command()
def run() -> None:
    """Everything in one process: scheduler, platforms and web pages."""
    from bot import console

    with _sentences():
        console.serve(_settings(), timetable=True, web=True)


@app.command()
def web() -> None:
    """The web pages alone, for a Procfile; the workers do the rest."""
    from bot import console

    with _sentences():
        console.serve(_settings(), timetable=False, web=True)


@app.command()
def worker() -> None:
    """The scheduler and the deliveries alone; as many as wanted on PostgreSQL."""
    from bot import console

    with _sentences():
        console.serve(_settings(), timetable=True, web=False)


@app.command()
def init(
    file: Annotated[Path, typer.Argument(help="Where to write the config.")] = Path("kinkeeper.toml"),
) -> None:
    """Ask a few questions and write a commented config."""
    from bot import console

    with _sentences():
        console.init(file)


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="The config file (KINKEEPER_CONFIG).")] = None,
    schema: Annotated[bool, typer.Option(help="Print the JSON Schema of the config instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say all that is wrong with a config."""
    from bot import console

    if schema:
        from bot.config.json_schema import json_schema

        console.print_json(json_schema())
        return
    with _sentences():
        if not console.check(file or _settings().config_path, as_json=as_json):
            raise typer.Exit(WRONG_INPUT)


@app.command()
def plan(
    start: Annotated[str | None, typer.Option("--from", help="The first day, as 2026-11-30.")] = None,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many weeks.")] = 4,
    file: Annotated[Path | None, typer.Argument(help="The config file (KINKEEPER_CONFIG).")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what will be sent, when, to whom and in which words. Changes nothing."""
    from bot import console

    with _sentences():
        console.plan(file or _settings().config_path, start=start, weeks=weeks, as_json=as_json)


@app.command()
def simulate(
    people: Annotated[int, typer.Option(min=1, max=10_000, help="How many people.")] = 9,
    group_size: Annotated[int, typer.Option(min=2, max=8, help="How many in a match.")] = 2,
    rounds: Annotated[int, typer.Option(min=1, max=10_000, help="How many rounds.")] = 52,
    odd: Annotated[str, typer.Option(help="trio or bye, when the number is odd.")] = "trio",
    away: Annotated[float, typer.Option(min=0, max=1, help="The share of people away in a round.")] = 0,
    churn: Annotated[float, typer.Option(min=0, max=1, help="The share replaced in a round.")] = 0,
    avoid: Annotated[float, typer.Option(min=0, max=1, help="The share of pairs that must not meet.")] = 0,
    ritual: Annotated[str, typer.Option(help="Which kind of ritual: coffee.")] = "coffee",
    seed: Annotated[int, typer.Option(help="The same seed plays the same rounds.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Play the pairing of a team like yours."""
    from bot import console

    if odd not in ("trio", "bye"):
        raise typer.BadParameter("it is trio or bye", param_hint="--odd")
    if ritual != "coffee":
        raise typer.BadParameter("it is coffee", param_hint="--ritual")
    console.simulate(
        people=people,
        group_size=group_size,
        rounds=rounds,
        odd="trio" if odd == "trio" else "bye",
        away=away,
        churn=churn,
        avoid=avoid,
        seed=seed,
        as_json=as_json,
    )


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show the rituals, the deliveries, and what could not be delivered."""
    from bot import console

    with _sentences():
        console.status(_settings(), as_json=as_json)


@app.command("run-now")
def run_now(ritual: Annotated[str, typer.Argument(help="The ritual's name in the config.")]) -> None:
    """Open a round now, once."""
    from bot import console

    with _sentences():
        console.run_now(_settings(), ritual)


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version's tables."""
    from bot import console

    with _sentences():
        console.upgrade(_settings())


def _settings() -> Settings:
    from bot import log
    from bot.config.settings import Settings

    settings = Settings.from_environment(os.environ)
    log.configure(settings.log_level)
    return settings


@contextmanager
def _sentences() -> Iterator[None]:
    """What went wrong, as a sentence on standard error and an exit status; never a traceback for a user's mistake."""
    try:
        yield
    except Exception as problem:
        status = getattr(problem, "exit_status", None)  # the exceptions that are sentences carry one
        if status is None:
            raise
        typer.echo(str(problem), err=True)
        raise typer.Exit(status) from None
