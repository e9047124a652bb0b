"""Refuses rich text that Slack would refuse.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tests.fakes.slack.checking_parts import Problems, items, known, member, number, optional, string
from tests.fakes.slack.records import Json

_STYLES = {"bold", "italic", "strike", "highlight", "client_highlight", "unlink", "underline"}
_INLINE: Mapping[str, tuple[Collection[str], Collection[str]]] = {  # type: its needed texts, its other properties
    "text": ({"text"}, set()),
    "link": ({"url"}, {"text", "unsafe"}),
    "user": ({"user_id"}, set()),
    "usergroup": ({"usergroup_id"}, set()),
    "channel": ({"channel_id"}, set()),
    "emoji": ({"name"}, {"unicode", "skin_tone", "display_url"}),
    "broadcast": ({"range"}, set()),
    "color": ({"value"}, set()),
    "date": ({"format"}, {"timestamp", "url", "fallback"}),
}


def rich_text(block: Json, at: str) -> Problems:
    yield from known(block, {"elements"}, at)
    yield from items(block, "elements", _part, least=1, at=at)


def _part(value: Any, at: str) -> Problems:
    match value:
        case {"type": "rich_text_section"}:
            yield from known(value, {"elements"}, at)
            yield from items(value, "elements", _inline, at=at)
        case {"type": "rich_text_quote" | "rich_text_preformatted"}:
            yield from known(value, {"elements", "border"}, at)
            yield from items(value, "elements", _inline, at=at)
            yield from number(value, "border", least=0, most=1, at=at)
        case {"type": "rich_text_list"}:
            yield from known(value, {"elements", "style", "indent", "offset", "border"}, at)
            yield from items(value, "elements", _item, at=at)
            if "style" not in value:
                yield f"[ERROR] missing required field: style [json-pointer:{at}]"
            yield from member(value, "style", {"bullet", "ordered"}, at)
            yield from number(value, "indent", least=0, most=8, at=at)
            yield from number(value, "border", least=0, most=1, at=at)
        case _:
            yield f"[ERROR] unsupported type in rich text [json-pointer:{at}]"


def _item(value: Any, at: str) -> Problems:
    if not isinstance(value, dict) or value.get("type") != "rich_text_section":
        yield f"[ERROR] an item of a list must be a rich_text_section [json-pointer:{at}]"
        return
    yield from _part(value, at)


def _inline(value: Any, at: str) -> Problems:
    kind = str(value.get("type") if isinstance(value, dict) else value)
    if kind not in _INLINE:
        yield f"[ERROR] unsupported type: {kind} [json-pointer:{at}]"
        return
    needed, others = _INLINE[kind]
    yield from known(value, {*needed, *others, "style"}, at)
    for name in needed:
        yield from string(value, name, least=1, at=at, needed=True)
    if kind == "link":
        yield from string(value, "text", least=1, at=at)
    if kind == "broadcast":
        yield from member(value, "range", {"here", "channel", "everyone"}, at)
    if kind == "date" and (
        not isinstance(value.get("timestamp"), int) or isinstance(value["timestamp"], bool)
    ):
        yield f"[ERROR] timestamp must be a whole number [json-pointer:{at}]"
    yield from optional(value, "style", _style, at)


def _style(value: Any, at: str) -> Problems:
    if not isinstance(value, dict):
        yield f"[ERROR] must be an object [json-pointer:{at}]"
        return
    for name, chosen in value.items():
        if name not in {*_STYLES, "code"} or not isinstance(chosen, bool):
            yield f"[ERROR] no such style: {name} [json-pointer:{at}]"
