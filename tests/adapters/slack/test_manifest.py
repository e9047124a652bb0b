"""The manifest: Slack takes it, and it asks for no more than what the bot hears and does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from adapters.slack.manifest import EVENTS, HISTORY_SCOPES, SCOPES, manifest
from bot.domain.commands import COMMANDS

SPECS = Path(__file__).parents[4] / "shared" / "specs"
V1, V2 = "manifest.schema.1.0.0.json", "manifest.schema.2.0.0.json"
PUBLISHED = "https://raw.githubusercontent.com/slackapi/manifest-schema/v0.5.0/schemas/"
VARIANTS: list[dict[str, Any]] = [
    {},
    {"prefix": "kin"},
    {"prefix": "a-prefix-as-long-20c", "http": "https://kin.example.org", "with_history": True},
    {"http": "https://kin.example.org/"},
]


@pytest.mark.skipif(not SPECS.is_dir(), reason="Slack's schemas are not there")
@pytest.mark.parametrize("variant", VARIANTS)
def test_slacks_own_schemas_take_it(variant: dict[str, Any]) -> None:
    made = json.loads(json.dumps(manifest(**variant)))
    second = json.loads((SPECS / "manifest.v2.json").read_text())
    whole = json.loads((SPECS / "manifest.schema.json").read_text())
    published = [(PUBLISHED + name, _draft7(schema)) for name, schema in ((V1, {}), (V2, second))]
    assert [error.message for error in Draft7Validator(second).iter_errors(made)] == []
    validator = Draft7Validator(whole, registry=Registry().with_resources(published))
    assert [error.message for error in validator.iter_errors(made)] == []


def _draft7(schema: dict[str, Any]) -> Resource[Any]:
    return Resource.from_contents({"$schema": "http://json-schema.org/draft-07/schema#", **schema})


def test_every_command_is_there_with_what_may_follow_it() -> None:
    commands = {c["command"]: c for c in manifest()["features"]["slash_commands"]}
    assert list(commands) == [f"/{name}" for name in COMMANDS]
    assert "why" in commands["/coffee"]["usage_hint"].split(" | ")
    assert "reload" not in commands["/kinkeeper"]["usage_hint"]
    assert "thanks" in commands["/kinkeeper"]["usage_hint"]
    assert all(c["should_escape"] for c in commands.values()), "mentions would come as names"


def test_no_command_is_longer_than_slack_takes_with_the_longest_prefix() -> None:
    commands = manifest(prefix="a" * 20)["features"]["slash_commands"]
    assert max(len(c["command"]) for c in commands) <= 32


def test_it_asks_for_the_scopes_of_the_events_it_wants_and_nothing_of_the_history() -> None:
    made = manifest()
    granted = set(made["oauth_config"]["scopes"]["bot"])
    assert granted == set(SCOPES)
    assert granted.isdisjoint(HISTORY_SCOPES)
    for event in made["settings"]["event_subscriptions"]["bot_events"]:
        assert set(EVENTS[event]) <= granted, event


def test_nothing_is_heard_of_what_people_write_to_each_other() -> None:
    events = manifest(with_history=True)["settings"]["event_subscriptions"]["bot_events"]
    assert [event for event in events if event.startswith(("message", "app_mention", "reaction"))] == [
        "message.im"
    ]


def test_each_reason_for_a_scope_is_one_sentence() -> None:
    for reason in [*SCOPES.values(), *HISTORY_SCOPES.values()]:
        assert reason.endswith(".")
        assert ". " not in reason
        assert "|" not in reason
