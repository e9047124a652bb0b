"""Turning what pydantic found wrong with a table into sentences for its author."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.checkins import Question
from bot.config.fields import Table
from bot.config.leaks import ADVICE, names_secret
from bot.config.positions import Path
from bot.config.schema import RITUALS
from bot.config.spelling import expected, nearest, one_of, quoted
from bot.config.team import RetentionConfig, TeamConfig, TurnWeights

Finding = tuple[Path, str]  # where, and a sentence on what is wrong there

_INNER: dict[str, type[Table]] = {"turn_weights": TurnWeights, "questions": Question}
_HOMES: dict[str, type[Table]] = {
    "[team]": TeamConfig,
    "[retention]": RetentionConfig,
    **{f"[[{kind}]]": model for kind, model in RITUALS.items()},
}
_KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "string_type": "a text in quotes",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
_MISSING = {
    "name": "A name is missing. Expected one, such as name = {example}.",
    "channel": 'It does not say where. Expected a channel, such as channel = "slack:#coffee".',
    "kind": 'It does not say what it is. Expected kind = "host", "ring" or "questions".',
    "prompts": 'There is nothing to ask. Expected some, such as prompts = ["Who made your week lighter?"].',
    "ask": 'The question is missing. Expected one, such as ask = "How was your week?".',
}


def errors_of(error: ValidationError) -> list[ErrorDetails]:
    """All errors but those that follow from others: a list is not empty because its entries are wrong."""
    errors = error.errors(include_url=False)
    places = [one["loc"] for one in errors]
    return [
        one
        for one in errors
        if one["type"] != "too_short"
        or not any(len(p) > len(one["loc"]) and p[: len(one["loc"])] == one["loc"] for p in places)
    ]


def explain(error: ErrorDetails, *, table: Mapping[str, Any], model: type[Table]) -> Finding:
    """Where in the table one error lies, and the sentence for it."""
    where = _place(error["loc"], table)
    if error["type"] == "extra_forbidden":
        return where, unknown_key(
            str(where[-1]), model=_INNER.get(str(where[0]), model) if where[1:] else model
        )
    if error["type"] == "missing":
        key = str(error["loc"][-1])
        example = quoted("Acme" if model is TeamConfig else "monday-coffee")
        return (*where, key), _MISSING[key].replace("{example}", example)
    return where, _sentence(error)


def unknown_key(key: str, *, model: type[Table]) -> str:
    """What to say of a key that the table does not have."""
    if names_secret(key):
        return f"{quoted(key)} looks like a secret. {ADVICE}"
    homes = [home for home, other in _HOMES.items() if key in other.keys()]  # noqa: SIM118
    if homes and model not in _INNER.values():
        return f"There is no key {quoted(key)} here: it belongs in {' or '.join(homes)}."
    return unknown(key, what="key", known=model.keys())


def unknown(word: str, *, what: str, known: Sequence[str]) -> str:
    """What to say of a word that is none of the known ones."""
    near = nearest(word, known)
    hint = f"Did you mean {quoted(near)}?" if near else f"Expected {one_of(known)}."
    return f"There is no {what} {quoted(word)} here. {hint}"


def _place(loc: Sequence[str | int], table: Mapping[str, Any]) -> Path:
    """The part of pydantic's location that is in the file: it also names alternatives of its own."""
    path: Path = ()
    inner: Any = table
    for part in loc:
        in_table = isinstance(inner, dict) and part in inner
        in_list = isinstance(inner, list) and isinstance(part, int) and part < len(inner)
        if in_table or in_list:
            path = (*path, part)
            inner = inner[part]
    return path


def _sentence(error: ErrorDetails) -> str:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind in _KINDS:
        return str(expected(_KINDS[kind], value))
    match kind:
        case "literal_error":
            words = re.findall(r"'([^']*)'", str(context["expected"]))
            near = nearest(value, words) if isinstance(value, str) else None
            return str(expected(one_of(words), value)) + (f" Did you mean {quoted(near)}?" if near else "")
        case "greater_than_equal":
            return str(expected(f"{context['ge']} or more", value))
        case "less_than_equal":
            return str(expected(f"{context['le']} or less", value))
        case "too_short":
            return "This list is empty. Expected at least one entry."
        case "too_long" if isinstance(error["input"], str):
            return f"This text is too long. Expected at most {context['max_length']} characters."
        case "too_long":
            return (
                f"This list has {context['actual_length']} entries. Expected at most {context['max_length']}."
            )
        case "string_too_short":
            return str(expected("some words", value))
        case "string_too_long":
            return f"This text is too long. Expected at most {context['max_length']} characters."
        case _:
            return f"{error['msg'].rstrip('.')}."
