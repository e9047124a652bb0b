"""What people typed in a message, as against what the bot says: where they may have mentioned somebody."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.messages import Asked, Given, Line, Message, Quote, Say


def typed_words(message: Message) -> Iterator[str]:
    """Every text in the message that a person wrote."""
    for part in message.parts:
        match part:
            case Say():
                yield from _in_sentence(part)
            case Line(say):
                yield from _in_sentence(say)
            case Quote(words) | Asked(words):
                yield words
            case _:
                pass


def _in_sentence(say: Say) -> Iterator[str]:
    for value in say.values.values():
        match value:
            case Given(text):
                yield text
            case Say():
                yield from _in_sentence(value)
            case _:
                pass
