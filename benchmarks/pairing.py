"""Pairing beside other ways, and what none can exceed; `python -m benchmarks.pairing` tells of nothing else."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from random import Random
from time import perf_counter

import networkx as nx
from rich.console import Console
from rich.table import Table

from benchmarks.measuring import Measured, environment
from benchmarks.offline_optimum import most_pairs, most_unforeseeing
from bot.domain.coverage_curves import Curve, curve_of, curves
from bot.domain.pairs import pairs_of
from bot.domain.random_pairing import plan_at_random
from bot.domain.season import Odd
from bot.domain.simulated_team import SimulatedTeam
from bot.domain.simulation import simulate_coffee

PEOPLE = (6, 9, 20, 100)
ROUNDS = 52
AWAY = 0.1
OPTIMUM = {"people": 20, "away": 0.1, "churn": 0.02}  # the team that the linear programme is solved for
PRICE = 0.5  # of a departure that could not be foreseen, in pairs; any gives a bound
SEEDS, FEW_SEEDS = 10, 3
PLOT = Path(tempfile.gettempdir()) / "kinkeeper-pairing.png"
REPOSITORY = Path(__file__).parent.parent
Pairing = Callable[[Sequence[int]], list[list[int]]]  # the groups of one round, of those present


@dataclass(frozen=True, slots=True)
class Way:
    """How one way of pairing went; `seconds` is None where there is nothing to be done."""

    name: str
    curve: Curve
    seconds: float | None


def rounds(_: Path) -> Iterator[Measured]:
    """One round of a large team with a year of history, each in a process of its own."""
    for people, seconds, megabytes in ((1_000, 0.1, None), (10_000, 1.0, 200.0)):
        words = [sys.executable, "-m", "benchmarks.one_round", str(people)]
        done = subprocess.run(
            words, cwd=REPOSITORY, env=environment(), check=True, stdout=subprocess.PIPE, text=True
        )
        found = json.loads(done.stdout)
        what = f"a round of {people:,} people after {ROUNDS} others"
        yield Measured(what, found["seconds"], seconds)
        yield Measured("the same, beside drawing lots", found["seconds"] / found["by_lot"], None, "times")
        yield Measured("the same, its repeats", found["repeats"], 0, "pairs")
        yield Measured("the same, who was left over", found["left_over"], 0, "people")
        yield Measured("the same, peak memory of the process", found["megabytes"], megabytes, "MB")


def compared(people: int, *, seed: int = 1) -> tuple[int, list[Way]]:
    """How many pairs there are, and each way, of the very same people on the same days; each knows its own history."""
    began = perf_counter()
    played = simulate_coffee(people=people, rounds=ROUNDS, away=AWAY, seed=seed)
    seconds = perf_counter() - began
    lot = Random(seed)
    present = [each.present for each in played.rounds]
    beside = curves(played, seed=seed)
    return beside.possible, [
        Way("Kinkeeper", beside.played, seconds),
        _went("random", lambda here: plan_at_random(here, group_size=2, odd="trio", rng=lot), present),
        _went("networkx, fewest meetings", _weighted(lot), present),
        Way("the bound", beside.bound, None),
    ]


def _went(name: str, pairing: Pairing, present: Sequence[Sequence[int]]) -> Way:
    began = perf_counter()
    made = [pairing(here) for here in present]
    return Way(name, seconds=perf_counter() - began, curve=curve_of(made))


def _weighted(rng: Random) -> Pairing:
    """A pair weighs the more the fewer meetings it had; who is left over joins a pair drawn by lot."""
    times: Counter[tuple[int, int]] = Counter()

    def pairing(present: Sequence[int]) -> list[list[int]]:
        lot = rng.sample(present, len(present))
        most = max(times.values(), default=0) + 1
        graph = nx.Graph()
        graph.add_nodes_from(lot)
        graph.add_weighted_edges_from(
            (a, b, most - times[min(a, b), max(a, b)]) for a, b in combinations(lot, 2)
        )
        groups = [list(each) for each in nx.max_weight_matching(graph, maxcardinality=True)]
        left = set(present).difference(*groups)
        if left and groups:
            rng.choice(groups).extend(left)
        times.update(who for group in groups for who in pairs_of(group))
        return groups

    return pairing


@dataclass(frozen=True, slots=True)
class Beside:
    """How many different pairs were introduced in one team's rounds, and could have been."""

    seed: int
    played: int
    by_lot: int
    most: float  # by who knows beforehand who will be there and who will leave
    unforeseeing: (
        float  # no less, in the mean over seeds, than whoever does not know who will leave can reach
    )


def near_the_optimum(odd: Odd, seeds: int) -> Iterator[Beside]:
    """The team that the linear programmes are solved for, from the first seed on."""
    for seed in range(1, seeds + 1):
        played = simulate_coffee(rounds=ROUNDS, odd=odd, seed=seed, **OPTIMUM)  # type: ignore[arg-type]
        present = [each.present for each in played.rounds]
        teams = list(_teams(seed))
        yield Beside(
            seed,
            played.pairs_met,
            curves(played, seed=seed).by_lot.pairs,
            most_pairs(present, odd=odd),
            most_unforeseeing(present, teams, leaving=OPTIMUM["churn"], price=PRICE, odd=odd),
        )


def _teams(seed: int) -> Iterator[Sequence[int]]:
    """The members at each round, as `simulate_coffee` has them."""
    team = SimulatedTeam(int(OPTIMUM["people"]), away=OPTIMUM["away"], churn=OPTIMUM["churn"], seed=seed)
    for number in range(ROUNDS):
        if number:
            list(team.replaced())
        yield tuple(team.members)
        team.present()  # who is away is drawn from the same lots


def tell(console: Console, *, seeds: int, plot: Path) -> None:
    """Measure, print two tables, and draw what the first of them tells."""
    ways = {people: compared(people) for people in PEOPLE}
    table = Table(
        "people",
        f"{ROUNDS} rounds, a tenth away",
        "pairs",
        "all met",
        "repeats",
        "first",
        "time",
        "of random",
    )
    for people, (possible, found) in ways.items():
        by_lot = next(way.seconds for way in found if way.name == "random") or 1.0
        for way in found:
            first = "none" if way.curve.first_repeat is None else str(way.curve.first_repeat + 1)
            time = (
                ("", "") if way.seconds is None else (f"{way.seconds:.3f} s", f"{way.seconds / by_lot:.1f}")
            )
            met = next((str(at) for at, pairs in enumerate(way.curve.introduced, 1) if pairs == possible), "")
            pairs = f"{way.curve.pairs} of {possible}"
            table.add_row(str(people), way.name, pairs, met, str(way.curve.repeats), first, *time)
        table.add_section()
    console.print(table)
    table = Table(
        "20 people, a tenth away, 2 % replaced",
        "seed",
        "Kinkeeper",
        "random",
        "foreseeing all",
        "leavers not",
    )
    for odd in ("trio", "bye"):
        teams = list(near_the_optimum(odd, seeds))
        for one in teams:
            counts = (str(one.played), str(one.by_lot), f"{one.most:.0f}", f"{one.unforeseeing:.0f}")
            table.add_row(f"{ROUNDS} rounds, {odd}", str(one.seed), *counts)
        reached = sum(one.played for one in teams)
        shares = [
            reached / sum(most) for most in zip(*((one.most, one.unforeseeing) for one in teams), strict=True)
        ]
        table.add_row("reached, in the mean", "", "", "", *map(_percent, shares), end_section=True)
    console.print(table)
    draw(plot, ways)
    console.print(f"The curves of the first table are drawn in {plot}.")


def draw(file: Path, ways: dict[int, tuple[int, list[Way]]]) -> None:
    """Coverage by round, a panel a size."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 7), dpi=120)
    figure.set_layout_engine("constrained")
    FigureCanvasAgg(figure)
    looks = (("#2f9e77", "solid"), ("#d9822b", "dashed"), ("#5b74c9", "dashdot"), ("#23272f", "dotted"))
    for axes, (people, (possible, found)) in zip(figure.subplots(2, 2).flat, ways.items(), strict=True):
        for way, (colour, style) in zip(found, looks, strict=True):
            shares = [0.0, *(100 * pairs / possible for pairs in way.curve.introduced)]
            axes.plot(
                shares, color=colour, linestyle=style, label=f"{way.name} ({way.curve.repeats} repeats)"
            )
        axes.set_title(f"{people} people", loc="left")
        axes.set_xlabel("rounds")
        axes.set_ylabel("pairs introduced, %")
        axes.legend(loc="best", frameon=False)
    figure.savefig(file)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def main() -> None:
    """What `make bench` tells of the pairing, for as many seeds as wanted."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.pairing")
    asked.add_argument(
        "--seeds", type=int, default=SEEDS, help="for how many teams the linear programme is solved"
    )
    asked.add_argument("--plot", type=Path, default=PLOT)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="kinkeeper-bench-") as folder:
        for one in rounds(Path(folder)):
            limit = "" if one.limit is None else f" (limit {one.limit:g} {one.unit})"
            print(f"{one.what}: {one.value:.3g} {one.unit}{limit}{' OVER' if one.over else ''}")
    tell(Console(width=None if Console().is_terminal else 120), seeds=given.seeds, plot=given.plot)


if __name__ == "__main__":
    main()
