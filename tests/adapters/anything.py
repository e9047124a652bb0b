"""Anything that the bot may say or ask: any message and form, each sentence of the catalogue, each form there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from string import Formatter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot import wording
from bot.domain.messages import (
    Asked,
    Button,
    Buttons,
    ChoiceField,
    Code,
    DateField,
    Day,
    File,
    Form,
    Given,
    Line,
    Message,
    Moment,
    Option,
    Part,
    People,
    PeopleField,
    Person,
    Place,
    Quote,
    Say,
    Span,
    TextField,
    Unknown,
    Value,
)
from bot.rituals import answers, thanks
from bot.rituals.answers import Question
from bot.services.checkins.swapping import swap_form
from bot.services.membership import pause_form

NASTY = (
    "<!channel> <@U2> & <b>",
    "`*_~> ",
    ":tada: https://example.org/a?b=1&c=2, ",
    "\0\n\r\t",
    "𝔸👩\u200d🚀ש",
    "&lt;&amp;",
    "word " * 40,
    "ж" * 700,
)
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=20), max_size=12).map("".join)
names = st.text("abcdefghij-", min_size=1, max_size=30)
accounts = st.from_regex(r"[UW][A-Z0-9]{1,9}", fullmatch=True)
people = st.builds(Person, st.integers(1, 3), texts, st.just("") | accounts)
moments = st.builds(
    Moment,
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"]),
)
values = (
    people
    | st.builds(People, st.lists(people, max_size=8).map(tuple))
    | st.builds(Place, st.from_regex(r"C[A-Z0-9]{1,9}", fullmatch=True), names)
    | moments
    | st.builds(Day, st.dates())
    | st.builds(Span, st.integers(0, 10**7))
    | st.builds(Unknown, accounts)
    | st.builds(Given, texts)
    | st.builds(Code, texts)
    | st.integers(0, 10**6)
)
says = st.builds(lambda value: Say("sample.hello", {"person": value}), values)
says |= st.builds(lambda inner: Say("sample.hello", {"person": inner}), says) | st.just(Say("sample.plain"))
actions = st.text("abcdefghij:0123456789", min_size=1, max_size=100)
buttons = st.builds(Button, actions, says, st.sampled_from(["plain", "primary", "danger"]))
parts: st.SearchStrategy[Part] = (
    says
    | st.builds(Line, says)
    | st.builds(Quote, texts, st.none() | people)
    | st.builds(Asked, texts)
    | st.builds(Buttons, st.lists(buttons, max_size=5).map(tuple))
    | st.builds(File, names, st.just("text/calendar"), st.just(b""), says)
)
many_of_few = st.builds(lambda some, times: some * times, st.lists(parts, max_size=5), st.integers(1, 60))
messages = st.builds(lambda found: Message(tuple(found)), st.lists(parts, max_size=30) | many_of_few)

options = st.builds(Option, st.text(min_size=1, max_size=100), says)
field_makers = (
    lambda name: st.builds(
        TextField,
        st.just(name),
        says,
        st.none() | says,
        texts,
        st.booleans(),
        st.booleans(),
        st.integers(1, 4000),
    ),
    lambda name: st.builds(
        DateField, st.just(name), says, st.none() | says, st.dates().map(str) | texts, st.booleans()
    ),
    lambda name: st.builds(
        ChoiceField, st.just(name), says, st.lists(options, min_size=1, max_size=25).map(tuple), texts
    ),
    lambda name: st.builds(
        PeopleField,
        st.just(name),
        says,
        st.booleans(),
        st.lists(accounts).map(_mentions) | texts,
        st.booleans(),
    ),
)
fields = st.lists(st.sampled_from(field_makers), min_size=1, max_size=5).flatmap(
    lambda makers: st.tuples(*(make(f"field{i}") for i, make in enumerate(makers)))
)
forms = st.builds(Form, actions, says, says, fields, st.none() | says)
examined = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _mentions(found: list[str]) -> str:
    return " ".join(f"<@{account}>" for account in found)


def samples(name: str) -> Value | Say:
    """A value such as a sentence of the catalogue may have under this name."""
    if name in {"count", "most", "number", "more", "times", "weeks"}:
        return 3
    if re.search("person|by$", name):
        return Person(1, "Ana", "U1")
    if re.search("people|hosts", name):
        return People((Person(1, "Ana", "U1"), Person(2, "Ben", "U2")))
    if re.search("when|next|until|last", name):
        return Moment(datetime(2026, 11, 30, 9, tzinfo=UTC), "Europe/Berlin")
    if name == "day":
        return Day(date(2026, 12, 24))
    return Code("/coffee why")


def said(key: str) -> Iterator[Say]:
    """A sentence of the catalogue with values such as it may have; one that counts things, for one and for two."""
    found = wording.catalogue("en")[key]
    counted = [(1, found), (2, found)] if isinstance(found, str) else [(1, found["one"]), (2, found["other"])]
    for count, template in counted:
        needed = {name for _, name, _, _ in Formatter().parse(template) if name}
        yield Say(key, {name: samples(name) for name in needed} | {"count": count})


LONG_NAME = "the-longest-name-that-somebody-gave-a-ritual-of-theirs-in-this-team"
QUESTIONS: tuple[Question, ...] = (("How are you? " * 20, None), ("And from 1 to 10?", 10), ("Else?", None))
FORMS = {
    "thanks": thanks.thanks_form({1: ("gratitude", ["curious", "kind"]), 2: (LONG_NAME, [])}),
    "thanks anywhere": thanks.thanks_form({}),
    "thanks with what was typed": thanks.thanks_form(
        {1: (LONG_NAME, [f"value{n}" for n in range(30)])},
        typed={thanks.TO: "<@U1> <@U2>", thanks.WORDS: "x" * 5000},
    ),
    "thanks in many channels": thanks.thanks_form({n: (f"{LONG_NAME}-{n}", []) for n in range(40)}),
    "changed thanks": thanks.edit_form(7, "Thank you", "kind", ["curious", "kind"]),
    "answers": answers.form(1, LONG_NAME, QUESTIONS, anonymous=False, typed={0: "Fine", 1: 7}),
    "anonymous answers": answers.form(1, "pulse", QUESTIONS, anonymous=True, receipt="ABCDEFGH12345678"),
    "a swap": swap_form(3),
    "a break": pause_form("coffee", ["monday-coffee"]),
    "a break from one of many": pause_form("coffee", [f"{LONG_NAME}-{n}" for n in range(30)]),
}
