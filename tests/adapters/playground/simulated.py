"""Playing with the make-believe colleagues: what is sent to them, time that passes, what was heard of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from adapters.playground.platform import Playground
from bot.clock import StillClock
from bot.domain.interactions import Interaction
from bot.domain.messages import Button, Buttons, Message, Say
from bot.ports import ToChat
from tests.fakes.inbox import ScriptedInbox

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
LATER = MONDAY + timedelta(days=60)


def offering(*actions: str) -> Message:
    buttons = tuple(Button(action, Say("sample.button")) for action in actions)
    return Message((Say("sample.plain"), Buttons(buttons)))


def heard(playground: Playground) -> list[Interaction]:
    assert isinstance(playground.inbox, ScriptedInbox)
    return playground.inbox.received


async def play(playground: Playground, clock: StillClock, *, until: datetime) -> int:
    """Step from one reaction to the next."""
    done = 0
    while (due := playground.next_at()) is not None and due <= until:
        clock.set(due)
        done += await playground.act(due)
    return done


async def tell(playground: Playground, rounds: int = 60) -> None:
    """Introduce many pairs, one match each."""
    for number in range(rounds):
        chat = await playground.open_chat(["ben", "chloe"], near="", key=f"match:{number}")
        message = offering(*(f"{verb}:{number}" for verb in ("met", "rescheduled", "not")))
        await playground.send(ToChat(chat), message, key=f"d{number}")
