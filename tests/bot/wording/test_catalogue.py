"""Every sentence of the catalogue is said somewhere, and whatever is said is in the catalogue, with its values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from bot import wording
from bot.domain.commands import COMMANDS
from bot.domain.states import Outcome
from bot.wording import catalogue

ROOT = Path(__file__).parents[3]
SOURCES = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py"), *ROOT.glob("jobs/**/*.py")]
FOR_TESTS = "sample."  # what the contract of adapters says: tests alone say it
KEY = re.compile(r"[a-z_]+\.[a-z_]*[a-z]")
ENUMERATED = ("starters", "span", *(f"help_{command}" for command in COMMANDS))
FILES = {"coffee.ics", "zone.tab"}  # names that only look like keys
ENDINGS = ("_no_date", "_last")
REPROACH = re.compile(
    r"\b(you did not|you should have|you forgot|late again|must|illegal|invalid)\b", re.IGNORECASE
)


def strings_of(path: Path) -> Iterator[str]:
    """Every string in a module; the values within an f-string stand as `*`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=parts):
                yield "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in parts)


@cache
def strings() -> frozenset[str]:
    """Every string of the program."""
    return frozenset(text for path in SOURCES for text in strings_of(path))


def said() -> set[str]:
    """What the code names as keys; `*` stands for any word."""
    sections = {key.partition(".")[0] for key in catalogue("en")}
    return {text for text in strings() if text.partition(".")[0] in sections and "." in text}


def is_said(key: str) -> bool:
    """Whether the code names the key: whole, by a part of its name, or by a table of names for a section."""
    section, _, name = key.partition(".")
    if key in said() or section in ENUMERATED:
        return True
    for text in said():
        pattern = text.partition(".")[2]
        if text.startswith(f"{section}.") and "*" in pattern:
            if pattern == "*" and name in strings():
                return True
            if pattern != "*" and re.fullmatch(re.escape(pattern).replace(r"\*", r"\w+"), name):
                return True
    return any(key.removesuffix(ending) in strings() and f"*{ending}" in strings() for ending in ENDINGS)


def test_every_sentence_is_said_somewhere() -> None:
    assert [key for key in catalogue("en") if not key.startswith(FOR_TESTS) and not is_said(key)] == []


def test_whatever_is_said_is_in_the_catalogue() -> None:
    there = catalogue("en")
    assert {text for text in said() if KEY.fullmatch(text) and text not in there} == FILES
    for command, verbs in COMMANDS.items():
        for verb in verbs:
            assert f"help_{command}.{verb.name.replace('-', '_') or 'line'}" in there
    for outcome in Outcome:
        assert f"history.{outcome.value}" in there
        if outcome is not Outcome.UNKNOWN:
            assert f"coffee.outcome_{outcome.value}" in there
            assert f"coffee.thanks_{outcome.value}" in there


def test_each_say_gives_the_values_that_its_sentence_names() -> None:
    there = catalogue("en")
    wrong: list[str] = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name not in {"Say", "say", "Sorry"} or not node.args:
                continue
            key = node.args[0]
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str) or key.value not in there:
                continue
            if any(k.arg is None for k in node.keywords):
                continue  # values that are put together elsewhere: the journeys say those
            given = {str(k.arg) for k in node.keywords}
            if len(node.args) > 1:
                values = node.args[1]
                if not isinstance(values, ast.Dict) or None in values.keys:
                    continue
                given |= {str(k.value) for k in values.keys if isinstance(k, ast.Constant)}
            wanted = {name for text in forms_of(key.value) for name in names_in(text)}
            if not wanted <= given:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {key.value}: {sorted(wanted - given)}")
    assert wrong == []


def forms_of(key: str) -> list[str]:
    found = catalogue("en")[key]
    return [found] if isinstance(found, str) else list(found.values())


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(catalogue("en")))
def test_a_sentence_is_short_and_plain_and_its_forms_agree(key: str) -> None:
    forms = forms_of(key)
    assert all(len(text) <= 240 for text in forms)
    assert not any(REPROACH.search(text) for text in forms)
    assert not any("  " in text or text != text.strip() or "—" in text for text in forms)
    if len(forms) > 1:
        one, other = wording.template(key, count=1), wording.template(key, count=7)
        assert names_in(one) <= names_in(other) | {"count"}
        with pytest.raises(KeyError):
            wording.template(key)


def test_a_language_without_a_catalogue_is_said_to_be_missing() -> None:
    with pytest.raises(KeyError, match="there is no catalogue for 'tlh'"):
        catalogue("tlh")
