"""The parts of a neutral message as lines of Markdown and rows of buttons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.discord.sentences import sentence, told
from adapters.discord.texts import label
from adapters.discord.words import Atom, lines, words, written
from adapters.layout import author_above
from adapters.texts import cut
from bot.domain.messages import (
    Asked,
    Button,
    Buttons,
    File,
    Line,
    Message,
    Part,
    Quote,
    Say,
)
from bot.domain.phrasing import Plain

Json = dict[str, Any]

MOST_BUTTONS = 5  # of a row: https://docs.discord.com/developers/components/reference#action-row
LONGEST_LABEL = 80  # https://docs.discord.com/developers/components/reference#button
LONGEST_ALT = (
    1000  # Discord takes 1024: https://docs.discord.com/developers/resources/message#attachment-object
)

ROW, BUTTON = (
    1,
    2,
)  # https://docs.discord.com/developers/components/reference#component-object-component-types
STYLES = {"primary": 1, "plain": 2, "danger": 4}
QUOTED, ITEM, IN_ITEM, SMALL = "> ", "- ", "  ", "-# "


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a message. It can be torn between its atoms."""

    atoms: Sequence[Atom]
    mark: str = ""  # what stands before it
    bold: bool = False
    apart: bool = False  # with an empty line above it

    def written(self) -> str:
        """The line as it is sent."""
        text = written(self.atoms)
        return f"{self.mark}**{text}**" if self._is_bold(text) else f"{self.mark}{text}"

    def overhead(self) -> int:
        """How many characters it takes besides its atoms, at most."""
        return len("\n\n") + len(self.mark) + len("****") + len("\\")

    def is_blank(self) -> bool:
        """Whether there is nothing to see in it."""
        return all(atom.text.isspace() for atom in self.atoms)

    def _is_bold(self, text: str) -> bool:
        """An address with a star in it would end the bold early."""
        return (
            self.bold
            and bool(text.strip())
            and not any("://" in a.text and "*" in a.text for a in self.atoms)
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of one kind, or a row of buttons."""

    lines: Sequence[Shown] = ()
    row: Sequence[Json] = ()
    leans: bool = False  # must not be torn from what is above it


def pieces(message: Message, *, names: Mapping[str, str]) -> list[Piece]:
    """The pieces of a message, in order; nothing for a part that has nothing to show.

    A sentence begins a paragraph; the list, the quote or the question after it belongs to it. A question of the team
    is set in bold. Whose words a quote has is said above it by name, unless the sentence above it says so already.
    """
    made: list[Piece] = []
    before: Part | None = None
    for part in message.parts:
        found = list(_of(part, before, names))
        made += found
        before = part if found else before
    return made


def alt(file: File) -> str:
    """A file in words, for those who cannot open or see it."""
    return cut(told(file.alt, names={}), LONGEST_ALT)


def _of(part: Part, before: Part | None, names: Mapping[str, str]) -> Iterator[Piece]:
    introduced = isinstance(before, Say)
    match part:
        case Say():
            yield from _text(sentence(part, names=names), opens=True)
        case Line():
            yield from _text(
                sentence(part.say, names=names),
                mark=ITEM,
                opens=not isinstance(before, Say | Line),
                leans=introduced,
            )
        case Asked():
            yield from _text(words(part.text, names=names), bold=True, opens=not introduced, leans=introduced)
        case Quote():
            yield from _quoted(part, before, names)
        case Buttons():
            buttons = [_button(button, names) for button in part.buttons]
            for start in range(0, len(buttons), MOST_BUTTONS):
                yield Piece(row=buttons[start : start + MOST_BUTTONS], leans=True)
        case File():
            about = words(f"{part.name}: {alt(part)}", names={})
            yield from _text(about, mark=SMALL, opens=True, leans=True)


def _quoted(quote: Quote, before: Part | None, names: Mapping[str, str]) -> Iterator[Piece]:
    introduced = isinstance(before, Say | Asked)
    quoted = list(_text(words(quote.words, names=names), mark=QUOTED, opens=not introduced, leans=introduced))
    if not quoted:
        return
    if (by := author_above(quote, before)) is not None:
        author = words(f"{Plain().person(by)}:", names={})
        yield from _text(author, opens=not introduced, leans=introduced)
        quoted = list(_text(words(quote.words, names=names), mark=QUOTED, opens=False, leans=True))
    yield from quoted


def _button(button: Button, names: Mapping[str, str]) -> Json:
    """https://docs.discord.com/developers/components/reference#button"""
    return {
        "type": BUTTON,
        "style": STYLES[button.style],
        "label": label(told(button.label, names=names), LONGEST_LABEL),
        "custom_id": button.action,
    }


def _text(
    atoms: Iterator[Atom] | list[Atom],
    *,
    mark: str = "",
    bold: bool = False,
    opens: bool = False,
    leans: bool = False,
) -> Iterator[Piece]:
    """The lines of a text, without empty ones around it; nothing for a blank text."""
    shown = [Shown(line, mark=mark, bold=bold) for line in lines(atoms)]
    while shown and shown[0].is_blank():
        shown.pop(0)
    while shown and shown[-1].is_blank():
        shown.pop()
    if shown:
        shown = [replace(shown[0], apart=opens), *(_continued(line) for line in shown[1:])]
        yield Piece(lines=shown, leans=leans)


def _continued(line: Shown) -> Shown:
    """A line below the first of its kind."""
    return replace(line, mark=IN_ITEM if line.mark == ITEM else line.mark, apart=False)
