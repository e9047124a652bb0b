"""Whatever people type on Discord is no markup, calls nobody, and is read letter for letter, wherever it is torn."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings

from adapters.discord import render
from bot.domain.messages import Asked, Button, Buttons, Given, Line, Message, Part, People, Person, Quote, Say
from tests.adapters import syntax
from tests.adapters.discord.validity import as_read, as_read_together, check_valid

ANA, BEN = Person(1, "Ana", "77"), Person(2, "Ben")
SENTENCE = Say("gratitude.in_channel", {"person": ANA, "people": People((BEN,))})
TOKEN = re.compile(r"(?<!\\)<(?:@[!&]?|#|t:|id:|/[^<>:]*:)\d")


def said(text: str) -> Say:
    return Say("sample.hello", {"person": Given(text)})


def sent(*parts: Part) -> list[str]:
    """The contents of the messages, which call Ana alone, and by the bot's own sentence."""
    made = render.payloads(Message((SENTENCE, *parts)), names={})
    for payload in made:
        check_valid(payload)
        assert set(payload.pings) <= {ANA.handle}
        assert set(TOKEN.findall(payload.content.replace("<@77>", ""))) == set()
    return [payload.content for payload in made]


def letters(text: str) -> str:
    """The text without white space: where lines are torn, and what stands around them, is another test's."""
    return re.sub(r"[\s\ufeff]", "", text)


@pytest.mark.parametrize("typed", syntax.ALONE)
def test_what_looks_like_discords_own_syntax_is_read_as_it_was_typed(typed: str) -> None:
    for part in (
        Quote(typed),
        Asked(typed),
        said(typed),
        Line(said(typed)),
        Quote("Tea", by=Person(3, typed)),
    ):
        read = "".join(map(as_read, sent(part)))
        assert letters(typed) in letters(read)
    label = Buttons((Button("met:42", said(typed)),))
    (payload,) = render.payloads(Message((label,)), names={})
    assert payload.components[0]["components"][0]["label"] == f"Hello {' '.join(f'{typed}.'.split())}"


@given(syntax.mixed)
@settings(deadline=None)
def test_nor_is_it_markup_or_a_mention_in_any_mixture(typed: str) -> None:
    for part in (Quote(typed), Asked(typed), Line(said(typed))):
        assert letters(typed) in letters("".join(map(as_read, sent(part))))


@given(syntax.long)
@example("https://example.org/_a_?b=*c*" * 18)
@example("https://" * 1500)
@settings(max_examples=60, deadline=None)
def test_a_long_text_is_torn_within_no_mention_and_nothing_of_it_is_lost(typed: str) -> None:
    contents = sent(Quote(typed, by=BEN))
    assert letters(typed) in letters(as_read_together(contents))
    assert letters(typed) in letters("".join(map(as_read, sent(Asked(typed)))))


@pytest.mark.parametrize(
    ("token", "read"),
    [
        ("<@11>", "<@11>"),
        ("<@&12>", "<@&12>"),
        ("@everyone", "@everyone"),
        ("<:tea:12345678901234567>", ":tea:"),
        ("\\\\*", "\\\\*"),
    ],
)
def test_a_token_at_the_end_of_a_message_is_whole_in_one_of_two(token: str, read: str) -> None:
    for room in range(1960, 2000):
        contents = sent(Quote("x" * room + token + "y" * 40))
        assert letters("x" * room + read + "y" * 40) in letters(as_read_together(contents))


def test_whom_a_mention_names_is_shown_by_name_whatever_stands_around_it() -> None:
    names = {"11": "Dev", "33": "coffee"}
    for typed, read in (
        ("<@11>", "@Dev"),
        ("**<@11>**", "**@Dev**"),
        ("`<@11>`", "`@Dev`"),
        ("||<@11> in <#33>||", "||@Dev in #coffee||"),
        ("<<@11>>", "<@Dev>"),
        ("[<@11>](https://example.org)", "[@Dev](https://example.org)"),
        ("<@<@11>>", "<@@Dev>"),
    ):
        (payload,) = render.payloads(Message((Quote(typed),)), names=names)
        assert as_read(payload.content) == read
        assert payload.pings == ()


def test_a_name_hides_no_mention_and_no_markup() -> None:
    (payload,) = render.payloads(Message((Quote("hi <@11>"),)), names={"11": "<@22> **@everyone** <#33>"})
    assert as_read(payload.content) == "hi @<@22> **@everyone** <#33>"
    assert not TOKEN.search(payload.content)


def test_what_stands_behind_a_name_is_no_part_of_an_address_in_it() -> None:
    (payload,) = render.payloads(Message((Quote("<@11>*a*_b_"),)), names={"11": "https://x.example"})
    assert as_read(payload.content) == "@https://x.example*a*_b_"
