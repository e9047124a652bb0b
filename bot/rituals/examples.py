"""Example people, for showing a message before anybody is known."""

from __future__ import annotations

from bot.domain.contents import with_people
from bot.domain.messages import Message, Person
from bot.domain.phrasing import plain_message

ONE, OTHER = 1, 2
PEOPLE = {ONE: Person(ONE, "Ana"), OTHER: Person(OTHER, "Ben")}


def example(message: Message) -> str:
    """The message as it will read, with example people in it."""
    return plain_message(with_people(message, PEOPLE))
