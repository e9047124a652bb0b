"""Pieces of a message put into as few of Discord's messages as hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from adapters.discord.pieces import IN_ITEM, ITEM, ROW, Json, Piece, Shown
from adapters.discord.words import Atom
from adapters.layout import bundles

LONGEST = (
    2000  # characters of one message: https://docs.discord.com/developers/resources/message#create-message
)
MOST_ROWS = 5  # https://docs.discord.com/developers/components/reference#legacy-message-component-behavior
LITTLE = (
    600  # characters of room in which no line is begun that has to be torn; more than the longest atom has
)


@dataclass(slots=True)
class Packed:
    """One of Discord's messages, as far as it is filled."""

    lines: list[Shown] = field(default_factory=list)
    rows: list[Sequence[Json]] = field(default_factory=list)

    @property
    def content(self) -> str:
        """The lines as they are sent; Discord takes the space around them away."""
        written: list[str] = []
        for line in self.lines:
            if written and line.apart:
                written.append("")
            if written or not line.is_blank():
                written.append(line.written())
        for line in reversed(self.lines):
            if not line.is_blank():
                break
            del written[-1:]
        return "\n".join(written).strip()

    @property
    def components(self) -> list[Json]:
        """The rows of buttons; of several that mean the same, the first."""
        known: set[str] = set()
        made: list[Json] = []
        for row in self.rows:
            new = [b for number, b in enumerate(row) if _is_first(b, known, row[:number])]
            known |= {button["custom_id"] for button in new}
            if new:
                made.append({"type": ROW, "components": new})
        return made

    @property
    def calls(self) -> tuple[str, ...]:
        """The ids of the people whom it mentions."""
        return tuple(dict.fromkeys(a.calls for line in self.lines for a in line.atoms if a.calls))

    def is_small(self) -> bool:
        """Whether Discord takes it."""
        return len(self.rows) <= MOST_ROWS and len(self.content) <= LONGEST

    def is_clear(self) -> bool:
        """Whether each button can be told from the others by its label."""
        buttons = [button for row in self.components for button in row["components"]]
        return len({button["label"] for button in buttons}) == len(buttons)

    def with_(self, bundle: Sequence[Piece]) -> Packed:
        """The same with more in it."""
        more = [line for piece in bundle for line in piece.lines]
        rows = [piece.row for piece in bundle if piece.row]
        return Packed([*self.lines, *more], [*self.rows, *rows])


def packed(found: Sequence[Piece]) -> Iterator[Packed]:
    """Messages with all the pieces, in order; the first may be empty.

    What leans on another piece stays with it where that is possible. The buttons of a message stand at its end, in the
    order of what they are about; where two would read alike and mean different things, a further message begins.
    """
    here = Packed()
    for bundle in bundles(found):
        for together in [bundle] if Packed().with_(bundle).is_small() else _apart(bundle):
            alone, fuller = Packed().with_(together), here.with_(together)
            if fuller.is_small() and fuller.is_clear():
                here = fuller
            elif alone.is_small():
                yield here
                here = alone
            else:  # a line too long for one message
                *whole, here = _torn(here, together[0].lines[0])
                yield from whole
    yield here


def _apart(bundle: Sequence[Piece]) -> Iterator[list[Piece]]:
    """A bundle too large for one message, line by line."""
    for piece in bundle:
        if piece.row:
            yield [piece]
        for line in piece.lines:
            yield [Piece(lines=[line])]


def _torn(here: Packed, line: Shown) -> Iterator[Packed]:
    """The message that is being filled, and as many more as it takes to hold a line; the last may have room left."""
    room = LONGEST - len(here.content) - line.overhead()
    first_word = _size(next(_words(line.atoms)))
    if room < LITTLE or room < first_word <= LONGEST - line.overhead() or here.rows:
        yield here
        here, room = Packed(), LONGEST - line.overhead()
    part = line
    for atoms in _parts(line.atoms, room, LONGEST - line.overhead()):
        if part is not line:
            yield here
            here = Packed()
        here.lines.append(replace(part, atoms=atoms))
        part = replace(line, mark=IN_ITEM if line.mark == ITEM else line.mark, apart=False, atoms=())
    yield here


def _parts(atoms: Sequence[Atom], first: int, further: int) -> Iterator[list[Atom]]:
    """Atoms in parts of at most so many characters, torn between words where that is possible."""
    part: list[Atom] = []
    room = first
    for word in _words(atoms):
        for together in [word] if _size(word) <= further else [[atom] for atom in word]:
            if _size(together) > room and part:
                yield part
                part, room = [], further
                together = [atom for atom in together if not atom.text.isspace()]
            part += together
            room -= _size(together)
    if part:
        yield part


def _words(atoms: Sequence[Atom]) -> Iterator[list[Atom]]:
    """Atoms that should stay together: a word with the space before it."""
    word: list[Atom] = []
    for atom in atoms:
        if atom.text.isspace() and not all(each.text.isspace() for each in word):
            yield word
            word = []
        word.append(atom)
    if word:
        yield word


def _size(atoms: Sequence[Atom]) -> int:
    return sum(len(atom.text) for atom in atoms)


def _is_first(button: Json, known: set[str], before: Sequence[Json]) -> bool:
    return button["custom_id"] not in known and all(b["custom_id"] != button["custom_id"] for b in before)
