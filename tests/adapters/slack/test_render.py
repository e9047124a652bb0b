"""What a message looks like on Slack, and that nothing anybody typed can be markup or call anybody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.slack import render
from bot.domain.messages import (
    Asked,
    Button,
    Buttons,
    Code,
    Day,
    File,
    Given,
    Line,
    Message,
    Moment,
    Part,
    People,
    Person,
    Place,
    Quote,
    Say,
    Unknown,
)
from tests.adapters.platform_bench import WORDS
from tests.adapters.slack.validity import check_valid, objects
from tests.fakes.slack.escaping import unescape
from tests.fakes.slack.eyes import Eyes
from tests.fakes.slack.workspace import Workspace

ANA, BEN = Person(1, "Ana", "U1"), Person(2, "Ben", "U2")
NAMES = {"U2": "Ben", "C1": "coffee"}
PRESS = Button("met:42", Say("sample.button"), "primary")


def rendered(*parts: Part, prefix: str = "") -> render.Payload:
    """The one message that these parts make, which Slack would take."""
    (payload,) = render.payloads(Message(parts), names=NAMES, prefix=prefix)
    check_valid(payload)
    return payload


def seen(payload: render.Payload) -> list[str]:
    """What is read, line by line; people and channels by their ids."""
    return list(Eyes(Workspace())._blocks(payload.blocks))


def elements(*parts: Part, prefix: str = "") -> list[dict[str, Any]]:
    """The elements of the first paragraph."""
    block = rendered(*parts, prefix=prefix).blocks[0]
    found: list[dict[str, Any]] = block["elements"][0]["elements"]
    return found


def kinds(payload: render.Payload) -> list[list[str]]:
    """The blocks, each as the kinds of what is in it."""
    return [
        [each["type"].removeprefix("rich_text_") for each in block["elements"]] for block in payload.blocks
    ]


def greeting(value: Any) -> Say:
    return Say("sample.hello", {"person": value})


def test_a_person_is_a_mention_and_somebody_without_an_account_a_name() -> None:
    both = People((ANA, Person(3, "Chloe")))
    assert elements(greeting(both)) == [
        {"type": "text", "text": "Hello "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " and Chloe."},
    ]


def test_a_channel_is_a_link_to_it() -> None:
    shown = elements(Say("sample.place", {"place": Place("C1", "coffee")}))
    assert shown[1] == {"type": "channel", "channel_id": "C1"}


def test_a_time_is_told_in_the_readers_zone_with_its_weekday_and_elsewhere_with_its_zone() -> None:
    at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    shown = elements(Say("sample.when", {"when": Moment(at, "Europe/Berlin")}))[1]
    assert shown == {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": "{date_long} at {time}",
        "fallback": "Monday, 30 November at 10:00 CET",
    }
    day = rendered(Say("sample.when", {"when": Day(date(2026, 11, 30))}))
    assert seen(day) == ["See you Monday, 30 November."]


@pytest.mark.parametrize(
    ("code", "prefix", "shown"),
    [
        ("/coffee why", "", "/coffee why"),
        ("/coffee why", "kin", "/kin-coffee why"),
        ("/thanks", "kin", "/kin-thanks"),
        ("/coffeehouse", "kin", "/coffeehouse"),
        ("/etc/hosts", "kin", "/etc/hosts"),
        ("say /coffee why", "kin", "say /kin-coffee why"),
        ("`*x*` <@U2>", "", "`*x*` <@U2>"),
    ],
)
def test_a_command_is_code_and_called_as_in_this_workspace(code: str, prefix: str, shown: str) -> None:
    payload = rendered(greeting(Code(code)), prefix=prefix)
    found = payload.blocks[0]["elements"][0]["elements"]
    assert found[1] == {"type": "text", "text": shown, "style": {"code": True}}
    assert unescape(payload.text) == f"Hello {shown}."


@given(st.text(min_size=1))
@example("<b>*Ana* @everyone <!channel>")
@example("> quoted\n`code` ~gone~ _slanted_\n# heading")
@example("\x000\x00 and {person}")
@example("see http://[bad, http://, https://example.org:99999/ or https://example.org/).")
@example(":tada::wave::skin-tone-3: a:b:c 12:30:45 ::: :+1:")
def test_whatever_is_typed_is_read_letter_for_letter(text: str) -> None:
    for part in (greeting(Given(text)), Quote(text), Asked(text)):
        payload = rendered(part)
        (line,) = seen(payload)
        assert text.removesuffix("\n") in line
        used = {str(each.get("type")) for each in objects(payload.blocks)}
        assert used.isdisjoint({"user", "usergroup", "broadcast", "channel", "mrkdwn"})


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_people_s_words_are_a_quote_and_nothing_else(words: str) -> None:
    payload = rendered(Quote(words))
    assert kinds(payload) == [["quote"]]
    assert seen(payload) == [words]


def test_emoji_and_addresses_in_peoples_words_are_what_they_were_when_typed() -> None:
    payload = rendered(
        Quote("Well done :tada: :wave::skin-tone-3:, see https://example.org/a?b=1&c=2. (12:30:45)")
    )
    shown = payload.blocks[0]["elements"][0]["elements"]
    assert [e["name"] for e in shown if e["type"] == "emoji"] == ["tada", "wave::skin-tone-3"]
    assert [e["url"] for e in shown if e["type"] == "link"] == ["https://example.org/a?b=1&c=2"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("(https://example.org/wiki/Tea_(drink))", "https://example.org/wiki/Tea_(drink)"),
        ("https://example.org/a, and", "https://example.org/a"),
        ("https://user@example.org:8080/x!", "https://user@example.org:8080/x"),
        ("https://münchen.example/ä", "https://münchen.example/ä"),
        ("https://", None),
        ("https://?x", None),
        ("javascript:alert(1)", None),
        ("https://example.org:port/", None),
        ("https://" + "a" * 2000 + ".example", None),
    ],
)
def test_an_address_is_a_link_to_what_it_says_without_the_sentences_punctuation(
    typed: str, address: str | None
) -> None:
    links = [e for e in elements(Quote(typed)) if e["type"] == "link"]
    assert links == ([{"type": "link", "url": address, "text": address}] if address else [])


def test_whom_people_mention_is_named_and_not_called() -> None:
    payload = rendered(Quote("<@U2> in <#C1>, not <@U9>", by=ANA))
    assert seen(payload) == ["Ana:", "@Ben in #coffee, not <@U9>"]
    assert payload.text == "Ana:\n@Ben in #coffee, not &lt;@U9&gt;"
    assert not [e for e in objects(payload.blocks) if e["type"] in {"user", "channel"}]


def test_somebody_unknown_is_named_and_not_called_and_nothing_typed_becomes_a_name_by_its_look() -> None:
    for value, read in ((Unknown("U2"), "@Ben"), (Unknown("U9"), "@U9"), (Given("@U2"), "@U2")):
        payload = rendered(greeting(value))
        assert seen(payload) == [f"Hello {read}."]
        assert payload.text == f"Hello {read}."
        assert not [e for e in objects(payload.blocks) if e["type"] == "user"]


def test_an_author_is_named_once_and_an_anonymous_one_not_at_all() -> None:
    says_who = Say("gratitude.in_channel", {"person": ANA, "people": People((BEN,))})
    assert seen(rendered(says_who, Quote("Tea!", by=ANA)))[1:] == ["Tea!"]
    assert seen(rendered(says_who, Quote("Tea!", by=BEN)))[1:] == ["Ben:", "Tea!"]
    assert seen(rendered(Asked("How are you?"), Quote("Fine", by=ANA), Quote("Tired"))) == [
        "How are you?",
        "Ana:",
        "Fine",
        "Tired",
    ]


def test_what_belongs_together_is_one_paragraph_and_two_quotes_never_look_like_one() -> None:
    payload = rendered(
        Say("sample.plain"),
        Line(Say("sample.count", {"count": 1})),
        Line(Say("sample.count", {"count": 2})),
        Say("sample.plain"),
        Asked("Who taught you something?"),
        Quote("Ben"),
        Quote("Chloe"),
        Buttons((PRESS,)),
    )
    assert kinds(payload) == [["section", "list"], ["section", "section", "quote"], ["quote"], ["button"]]
    question = payload.blocks[1]["elements"][1]["elements"]
    assert question == [{"type": "text", "text": "Who taught you something?", "style": {"bold": True}}]


def test_a_button_carries_its_meaning_and_a_long_label_is_cut() -> None:
    long = Button("go:1", greeting(Given("x" * 200)), "danger")
    row = rendered(Say("sample.plain"), Buttons((PRESS, long, PRESS))).blocks[1]["elements"]
    assert [(b["action_id"], b["value"], b.get("style")) for b in row] == [
        ("met:42", "met:42", "primary"),
        ("go:1", "go:1", "danger"),
    ]
    assert row[0]["text"]["text"] == "Press me"
    assert row[1]["text"]["text"].endswith("…")


def test_a_file_is_told_of_in_words_and_left_to_be_uploaded() -> None:
    file = File("coffee.ics", "text/calendar", b"BEGIN", Say("sample.alt"))
    message = Message((Say("sample.plain"), file))
    assert render.files(message) == [file]
    assert render.alt(file) == "A calendar entry."
    assert seen(rendered(*message.parts)) == ["Good morning.", "coffee.ics: A calendar entry."]


def test_the_text_beside_the_blocks_says_everything_and_calls_nobody() -> None:
    payload = rendered(
        greeting(ANA),
        Line(Say("sample.place", {"place": Place("C1", "coffee")})),
        Asked("<!channel> & you?"),
        Buttons((PRESS,)),
    )
    assert payload.text == "Hello Ana.\n• Look at #coffee.\n&lt;!channel&gt; &amp; you?\n[Press me]"
    assert payload.whole == payload.text


def test_a_text_too_long_to_be_changed_later_is_cut_and_kept_whole_beside() -> None:
    words = "tea & cake " * 200
    payload = rendered(Quote(words), Quote(words))
    assert payload.text.endswith("…")
    assert payload.whole.count("tea &amp; cake") == 400


@pytest.mark.parametrize(
    ("parts", "most"),
    [
        ([Quote("word " * 500) for _ in range(20)], 6),
        ([Quote("ж" * 3000) for _ in range(4)], 4),
        ([Say("sample.plain") for _ in range(120)], 3),
        ([Line(Say("sample.count", {"count": n})) for n in range(400)], 4),
        ([Quote("\0" * 20_000)], 20),
    ],
    ids=["long quotes", "long Cyrillic quotes", "many paragraphs", "a long list", "one huge quote"],
)
def test_what_is_too_much_for_one_message_becomes_several_with_nothing_lost(
    parts: list[Part], most: int
) -> None:
    several = render.payloads(Message(tuple(parts)), names={})
    assert 1 < len(several) <= most
    for payload in several:
        check_valid(payload)
    (whole,) = [render.payloads(Message((part,)), names={}) for part in parts[:1]]
    first = "".join(line for payload in whole for line in seen(payload))
    assert first in "".join(line for payload in several for line in seen(payload))
    assert sum(len(seen(payload)) for payload in several) >= len(parts)


def test_buttons_stay_with_what_they_are_about() -> None:
    paragraphs: list[Part] = []
    for n in range(40):
        paragraphs += [Say("sample.count", {"count": n}), Buttons((Button(f"go:{n}", Say("sample.button")),))]
    several = render.payloads(Message(tuple(paragraphs)), names={})
    assert len(several) == 2
    for payload in several:
        check_valid(payload)
        assert [block["type"] for block in payload.blocks[:2]] == ["rich_text", "actions"]


def test_a_message_without_anything_to_show_is_none() -> None:
    assert render.payloads(Message(()), names={}) == []
    assert render.payloads(Message((Quote(""), Asked(""), Buttons(()))), names={}) == []
