"""The config file's JSON Schema, for editors that complete and check TOML by one."""

from __future__ import annotations

from typing import Any

from bot.config.schema import Config


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the file; dates are their texts, and every key has a description."""
    schema = _plain(Config.model_json_schema(by_alias=True, mode="validation"))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "kinkeeper.toml",
        "description": "The config of Kinkeeper: one team, and its coffees, thanks and check-ins.",
    }


def _plain(node: Any) -> Any:
    """The schema without `null`, which TOML does not have, and without titles, which only repeat the keys."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    choices = [choice for choice in node.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        node = {**choices[0], **{key: value for key, value in node.items() if key != "anyOf"}}
    return {
        key: {name: _plain(inner) for name, inner in value.items()} if key == "properties" else _plain(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)
    }
