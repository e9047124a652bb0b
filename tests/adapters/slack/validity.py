"""Whether Slack would take what is rendered for it: by slack_sdk's own models, and by the limits Slack documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from adapters.slack import render, views
from bot.domain.messages import Message
from tests.fakes.platform import FakePlatform
from tests.fakes.slack.checking import block_problems, is_too_large, view_problems
from tests.fakes.slack.escaping import called

LARGEST_MESSAGE = 12_000  # bytes of all blocks: https://github.com/slackapi/bolt-js/issues/2509
LONGEST_UPDATE = 4_000  # bytes: https://docs.slack.dev/reference/methods/chat.update
LONGEST_POST = 40_000  # characters: https://docs.slack.dev/reference/methods/chat.postMessage


def check_valid(rendered: render.Payload | Mapping[str, Any]) -> None:
    """Fails, saying why, if Slack would refuse a message or a view."""
    if isinstance(rendered, render.Payload):
        assert_blocks(rendered)
    else:
        assert view_problems(rendered) == []
        assert not is_too_large(dict(rendered))
        assert as_modelled(View(**rendered)) == without_emptiness(rendered)
        assert_distinct(rendered["blocks"])


def check_message(message: Message, *, names: Mapping[str, str] | None = None, prefix: str = "") -> None:
    """Fails if Slack would refuse what a neutral message becomes."""
    for payload in render.payloads(message, names=names or {}, prefix=prefix):
        check_valid(payload)


def assert_blocks(payload: render.Payload) -> None:
    assert payload.text.strip(), "a notification without words"
    assert payload.blocks, "a message without blocks"
    assert block_problems(payload.blocks) == []
    modelled = [as_modelled(block) for block in Block.parse_all(payload.blocks)]
    assert modelled == without_emptiness(payload.blocks)
    assert len(json.dumps(payload.blocks, ensure_ascii=False).encode()) <= LARGEST_MESSAGE
    assert len(payload.text.encode()) <= LONGEST_UPDATE
    assert len(payload.whole) <= LONGEST_POST
    assert called(payload.text) == called(payload.whole) == set()
    assert_distinct(payload.blocks)


def assert_distinct(blocks: list[dict[str, Any]]) -> None:
    """No two actions of one block have the same id. https://docs.slack.dev/reference/block-kit/block-elements"""
    for block in blocks:
        actions = [each["action_id"] for each in block.get("elements", ()) if "action_id" in each]
        assert len(actions) == len(set(actions))


def as_modelled(found: Block | View) -> Any:
    """What slack_sdk makes of it: it refuses what breaks the limits it knows, and drops what it does not know."""
    return without_emptiness(json.loads(json.dumps(found.to_dict())))


def without_emptiness(value: Any) -> Any:
    """A document without what stands for nothing: slack_sdk leaves `false` out in some places and not in others."""
    match value:
        case Mapping():
            return {k: without_emptiness(v) for k, v in value.items() if v is not None and v is not False}
        case list() | tuple():
            return [without_emptiness(each) for each in value]
        case _:
            return value


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object anywhere in a document."""
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def check_all(seen: FakePlatform) -> None:
    """Fails if Slack would have refused anything that a journey sent, changed, answered or asked on a platform.

    Journeys say much the same, so each message is looked at once.
    """
    names = {person.id: person.name for person in seen.people}
    for _, message in [*seen.versions, *seen.replies]:
        if (known := hash(repr(message))) not in _looked_at:
            check_message(message, names=names)
            _looked_at.add(known)
    for _, form in seen.forms:
        if (known := hash(repr(form))) not in _looked_at:
            check_valid(views.modal(form))
            _looked_at.add(known)


_looked_at: set[int] = set()
