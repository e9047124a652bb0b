"""An inbox whose answers a test writes beforehand, and which remembers what was handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.interactions import (
    Answer,
    Command,
    HomeOpened,
    Interaction,
    Press,
    Reply,
    RosterChanged,
    Said,
    Shortcut,
    Submit,
)
from bot.domain.messages import Form, Message, Say

Script = Answer | Callable[[Interaction], Answer]


def subject(happened: Interaction) -> str:
    """What a script is written for: "/command", a button's or form's action, "menu:" with an entry's name, "said",
    "home"."""
    match happened:
        case Command():
            return f"/{happened.name}"
        case Press() | Submit():
            return happened.action
        case Shortcut():
            return f"menu:{happened.name}"
        case Said():
            return "said"
        case HomeOpened():
            return "home"


class ScriptedInbox:
    """An `Inbox`: `forms` and `answers` by subject; what has no answer is answered with the sample sentence.

    As the real one does, it counts an event once: `counted` has no event twice, `received` has every call.
    """

    def __init__(self) -> None:
        self.forms: dict[str, Form] = {}
        self.answers: dict[str, Script] = {}
        self.lines: Sequence[str] = ()
        self.received: list[Interaction] = []
        self.rosters: list[RosterChanged] = []

    @property
    def counted(self) -> list[Interaction]:
        """What was handed in, each event once."""
        return list({(h.actor.workspace, h.event_id): h for h in reversed(self.received)}.values())[::-1]

    def form(self, asked: Interaction) -> Form | None:
        return self.forms.get(subject(asked)) if isinstance(asked, Command | Press | Shortcut) else None

    async def receive(self, happened: Interaction) -> Answer:
        self.received.append(happened)
        script = self.answers.get(subject(happened), Reply(Message((Say("sample.plain"),))))
        return script(happened) if callable(script) else script

    async def roster_changed(self, happened: RosterChanged) -> None:
        self.rosters.append(happened)

    def complete(self, typed: str, *, limit: int = 10) -> Sequence[str]:
        return [line for line in self.lines if line.startswith(typed)][:limit]
