"""The parts of a neutral message as pieces of blocks, each small enough to be kept in one message."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from adapters.layout import author_above
from adapters.names import with_names
from adapters.slack.sentences import sentence, told
from adapters.slack.texts import plain_text
from adapters.slack.words import LONGEST_TEXT, Element, read, text_elements, words
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

Block = dict[str, Any]

LARGEST = 7_000  # bytes of one piece, so that two fit where one does
LONGEST_LABEL = 75  # https://docs.slack.dev/reference/block-kit/block-elements/button-element
MOST_BUTTONS = (
    5  # side by side; Slack would take 25: https://docs.slack.dev/reference/block-kit/blocks/actions-block
)
LONGEST_ALT = 1_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Something of a message that stays whole: rich text of one kind, or a block of another."""

    kind: Literal["section", "item", "quote", "block"]
    content: Sequence[Element] = ()  # of rich text
    block: Block | None = None  # of any other kind
    text: str = ""  # the same without markup
    opens: bool = False  # stands apart from what is above it
    leans: bool = False  # must not be torn from what is above it


def pieces(message: Message, *, names: Mapping[str, str], prefix: str = "") -> list[Piece]:
    """The pieces of a message, in order; nothing for a part that has nothing to show.

    A sentence begins a paragraph; the list, the quote or the question after it belongs to it. A question of the team
    is set in bold. Whose words a quote has is said above it by name, unless the sentence above it says so already.
    """
    made: list[Piece] = []
    before: Part | None = None
    for part in message.parts:
        found = list(_of(part, before, names=names, prefix=prefix))
        if found and not made:
            found[0] = replace(found[0], leans=False)
        made += found
        before = part if found else before
    return made


def alt(file: File) -> str:
    """A file in words, for those who cannot open or see it."""
    return cut(told(file.alt, names={}), LONGEST_ALT)


def _of(part: Part, before: Part | None, *, names: Mapping[str, str], prefix: str) -> Iterator[Piece]:
    introduced = isinstance(before, Say)
    match part:
        case Say():
            content, text = _said(part, names, prefix)
            yield from _in_pieces(Piece("section", content, text=text, opens=True), names)
        case Line():
            content, text = _said(part.say, names, prefix)
            yield from _in_pieces(Piece("item", content, text=f"• {text}", leans=introduced), names)
        case Asked():
            content = words(part.text, names=names, bold=True)
            shown = with_names(part.text, names)
            yield from _in_pieces(
                Piece("section", content, text=shown, opens=not introduced, leans=introduced), names
            )
        case Quote():
            yield from _quoted(part, before, names)
        case Buttons():
            buttons = _buttons(part.buttons, names=names, prefix=prefix)
            for start in range(0, len(buttons), MOST_BUTTONS):
                row = buttons[start : start + MOST_BUTTONS]
                labels = " ".join(f"[{each['text']['text']}]" for each in row)
                yield _block({"type": "actions", "elements": row}, labels, leans=True)
        case File():
            note = plain_text(f"{part.name}: {alt(part)}", LONGEST_ALT, emoji=False)
            yield _block({"type": "context", "elements": [note]}, f"({note['text']})")


def _said(say: Say, names: Mapping[str, str], prefix: str) -> tuple[list[Element], str]:
    return sentence(say, names=names, prefix=prefix), told(say, names=names, prefix=prefix)


def _quoted(quote: Quote, before: Part | None, names: Mapping[str, str]) -> Iterator[Piece]:
    content, text = words(quote.words, names=names), with_names(quote.words, names)
    if not content:
        return
    introduced = isinstance(before, Say | Asked)
    if (by := author_above(quote, before)) is not None:
        author = f"{Plain().person(by)}:"
        named = list(text_elements(author))
        yield Piece("section", named, text=author, opens=not introduced, leans=introduced)
        introduced = True
    apart = isinstance(before, Quote) and not introduced  # or two quotes would look like one
    yield from _in_pieces(Piece("quote", content, text=text, opens=apart, leans=introduced), names)


def _buttons(row: Sequence[Button], *, names: Mapping[str, str], prefix: str) -> list[Element]:
    """The buttons of a row; of two that mean the same, the first. An action's id is its meaning.

    https://docs.slack.dev/reference/block-kit/block-elements/button-element
    """
    made: dict[str, Element] = {}
    for button in row:
        label = plain_text(told(button.label, names=names, prefix=prefix), LONGEST_LABEL)
        element = {"type": "button", "action_id": button.action, "value": button.action, "text": label}
        if button.style != "plain":
            element["style"] = button.style
        made.setdefault(button.action, element)
    return list(made.values())


def _block(block: Block, text: str, *, leans: bool = False) -> Piece:
    return Piece("block", block=block, text=text, leans=leans)


def _in_pieces(piece: Piece, names: Mapping[str, str]) -> Iterator[Piece]:
    """The piece, or several in its place that are small enough; nothing for an empty one."""
    parts: list[list[Element]] = [[]]
    size = 0
    for element in (smaller for each in piece.content for smaller in _smaller(each)):
        more = measure(element)
        if size + more > LARGEST and parts[-1]:
            parts.append([])
            size = 0
        parts[-1].append(element)
        size += more
    if len(parts) == 1:
        if parts[0]:
            yield piece
        return
    for i, content in enumerate(parts):
        opens, leans = piece.opens and i == 0, piece.leans and i == 0
        text = read(content, names=names)
        yield replace(piece, content=content, text=text, opens=opens, leans=leans)


def _smaller(element: Element) -> Iterator[Element]:
    """A text in halves until each is small: a character may take up to six bytes."""
    if measure(element) <= LARGEST or element["type"] != "text":
        yield element
        return
    half = min(len(element["text"]) // 2, LONGEST_TEXT)
    for text in (element["text"][:half], element["text"][half:]):
        yield from _smaller({**element, "text": text})


def measure(content: object) -> int:
    """How much of a message something takes up, in bytes."""
    return len(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
