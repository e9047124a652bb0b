"""Whatever a file holds, reading it ends in a config or in problems: never in a traceback."""

from __future__ import annotations

import json
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.config.fields import Table
from bot.config.loading import Loaded, load, load_text
from bot.config.schema import RITUALS
from bot.config.team import RetentionConfig, TeamConfig

EXAMPLE = Path("kinkeeper.example.toml").read_text("utf-8")
PIECES = [*sorted(set(EXAMPLE.split())), "\n", '"', "[[", "]", "="]


def is_sound(loaded: Loaded, text: str) -> None:
    assert (loaded.config is None) == bool(loaded.problems)
    for problem in loaded.problems:
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.message.endswith((".", "?"))
        assert str(problem).isprintable()
        assert len(problem.message) < 600


@settings(deadline=None)
@given(st.text(max_size=300))
@example("a = \ud800")
@example('"\\u0000" = 1')
@example("x = 1979-05-27T07:32:00+99:99")
def test_any_text_is_read_or_refused(text: str) -> None:
    is_sound(load_text(text), text)


@settings(deadline=None)
@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes, tmp_path_factory: Any) -> None:
    path = Path(tmp_path_factory.getbasetemp() / "any.toml")
    path.write_bytes(content)
    is_sound(load(path), content.decode("utf-8", "replace"))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(EXAMPLE)), st.integers(0, 12), st.sampled_from(PIECES) | st.text(max_size=3)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_a_damaged_example_is_read_or_refused(damage: list[tuple[int, int, str]]) -> None:
    text = EXAMPLE
    for at, removed, added in damage:
        text = text[:at] + added + text[at + removed :]
    is_sound(load_text(text), text)


@settings(max_examples=60, deadline=None)
@given(st.permutations(EXAMPLE.splitlines()), st.integers(1, 40))
def test_a_shuffled_example_is_read_or_refused(lines: list[str], count: int) -> None:
    text = "\n".join(lines[:count])
    is_sound(load_text(text), text)


MODELS: tuple[type[Table], ...] = (TeamConfig, RetentionConfig, *RITUALS.values())
KEYS = sorted(set().union(*(model.keys() for model in MODELS)))
KNOWN_TEXTS = [
    "week",
    "2 weeks",
    "first monday",
    "10:00",
    "slack:#a",
    "host",
    "questions",
    "each-round",
    "everyone",
]
VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from([*KNOWN_TEXTS, *"0aA-:@#", "🦆" * 2000]),
        st.dates(),
        st.datetimes(),
        st.times(),
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner)
    ),
    max_leaves=8,
)
TABLES = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), VALUES, max_size=8)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "team": TABLES | VALUES,
        "retention": TABLES | VALUES,
        **{kind: st.lists(TABLES, max_size=3) | VALUES for kind in RITUALS},
        "other": VALUES,
    },
)


def toml(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{toml(str(key))} = {toml(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case bool():
            return str(value).lower()
        case date() | datetime() | time():
            return value.isoformat()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case _:
            return str(value)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
def test_a_well_formed_file_of_anything_is_read_or_refused(document: dict[str, Any]) -> None:
    text = "\n".join(f"{key} = {toml(value)}" for key, value in document.items())
    tomllib.loads(text)
    is_sound(load_text(text), text)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KEYS), VALUES)
def test_one_wrong_value_never_hides_what_is_wrong_elsewhere(key: str, value: Any) -> None:
    rest = 'name = "a"\nchannel = "slack:#a"\nevery = "week"\non = "monday"\nat = "10:00"\n'.splitlines()
    ritual = "\n".join(line for line in rest if not line.startswith(f"{key} ="))
    coffee = f"[[coffee]]\n{ritual}\n{key} = {toml(value)}\n"
    text = f'[team]\nname = "Acme"\n{coffee}[[gratitude]]\nname = "Bad Name"\n'
    keys = {problem.key for problem in load_text(text).problems}
    assert {"gratitude[0].name", "gratitude[0].channel", "gratitude[0].every", "gratitude[0].prompts"} <= keys
