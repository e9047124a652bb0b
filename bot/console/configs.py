"""The commands about the config file: `check` and `plan`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bot.config.loading import load
from bot.console.output import iso, print_json, print_table, row, table


def check(file: Path, *, as_json: bool) -> bool:
    """Print all that is wrong with a config; whether nothing is."""
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
    from bot.app import read_config
    from bot.clock import SystemClock
    from bot.services.upcoming import outline, warnings

    config = read_config(file)
    begin = SystemClock().now() if start is None else _midnight(start, ZoneInfo(config.team.timezone))
    steps = outline(config.rituals, config.team, start=begin, weeks=weeks)
    notes = warnings(config.rituals, config.team, steps, start=begin, weeks=weeks)
    if as_json:
        items = [
            {
                "ritual": s.ritual,
                "step": s.step,
                "utc": iso(s.at),
                "local": iso(s.at.astimezone(ZoneInfo(s.zone))),
                "timezone": s.zone,
                "to": s.to,
                "text": s.text,
            }
            for s in steps
        ]
        print_json({"items": items, "warnings": notes})
        return
    made = table("When", "Ritual", "Step", "To", "Words")
    for s in steps:
        words = s.text.splitlines()[0] if s.text else ""
        local = s.at.astimezone(ZoneInfo(s.zone))
        row(made, f"{local:%a %d %b %H:%M %Z}", s.ritual, s.step, s.to, words)
    print_table(made)
    for note in notes:
        typer.echo(f"Note: {note}")


def _midnight(day: str, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which a day that was typed begins; CannotStart if it is none that can be planned for."""
    from bot.app import CannotStart

    try:
        typed = date.fromisoformat(day)
    except ValueError as problem:
        raise CannotStart(f"{day} is no date. Write it as 2026-11-30.") from problem
    if not 1970 <= typed.year <= 2200:
        raise CannotStart(f"{day} is too far from today to plan for. Write a date such as 2026-11-30.")
    return datetime.combine(typed, time.min, tzinfo=zone).astimezone(UTC)
