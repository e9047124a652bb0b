"""What somebody wrote to somebody else is shown letter for letter: no markup, no mention, no link."""

from __future__ import annotations

import pytest

from adapters.playground.render import parts, runs
from bot.domain.messages import Message, Person, Quote, Say, Unknown
from bot.domain.thanks import with_names

NAMES = {"ana": "Ana", "ben": "Ben"}


def keep(name: str, media_type: str, content: bytes) -> int:
    raise AssertionError("there is no file")


@pytest.mark.parametrize(
    "typed",
    ["@everyone", "<!channel> <#C1>", "<b>&amp;</b> *x* `y`", "<@ben> did it", "<@ nobody>", "<@zoe>"],
)
def test_what_is_quoted_is_text_and_calls_nobody(typed: str) -> None:
    words = with_names(typed, NAMES)
    [quote] = parts(Message((Quote(words, Person(1, "Ana", "ana")),)), names=NAMES, keep=keep)
    assert {run["kind"] for run in quote["runs"]} == {"text"}
    assert "".join(run["text"] for run in quote["runs"]) == typed.replace("<@ben>", "@Ben")


def test_somebody_unknown_is_shown_as_they_were_typed_and_not_as_a_person() -> None:
    shown = runs(Say("error.unknown_person", {"typed": Unknown("zoe")}))
    assert {"kind": "given", "text": "@zoe"} in shown
    assert "person" not in {run["kind"] for run in shown}
