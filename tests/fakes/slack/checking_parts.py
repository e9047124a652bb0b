"""The small checks that those of blocks, elements and views are made of; each yields what is wrong, with the place.

https://docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from tests.fakes.slack.records import Json

Problems = Iterator[str]
Check = Callable[[Any, str], Problems]

_ALWAYS = {"type", "block_id"}


def known(value: Json, names: Collection[str], at: str) -> Problems:
    """No property but these."""
    for name in value.keys() - _ALWAYS - {*names}:
        yield f"[ERROR] invalid additional property: {name} [json-pointer:{at}]"


def required(value: Json, name: str, check: Check, at: str) -> Problems:
    if name not in value:
        yield f"[ERROR] missing required field: {name} [json-pointer:{at}]"
    else:
        yield from check(value[name], f"{at}/{name}")


def optional(value: Json, name: str, check: Check, at: str) -> Problems:
    if name in value:
        yield from check(value[name], f"{at}/{name}")


def string(
    value: Json, name: str, *, at: str, least: int = 0, most: int | None = None, needed: bool = False
) -> Problems:
    """A text of so many characters under that name."""
    if name not in value:
        if needed:
            yield f"[ERROR] missing required field: {name} [json-pointer:{at}]"
        return
    written = value[name]
    if not isinstance(written, str):
        yield f"[ERROR] must be a string [json-pointer:{at}/{name}]"
    elif most is not None and len(written) > most:
        yield f"[ERROR] must be less than {most + 1} characters [json-pointer:{at}/{name}]"
    elif len(written) < least:
        yield f"[ERROR] must be more than {least - 1} characters [json-pointer:{at}/{name}]"


def number(value: Json, name: str, *, at: str, least: int, most: int) -> Problems:
    if name in value:
        given = value[name]
        if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
            yield f"[ERROR] must be a number from {least} to {most} [json-pointer:{at}/{name}]"


def member(value: Json, name: str, allowed: Collection[Any], at: str) -> Problems:
    if name in value and value[name] not in allowed:
        yield f"[ERROR] must be one of {sorted(map(str, allowed))} [json-pointer:{at}/{name}]"


def items(
    value: Json, name: str, check: Check, *, at: str, least: int = 0, most: int | None = None
) -> Problems:
    """A list of so many things that each pass."""
    there = value.get(name)
    if not isinstance(there, list):
        yield f"[ERROR] missing required field: {name} [json-pointer:{at}]"
        return
    if most is not None and len(there) > most:
        yield f"[ERROR] no more than {most} items allowed [json-pointer:{at}/{name}]"
    if len(there) < least:
        yield f"[ERROR] no fewer than {least} items allowed [json-pointer:{at}/{name}]"
    for i, one in enumerate(there):
        yield from check(one, f"{at}/{name}/{i}")


def text(most: int | None, *, kinds: Collection[str] = ("plain_text", "mrkdwn")) -> Check:
    """A text object of at least one character."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, dict):
            yield f"[ERROR] must be an object [json-pointer:{at}]"
            return
        kind = value.get("type")
        if kind not in kinds:
            yield f"[ERROR] must be one of {sorted(kinds)} [json-pointer:{at}/type]"
        yield from known(value, {"text", "emoji" if kind == "plain_text" else "verbatim"}, at)
        yield from string(value, "text", least=1, most=most, at=at, needed=True)

    return check


def plain(most: int) -> Check:
    return text(most, kinds=("plain_text",))


def option(kinds: Collection[str]) -> Check:
    """https://docs.slack.dev/reference/block-kit/composition-objects/option-object"""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, dict):
            yield f"[ERROR] must be an object [json-pointer:{at}]"
            return
        yield from known(value, {"text", "value", "description", "url"}, at)
        yield from required(value, "text", text(75, kinds=kinds), at)
        yield from string(value, "value", least=1, most=150, at=at, needed=True)
        yield from optional(value, "description", text(75, kinds=kinds), at)

    return check


def confirm(value: Any, at: str) -> Problems:
    """https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object"""
    if not isinstance(value, dict):
        yield f"[ERROR] must be an object [json-pointer:{at}]"
        return
    yield from known(value, {"title", "text", "confirm", "deny", "style"}, at)
    yield from required(value, "title", plain(100), at)
    yield from required(value, "text", text(300), at)
    yield from required(value, "confirm", plain(30), at)
    yield from required(value, "deny", plain(30), at)
    yield from member(value, "style", {"primary", "danger"}, at)
