"""Draws what `/presence team` tells of a coffee ritual as a PNG, where matplotlib (the extra `charts`) is installed."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from bot import wording
from bot.domain.figures import CoffeeFigures, Coverage, Outcomes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# A card of its own colour, so that it reads the same in a light and in a dark window. The hues differ in lightness too.
CARD, INK, QUIET, RULE = "#23272f", "#e8e6e1", "#a3a8b2", "#3a404b"
MET, RESCHEDULED, NOT_THIS_TIME, UNKNOWN = "#7fc8a9", "#5b9bd5", "#e0a458", "#8b93a1"
WIDTH, HEIGHT, DOTS = 6.4, 2.4, 150  # inches (the height is a panel's), and dots an inch

_ONE_AT_A_TIME = Lock()  # matplotlib's fonts are not made for several threads


def can_draw() -> bool:
    """Whether the extra `charts` is installed."""
    return find_spec("matplotlib") is not None


@lru_cache(maxsize=16)
def draw(figures: CoffeeFigures) -> bytes:
    """The chart as a PNG; takes a tenth of a second, so call it off the event loop. ImportError without matplotlib."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _ONE_AT_A_TIME:
        panels = (figures.coverage is not None) + bool(figures.outcomes)
        drawn = Figure(figsize=(WIDTH, HEIGHT * panels), dpi=DOTS, facecolor=CARD)
        drawn.set_layout_engine("constrained", w_pad=0.16, h_pad=0.14)
        FigureCanvasAgg(drawn)
        axes = drawn.subplots(panels, 1, squeeze=False)[:, 0]
        at = iter(axes)
        if figures.coverage is not None:
            _coverage(next(at), figures.coverage)
        if figures.outcomes:
            _outcomes(next(at), figures.outcomes)
        made = BytesIO()
        drawn.savefig(made, format="png", facecolor=CARD, metadata={"Software": None})
        return made.getvalue()


def _coverage(axes: Axes, coverage: Coverage) -> None:
    """The share of pairs introduced, after each round of the season."""
    shares = [0.0, *coverage.shares()]
    rounds = range(len(shares))
    axes.fill_between(rounds, shares, color=MET, alpha=0.18, linewidth=0)
    axes.plot(rounds, shares, color=MET, linewidth=2, marker="o", markersize=4.5, clip_on=False)
    axes.set_ylim(0, 1.04)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.set_xlim(0, max(len(shares) - 1, 1))
    step = max(1, len(shares) // 10)
    axes.set_xticks([n for n in rounds if n and n % step == 0])
    axes.set_xlabel(wording.template("figures.axis_round"), color=QUIET, fontsize=9)
    _title(axes, wording.template("figures.chart_coverage"))


def _outcomes(axes: Axes, outcomes: tuple[Outcomes, ...]) -> None:
    """What became of matches, a bar a block of rounds."""
    places = range(len(outcomes))
    floor = [0] * len(outcomes)
    for key, colour in (
        ("met", MET),
        ("rescheduled", RESCHEDULED),
        ("not_this_time", NOT_THIS_TIME),
        ("unknown", UNKNOWN),
    ):
        counts = [getattr(one, key) for one in outcomes]
        label = wording.template(f"figures.legend_{key}")
        axes.bar(places, counts, bottom=floor, width=0.62, color=colour, label=label, edgecolor=CARD, lw=1)
        for place, count, under in zip(places, counts, floor, strict=True):
            if count:
                axes.text(
                    place, under + count / 2, str(count), ha="center", va="center", color=CARD, fontsize=9
                )
        floor = [under + count for under, count in zip(floor, counts, strict=True)]
    axes.set_xlim(-0.6, max(len(outcomes), 6) - 0.4)
    axes.set_xticks(list(places), [f"{one.last.day} {one.last:%b}" for one in outcomes])
    axes.set_xlabel(wording.template("figures.axis_rounds"), color=QUIET, fontsize=9)
    axes.set_yticks([])
    axes.set_ylim(0, max(floor) * 1.05)
    _title(axes, wording.template("figures.chart_outcomes"))
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.3),
        ncols=4,
        frameon=False,
        labelcolor=INK,
        fontsize=9,
        handlelength=0.9,
        handleheight=0.9,
    )


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, color=INK, fontsize=11, loc="left", pad=8)
    axes.set_facecolor(CARD)
    axes.tick_params(colors=QUIET, labelsize=9, length=0)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(RULE)
    axes.grid(axis="y", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
