"""Discord takes whatever the bot may say or ask: any message and form, each sentence and each form there is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import forms, render
from bot import wording
from bot.domain.contents import with_people
from bot.domain.messages import (
    Button,
    Buttons,
    Form,
    Given,
    Line,
    Message,
    Person,
    Place,
    Quote,
    Say,
)
from tests.adapters.anything import FORMS, examined, messages, said, texts
from tests.adapters.anything import forms as any_form
from tests.adapters.discord.validity import as_read_together, check_form, check_message

snowflakes = st.integers(10**16, 10**19 - 1).map(str)
directories = st.fixed_dictionaries(
    {n: st.builds(Person, st.just(n), texts, st.just("") | snowflakes) for n in (1, 2, 3)}
)


def here(form: Form) -> Form:
    """The form with people of Discord in it, rather than of Slack."""
    return form.filled(
        {field.name: re.sub(r"<@[UW]\w+>", "<@12345678901234567>", field.value) for field in form.fields}
    )


@given(messages, directories)
@examined
def test_discord_takes_any_message(message: Message, directory: dict[int, Person]) -> None:
    check_message(with_people(message, directory), names={"2": "Ben *"})


@given(any_form, st.data())
@examined
def test_discord_takes_any_form_and_any_refusal_of_it(form: Form, data: st.DataObject) -> None:
    check_form(here(form))
    assert {name for each in forms.modals(form) for name in _names(each)} == {f.name for f in form.fields}
    wrong = {field.name: Say("sample.hello", {"person": Given(data.draw(texts))}) for field in form.fields}
    check_message(forms.refusal(form, wrong))


def _names(modal: forms.Modal) -> set[str]:
    sent = [
        {**each, "component": {**each["component"]}} for each in modal["components"] if each["type"] == 18
    ]
    return set(forms.typed(sent))


@pytest.mark.parametrize("key", sorted(wording.catalogue("en")))
def test_discord_takes_each_sentence(key: str) -> None:
    people = {1: Person(1, "Ana", "11"), 2: Person(2, "Ben", "22")}
    for say in said(key):
        row = Buttons((Button("met:42", say),))
        message = Message((say, Line(say), Quote("Tea", by=Person(1, "Ana")), row))
        check_message(with_people(message, people))


@pytest.mark.parametrize("name", FORMS)
def test_discord_takes_each_form_there_is(name: str) -> None:
    form = here(FORMS[name])
    check_form(form)
    check_message(forms.refusal(form, {field.name: Say("sample.wrong") for field in form.fields}))


def test_the_form_of_thanks_and_three_questions_are_one_step() -> None:
    for name in (
        "thanks",
        "thanks anywhere",
        "thanks with what was typed",
        "changed thanks",
        "a swap",
        "a break",
    ):
        assert len(forms.modals(FORMS[name])) == 1
    short = replace(FORMS["answers"], fields=FORMS["answers"].fields[1:])
    assert len(forms.modals(short)) == 1


def test_the_catalogues_own_words_are_read_as_they_stand_there() -> None:
    for key, found in wording.catalogue("en").items():
        if isinstance(found, str) and "{" not in found and found.strip():
            made = render.payloads(Message((Say(key),)), names={})
            assert as_read_together([each.content for each in made]) == found.strip()


def test_a_place_of_another_platform_is_named() -> None:
    check_message(Message((Say("sample.place", {"place": Place("C024BE7LH", "coffee")}),)))
