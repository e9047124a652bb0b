"""Typed words as rich text: letter for letter and inert, but emoji and web addresses are what they were when typed.

Rich text has no markup, so nothing typed can become any; mentions are elements of their own, so nothing typed calls
anybody.
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from adapters.names import with_names
from adapters.texts import without_closing

Element = dict[str, Any]

LONGEST_TEXT = (
    3000  # characters of one text: https://docs.slack.dev/reference/block-kit/composition-objects/text-object
)
_LONGEST_ADDRESS = 2000  # bytes of what is shown as a link

_SPECIAL = re.compile(
    r"(?P<address>https?://[^\s<>\"\x00-\x20\x7f]+)"
    r"|(?<![A-Za-z0-9_]):(?P<emoji>(?:[+-]1|[a-z0-9_'+-]{0,50}[a-z][a-z0-9_'+-]{0,50})(?:::skin-tone-[2-6])?):"
)
_HOST = re.compile(r"\w[\w.-]*")
_ENDS_A_SENTENCE = ".,;:!?'*_~`"


def words(text: str, *, names: Mapping[str, str], bold: bool = False) -> list[Element]:
    """The elements that show a typed text; none for an empty one."""
    made: list[Element] = []
    for element in _elements(with_names(text, names)):
        if bold:
            element["style"] = {"bold": True}
        made.append(element)
    return made


def text_elements(text: str, *, style: str = "") -> Iterator[Element]:
    """A text as it is, in elements none of which is longer than Slack takes; nothing for an empty one."""
    for start in range(0, len(text), LONGEST_TEXT):
        element: Element = {"type": "text", "text": text[start : start + LONGEST_TEXT]}
        if style:
            element["style"] = {style: True}
        yield element


def read(elements: Iterable[Element], *, names: Mapping[str, str]) -> str:
    """Elements as text without markup."""

    def shown(element: Element) -> str:
        match element:
            case {"type": "text" | "link", "text": str(text)} | {"type": "date", "fallback": str(text)}:
                return text
            case {"type": "emoji", "name": name}:
                return f":{name}:"
            case {"type": "user", "user_id": account}:
                return f"@{names.get(account, account)}"
            case {"type": "channel", "channel_id": channel}:
                return f"#{names.get(channel, channel)}"
            case _:
                return ""

    return "".join(map(shown, elements))


def _elements(text: str) -> Iterator[Element]:
    done = 0
    for found in _SPECIAL.finditer(text):
        if (name := found["emoji"]) is not None:
            special, end = {"type": "emoji", "name": name}, found.end()
        else:
            address = without_closing(found["address"], marks=_ENDS_A_SENTENCE)
            if not _can_be_opened(address):
                continue
            special, end = {"type": "link", "url": address, "text": address}, found.start() + len(address)
        yield from text_elements(text[done : found.start()])
        yield special
        done = end
    yield from text_elements(text[done:])


def _can_be_opened(address: str) -> bool:
    """Whether Slack takes it for an address."""
    if len(address.encode(errors="replace")) > _LONGEST_ADDRESS:
        return False
    try:
        parts = urlsplit(address)
        return bool(_HOST.fullmatch(parts.hostname or "")) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
