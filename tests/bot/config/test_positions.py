"""Where the keys of a TOML document stand."""

from __future__ import annotations

import json
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config.positions import line_of, lines_of

DOCUMENT = '''\
top = 1 # one

[team]
"quoted key" = """
several
"" lines ""\\"
"""
'single' = \'\'\'
it''s
\'\'\'
dotted . key.here = { inline = [1, 2], "other # one" = "]" }
list = [
  "a # no comment",   # a comment with ] and "
  # another
  { ask = "b" }, [
    3,
    1979-05-27 07:32:00,
  ],
]

[[coffee]]
name = "x"
[[coffee]]

name = "y"
[coffee.inner]
deep = true
[[coffee.more]]
a = 1
[[coffee.more]]
a = 2
'''


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))


def test_every_kind_of_key_is_on_the_line_where_it_stands() -> None:
    lines = lines_of(DOCUMENT)
    at = {line: number for number, line in enumerate(DOCUMENT.splitlines(), 1)}
    expected = {
        (): 1,
        ("top",): 1,
        ("team",): 3,
        ("team", "quoted key"): 4,
        ("team", "single"): 8,
        ("team", "dotted", "key", "here", "inline", 1): 11,
        ("team", "dotted", "key", "here", "other # one"): 11,
        ("team", "list", 0): at['  "a # no comment",   # a comment with ] and "'],
        ("team", "list", 1, "ask"): at['  { ask = "b" }, ['],
        ("team", "list", 2): at['  { ask = "b" }, ['],
        ("team", "list", 2, 1): at["    1979-05-27 07:32:00,"],
        ("coffee",): 21,
        ("coffee", 0, "name"): 22,
        ("coffee", 1): 23,
        ("coffee", 1, "name"): 25,
        ("coffee", 1, "inner", "deep"): 27,
        ("coffee", 1, "more", 0, "a"): 29,
        ("coffee", 1, "more", 1): 30,
        ("coffee", 1, "more", 1, "a"): 31,
    }
    assert {path: lines.get(path) for path in expected} == expected


def test_every_part_of_the_document_and_nothing_else_has_a_line() -> None:
    assert set(lines_of(DOCUMENT)) == set(leaves(tomllib.loads(DOCUMENT)))


def test_lines_end_with_a_carriage_return_as_well() -> None:
    assert lines_of("a = 1\r\n[b]\r\nc = [\r\n1,\r\n2]\r\n")["b", "c", 1] == 5


def test_what_is_missing_is_on_the_line_of_what_should_hold_it() -> None:
    lines = lines_of(DOCUMENT)
    assert line_of(("coffee", 1, "channel"), lines) == 23
    assert line_of(("nowhere",), lines) == 1


KEYS = st.text(string.ascii_letters + "-_0123456789", min_size=1, max_size=5) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), max_size=5
)
BARE = frozenset(string.ascii_letters + string.digits + "-_")
SCALARS = st.one_of(
    st.integers(-1000, 1000).map(str),
    st.booleans().map(lambda b: str(b).lower()),
    st.dates().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr).filter(lambda text: "e" not in text),
    st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(lambda t: json.dumps(t, ensure_ascii=False)),
    st.text(st.sampled_from('ab"\n #[]{}=,')).map(lambda t: '"""\n' + t.replace('"', '\\"') + '"""'),
    st.text(st.sampled_from('ab"\n #[]{}=,\\')).map(lambda t: f"'''{t}'''"),
    st.text(st.sampled_from('ab" #[]{}=,\\')).map(lambda t: f"'{t}'"),
)
GAPS = st.sampled_from(["", " ", "\n", "\n  # a ] comment\n", "\t\n\n"])


def key(name: str) -> str:
    return name if name and BARE.issuperset(name) else json.dumps(name, ensure_ascii=False)


@st.composite
def arrays(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    items = draw(st.lists(st.tuples(GAPS, values, GAPS), max_size=4))
    return "[" + "".join(f"{before}{item}{after}," for before, item, after in items) + draw(GAPS) + "]"


@st.composite
def inline_tables(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    pairs = draw(st.dictionaries(KEYS, values, max_size=3))
    return "{ " + ", ".join(f"{key(k)} = {v}" for k, v in pairs.items()) + " }"


VALUES = st.recursive(SCALARS, lambda inner: arrays(inner) | inline_tables(inner), max_leaves=6)


@st.composite
def tables(draw: st.DrawFn) -> str:
    pairs = draw(st.dictionaries(st.lists(KEYS, min_size=1, max_size=3).map(tuple), VALUES, max_size=4))
    lines = [
        f"{' . '.join(key(k) for k in keys)}={value}{draw(st.sampled_from(['', ' # x']))}"
        for keys, value in pairs.items()
    ]
    return "\n".join(lines) + "\n"


@st.composite
def documents(draw: st.DrawFn) -> str:
    text = draw(tables())
    for _ in range(draw(st.integers(0, 4))):
        name = ".".join(
            key(k) for k in draw(st.lists(st.sampled_from(["a", "b", "c d"]), min_size=1, max_size=2))
        )
        header = f"[[ {name} ]]" if draw(st.booleans()) else f"[{name}]"
        text += f"{draw(st.sampled_from(['', '# x']))}\n{header}\n{draw(tables())}"
    return text


@settings(max_examples=80, deadline=None)
@given(documents())
def test_whatever_tomllib_reads_has_a_line(text: str) -> None:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # keys that clash: such a document has no positions to speak of
    lines = lines_of(text)
    assert set(leaves(document)) <= set(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=6))
def test_a_key_is_written_on_the_line_it_is_said_to_be_on(pairs: dict[str, str]) -> None:
    text = "".join(f"{key(name)} = {value}\n" for name, value in pairs.items())
    lines, written = lines_of(text), text.split("\n")
    for name, value in pairs.items():
        assert written[lines[(name,)] - 1].startswith(f"{key(name)} = {value}".split("\n")[0])


def test_an_example_is_read_to_its_end() -> None:
    text = Path("kinkeeper.example.toml").read_text("utf-8")
    assert set(lines_of(text)) == set(leaves(tomllib.loads(text)))
