"""What a message looks like on Discord, and that nothing anybody typed can be markup or call anybody."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.discord import render
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
from tests.adapters.discord.validity import as_read, as_read_together, check_valid
from tests.adapters.platform_bench import WORDS

ANA, BEN = Person(1, "Ana", "11"), Person(2, "Ben", "22")
NAMES = {"22": "Ben", "33": "coffee"}
PRESS = Button("met:42", Say("sample.button"), "primary")
OTHER = Button("not:42", Say("sample.other"))


def rendered(*parts: Part) -> render.Payload:
    """The one message that these parts make, which Discord would take."""
    (payload,) = render.payloads(Message(parts), names=NAMES)
    check_valid(payload)
    return payload


def content(*parts: Part) -> str:
    return rendered(*parts).content


def greeting(value: Any) -> Say:
    return Say("sample.hello", {"person": value})


def line_by_line(text: str) -> str:
    """A text with all ends of lines alike, and without the space around it that Discord takes away."""
    return re.sub(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text).strip()


def test_a_person_is_a_mention_and_somebody_without_an_account_a_name() -> None:
    payload = rendered(greeting(People((ANA, Person(3, "Chloe *"), Person(4, "Dev", "not-an-id")))))
    assert payload.content == r"Hello <@11>, Chloe \* and Dev."
    assert payload.pings == ("11",)


def test_a_channel_is_a_link_to_it_and_elsewhere_its_name() -> None:
    assert content(Say("sample.place", {"place": Place("33", "coffee")})) == "Look at <#33>."
    assert content(Say("sample.place", {"place": Place("C1", "tea_time")})) == r"Look at #tea\_time."


def test_a_time_is_told_in_the_readers_zone_with_its_weekday() -> None:
    at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert content(Say("sample.when", {"when": Moment(at, "Europe/Berlin")})) == "See you <t:1796029200:F>."
    assert content(Say("sample.when", {"when": Day(date(2026, 11, 30))})) == "See you Monday, 30 November."


def test_a_time_on_a_button_is_told_in_words() -> None:
    at = Moment(datetime(2026, 11, 30, 9, 0, tzinfo=UTC), "Europe/Berlin")
    row = rendered(Buttons((Button("time:1", Say("coffee.time", {"when": at})),))).components[0]
    assert row["components"][0]["label"] == "Monday, 30 November at 10:00 CET"


@pytest.mark.parametrize(
    ("code", "sent"),
    [
        ("/coffee why", "`/coffee why`"),
        ("a*b_c\\", r"`a*b_c\`"),
        ("a`b", "``a`b``"),
        ("`x`", "`` `x` ``"),
        ("a``b", "`a``b`"),
        ("<@22> https://example.org", "`<@22> https://example.org`"),
        ("`x` ``y``", r"\`x\` \`\`y\`\`"),
        ("```", r"\`\`\`"),
        ("one\ntwo*", "one\ntwo\\*"),
        ("x" * 300, "x" * 300),
    ],
)
def test_what_is_to_be_typed_is_code_that_nothing_in_it_ends(code: str, sent: str) -> None:
    assert content(greeting(Code(code))) == f"Hello {sent}."


@given(st.text(min_size=1) | st.text("*_~`|\\<>[]():@#-. 1\nhtps/a", min_size=1, max_size=40))
@example("<b>*Ana* @everyone <!channel>")
@example("> quoted\n`code` ~~gone~~ _slanted_\n# heading\n-# small\n- item\n* item\n12. item")
@example("||secret|| [here](https://example.org/) ![x](y) <t:1:F> <:a:1> </x:1> <@&1> <id:home>")
@example("see http://[bad, http://, https://example.org:99999/ or https://example.org/).")
@example("https://example.org/*a*<@1> **https://example.org/b** <https://example.org/c>")
@example("https://example.org/a`b` xhttps://example.org/_c_! steam://a_b HTTPS://A_B")
@example(":tada::wave: a:b:c 12:30:45 ::: :+1: :white_check_mark:")
@example("¯\\_(ツ)_/¯ \\\\ \\* \\")
@example("a\r\n# b\r# c\x85# d\u2028# e")
def test_whatever_is_typed_is_read_letter_for_letter(text: str) -> None:
    for part in (Quote(text), Asked(text), greeting(Given(text)), Line(greeting(Given(text)))):
        read = "\n".join(as_read(each.content) for each in render.payloads(Message((part,)), names={}))
        lines = [line.strip() for line in line_by_line(text).split("\n")]
        assert [line for line in lines if line not in read] == []
    quoted = as_read_together([each.content for each in render.payloads(Message((Quote(text),)), names={})])
    assert quoted.strip() == line_by_line(text)


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_people_s_words_are_a_quote_and_nothing_else(words: str) -> None:
    made = render.payloads(Message((Quote(words),)), names={})
    for payload in made:
        check_valid(payload)
        assert all(line.startswith("> ") for line in payload.content.split("\n"))
        assert payload.pings == ()
    assert as_read_together([payload.content for payload in made]) == words


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("*a* _b_ ~c~ |d| `e`", r"\*a\* \_b\_ \~c\~ \|d\| \`e\`"),
        ("# a\n## b\n#c", "\\# a\n> \\## b\n> #c"),
        ("- a\n  - b\n-# c\n-5", "\\- a\n>   \\- b\n> \\-# c\n> -5"),
        ("1. a\n20. b\n1.5", "1\\. a\n> 20\\. b\n> 1.5"),
        ("> a\n>>> b", "\\> a\n> \\>>> b"),
        ("[a](b)", r"\[a](b)"),
        ("<t:1:F> <#5> </a:1> <:x:1>", r"\<t\:1:F> \<#5> \</a:1> \<\:x:1>"),
        ("<@9> <@&9> <@!9>", r"\<\@9> \<\@&9> \<\@!9>"),
        ("ok :tada: and a:b:c", r"ok :tada: and a\:b:c"),
        ("hi <a:party:12345678901234567>", "hi <a:party:12345678901234567>"),
    ],
)
def test_each_mark_of_markdown_is_taken_its_meaning(typed: str, sent: str) -> None:
    assert content(Quote(typed)) == f"> {sent}"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("see https://example.org/a_b?c=*d.", "see https://example.org/a_b?c=*d."),
        ("https://example.org, and", "https://example.org, and"),
        ("(https://example.org/tea_(drink))", "(<https://example.org/tea_(drink)>)"),
        ("https://example.org/!", "<https://example.org/>!"),
        ("**https://example.org**", r"\*\*<https://example.org>\*\*"),
        ("<https://example.org>", r"\<<https://example.org>>"),
        ("https://example.org<@9>", r"<https://example.org>\<\@9>"),
        ("[a](https://example.org)", r"\[a](<https://example.org>)"),
        ("https://", r"https\://"),
        ("ftp://a_b", r"ftp\://a\_b"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_an_address_can_be_clicked_and_is_what_was_typed_and_no_more(typed: str, sent: str) -> None:
    assert content(Quote(typed)) == f"> {sent}"


def test_an_address_ends_where_the_next_value_begins() -> None:
    at = Given("https://example.org/a_b")
    assert content(greeting(at)) == "Hello https://example.org/a_b."
    url = Say("settings.quiet_hint", {"working": at})
    assert "https://example.org/a_b" in as_read(content(url))


def test_whom_people_mention_is_named_and_not_called() -> None:
    payload = rendered(greeting(ANA), Quote("<@22> and <@!22> in <#33>, not <@99> or <@11>", by=BEN))
    assert (
        payload.content == "Hello <@11>.\nBen:\n> @Ben and \\<\\@!22> in #coffee, not \\<\\@99> or \\<\\@11>"
    )
    assert payload.pings == ("11",)


def test_somebody_unknown_is_named_and_not_called_and_nothing_typed_becomes_a_name_by_its_look() -> None:
    known, unknown, typed = Unknown("22"), Unknown("99"), Given("@22")
    for value, read in ((known, "@Ben"), (unknown, "@99"), (typed, "@22")):
        payload = rendered(greeting(value), Buttons((Button("a", greeting(value)),)))
        assert payload.content == f"Hello {read}."
        assert payload.components[0]["components"][0]["label"] == f"Hello {read}."
        assert payload.pings == ()


def test_only_those_whom_the_bot_names_in_this_very_message_are_called() -> None:
    first, second = render.payloads(
        Message((greeting(ANA), Quote("tea " * 500), greeting(BEN), Buttons((PRESS,)))), names={}
    )
    assert (first.pings, second.pings) == (("11",), ("22",))
    label = Button("a", greeting(BEN))
    assert rendered(Say("sample.plain"), Buttons((label,))).pings == ()


def test_an_author_is_named_once_and_an_anonymous_one_not_at_all() -> None:
    says_who = Say("gratitude.in_channel", {"person": ANA, "people": People((BEN,))})
    assert content(says_who, Quote("Tea!", by=ANA)).split("\n")[1:] == ["> Tea!"]
    assert content(says_who, Quote("Tea!", by=BEN)).split("\n")[1:] == ["Ben:", "> Tea!"]
    assert content(Asked("How are you?"), Quote("Fine", by=ANA), Quote("Tired")).split("\n") == [
        "**How are you?**",
        "Ana:",
        "> Fine",
        "",
        "> Tired",
    ]


def test_what_belongs_together_is_one_paragraph_and_two_quotes_never_look_like_one() -> None:
    count = [Line(Say("sample.count", {"count": n})) for n in (1, 2)]
    assert content(
        Say("sample.plain"), *count, Say("sample.plain"), Asked("Who?"), Quote("a\nb"), Quote("c")
    ) == ("Good morning.\n- 1 thing\n- 2 things\n\nGood morning.\n**Who?**\n> a\n> b\n\n> c")


def test_a_list_and_a_bold_question_hold_whatever_was_typed() -> None:
    assert content(Line(greeting(Given("a\nb")))) == "- Hello a\n  b."
    assert content(Asked("# why *so*?\n\nno?")) == "**\\# why \\*so\\*?**\n\n**no?**"
    assert content(Asked("see https://example.org/**")) == r"**see <https://example.org/>\*\***"
    assert content(Asked("https://example.org/*a")) == "https://example.org/*a", "a star would end the bold"


def test_a_button_carries_its_meaning_and_a_long_label_is_cut() -> None:
    long = Button("go:1", greeting(Given("x" * 200)), "danger")
    row = rendered(Say("sample.plain"), Buttons((PRESS, long, PRESS, OTHER))).components[0]["components"]
    assert [(b["custom_id"], b["style"]) for b in row] == [("met:42", 1), ("go:1", 4), ("not:42", 2)]
    assert row[0]["label"] == "Press me"
    assert row[1]["label"].endswith("…")
    assert len(row[1]["label"]) <= 80


def test_a_file_is_told_of_in_words_and_left_to_be_uploaded() -> None:
    file = File("coffee_1.ics", "text/calendar", b"BEGIN", Say("sample.alt"))
    message = Message((Say("sample.plain"), file))
    assert render.files(message) == [file]
    assert render.alt(file) == "A calendar entry."
    assert content(*message.parts) == "Good morning.\n\n-# coffee\\_1.ics: A calendar entry."


def test_a_message_without_anything_to_show_is_none() -> None:
    assert render.payloads(Message(()), names={}) == []
    assert render.payloads(Message((Quote(" \n"), Asked(""), Buttons(()))), names={}) == []
