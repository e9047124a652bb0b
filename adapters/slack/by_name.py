"""Somebody whom an answer names by their id ("@U024BE7LH"), since the core does not know them: shown by their name."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from bot.domain.interactions import Answer, Refused, Reply
from bot.domain.messages import Given, Message, Say, Values

_ID = re.compile(r"@([UW][A-Z0-9]{2,})")

NameOf = Callable[[str], Awaitable[str | None]]
"""What an account's owner is called; None where there is no such account."""


async def by_name(answer: Answer, name_of: NameOf) -> Answer:
    """The same answer with names in the place of ids."""
    match answer:
        case Reply(message) if message is not None:
            parts = [await _said(part, name_of) if isinstance(part, Say) else part for part in message.parts]
            return Reply(Message(tuple(parts)))
        case Refused(errors):
            return Refused({field: await _said(say, name_of) for field, say in errors.items()})
        case _:
            return answer


async def _said(say: Say, name_of: NameOf) -> Say:
    values: Values = dict(say.values)
    for key, value in say.values.items():
        if isinstance(value, Given) and (found := _ID.fullmatch(value.text)):
            name = await name_of(found[1])
            values[key] = Given(f"@{name}") if name else value
    return Say(say.key, values)
