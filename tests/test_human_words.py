"""The check of people's own words sees a single letter that was changed, and the code has no other way to speak."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.messages import Asked, Line, Message, Person, Quote, Say
from tests.human_words import problems

ROOT = Path(__file__).parents[1]
SOURCES = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py"), *ROOT.glob("jobs/**/*.py")]
BEN = Person(2, "Ben", "ben")
TYPED = [("ben", "<@ana> for the calm yesterday"), ("ana", "I am fine")]
NAMES = {"ana": "Ana", "ben": "Ben"}


@pytest.mark.parametrize(
    "part",
    [
        Quote("for the calm yesterday.", BEN),  # a full stop that Ben never typed
        Quote("For the calm yesterday", BEN),
        Quote("I am fine", BEN),  # Ana said so
        Asked("How are you feeling today?"),  # no config asks that
        Say("gratitude.no_such_sentence"),
        Line(Say("coffee.starter", {"person": Say("made.up")})),
    ],
    ids=str,
)
def test_one_letter_that_nobody_typed_is_seen(part: Quote | Asked | Say | Line) -> None:
    assert problems([(None, Message((part,)))], TYPED, config='prompts = ["Who?"]', names=NAMES)


@pytest.mark.parametrize(
    "part",
    [
        Quote("for the calm yesterday", BEN),
        Quote("@Ana for the calm", BEN),
        Asked("Who?"),
        Say("coffee.starter"),
    ],
    ids=str,
)
def test_what_was_typed_and_what_the_catalogue_says_passes(part: Quote | Asked | Say) -> None:
    assert problems([(None, Message((part,)))], TYPED, config='prompts = ["Who?"]', names=NAMES) == []


def literal_words(path: Path) -> Iterator[str]:
    """Calls that would put the bot's own words where only those of others may stand."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if getattr(node.func, "id", "") not in {"Given", "Quote", "Asked"}:
            continue
        for inner in ast.walk(node.args[0]):
            if (
                isinstance(inner, ast.Constant)
                and isinstance(inner.value, str)
                and any(map(str.isalpha, inner.value))
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}: {inner.value!r}"


def test_no_sentence_of_the_bots_own_hides_among_the_words_of_others() -> None:
    assert [found for path in SOURCES for found in literal_words(path)] == []
