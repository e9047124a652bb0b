"""Commands as they are typed, completed, and mistyped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import COMMANDS, complete, nearest, read

RITUALS, PEOPLE = ["monday-coffee", "tea"], ["@ana", "@ben"]


def test_a_line_is_taken_apart_into_verb_people_and_words() -> None:
    typed = read(" AVOID  <@U1> monday-coffee <@U2>")
    assert (typed.verb, typed.people, typed.words) == ("avoid", ("U1", "U2"), ("monday-coffee",))
    assert read("").verb == ""


@given(st.text())
def test_whatever_is_typed_can_be_read_and_kept_by_any_database(text: str) -> None:
    typed = read(text)
    for word in (typed.verb, *typed.people, *typed.words):
        assert "\x00" not in word
        word.encode("utf-8")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("/co", "/coffee "),
        ("/coffee pa", "/coffee pause "),
        ("/coffee avoid @b", "/coffee avoid @ben"),
        ("/coffee avoid @ben t", "/coffee avoid @ben tea"),
        ("/coffee prefer t", "/coffee prefer trio"),
        ("/kinkeeper pause m", "/kinkeeper pause monday-coffee"),
        ("/coffee why", "/coffee why "),
        ("/thanks @b", "/thanks @ben"),
        ("/thanks @ben for the #c", "/thanks @ben for the #craft"),
        ("/thanks @ben for the calm #care p", "/thanks @ben for the calm #care privately"),
        ("/presence timezone Europe/Be", "/presence timezone Europe/Belfast"),
    ],
)
def test_a_line_is_completed(typed: str, first: str) -> None:
    assert complete(typed, rituals=RITUALS, people=PEOPLE, values=["craft", "care"])[0] == first


@given(st.text(max_size=30))
def test_completions_go_on_from_what_is_typed(text: str) -> None:
    for line in complete(text, rituals=RITUALS, people=PEOPLE):
        assert line.lower().startswith(text.lstrip().lower())


def test_the_nearest_word_is_found_or_none() -> None:
    verbs = [v.name for v in COMMANDS["coffee"]]
    assert nearest("histroy", verbs) == "history"
    assert nearest("xyzzy", verbs) is None
    assert nearest("", verbs) is None
