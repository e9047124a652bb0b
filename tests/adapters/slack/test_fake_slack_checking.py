"""The make-believe Slack refuses blocks and views that the real one refuses, and takes the others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adapters.slack.speaking import BUTTONS, MODAL
from tests.fakes.slack.checking import block_problems, view_problems

Block = dict[str, Any]


def rich(*elements: Block, kind: str = "rich_text_section") -> Block:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> Block:
    return {"type": "button", "action_id": "a", "text": plain("Go"), **more}


def asking(element: Block, **more: Any) -> Block:
    return {"type": "input", "label": plain("?"), "element": element, **more}


BULLETS = {
    "type": "rich_text_list",
    "style": "bullet",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}],
}
TAKEN: list[Block] = [
    *BUTTONS,
    {"type": "divider"},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "small"}]},
    {"type": "rich_text", "elements": [BULLETS]},
    rich({"type": "text", "text": "<b>", "style": {"bold": True, "code": True}}, kind="rich_text_quote"),
    rich({"type": "user", "user_id": "U1"}, {"type": "emoji", "name": "tada"}),
    rich({"type": "date", "timestamp": 1, "format": "{date_long}", "fallback": "a day"}),
    {"type": "actions", "elements": [button(value="v" * 2000, style="primary")]},
    asking({"type": "plain_text_input", "action_id": "a", "max_length": 3000, "initial_value": "x" * 3000}),
]
REFUSED: dict[str, Block] = {
    "unsupported type": {"type": "paragraph"},
    "invalid additional property: colour": {"type": "divider", "colour": "red"},
    "less than 3001": {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}},
    "more than 0": {"type": "section", "text": {"type": "mrkdwn", "text": ""}},
    "less than 151": {"type": "header", "text": plain("x" * 151)},
    "missing required field: text": {"type": "header"},
    "no fewer than 1": {"type": "actions", "elements": []},
    "no more than 25": {"type": "actions", "elements": [button(action_id=str(n)) for n in range(26)]},
    "used twice": {"type": "actions", "elements": [button(), button()]},
    "less than 76": {"type": "actions", "elements": [button(text=plain("x" * 76))]},
    "less than 256": {"type": "actions", "elements": [button(action_id="x" * 256)]},
    "one of ['danger', 'primary']": {"type": "actions", "elements": [button(style="plain")]},
    "unsupported type: bold": rich({"type": "bold", "text": "x"}),
    "/blocks/0/elements/0/elements/0/text": rich({"type": "text", "text": ""}),
    "no such style": rich({"type": "text", "text": "x", "style": {"red": True}}),
    "whole number": rich({"type": "date", "timestamp": "1", "format": "{date}"}),
    "must be a rich_text_section": {
        "type": "rich_text",
        "elements": [{**BULLETS, "elements": [{"type": "text", "text": "one"}]}],
    },
    "must match": asking({"type": "datepicker", "action_id": "a", "initial_date": "30.11.2026"}),
    "must be one of the options": asking(
        {
            "type": "static_select",
            "action_id": "a",
            "options": [{"text": plain("one"), "value": "1"}],
            "initial_option": {"text": plain("two"), "value": "2"},
        }
    ),
    "less than 11 characters": asking(
        {"type": "plain_text_input", "action_id": "a", "max_length": 10, "initial_value": "x" * 11}
    ),
}


def test_what_slack_takes_is_taken() -> None:
    assert block_problems(TAKEN, surface="modal") == []


@pytest.mark.parametrize("why", REFUSED)
def test_what_slack_refuses_is_refused(why: str) -> None:
    found = block_problems([REFUSED[why]], surface="modal")
    assert any(why in problem for problem in found), found


def test_a_message_holds_fifty_blocks_and_each_has_a_name_of_its_own() -> None:
    assert block_problems([{"type": "divider"}] * 50) == []
    assert block_problems([{"type": "divider"}] * 51)
    assert block_problems([{"type": "divider", "block_id": "a"}] * 2)


@pytest.mark.parametrize(
    "change",
    [
        {"title": plain("x" * 25)},
        {"submit": plain("x" * 25)},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"blocks": [{"type": "divider"}] * 101},
        {"type": "home"},
        {"type": "page"},
        {"colour": "red"},
    ],
)
def test_views_have_limits(change: Block) -> None:
    assert view_problems(MODAL) == []
    assert view_problems({**MODAL, **change})


def test_inputs_need_a_button_to_send_them() -> None:
    assert view_problems({name: value for name, value in MODAL.items() if name != "submit"})
