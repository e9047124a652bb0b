"""The headless demo: weeks that are played at once."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from bot.console.output import print_json, print_table, progress, row, table

if TYPE_CHECKING:
    from bot.demo import Choices


def play(choices: Choices, *, weeks: int, as_json: bool) -> None:
    """Play a demo at once, and print what happened."""
    from bot import log
    from bot.demo import play as play_demo

    log.configure("warning")
    gc.freeze()  # the process ends when it is done: looking for rubbish all the while is a tenth of its time
    gc.set_threshold(50_000, 20, 100)
    with progress("Playing", weeks, quiet=as_json) as tick:
        document = asyncio.run(play_demo(choices, weeks=weeks, progress=tick))
    if as_json:
        print_json(document)
        return
    made = table("Round", "When (UTC)", "What", "Sat out")
    for one in document["rounds"]:
        when = datetime.fromisoformat(one["scheduled_for"])
        row(made, one["ritual"], f"{when:%a %d %b %H:%M}", _what(one), ", ".join(one["byes"]))
    print_table(made)
    counts = ", ".join(f"{count} {state}" for state, count in document["deliveries"].items()) or "none"
    did = ", ".join(f"{count} {what}" for what, count in document["participation"].items()) or "nobody"
    typer.echo(f"Messages: {counts}.\nTook part: {did}.")


def _what(played: Mapping[str, Any]) -> str:
    """Who met, who hosted, how many cared for somebody, what was asked; else what became of the round."""
    from bot.rituals.ring import CARER

    if played["matches"]:
        return "; ".join(" + ".join(match) for match in played["matches"])
    turns = played["assignments"]
    if carers := sum(turn["role"] == CARER for turn in turns):
        return f"{carers} carers"
    told = [f"{turn['role']}: {turn['member']}" for turn in turns] or played["asked"]
    return "; ".join(told) or f"({played['state']})"
