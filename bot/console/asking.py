"""`init`: asks a few questions, each again until its answer can be used, and writes a config."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import typer

from bot.app import CannotStart
from bot.clock import SystemClock
from bot.config.loading import load_text
from bot.config.starter import Answers, starter_config


def init(file: Path) -> None:
    """Ask, and write; an existing file is never overwritten."""
    _refuse_to_overwrite(file)
    today = SystemClock().now().date()
    answers = Answers("Acme", "Europe/Berlin", "playground", "#coffee", "monday", time(10), today)
    answers = _ask(answers, "What is the team called?", None, lambda a, typed: replace(a, team=typed))
    answers = _ask(
        answers,
        "In which time zone do its times hold?",
        answers.timezone,
        lambda a, typed: replace(a, timezone=typed),
    )
    answers = _ask(
        answers,
        "Where does it talk: slack, discord or playground?",
        answers.platform,
        lambda a, typed: replace(a, platform=typed.lower()),
    )
    answers = _ask(answers, "In which channel?", answers.channel, lambda a, typed: replace(a, channel=typed))
    answers = _ask(
        answers,
        "On which weekday are the coffees?",
        answers.weekday,
        lambda a, typed: replace(a, weekday=typed.lower()),
    )
    answers = _ask(answers, "At what time?", "10:00", lambda a, typed: replace(a, at=_time(typed)))
    answers = _ask(
        answers, "From which day on?", today.isoformat(), lambda a, typed: replace(a, starts=_day(typed))
    )
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(starter_config(answers))
    except FileExistsError:
        _refuse_to_overwrite(file)
    except OSError as problem:
        raise CannotStart(f"{file} cannot be written: {problem.strerror}.") from problem
    typer.echo(f"{file} is written. Look it over, then: kinkeeper plan{_named(file)}")
    if answers.platform == "slack":
        typer.echo(
            "To put the bot on Slack: kinkeeper slack manifest (docs/install-slack.md has all the steps)."
        )
    elif answers.platform == "discord":
        typer.echo(
            "To put the bot on Discord: set DISCORD_TOKEN, then kinkeeper discord invite (docs/install-discord.md has "
            "all the steps)."
        )


def _ask(
    answers: Answers, question: str, default: str | None, put: Callable[[Answers, str], Answers]
) -> Answers:
    """The answers with one more, which is asked for until a config can hold it."""
    while True:
        try:
            changed = put(answers, str(typer.prompt(question, default=default)).strip())
        except ValueError as problem:
            typer.echo(str(problem), err=True)
            continue
        problems = load_text(starter_config(changed)).problems
        if not problems:
            return changed
        typer.echo(problems[0].message, err=True)


def _time(typed: str) -> time:
    try:
        return time.fromisoformat(typed)
    except ValueError:
        raise ValueError(f'"{typed}" is no time. Write it as 10:00.') from None


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ValueError(f'"{typed}" is no date. Write it as 2026-11-30.') from None


def _refuse_to_overwrite(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise CannotStart(
            f"{file} is there already, and it stays as it is. Say another name: kinkeeper init FILE"
        )


def _named(file: Path) -> str:
    return "" if file == Path("kinkeeper.toml") else f" {file}"
