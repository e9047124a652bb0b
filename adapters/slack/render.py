"""A neutral message as Slack takes it: rich text, buttons, and a text for notifications and screen readers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.layout import bundles
from adapters.slack.mentions import escape
from adapters.slack.pieces import Block, Piece, alt, measure, pieces
from bot.domain.messages import File, Message

__all__ = ["MOST_BLOCKS", "Block", "Payload", "alt", "as_json", "blocks", "files", "payloads"]

MOST_BLOCKS = 50
"""Of one message. https://docs.slack.dev/reference/block-kit/blocks"""

LARGEST = 11_000
"""Bytes of one message's blocks, with a margin: above some 13,000 Slack says `msg_blocks_too_long`.

https://github.com/slackapi/bolt-js/issues/2509
"""

LARGEST_VIEW = 30_000
"""Bytes of what stands in a view beside its fields; of the whole, Slack says `view_too_large` above 250,000.

https://docs.slack.dev/reference/methods/views.open
"""

LONGEST_TEXT = 4_000
"""Bytes of the text beside the blocks, once escaped: a longer one `chat.update` refuses with `msg_too_long`.

https://docs.slack.dev/reference/methods/chat.update
"""

LONGEST_WHOLE = 39_000
"""Bytes; `chat.postMessage` cuts a text above 40,000. https://docs.slack.dev/reference/methods/chat.postMessage"""


@dataclass(frozen=True, slots=True)
class Payload:
    """One message for Slack: `blocks`, and the same in words for notifications and screen readers.

    The words are escaped and call nobody. `text` is short enough for `chat.update`; `whole`, which says all there is to
    say, for `chat.postMessage` alone.
    """

    text: str
    blocks: list[Block]
    whole: str = ""


def payloads(message: Message, *, names: Mapping[str, str], prefix: str = "") -> list[Payload]:
    """The message in as few of Slack's as hold it; none for a message without anything to show.

    `names` has the names of people and channels whom somebody mentioned in their words, by id. `prefix` stands before
    the commands of this workspace. Files are not in it (see `files`), only what they are.
    """
    return [_payload(together) for together in _packed(pieces(message, names=names, prefix=prefix))]


def blocks(message: Message, *, most: int, names: Mapping[str, str] = {}, prefix: str = "") -> list[Block]:
    """The whole message as at most `most` blocks of a view; paragraphs are joined where there are too many.

    What is beyond even so is left out.
    """
    found: list[Piece] = []
    room = LARGEST_VIEW
    for piece in pieces(message, names=names, prefix=prefix):
        room -= measure(piece.block or piece.content)
        if room < 0:
            break
        found.append(piece)
    made = _blocks(found)
    return (made if len(made) <= most else _blocks(found, apart=False))[:most]


def files(message: Message) -> list[File]:
    """The files of a message, to be uploaded."""
    return [part for part in message.parts if isinstance(part, File)]


def as_json(value: object) -> str:
    """A value as Slack wants it in a form's field."""
    return json.dumps(value, ensure_ascii=False)


def _text_of(found: Iterable[Piece]) -> str:
    """Pieces without markup, a piece a line; not escaped. Slack wants some text in any case."""
    text = "\n".join(piece.text for piece in found if piece.text)
    return text if text.strip() else "…"


def _payload(together: Sequence[Piece]) -> Payload:
    text = _text_of(together)
    return Payload(_cut(text, LONGEST_TEXT), _blocks(together), whole=_cut(text, LONGEST_WHOLE))


def _cut(text: str, most: int) -> str:
    """The text escaped, and ended with "…" where it would have more bytes."""
    if _bytes(escape(text)) <= most:
        return escape(text)
    room, kept = most - _bytes("…"), 0
    for kept, character in enumerate(text):  # noqa: B007 - where it ends is what is looked for
        room -= _bytes(escape(character))
        if room < 0:
            break
    return f"{escape(text[:kept]).rstrip()}…"


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _blocks(found: Iterable[Piece], *, apart: bool = True) -> list[Block]:
    """Rich text as few blocks, one a paragraph if they stand `apart`."""
    made: list[Block] = []
    for piece in found:
        if piece.block is not None:
            made.append(piece.block)
            continue
        if not made or made[-1]["type"] != "rich_text" or (piece.opens and apart):
            made.append({"type": "rich_text", "elements": []})
        _add(made[-1]["elements"], piece)
    return made


def _add(elements: list[Block], piece: Piece) -> None:
    """One more section, quote, or item of the list that stands last."""
    match piece.kind:
        case "item":
            section = {"type": "rich_text_section", "elements": list(piece.content)}
            if elements and elements[-1]["type"] == "rich_text_list":
                elements[-1]["elements"].append(section)
            else:
                elements.append({"type": "rich_text_list", "style": "bullet", "elements": [section]})
        case _:
            elements.append({"type": f"rich_text_{piece.kind}", "elements": list(piece.content)})


def _packed(found: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The pieces that go into one message together; what leans on another stays with it where that is possible."""
    packed: list[Piece] = []
    for bundle in bundles(found):
        for together in [bundle] if _fits(bundle) else [[piece] for piece in bundle]:
            if packed and not _fits([*packed, *together]):
                yield packed
                packed = []
            packed = [*packed, *together]
    if packed:
        yield packed


def _fits(together: Sequence[Piece]) -> bool:
    made = _blocks(together)
    return len(made) <= MOST_BLOCKS and measure(made) <= LARGEST
