"""What is too much for one message goes into several: nothing is lost, and buttons stay where they belong."""

from __future__ import annotations

import re
from typing import Any

import pytest

from adapters.discord import render
from bot.domain.messages import Asked, Button, Buttons, Given, Line, Message, Part, Quote, Say
from tests.adapters.discord.validity import as_read, check_valid

OTHER = Button("not:42", Say("sample.other"))


def greeting(value: Any) -> Say:
    return Say("sample.hello", {"person": value})


def rendered(*parts: Part) -> render.Payload:
    """The one message that these parts make, which Discord would take."""
    (payload,) = render.payloads(Message(parts), names={})
    check_valid(payload)
    return payload


def buttons(payload: render.Payload) -> list[list[str]]:
    """What the buttons mean, row by row."""
    return [[button["custom_id"] for button in row["components"]] for row in payload.components]


def test_buttons_stay_with_what_they_are_about() -> None:
    paragraphs: list[Part] = [Say("sample.plain")]
    for n in range(7):
        number = Say("sample.count", {"count": n})
        paragraphs += [greeting(Given(f"{n} " * 300)), Buttons((Button(f"go:{n}", number),))]
    several = render.payloads(Message(tuple(paragraphs)), names={})
    assert len(several) == 3
    for payload in several:
        check_valid(payload)
        shown = set(re.findall(r"Hello (\d)", payload.content))
        assert {action for row in buttons(payload) for action in row} == {f"go:{n}" for n in shown}


def test_buttons_that_read_alike_and_mean_different_things_never_stand_together() -> None:
    swap = [
        (Say("sample.plain"), Buttons((Button(f"accept:{n}", Say("sample.button")), OTHER))) for n in (1, 2)
    ]
    several = render.payloads(Message((*swap[0], *swap[1])), names={})
    assert [buttons(payload) for payload in several] == [[["accept:1", "not:42"]], [["accept:2", "not:42"]]]
    assert [payload.content for payload in several] == ["Good morning."] * 2
    other = (Say("sample.plain"), Buttons((Button("answer:1", Say("sample.title")),)))
    assert buttons(rendered(*swap[0], *other)) == [["accept:1", "not:42"], ["answer:1"]]


def test_more_rows_than_a_message_takes_go_into_further_ones() -> None:
    rows = [Buttons((Button(f"go:{n}", Say("sample.count", {"count": n})),)) for n in range(7)]
    several = render.payloads(Message((Say("sample.plain"), *rows)), names={})
    assert [len(payload.components) for payload in several] == [5, 2]
    for payload in several:
        check_valid(payload)
    wide = Buttons(tuple(Button(f"go:{n}", Say("sample.count", {"count": n})) for n in range(7)))
    assert [len(row) for row in buttons(rendered(wide))] == [5, 2]


@pytest.mark.parametrize(
    ("parts", "most"),
    [
        ([Quote("word " * 500) for _ in range(4)], 8),
        ([Quote("ж" * 7000)], 4),
        ([Say("sample.plain"), Quote("ж" * 2500), Quote("y" * 2500)], 4),
        ([greeting(Given("ж" * 7000)), Quote("y" * 2500)], 6),
        ([Quote("*_" * 3000)], 7),
        ([Quote("line of words\n" * 400)], 4),
        ([Say("sample.plain") for _ in range(300)], 3),
        ([Line(Say("sample.count", {"count": n})) for n in range(400)], 3),
        ([Asked("why? " * 900)], 3),
        ([Line(greeting(Given("tea " * 900)))], 3),
        ([Quote("https://example.org/" + "a" * 5000)], 3),
        ([Quote("tea " * 330), Quote(("https://example.org/" + "a" * 450 + "(") * 9)], 4),
        ([Quote("tea" + " " * 5000 + "cake")], 5),
    ],
    ids=[
        "quotes",
        "one word",
        "long words",
        "a word in a sentence",
        "all marks",
        "lines",
        "paragraphs",
        "list",
        "question",
        "item",
        "address",
        "many addresses in a row",
        "space",
    ],
)
def test_what_is_too_much_for_one_message_becomes_several_with_nothing_lost(
    parts: list[Part], most: int
) -> None:
    several = render.payloads(Message(tuple(parts)), names={})
    assert 1 < len(several) <= most
    for payload in several:
        check_valid(payload)
    read = "".join(as_read(payload.content) for payload in several)
    alone = [render.payloads(Message((part,)), names={}) for part in parts]
    assert _letters(read) == _letters("".join(as_read(p.content) for each in alone for p in each))
    whole = "".join(part.words for part in parts if isinstance(part, Quote))
    assert _letters(whole) in _letters(read)


def _letters(text: str) -> str:
    return re.sub(r"[\s•]", "", text)


def test_what_fits_into_one_message_is_not_torn_and_a_long_text_fills_what_room_there_is() -> None:
    first, second = render.payloads(
        Message((Say("sample.plain"), Quote("tea " * 300), Say("sample.plain"), Quote("cake " * 200))),
        names={},
    )
    assert first.content.startswith("Good morning.\n> tea")
    assert second.content.startswith("Good morning.\n> cake")
    opening, _ = render.payloads(Message((Say("sample.plain"), Quote("tea " * 800))), names={})
    assert opening.content.startswith("Good morning.\n> tea")
    assert len(opening.content) > 1900
