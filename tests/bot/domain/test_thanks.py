"""A line after `/thanks` is taken apart; what is left are the words, letter for letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.thanks import Line, near_value, read_line, with_names

VALUES = ("craft", "care", "Candour")


@pytest.mark.parametrize(
    ("typed", "people", "words"),
    [
        ("<@ana> for the calm", ("ana",), "for the calm"),
        ("<@ana> <@ben> for the calm", ("ana", "ben"), "for the calm"),
        ("<@ana><@ben>\n\nfor  the\n calm ", ("ana", "ben"), "for  the\n calm"),
        ("<@ana>, <@ben> and <@chloe>: for the calm", ("ana", "ben", "chloe"), "for the calm"),
        ("<@ana> & <@ana> twice", ("ana",), "twice"),
        ("<@ana> and then some", ("ana",), "and then some"),
        ("<@ana> :) <@ben>", ("ana",), ":) <@ben>"),
        ("for <@ana>", (), "for <@ana>"),
        ("<@ana>", ("ana",), ""),
        ("", (), ""),
    ],
)
def test_people_come_first_and_the_words_are_what_follows(
    typed: str, people: tuple[str, ...], words: str
) -> None:
    assert read_line(typed, VALUES) == Line(people, None, words)


@pytest.mark.parametrize(
    ("end", "worth", "privately"),
    [
        (" #care", "care", False),
        (" #CANDOUR  ", "Candour", False),
        (" privately", None, True),
        (" Privately #craft", "craft", True),
        (" #craft\nprivately ", "craft", True),
    ],
)
def test_a_value_and_privately_stand_at_the_end_in_either_order(
    end: str, worth: str | None, privately: bool
) -> None:
    assert read_line(f"<@ana> for it{end}", VALUES) == Line(("ana",), None, "for it", worth, privately)


@pytest.mark.parametrize(
    "words",
    [
        "for #care and more",
        "said privately.",
        "unprivately",
        "for the #release",
        "x#care",
        "#",
        "for privately #care kept",
    ],
)
def test_what_is_no_option_belongs_to_the_words(words: str) -> None:
    assert read_line(f"<@ana> {words}", VALUES) == Line(("ana",), None, words)


def test_nearly_a_value_is_asked_about() -> None:
    assert read_line("<@ana> for it #crfat privately", VALUES) == Line(
        ("ana",), None, "for it", privately=True, unsure=("#crfat", "craft")
    )
    assert near_value("candor", VALUES) == "Candour"
    assert near_value("kare", VALUES) == "care"
    assert near_value("team", VALUES) is None
    assert near_value("care", ()) is None


def test_a_name_that_is_no_mention_is_noticed_among_the_people_and_not_in_the_words() -> None:
    assert read_line("<@ana> @bne, for it", VALUES) == Line(("ana",), "@bne", "for it")
    assert read_line("@everyone hello @all", VALUES) == Line((), "@everyone", "hello @all")
    assert read_line("<@ana> for @bne", VALUES).misnamed is None


def test_names_stand_for_the_ids_of_those_who_are_known_and_nothing_else_changes() -> None:
    words = "with <@U1>,<@U2> and <@U3>\n @U1"
    assert with_names(words, {"U1": "Ana", "U3": "x><@U9"}) == "with @Ana,<@U2> and @x@U9\n @U1"


@given(st.text(alphabet="ab #<@>\n,:&privately", max_size=30))
def test_the_words_are_always_a_piece_of_what_was_typed(typed: str) -> None:
    assert read_line(typed, VALUES).words in typed
