"""What stands in a message is found wherever it stands: within a sentence, on a button, in a file's words."""

from __future__ import annotations

from bot.domain.contents import (
    accounts_named,
    channels_named,
    people_in,
    typed_words,
    values_in,
    with_people,
)
from bot.domain.messages import (
    Asked,
    Button,
    Buttons,
    File,
    Given,
    Line,
    Message,
    People,
    Person,
    Quote,
    Say,
    Unknown,
    Value,
    from_json,
    to_json,
)

ANA, BEN, CHLOE, DEV, EVA = (Person(number) for number in range(1, 6))


def said(value: Value) -> Say:
    return Say("sample.hello", {"person": Say("sample.hello", {"person": value})})


def full(*values: Value) -> Message:
    """A message that has the values in its sentence, its list, its button and its file."""
    one, two, three, four = map(said, values)
    return Message(
        (one, Line(two), Buttons((Button("met:1", three),)), File("a.ics", "text/calendar", b"", four))
    )


def test_everybody_who_is_named_is_found_and_gets_a_name() -> None:
    message = full(ANA, People((BEN, CHLOE)), DEV, 3) + Message((Quote("Tea", by=EVA), Quote("Cake")))
    assert people_in(message) == {1, 2, 3, 4, 5}
    named = with_people(message, {n: Person(n, f"name{n}", f"U{n}") for n in range(1, 6)})
    for number in range(1, 6):
        assert f"name{number}" in repr(named)


def test_who_and_what_people_mention_is_found_in_all_they_typed_and_nowhere_else() -> None:
    message = full(Given("<@A1>"), Given("<@A2> in <#C1>"), Unknown("A3"), ANA)
    message += Message((Quote("hi <@A4> and @A9"), Asked("<#C2>?")))
    assert accounts_named(message) == {"A1", "A2", "A3", "A4"}
    assert channels_named(message) == {"C1", "C2"}
    assert set(typed_words(message)) == {"<@A1>", "<@A2> in <#C1>", "hi <@A4> and @A9", "<#C2>?"}


def test_who_is_only_spoken_of_stays_so_when_everybody_gets_their_name() -> None:
    told = with_people(full(Person(1, called=False), ANA, ANA, ANA), {1: Person(1, "Ana", "U1")})
    first, second, *_ = values_in(from_json(to_json(told)))
    assert (first, second) == (Person(1, "Ana", "U1", called=False), Person(1, "Ana", "U1"))
