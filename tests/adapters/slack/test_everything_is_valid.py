"""Slack takes whatever the bot may say or ask: any message and form, each sentence and each form there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import views
from bot import wording
from bot.domain.messages import Button, Buttons, Form, Given, Line, Message, Person, Quote, Say
from tests.adapters.anything import FORMS, examined, forms, messages, said, texts
from tests.adapters.slack.validity import check_message, check_valid


@given(messages)
@examined
def test_slack_takes_any_message(message: Message) -> None:
    check_message(message, names={"U2": "Ben"}, prefix="kin")


@given(messages, messages)
@examined
def test_slack_takes_any_home_page_and_any_reply_to_a_form(page: Message, notice: Message) -> None:
    check_valid(views.home(page, notice=notice))
    check_valid(views.result(page))


@given(forms, st.data())
@examined
def test_slack_takes_any_form_also_when_it_was_refused_and_while_it_takes_long(
    form: Form, data: st.DataObject
) -> None:
    view = views.modal(form, channel="C1")
    check_valid(view)
    typed = {field.name: data.draw(texts) for field in form.fields}
    wrong = {field.name: Say("sample.hello", {"person": Given(data.draw(texts))}) for field in form.fields}
    said = views.errors(wrong, view)
    assert set(said) == set(typed)
    assert all(text.strip() for text in said.values())
    check_valid(views.refused(view, typed, said))
    check_valid(views.waiting(view))


@pytest.mark.parametrize("key", sorted(wording.catalogue("en")))
def test_slack_takes_each_sentence(key: str) -> None:
    for say in said(key):
        row = Buttons((Button("met:42", say),))
        check_message(Message((say, Line(say), Quote("Tea", by=Person(1, "Ana")), row)), prefix="kin")


@pytest.mark.parametrize("name", FORMS)
def test_slack_takes_each_form_there_is(name: str) -> None:
    view = views.modal(FORMS[name], channel="C1", prefix="kin")
    check_valid(view)
    wrong = {field.name: Say("sample.wrong") for field in FORMS[name].fields}
    check_valid(views.refused(view, {}, views.errors(wrong, view)))
