"""What stands in a message: whom it names, what people typed, and the same message with everybody's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.domain.commands import MENTION
from bot.domain.messages import (
    Asked,
    Buttons,
    File,
    Given,
    Line,
    Message,
    Part,
    People,
    Person,
    Quote,
    Say,
    Unknown,
    Value,
)

_CHANNEL = re.compile(r"<#([^<>\s]+)>")


def values_in(message: Message) -> Iterator[Value]:
    """The values of all its sentences, also of those on buttons and within others, and who is quoted; in order."""
    for part in message.parts:
        match part:
            case Say():
                yield from _values(part)
            case Line(say) | File(alt=say):
                yield from _values(say)
            case Quote(by=Person() as author):
                yield author
            case Buttons(buttons):
                for button in buttons:
                    yield from _values(button.label)
            case _:
                pass


def _values(say: Say) -> Iterator[Value]:
    for value in say.values.values():
        if isinstance(value, Say):
            yield from _values(value)
        else:
            yield value


def people_in(message: Message) -> set[int]:
    """The ids of all members named anywhere in the message."""
    found: set[int] = set()
    for value in values_in(message):
        match value:
            case Person(member):
                found.add(member)
            case People(people):
                found.update(person.member for person in people)
            case _:
                pass
    return found


def with_people(message: Message, directory: Mapping[int, Person]) -> Message:
    """The message with every member's name and handle filled in from `directory`."""

    def person(p: Person) -> Person:
        return replace(directory.get(p.member, p), called=p.called)  # whom it calls, the message says

    def value(v: Value | Say) -> Value | Say:
        match v:
            case Person():
                return person(v)
            case People():
                return People(tuple(person(p) for p in v.people))
            case Say():
                return say(v)
            case _:
                return v

    def say(s: Say) -> Say:
        return Say(s.key, {name: value(v) for name, v in s.values.items()})

    def part(p: Part) -> Part:
        match p:
            case Say():
                return say(p)
            case Line():
                return Line(say(p.say))
            case Quote():
                return replace(p, by=person(p.by) if p.by else None)
            case Buttons():
                return Buttons(tuple(replace(b, label=say(b.label)) for b in p.buttons))
            case File():
                return replace(p, alt=say(p.alt))
            case _:
                return p

    return Message(tuple(part(p) for p in message.parts))


def typed_words(message: Message) -> Iterator[str]:
    """Every text in the message that a person wrote."""
    for part in message.parts:
        if isinstance(part, Quote):
            yield part.words
        elif isinstance(part, Asked):
            yield part.text
    for value in values_in(message):
        if isinstance(value, Given):
            yield value.text


def accounts_named(message: Message) -> set[str]:
    """The accounts that a platform shows by name: of whom people mention in their words, and of whom nobody knows."""
    typed = {account for text in typed_words(message) for account in MENTION.findall(text)}
    return typed | {value.account for value in values_in(message) if isinstance(value, Unknown)}


def channels_named(message: Message) -> set[str]:
    """The channels that people mention in their words, by id."""
    return {channel for text in typed_words(message) for channel in _CHANNEL.findall(text)}
