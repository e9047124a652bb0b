"""The commands that play what does not exist: the headless demo, and the simulation of a pairing."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable, Mapping
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

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
    first = played.first_repeat
    made = table("", "")
    row(made, "rounds", str(len(played.rounds)))
    row(made, "pairs introduced", f"{played.pairs_met} of {pairs}" if not churn else str(played.pairs_met))
    row(made, "first repeat", "none" if first is None else f"in round {first + 1}")
    row(made, "byes per person", _range(played.byes.values()))
    row(made, "trios per person", _range(played.trios.values()))
    row(made, "time", f"{seconds:.2f} s")
    print_table(made)


def _range(counts: Iterable[int]) -> str:
    values = list(counts)
    if not values or max(values) == 0:
        return "none"
    return f"{min(values)} to {max(values)}" if min(values) != max(values) else str(values[0])
