"""Refuses blocks and views that Slack would refuse: structure, known properties, limits.

https://docs.slack.dev/reference/block-kit/blocks and https://docs.slack.dev/reference/views
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

from tests.fakes.slack.checking_elements import ELEMENTS, INPUTS, element
from tests.fakes.slack.checking_parts import items, known, member, optional, plain, required, string, text
from tests.fakes.slack.checking_rich_text import rich_text
from tests.fakes.slack.records import Json

Surface = Literal["message", "modal", "home"]
Problems = Iterator[str]

_BUTTONS_AND_MENUS = {*ELEMENTS} - {
    "image",
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
}
_MOST_BLOCKS: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}
_LARGEST_VIEW = 250_000


def block_problems(blocks: Any, *, surface: Surface = "message", at: str = "/blocks") -> list[str]:
    """What is wrong with these blocks, each with the place; nothing if Slack would take them."""
    if not isinstance(blocks, list):
        return [f"[ERROR] must be an array [json-pointer:{at}]"]
    found = [problem for i, block in enumerate(blocks) for problem in _block(block, f"{at}/{i}", surface)]
    if len(blocks) > _MOST_BLOCKS[surface]:
        found.append(f"[ERROR] no more than {_MOST_BLOCKS[surface]} items allowed [json-pointer:{at}]")
    ids = [b["block_id"] for b in blocks if isinstance(b, dict) and "block_id" in b]
    found += [f"[ERROR] block_id {i!r} is used twice [json-pointer:{at}]" for i in {*ids} if ids.count(i) > 1]
    return found


def view_problems(view: Any) -> list[str]:
    """What is wrong with a view."""
    if not isinstance(view, dict):
        return ["[ERROR] must be an object [json-pointer:/view]"]
    if view.get("type") not in {"modal", "home"}:
        return ["[ERROR] must be modal or home [json-pointer:/view/type]"]
    surface: Surface = view["type"]
    return [*_view(view, surface), *block_problems(view.get("blocks"), surface=surface, at="/view/blocks")]


def is_too_large(view: Json) -> bool:
    return len(json.dumps(view)) > _LARGEST_VIEW


def _view(view: Json, surface: Surface) -> Problems:
    shared = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
    modal = {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}
    yield from known(view, shared | (modal if surface == "modal" else set()), "/view")
    yield from string(view, "private_metadata", most=3000, at="/view")
    yield from string(view, "callback_id", most=255, at="/view")
    yield from string(view, "external_id", most=255, at="/view")
    if surface == "home":
        return
    yield from required(view, "title", plain(24), "/view")
    yield from optional(view, "submit", plain(24), "/view")
    yield from optional(view, "close", plain(24), "/view")
    if "submit" not in view and any(b.get("type") == "input" for b in _objects(view.get("blocks"))):
        yield "[ERROR] submit is required where there are inputs [json-pointer:/view]"


def _block(block: Any, at: str, surface: Surface) -> Problems:
    if not isinstance(block, dict):
        yield f"[ERROR] must be an object [json-pointer:{at}]"
        return
    check = _BLOCKS.get(str(block.get("type")))
    if check is None:
        yield f"[ERROR] unsupported type: {block.get('type')} [json-pointer:{at}/type]"
        return
    yield from string(block, "block_id", most=255, at=at)
    yield from check(block, at, surface)


def _section(block: Json, at: str, surface: Surface) -> Problems:
    yield from known(block, {"text", "fields", "accessory", "expand"}, at)
    if "text" not in block and "fields" not in block:
        yield f"[ERROR] text or fields is required [json-pointer:{at}]"
    yield from optional(block, "text", text(3000), at)
    if "fields" in block:
        yield from items(block, "fields", text(2000), least=1, most=10, at=at)
    yield from optional(block, "accessory", element({*ELEMENTS} - {"plain_text_input"}), at)


def _header(block: Json, at: str, surface: Surface) -> Problems:
    yield from known(block, {"text"}, at)
    yield from required(block, "text", plain(150), at)


def _divider(block: Json, at: str, surface: Surface) -> Problems:
    yield from known(block, set(), at)


def _context(block: Json, at: str, surface: Surface) -> Problems:
    def either(value: Any, where: str) -> Problems:
        is_image = isinstance(value, dict) and value.get("type") == "image"
        yield from (element({"image"}) if is_image else text(None))(value, where)

    yield from known(block, {"elements"}, at)
    yield from items(block, "elements", either, least=1, most=10, at=at)


def _actions(block: Json, at: str, surface: Surface) -> Problems:
    yield from known(block, {"elements"}, at)
    yield from items(block, "elements", element(_BUTTONS_AND_MENUS), least=1, most=25, at=at)
    ids = [e["action_id"] for e in _objects(block.get("elements")) if "action_id" in e]
    yield from (
        f"[ERROR] action_id {i!r} is used twice [json-pointer:{at}]" for i in {*ids} if ids.count(i) > 1
    )


def _image(block: Json, at: str, surface: Surface) -> Problems:
    yield from known(block, {"image_url", "slack_file", "alt_text", "title"}, at)
    yield from string(block, "image_url", most=3000, at=at)
    yield from string(block, "alt_text", least=1, most=2000, at=at, needed=True)
    yield from optional(block, "title", plain(2000), at)
    if ("image_url" in block) == ("slack_file" in block):
        yield f"[ERROR] one of image_url and slack_file is required [json-pointer:{at}]"


def _input(block: Json, at: str, surface: Surface) -> Problems:
    yield from known(block, {"label", "element", "hint", "optional", "dispatch_action"}, at)
    yield from required(block, "label", plain(2000), at)
    yield from optional(block, "hint", plain(2000), at)
    yield from required(block, "element", element(INPUTS), at)
    for flag in ("optional", "dispatch_action"):
        yield from member(block, flag, {True, False}, at)


def _markdown(block: Json, at: str, surface: Surface) -> Problems:
    yield from known(block, {"text"}, at)
    yield from string(block, "text", least=1, most=12_000, at=at, needed=True)


_Check = Callable[[Json, str, Surface], Problems]
_BLOCKS: Mapping[str, _Check] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": lambda block, at, surface: rich_text(block, at),
}


def _objects(value: Any) -> Sequence[Json]:
    return [o for o in value if isinstance(o, dict)] if isinstance(value, list) else []
