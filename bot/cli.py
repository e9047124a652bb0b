"""The command line. Each command is a few lines over the app and the services; what it prints is in `bot/console/`.

Exit status: 0 done, 1 the input is wrong, 2 usage, 3 the platform or the database cannot be reached.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from math import isnan
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
slack = typer.Typer(help="Installing the bot on Slack.", no_args_is_help=True)
discord = typer.Typer(help="Installing the bot on Discord.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(slack, name="slack")
app.add_typer(discord, name="discord")


def _number(share: float | None) -> float | None:
    """`nan` is between any two numbers, for all that a comparison can tell."""
    if share is not None and isnan(share):
        raise typer.BadParameter("it is a number from 0 to 1")
    return share


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@app.command()
def demo(
    headless: Annotated[bool, typer.Option(help="Play the weeks at once, without a page.")] = False,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many weeks a headless demo plays.")] = 8,
    people: Annotated[int, typer.Option(min=1, max=200, help="How many people live in the playground.")] = 9,
    seed: Annotated[int, typer.Option(help="The same seed plays the same demo.")] = 1,
    away: Annotated[
        float, typer.Option(min=0, max=1, callback=_number, help="How likely somebody is away in a week.")
    ] = 0,
    config: Annotated[Path | None, typer.Option(help="Try this config instead of the demo's own.")] = None,
    fresh: Annotated[bool, typer.Option(help="Forget the demo played before, and begin anew.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try Kinkeeper in a browser page with make-believe people; no tokens needed."""
    from bot.console import playing, serving
    from bot.demo import Choices

    choices = Choices(config=config, people=people, seed=seed, away=away)
    with _sentences():
        if headless:
            playing.play(choices, weeks=weeks, as_json=as_json)
        else:
            serving.serve_demo(_settings(), choices, fresh=fresh)


@app.command()
def run() -> None:
    """Everything in one process: scheduler, platforms and web pages."""
    from bot.console import serving

    with _sentences():
        serving.serve(_settings(serves=True), timetable=True, web=True)


@app.command()
def web() -> None:
    """The web pages alone, for a Procfile; the workers do the rest."""
    from bot.console import serving

    with _sentences():
        serving.serve(_settings(serves=True), timetable=False, web=True)


@app.command()
def worker() -> None:
    """The scheduler and the deliveries alone; as many as wanted on PostgreSQL."""
    from bot.console import serving

    with _sentences():
        serving.serve(_settings(serves=True), timetable=True, web=False)


@app.command()
def init(
    file: Annotated[Path, typer.Argument(help="Where to write the config.")] = Path("kinkeeper.toml"),
) -> None:
    """Ask a few questions and write a commented config."""
    from bot.console import asking

    with _sentences():
        asking.init(file)


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="The config file (KINKEEPER_CONFIG).")] = None,
    schema: Annotated[bool, typer.Option(help="Print the JSON Schema of the config instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say all that is wrong with a config."""
    from bot.console import configs

    if schema:
        from bot.config.json_schema import json_schema
        from bot.console import output

        output.print_json(json_schema())
        return
    with _sentences():
        if not configs.check(file or _settings().config_path, as_json=as_json):
            raise typer.Exit(WRONG_INPUT)


@app.command()
def plan(
    start: Annotated[str | None, typer.Option("--from", help="The first day, as 2026-11-30.")] = None,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many weeks.")] = 4,
    file: Annotated[Path | None, typer.Argument(help="The config file (KINKEEPER_CONFIG).")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what will be sent, when, to whom and in which words. Changes nothing."""
    from bot.console import configs

    with _sentences():
        configs.plan(file or _settings().config_path, start=start, weeks=weeks, as_json=as_json)


@app.command()
def simulate(
    people: Annotated[int, typer.Option(min=1, max=10_000, help="How many people.")] = 9,
    group_size: Annotated[
        int | None, typer.Option(min=2, max=8, show_default="2", help="How many in a match; of coffee alone.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, max=10_000, help="How many rounds.")] = 52,
    odd: Annotated[
        str | None,
        typer.Option(show_default="trio", help="trio or bye, when the number is odd; of coffee alone."),
    ] = None,
    away: Annotated[
        float, typer.Option(min=0, max=1, callback=_number, help="The share of people away in a round.")
    ] = 0,
    churn: Annotated[
        float, typer.Option(min=0, max=1, callback=_number, help="The share replaced in a round.")
    ] = 0,
    avoid: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            callback=_number,
            show_default="0",
            help="The share of pairs that must not meet; of coffee alone.",
        ),
    ] = None,
    ritual: Annotated[str, typer.Option(help="Which kind of ritual: coffee, ring or host.")] = "coffee",
    seed: Annotated[int, typer.Option(help="The same seed plays the same rounds.")] = 1,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Also draw it, with the extra `charts`; of coffee alone."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play the rounds of a team like yours: who meets whom, who cares for whom, or who hosts."""
    from bot.console import simulating

    if odd not in (None, "trio", "bye"):
        raise typer.BadParameter("it is trio or bye", param_hint="--odd")
    if ritual not in ("coffee", "ring", "host"):
        raise typer.BadParameter("it is coffee, ring or host", param_hint="--ritual")
    for option, given in (
        ("--group-size", group_size),
        ("--odd", odd),
        ("--avoid", avoid),
        ("--plot", plot),
    ):
        if ritual != "coffee" and given is not None:
            raise typer.BadParameter("it is for --ritual coffee alone", param_hint=option)
    with _sentences():
        if ritual == "coffee":
            simulating.simulate_coffee(
                people=people,
                group_size=group_size or 2,
                rounds=rounds,
                odd="bye" if odd == "bye" else "trio",
                away=away,
                churn=churn,
                avoid=avoid or 0.0,
                seed=seed,
                as_json=as_json,
                plot=plot,
            )
        else:
            play = simulating.simulate_ring if ritual == "ring" else simulating.simulate_host
            play(people=people, rounds=rounds, away=away, churn=churn, seed=seed, as_json=as_json)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show the rituals, the deliveries, and what could not be delivered."""
    from bot.console import database

    with _sentences():
        database.status(_settings(), as_json=as_json)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Look for what is wrong with the set-up and say how to mend it. Changes nothing.

    Exit status 1 if there is something to mend, 3 if all that is wrong is that a platform or the database is away.
    """
    from bot.console import doctor as looking

    with _sentences():
        if found := looking.doctor(_settings(), as_json=as_json):
            raise typer.Exit(found)


@app.command("run-now")
def run_now(ritual: Annotated[str, typer.Argument(help="The ritual's name in the config.")]) -> None:
    """Open a round now, once."""
    from bot.console import database

    with _sentences():
        database.run_now(_settings(), ritual)


@app.command()
def export(
    member: Annotated[str, typer.Option(help="Whose data: platform:account, or a name only one member has.")],
    out: Annotated[Path, typer.Option(help="The folder for the files.")] = Path(),
) -> None:
    """Write everything that is kept about one member into files. They can see that it was done."""
    from bot.console import data_rights

    with _sentences():
        data_rights.export(_settings(), member, folder=out)


@app.command()
def forget(
    member: Annotated[str, typer.Option(help="Whom: platform:account, or a name only one member has.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Delete what identifies one member, for good. The team's totals stay."""
    from bot.console import data_rights

    with _sentences():
        data_rights.forget(_settings(), member, sure=yes)


@slack.command("manifest")
def slack_manifest(
    prefix: Annotated[
        str | None,
        typer.Option(help="Call the commands /PREFIX-coffee and so on; set SLACK_COMMAND_PREFIX too."),
    ] = None,
    http: Annotated[
        str | None, typer.Option(help="Let Slack send to this https:// address, instead of Socket Mode.")
    ] = None,
    with_history: Annotated[
        bool,
        typer.Option("--with-history", help="Also let the bot read where it is; what for, the guide says."),
    ] = False,
) -> None:
    """Print the manifest from which Slack makes the app; what to do with it goes to standard error."""
    from bot.console import slack as installing

    with _sentences():
        installing.manifest(prefix=prefix, http=http, with_history=with_history)


@discord.command("invite")
def discord_invite(
    voice: Annotated[
        bool,
        typer.Option(
            "--voice", help="Also ask for what voice channels take; the config's own are asked for anyway."
        ),
    ] = False,
) -> None:
    """Print the address at which the bot is let into a server; what to do with it goes to standard error."""
    from bot.console import discord as installing

    with _sentences():
        installing.invite(_settings(), voice=voice)


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version's tables."""
    from bot.console import database

    with _sentences():
        database.upgrade(_settings())


def _settings(*, serves: bool = False) -> Settings:
    """What the environment says. A command that does one thing and ends says it itself, and logs only what is wrong."""
    from bot import log
    from bot.config.settings import Settings

    settings = Settings.from_environment(os.environ)
    level = settings.log_level if serves or settings.log_level != "info" else "warning"
    log.configure(level, secrets=settings.secrets)
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
