"""What is typed into the form of a round of questions is read as it was meant, and shown as it was said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import ChoiceField, Quote, TextField
from bot.domain.phrasing import plain, plain_message
from bot.rituals.answers import LONGEST, Frozen, Said, form, given_back, read, summary
from bot.rituals.questions import LOOK_BEFORE, local_instant, next_look

QUESTIONS = (("How is your energy?", 5), ("What would help?", None))
NINE = datetime(2026, 1, 7, 8, 30, tzinfo=UTC)  # 09:30 in Berlin


def test_the_form_has_a_field_a_question_and_says_first_what_is_stored() -> None:
    made = form(7, "pulse", QUESTIONS, anonymous=True, receipt="K7QD2M9X40TBHWZ3", typed={0: 4, 1: "Time"})
    scale, words = made.fields
    assert made.action == "answer:7:K7QD2M9X40TBHWZ3"
    assert made.intro is not None
    assert "without your name" in plain(made.intro)
    assert isinstance(scale, ChoiceField)
    assert ([o.value for o in scale.options], scale.value) == (["1", "2", "3", "4", "5"], "4")
    assert isinstance(words, TextField)
    assert (words.long, words.required, words.max_length, words.value) == (True, False, LONGEST, "Time")


@given(words=st.text(max_size=60), number=st.sampled_from(["", "1", "5", " 3 "]))
def test_words_are_taken_letter_for_letter_and_a_number_of_the_scale(words: str, number: str) -> None:
    typed, wrong = read({"question0": number, "question1": words}, QUESTIONS)
    if number.strip():
        assert typed[0] == int(number)
    if words.replace("\x00", " ").strip():
        assert typed[1] == words.replace("\x00", " ").encode("utf-8", "replace").decode()
    assert bool(wrong) == (not number.strip() and not words.replace("\x00", " ").strip())


@pytest.mark.parametrize("number", ["0", "6", "-1", "4.5", "five", "²", "1" * 5000])
def test_what_is_not_on_the_scale_is_said_at_its_field(number: str) -> None:
    typed, wrong = read({"question0": number, "question1": "More time"}, QUESTIONS)
    assert typed == {1: "More time"}
    assert plain(wrong["question0"]) == "Please pick a number from 1 to 5."


def test_nothing_filled_and_too_much_are_said_at_their_fields_and_given_back() -> None:
    assert list(read({"question0": "", "question1": "  \n"}, QUESTIONS)[1]) == ["question0"]
    long = {"question1": "x" * (LONGEST + 1)}
    assert "it has 1501 now" in plain(read(long, QUESTIONS)[1]["question1"])
    assert Quote(long["question1"]) in given_back(long, QUESTIONS)
    assert given_back({"elsewhere": "x"}, QUESTIONS) == ()


def test_numbers_are_charted_with_the_greatest_first_and_without_names() -> None:
    said = [Said(0, None, n, by=n) for n in (5, 5, 5, 2)]
    shown = plain_message(summary("pulse", QUESTIONS, said)).splitlines()
    assert shown == [
        "What you said in pulse:",
        "How is your energy?",
        "• 5: ●●● 3",
        "• 4: 0",
        "• 3: 0",
        "• 2: ● 1",
        "• 1: 0",
        "What would help?",
        "Nothing was said to this one.",
    ]


def test_a_chart_of_many_stays_narrow_and_keeps_the_smallest_visible() -> None:
    said = [Said(0, None, 5)] * 400 + [Said(0, None, 1)]
    shown = plain_message(summary("pulse", QUESTIONS, said))
    assert f"5: {'●' * 20} 400" in shown
    assert "1: ● 1" in shown


def test_a_round_keeps_its_questions_as_a_document_and_reads_them_back() -> None:
    frozen = Frozen(QUESTIONS, True, 5, timedelta(hours=8), answered=6)
    assert Frozen.of(frozen.document()) == frozen
    assert Frozen.of(None) is None
    assert Frozen.of({"order": [1, 2]}) is None


def test_a_wall_clock_time_is_another_instant_in_each_zone() -> None:
    hours = {
        zone: (local_instant(NINE, "Europe/Berlin", zone) - NINE) / timedelta(hours=1)
        for zone in ("Asia/Kolkata", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati")
    }
    assert hours == {
        "Asia/Kolkata": -4.5,
        "Europe/Berlin": 0,
        "America/New_York": 6,
        "Pacific/Kiritimati": -13,
    }


def test_the_next_look_is_before_the_next_is_asked_or_at_three_quarters_of_somebodys_window() -> None:
    asked = [NINE, NINE + timedelta(hours=6)]
    window = timedelta(hours=8)
    looks = []
    after = NINE
    while (following := next_look(asked, window=window, after=after)) is not None:
        looks.append(following - NINE)
        after = following
    assert looks == [timedelta(hours=6) - LOOK_BEFORE, timedelta(hours=6), timedelta(hours=12)]
