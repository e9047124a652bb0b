"""The commands that play rituals of a team that does not exist, and say what came of it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Literal

from bot.console import pictures
from bot.console.curves import table_of, text_curve
from bot.console.output import print_json, print_table, progress, row, table
from bot.domain.coverage_curves import Curves, curves
from bot.domain.simulation import Simulation

BARS = 8  # in the distribution of turns, at most
LONGEST = 24  # columns of a bar


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
    plot: Path | None,
) -> None:
    """Play the pairing and print, and draw, what came of it beside pairing by lot and the bound."""
    from bot.domain import simulation

    if plot is not None:
        pictures.refuse_unless_drawable(plot)
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
    with progress("Comparing", rounds, quiet=as_json) as tick:
        beside = curves(played, seed=seed, progress=tick)
    if plot is not None:
        pictures.draw(plot, played, beside)
    if as_json:
        document = [{"present": r.present, "groups": r.groups, "byes": r.byes} for r in played.rounds]
        _print_played("coffee", people, seed, seconds, document, more=_compared(played, beside))
        return
    _print_compared(played, beside)
    _print_figures(
        ("seasons completed", str(played.seasons)),
        ("byes per person", _distribution(played.byes.values())),
        ("trios per person", _distribution(played.trios.values())),
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


def _compared(played: Simulation, beside: Curves) -> dict[str, object]:
    """What the document says beyond its rounds; rounds are numbered 0, 1, … as in its list."""
    return {
        "possible": beside.possible,
        "introduced": beside.played.introduced,
        "random": beside.by_lot.introduced,
        "bound": beside.bound.introduced,
        "repeats": beside.played.repeats,
        "random_repeats": beside.by_lot.repeats,
        "least_repeats": beside.bound.repeats,
        "first_repeat": beside.played.first_repeat,
        "random_first_repeat": beside.by_lot.first_repeat,
        "latest_first_repeat": beside.bound.first_repeat,
        "seasons": played.seasons,
        "turns": {"byes": played.byes, "trios": played.trios},
        "avoid": sorted(played.avoid),
    }


def _print_compared(played: Simulation, beside: Curves) -> None:
    ways = (beside.played, beside.by_lot, beside.bound)
    made = table(f"{len(played.rounds)} rounds", "Kinkeeper", "random", "the bound")
    row(made, "pairs introduced", *(f"{way.pairs} of {beside.possible}" for way in ways))
    row(made, "first repeat", *(_round(way.first_repeat) for way in ways))
    row(made, "repeats", *(str(way.repeats) for way in ways))
    print_table(made)
    if not beside.possible:
        return
    if sys.stdout.isatty():
        from rich.console import Console

        console = Console(highlight=False)
        for line in text_curve(beside, width=console.width):
            console.print(line, no_wrap=True, overflow="crop")
    else:
        print_table(table_of(beside))


def _print_played(
    ritual: str,
    people: int,
    seed: int,
    seconds: float,
    rounds: Sequence[object],
    *,
    more: Mapping[str, object] | None = None,
) -> None:
    head = {"ritual": ritual, "people": people, "seed": seed, "seconds": round(seconds, 4)}
    print_json({**head, **(more or {}), "rounds": rounds})


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


def _distribution(counts: Iterable[int]) -> str:
    """How many people had how many turns: a line and a bar for each number of turns, or for a few of them together."""
    people = Counter(counts)
    if not people or max(people) == 0:
        return "none"
    least, most = min(people), max(people)
    width = -(-(most - least + 1) // BARS)
    bars = [
        (start, min(start + width - 1, most), sum(people[at] for at in range(start, start + width)))
        for start in range(least, most + 1, width)
    ]
    names = [f"{start}–{end}" if end > start else str(start) for start, end, _ in bars]
    scale = min(1.0, LONGEST / max(count for *_, count in bars))
    widest = max(map(len, names))
    return "\n".join(
        f"{name:>{widest}} {'█' * ceil(count * scale)} {count} {'person' if count == 1 else 'people'}"
        for name, (*_, count) in zip(names, bars, strict=True)
    )
