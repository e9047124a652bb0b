"""What the make-believe colleagues write into forms: plausible, within bounds, alike for the same label."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from adapters.playground.filling import ANSWERS, THANKS, fill
from bot.domain.commands import MENTION
from bot.domain.messages import ChoiceField, Form, Option, PeopleField, Say, TextField

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
OTHERS = ("ben", "chloe", "dev", "emeka")


def options(*values: str) -> tuple[Option, ...]:
    return tuple(Option(value, Say("sample.button")) for value in values)


THANKS_FORM = Form(
    "thanks:3",
    Say("sample.title"),
    Say("sample.submit"),
    (
        PeopleField("to", Say("sample.field"), many=True),
        TextField("words", Say("sample.field"), long=True),
        ChoiceField("worth", Say("sample.field"), options("none", "#care", "#craft"), value="none"),
        ChoiceField("where", Say("sample.field"), options("channel", "private"), value="channel"),
    ),
)
PULSE = Form(
    "answer:7:k3f9",
    Say("sample.title"),
    Say("sample.submit"),
    (
        ChoiceField("q0", Say("sample.field"), options("1", "2", "3", "4", "5")),
        TextField("q1", Say("sample.field"), long=True),
        TextField("q2", Say("sample.field"), required=False),
    ),
)


def filled(form: Form, *, times: int = 400) -> list[dict[str, str]]:
    return [fill(form, others=OTHERS, today=MONDAY, label=f"{n}") for n in range(times)]


def test_thanks_go_to_one_or_two_mostly_in_the_channel_and_sometimes_for_a_value() -> None:
    written = filled(THANKS_FORM)
    people = Counter(len(set(MENTION.findall(w["to"]))) for w in written)
    assert set(people) == {1, 2}
    assert people[1] > people[2] > 50
    assert {w["words"] for w in written} == set(THANKS)
    where = Counter(w["where"] for w in written)
    assert where["channel"] > 4 * where["private"] > 0
    worth = Counter(w["worth"] for w in written)
    assert worth["none"] > worth["#care"] + worth["#craft"] > 40


def test_somebody_who_was_chosen_in_their_menu_stays_chosen() -> None:
    prefilled = THANKS_FORM.filled({"to": "<@dev>"})
    assert {w["to"] for w in filled(prefilled, times=50)} == {"<@dev>"}


def test_a_scale_is_answered_all_over_and_mostly_well() -> None:
    answered = filled(PULSE)
    scale = Counter(w["q0"] for w in answered)
    assert set(scale) == set("12345")
    assert scale["4"] > scale["1"]
    assert {w["q1"] for w in answered} == set(ANSWERS)
    assert 50 < sum(w["q2"] == "" for w in answered) < 150


def test_nobody_sends_an_empty_form() -> None:
    optional = replace(PULSE, fields=tuple(replace(field, required=False) for field in PULSE.fields))
    answered = filled(optional)
    assert all(any(w.values()) for w in answered)
    assert sum(w["q0"] == "" for w in answered) > 50


def test_a_code_in_the_forms_action_changes_nothing() -> None:
    other = replace(PULSE, action="answer:7:zzzz")
    assert filled(PULSE, times=20) == filled(other, times=20)


def test_somebody_alone_has_nobody_to_choose() -> None:
    assert fill(THANKS_FORM, others=(), today=MONDAY, label="x")["to"] == ""


def test_the_words_are_short_and_each_is_another() -> None:
    for words in (THANKS, ANSWERS):
        assert len(set(words)) == len(words)
        assert all(3 < len(w) <= 100 for w in words)
