"""Coverage by round, drawn in a terminal: three lines of Braille dots, told apart by their dashes and colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.console.output import row, table
from bot.domain.coverage_curves import Curve, Curves

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

ROWS = 15  # of the drawing, in lines of text
MARGIN = 9  # columns left of it
WIDEST = 100
TOLD = 10  # rounds in the table that stands for the drawing
_TOPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # of a Braille character, by column and row
_BRAILLE = 0x2800


@dataclass(frozen=True, slots=True)
class _Line:
    """How a line looks: of each `period` columns of dots the first `inked` are drawn."""

    name: str
    colour: str
    inked: int
    period: int
    curve: Curve


def text_curve(curves: Curves, *, width: int) -> list[Text]:
    """The drawing with its axes and legend, in lines of at most `width` columns (at least 40)."""
    from rich.text import Text

    columns = max(30, min(width, WIDEST) - MARGIN - 1)
    lines = _lines(curves)
    shares = [[0.0, *map(curves.share, line.curve.introduced)] for line in lines]
    highest = max(max(each) for each in shares)
    top = next((each for each in _TOPS if each >= highest), 1.0)
    rounds = len(curves.played.introduced)
    heights = [_heights(share, 2 * columns, 4 * ROWS, top) for share in shares]
    drawn = [_cells(each, line) for each, line in zip(heights, lines, strict=True)]
    labels = {0: _percent(top), ROWS // 2: _percent(top / 2), ROWS - 1: _percent(0)}
    told = [Text("Share of all pairs that have been introduced", style="bold")]
    for at in range(ROWS):
        label = labels.get(at, "")
        text = Text(f"{label:>{MARGIN - 2}} {'┤' if label else '│'}", style="dim")
        for column in range(columns):
            text.append(*_character([cells.get((column, at), 0) for cells in drawn], lines))
        text.rstrip()
        told.append(text)
    told += [Text(each, style="dim") for each in _axis(rounds, columns)]
    told += list(_legend(curves, lines))
    return told


def table_of(curves: Curves) -> Table:
    """The same as a table of some rounds, for a file or another program."""
    rounds = len(curves.played.introduced)
    lines = _lines(curves)[::-1]
    made = table("after round", *(line.name for line in lines))
    told = [*range(step := _step(rounds, TOLD), rounds, step), rounds] if rounds else []
    for number in told:
        row(made, str(number), *(_percent(curves.share(line.curve.introduced[number - 1])) for line in lines))
    return made


def _lines(curves: Curves) -> list[_Line]:
    """From the lowest layer to the highest."""
    return [
        _Line("the bound", "", 1, 4, curves.bound),
        _Line("random", "dark_orange", 4, 7, curves.by_lot),
        _Line("Kinkeeper", "bold green", 1, 1, curves.played),
    ]


def _heights(shares: Sequence[float], columns: int, rows: int, top: float) -> list[int]:
    """The row of dots, from below, that each column of dots has; the shares are spread over all columns."""
    found = []
    for column in range(columns):
        at = column * (len(shares) - 1) / (columns - 1)
        before = min(int(at), len(shares) - 2) if len(shares) > 1 else 0
        after = min(before + 1, len(shares) - 1)
        share = shares[before] + (at - before) * (shares[after] - shares[before])
        found.append(round(share / top * (rows - 1)))
    return found


def _cells(heights: Sequence[int], line: _Line) -> dict[tuple[int, int], int]:
    """The dots of each character, by its column and its row from above; steep parts are filled in."""
    cells: dict[tuple[int, int], int] = {}
    before = heights[0]
    for column, height in enumerate(heights):
        if column % line.period < line.inked:
            steep = range(min(before + 1, height), height + 1) if line.period == 1 else (height,)
            for dot in steep:
                from_above = 4 * ROWS - 1 - dot
                where = (column // 2, from_above // 4)
                cells[where] = cells.get(where, 0) | _DOTS[column % 2][from_above % 4]
        before = height
    return cells


def _character(layers: Sequence[int], lines: Sequence[_Line]) -> tuple[str, str]:
    """The dots of all layers in one character, in the colour of the highest that has any."""
    dots, colour = 0, ""
    for more, line in zip(layers, lines, strict=True):
        dots |= more
        colour = line.colour if more else colour
    return (chr(_BRAILLE + dots) if dots else " "), colour


def _axis(rounds: int, columns: int) -> Iterator[str]:
    """The axis of rounds, with a mark at round, or nearly round, numbers."""
    step = _step(rounds, 8)
    marks = ["─"] * columns
    numbers = [" "] * (columns + 1)
    for number in range(0, rounds + 1, step):
        at = round(number * (columns - 1) / max(rounds, 1))
        marks[at] = "┴"
        name = str(number)
        at = min(at, columns + 1 - len(name))
        numbers[at : at + len(name)] = name
    yield " " * (MARGIN - 1) + "└" + "".join(marks)
    yield f"{'round':>{MARGIN - 2}}  " + "".join(numbers).rstrip()


def _step(rounds: int, most: int) -> int:
    """1, 2 or 5 of a power of ten, so that `most` steps reach as far as the rounds."""
    size = 1
    while most * 5 * size < rounds:
        size *= 10
    return next(digit * size for digit in (1, 2, 5) if most * digit * size >= rounds)


def _legend(curves: Curves, lines: Sequence[_Line]) -> Iterator[Text]:
    from rich.text import Text

    widest = max(len(line.name) for line in lines)
    for line in reversed(lines):
        sample = _cells([1] * 8, line)
        text = Text(" " * MARGIN)
        text.append(
            "".join(chr(_BRAILLE + sample.get((at, ROWS - 1), 0)) for at in range(4)), style=line.colour
        )
        pairs = line.curve.pairs
        text.append(
            f"  {line.name:<{widest}}  {pairs} of {curves.possible} pairs, {_percent(curves.share(pairs))}"
        )
        if line.name == "the bound":
            reached = line.curve.introduced == lines[-1].curve.introduced
            text.append("; Kinkeeper reaches it" if reached else "; more is impossible")
        yield text


def _percent(share: float) -> str:
    """With as many digits as it takes to tell small shares apart."""
    return f"{100 * share:.0f} %" if share >= 0.1 or share == 0 else f"{100 * share:.2g} %"
