"""Whatever people type on Slack is no markup, calls nobody, and is read letter for letter, wherever it is torn."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from adapters.slack import render
from adapters.slack.manifest import manifest
from bot.domain.messages import Asked, Button, Buttons, Given, Line, Message, Part, People, Person, Quote, Say
from bot.ports import ToPerson
from tests.adapters import syntax
from tests.adapters.slack.bench import inhabited, over_sockets
from tests.adapters.slack.validity import check_valid, objects
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.escaping import called, unescape
from tests.fakes.slack.eyes import Eyes
from tests.fakes.slack.workspace import Workspace

ANA, BEN = Person(1, "Ana", "U077"), Person(2, "Ben")
SENTENCE = Say("gratitude.in_channel", {"person": ANA, "people": People((BEN,))})


def said(text: str) -> Say:
    return Say("sample.hello", {"person": Given(text)})


def sent(*parts: Part) -> list[render.Payload]:
    """The messages, which call Ana alone, and by the bot's own sentence."""
    made = render.payloads(Message((SENTENCE, *parts)), names={})
    for payload in made:
        check_valid(payload)
        found = list(objects(payload.blocks))
        assert {str(each["user_id"]) for each in found if each.get("type") == "user"} <= {ANA.handle}
        kinds = {str(each.get("type")) for each in found}
        assert kinds.isdisjoint({"usergroup", "broadcast", "channel", "mrkdwn"})
        assert called(payload.text) == called(payload.whole) == set()
    return made


def read(*parts: Part) -> str:
    eyes = Eyes(Workspace())
    return "".join(line for payload in sent(*parts) for line in eyes._blocks(payload.blocks))


def letters(text: str) -> str:
    """The text without white space: how lines are laid out is another test's."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("typed", syntax.ALONE)
def test_what_looks_like_slacks_own_syntax_is_read_as_it_was_typed(typed: str) -> None:
    for part in (
        Quote(typed),
        Asked(typed),
        said(typed),
        Line(said(typed)),
        Quote("Tea", by=Person(3, typed)),
    ):
        assert letters(typed) in letters(read(part))
        assert letters(typed) in letters(unescape("".join(payload.whole for payload in sent(part))))
    (payload,) = render.payloads(Message((Buttons((Button("met:42", said(typed)),)),)), names={})
    assert unescape(payload.blocks[0]["elements"][0]["text"]["text"]) == f"Hello {typed}."


@given(syntax.mixed)
@settings(deadline=None)
def test_nor_is_it_markup_or_a_mention_in_any_mixture(typed: str) -> None:
    for part in (Quote(typed), Asked(typed), Line(said(typed))):
        assert letters(typed) in letters(read(part))


@given(syntax.long)
@settings(max_examples=60, deadline=None)
def test_a_long_text_is_torn_within_no_mention_and_nothing_of_it_is_lost(typed: str) -> None:
    quote = Quote(typed, by=BEN)
    assert letters(typed) in letters(read(quote))
    assert letters(typed) in letters(unescape("".join(payload.whole for payload in sent(quote))))


def test_whom_a_mention_names_is_shown_by_name_whatever_stands_around_it() -> None:
    names = {"U024BE7LH": "Dev", "C024BE7LR": "coffee"}
    for typed, seen in (
        ("*<@U024BE7LH>*", "*@Dev*"),
        ("`<@U024BE7LH>` in <#C024BE7LR>", "`@Dev` in #coffee"),
        ("<<@U024BE7LH>>", "<@Dev>"),
        ("<!subteam^<@U024BE7LH>>", "<!subteam^@Dev>"),
    ):
        (payload,) = render.payloads(Message((Quote(typed),)), names=names)
        assert list(Eyes(Workspace())._blocks(payload.blocks)) == [seen]
        assert called(payload.text) == set()


async def test_people_and_channels_are_asked_for_by_name_and_whom_slack_does_not_know_stays_as_typed() -> (
    None
):
    async with FakeSlack() as slack:
        slack.install(manifest())
        async with over_sockets(inhabited(slack)) as bench:
            ana, ben, _ = bench.people
            typed = f"<@{ben}> in <#{slack.workspace.channel('coffee').id}>, not <@U0NOBODY> or <#C0NOWHERE>"
            sent = await bench.platform.send(ToPerson(ana, "direct"), Message((Quote(typed),)), key="d1")
            assert (await bench.arrived(sent)).text == "@Ben in #coffee, not <@U0NOBODY> or <#C0NOWHERE>"
            assert await bench.pinged(sent) == set()
