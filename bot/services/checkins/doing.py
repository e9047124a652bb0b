"""Saying that a turn is done, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.commands import Typed
from bot.domain.messages import Message
from bot.services.asking import Asker
from bot.services.checkins import caring, hosting, whose_turn
from bot.services.checkins.played import RING
from bot.services.checkins.whose_turn import Turns


async def done(asker: Asker, typed: Typed) -> Message:
    """`/checkin done`."""
    return await _done(asker, await whose_turn.by_command(asker, typed.words, begun=True))


async def done_by_button(asker: Asker, about: Sequence[str]) -> Message:
    return await _done(asker, await whose_turn.by_button(asker, about))


async def _done(asker: Asker, turns: Turns) -> Message:
    if turns.plays == RING:
        return await caring.done(asker, turns)
    return await hosting.done(asker, turns)
