"""The commands that play what does not exist: the headless demo, and the simulations of rituals."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable, Mapping, Sequence
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


def simulate_coffee(
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
    from bot.domain import simulation

    began = perf_counter()
    with progress("Pairing", rounds, quiet=as_json) as tick:
        played = simulation.simulate_coffee(
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
        _print_played("coffee", people, seed, seconds, document)
        return
    pairs = people * (people - 1) // 2
    met = f"{played.pairs_met} of {pairs}" if not churn else str(played.pairs_met)
    _print_figures(
        ("rounds", str(len(played.rounds))),
        ("pairs introduced", met),
        ("first repeat", _round(played.first_repeat)),
        ("byes per person", _range(played.byes.values())),
        ("trios per person", _range(played.trios.values())),
        ("time", f"{seconds:.2f} s"),
    )


def simulate_ring(*, people: int, rounds: int, away: float, churn: float, seed: int, as_json: bool) -> None:
    """Play the care ring and print what came of it."""
    from bot.domain import simulated_rotations

    began = perf_counter()
    with progress("Caring", rounds, quiet=as_json) as tick:
        played = simulated_rotations.simulate_ring(
            people=people, rounds=rounds, away=away, churn=churn, seed=seed, progress=tick
        )
    seconds = perf_counter() - began
    if as_json:
        document = [
            {"present": r.present, "cares_for": r.cares_for, "gave_way": r.gave_way} for r in played.rounds
        ]
        _print_played("ring", people, seed, seconds, document)
        return
    gave_way = ", ".join(f"{rule} in {count}" for rule, count in sorted(played.gave_way.items()))
    _print_figures(
        ("rounds", str(len(played.rounds))),
        ("first repeat within n−2 rounds", _round(played.first_repeat)),
        ("rules that gave way, in rounds", gave_way or "none"),
        ("turns as a carer per person", _range(played.turns.values())),
        ("time", f"{seconds:.2f} s"),
    )


def simulate_host(*, people: int, rounds: int, away: float, churn: float, seed: int, as_json: bool) -> None:
    """Play the rotation of hosts and print what came of it."""
    from bot.domain import simulated_rotations

    began = perf_counter()
    with progress("Hosting", rounds, quiet=as_json) as tick:
        played = simulated_rotations.simulate_host(
            people=people, rounds=rounds, away=away, churn=churn, seed=seed, progress=tick
        )
    seconds = perf_counter() - began
    if as_json:
        document = [{"present": r.present, "host": r.host} for r in played.rounds]
        _print_played("host", people, seed, seconds, document)
        return
    _print_figures(
        ("rounds", str(len(played.rounds))),
        ("rounds without anybody", str(sum(r.host is None for r in played.rounds))),
        ("turns as the host per person", _range(played.turns.values())),
        ("time", f"{seconds:.2f} s"),
    )


def _print_played(ritual: str, people: int, seed: int, seconds: float, rounds: Sequence[object]) -> None:
    head = {"ritual": ritual, "people": people, "seed": seed, "seconds": round(seconds, 4)}
    print_json({**head, "rounds": rounds})


def _print_figures(*rows: tuple[str, str]) -> None:
    made = table("", "")
    for name, figure in rows:
        row(made, name, figure)
    print_table(made)


def _round(number: int | None) -> str:
    return "none" if number is None else f"in round {number + 1}"


def _range(counts: Iterable[int]) -> str:
    values = list(counts)
    if not values or max(values) == 0:
        return "none"
    return f"{min(values)} to {max(values)}" if min(values) != max(values) else str(values[0])
