"""Holds requests (and the make-believe Discord's own answers) against Discord's published description of its API.

The description is looked for beside the repository; without it nothing is held against anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.fakes.discord.records import Json
from tests.fakes.discord.refusals import Problems

DESCRIPTION = Path(__file__).resolve().parents[4] / "shared" / "specs" / "discord-openapi.json"


def is_there() -> bool:
    return DESCRIPTION.is_file()


@lru_cache(maxsize=1)
def _description() -> Json:
    found: Json = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=2)
def _registry(*, takes_numbers: bool) -> Registry[Any]:
    """In requests Discord takes an id as a number too. https://docs.discord.com/developers/reference#snowflakes"""
    found = _description()
    if takes_numbers:
        schemas = found["components"]["schemas"]
        either = {"anyOf": [schemas["SnowflakeType"], {"type": "integer", "minimum": 0}]}
        found = found | {"components": found["components"] | {"schemas": schemas | {"SnowflakeType": either}}}
    resource = Resource.from_contents(found, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:discord", resource)
    return registry


@lru_cache(maxsize=512)
def _validator(pointer: str, *, takes_numbers: bool = False) -> Draft202012Validator:
    registry = _registry(takes_numbers=takes_numbers)
    return Draft202012Validator({"$ref": f"urn:discord#{pointer}"}, registry=registry)


def is_documented(method: str, path: str) -> bool:
    """Whether the description knows the request; `path` as it stands there."""
    return not is_there() or method.lower() in _description()["paths"].get(path, {})


def request_problems(method: str, path: str, query: Mapping[str, str], body: Any) -> list[str]:
    """What is wrong in a request, a line each; the body as it stands in JSON, None where there is none."""
    if not is_there():
        return []
    about = _description()["paths"][path][method.lower()]
    problems = []
    known = {p["name"]: p["schema"] for p in about.get("parameters", ()) if p["in"] == "query"}
    for name, value in query.items():
        if name not in known:
            problems.append(f"?{name}: no such parameter")
        elif error := best_match(
            _query_validator(json.dumps(known[name])).iter_errors(_as_meant(known[name], value))
        ):
            problems.append(f"?{name}: {error.message}")
    content = about.get("requestBody", {}).get("content", {})
    if body is not None and "application/json" in content:
        pointer = f"/paths/{_escaped(path)}/{method.lower()}/requestBody/content/application~1json/schema"
        problems += _problems(_validator(pointer, takes_numbers=True), body)
    elif about.get("requestBody", {}).get("required"):
        problems.append("a body is required")
    return problems


def answer_problems(method: str, path: str, status: int, body: Any) -> list[str]:
    """What is wrong in an answer, a line each."""
    if not is_there():
        return []
    answers = _description()["paths"][path][method.lower()]["responses"]
    if str(status) not in answers:
        return [f"the status {status} is not documented; {sorted(answers)} are"]
    if "application/json" not in answers[str(status)].get("content", {}):
        return [] if body is None else ["there should be no body"]
    pointer = f"/paths/{_escaped(path)}/{method.lower()}/responses/{status}/content/application~1json/schema"
    return _problems(_validator(pointer), body)


def as_form_errors(problems: list[str]) -> Json:
    """The problems as the nested `errors` of "Invalid Form Body"."""
    form = Problems()
    for problem in problems:
        where, _, words = problem.partition(": ")
        form.add(where.strip("?/").replace("/", "."), "SCHEMA", words)
    return form.tree


def _problems(validator: Draft202012Validator, body: Any) -> list[str]:
    error = best_match(validator.iter_errors(body))
    return [f"{'/'.join(map(str, _place(error)))}: {error.message[:300]}"] if error else []


def _place(error: ValidationError) -> list[object]:
    return list(error.absolute_path)


@lru_cache(maxsize=256)
def _query_validator(schema: str) -> Draft202012Validator:
    inner = json.loads(schema.replace("#/components", "urn:discord#/components"))
    return Draft202012Validator(inner, registry=_registry(takes_numbers=False))


def _as_meant(schema: Json, value: str) -> Any:
    """What a text in an address means."""
    kinds = schema.get("type", "string")
    if "boolean" in kinds and value.lower() in {"0", "1", "true", "false"}:
        return value.lower() in {"1", "true"}
    if "integer" in kinds and value.lstrip("-").isdigit():
        return int(value)
    return value


def _escaped(path: str) -> str:
    return path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
