"""The picture of a simulation: coverage by round, and everybody's turns; drawn by matplotlib (the extra `charts`)."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.coverage_curves import Curves
from bot.domain.simulation import Simulation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

PAPER, INK, QUIET, RULE = "#ffffff", "#23272f", "#6b7280", "#e2e4e8"
PLAYED, BY_LOT, BOUND = "#2f9e77", "#d9822b", "#23272f"
BYES, TRIOS = "#5b74c9", "#8fc3b0"
WIDTH, HEIGHT, DOTS = 8.0, 3.6, 150  # inches (the height is a panel's), and dots an inch
BY_NAME = 60  # people up to whom each has a bar of their own


class CannotDraw(Exception):
    """There will be no picture; the text says why, and how to mend it."""

    exit_status = 1


def refuse_unless_drawable(file: Path) -> None:
    """Said before anything is played. CannotDraw: matplotlib is missing, or there is no such place for a PNG."""
    if find_spec("matplotlib") is None:
        raise CannotDraw(
            '--plot draws with matplotlib, which is not installed: pip install "kinkeeper[charts]"'
        )
    if file.suffix.lower() != ".png":
        raise CannotDraw(f"{file} is no name for a picture. Name it {file.with_suffix('.png').name}.")
    if file.is_dir():
        raise CannotDraw(f"{file} cannot be written: it is a folder.")
    if not file.parent.is_dir():
        raise CannotDraw(f"{file} cannot be written: there is no folder {file.parent}.")


def draw(file: Path, played: Simulation, curves: Curves) -> None:
    """Write the picture as a PNG. CannotDraw: the file cannot be written."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    turns = any(played.byes.values()) or any(played.trios.values())
    figure = Figure(figsize=(WIDTH, HEIGHT * (1 + turns)), dpi=DOTS, facecolor=PAPER)
    figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.12)
    FigureCanvasAgg(figure)
    axes = figure.subplots(1 + turns, 1, squeeze=False)[:, 0]
    _coverage(axes[0], curves)
    if turns:
        people = len(played.byes)
        (_turns_of_each if people <= BY_NAME else _turns_of_many)(axes[1], played)
    try:
        figure.savefig(file, format="png", metadata={"Software": None})
    except OSError as problem:
        raise CannotDraw(f"{file} cannot be written: {problem.strerror}.") from problem


def _coverage(axes: Axes, curves: Curves) -> None:
    for name, way, colour, style in (
        ("Kinkeeper", curves.played, PLAYED, "solid"),
        ("random, of the same people", curves.by_lot, BY_LOT, (0, (5, 2))),
        ("the bound: more is impossible", curves.bound, BOUND, (0, (1, 2))),
    ):
        shares = [0.0, *(100 * curves.share(pairs) for pairs in way.introduced)]
        label = f"{name} ({way.pairs} of {curves.possible} pairs, {shares[-1]:.3g} %)"
        axes.plot(range(len(shares)), shares, color=colour, linestyle=style, linewidth=2, label=label)
    axes.set_xlim(0, max(len(curves.played.introduced), 1))
    axes.set_ylim(bottom=0)
    axes.set_xlabel("rounds", color=QUIET)
    _whole_numbers(axes.xaxis)
    axes.yaxis.set_major_formatter(lambda share, _: f"{share:g} %")
    axes.legend(frameon=False, labelcolor=INK, loc="lower right")
    _dress(axes, "Share of all pairs that have been introduced")


def _turns_of_each(axes: Axes, played: Simulation) -> None:
    """A bar for each, byes above memberships of a trio."""
    people = sorted(played.byes)
    trios = [played.trios[each] for each in people]
    if any(trios):
        axes.bar(people, trios, color=TRIOS, label="one of three")
    if any(played.byes.values()):
        byes = [played.byes[each] for each in people]
        axes.bar(people, byes, bottom=trios, color=BYES, label="sat out")
    axes.set_ylabel("turns", color=QUIET)
    axes.set_xlabel("person (newcomers have the higher numbers)", color=QUIET)
    _whole_numbers(axes.xaxis, axes.yaxis)
    axes.legend(frameon=False, labelcolor=INK, ncols=2, loc="lower right", bbox_to_anchor=(1, 1))
    _dress(axes, "Turns of each person")


def _turns_of_many(axes: Axes, played: Simulation) -> None:
    """A bar for each number of turns: how many people had it."""
    kinds = [
        (name, Counter(turns.values()), colour)
        for name, turns, colour in (("one of three", played.trios, TRIOS), ("sat out", played.byes, BYES))
        if any(turns.values())
    ]
    width = 0.8 / len(kinds)
    for at, (name, people, colour) in enumerate(kinds):
        left = (at - (len(kinds) - 1) / 2) * width
        axes.bar([turns + left for turns in people], list(people.values()), width, color=colour, label=name)
    axes.set_xlabel("turns", color=QUIET)
    axes.set_ylabel("people", color=QUIET)
    _whole_numbers(axes.xaxis, axes.yaxis)
    axes.legend(frameon=False, labelcolor=INK, ncols=2, loc="lower right", bbox_to_anchor=(1, 1))
    _dress(axes, "People by the number of their turns")


def _whole_numbers(*of: Axis) -> None:
    from matplotlib.ticker import MaxNLocator

    for axis in of:
        axis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))


def _dress(axes: Axes, title: str) -> None:
    axes.set_title(title, color=INK, fontsize=11, loc="left", pad=8)
    axes.set_facecolor(PAPER)
    axes.tick_params(colors=QUIET, labelsize=9, length=0)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(QUIET)
    axes.grid(axis="y", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
