"""What every entry point has in hand: the database, the platforms, the clock, the names it knows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.db.engine import Sessions
from bot.domain.messages import Form
from bot.ports import ChatPlatform, Clock


@dataclass(frozen=True, slots=True)
class Thankable:
    """What the form for thanks needs of a gratitude ritual."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """What the form of an open round of questions needs."""

    ritual: str
    questions: tuple[tuple[str, int | None], ...]  # the question, and the greatest number of its scale
    anonymous: bool


@dataclass(slots=True)
class Known:
    """What is kept in memory, for what must answer without waiting: completion, and forms that are a first response."""

    rituals: dict[str, list[str]] = field(default_factory=dict)  # names by kind, in the order of the config
    names: dict[int, str] = field(default_factory=dict)  # of rituals, by their ids
    people: list[str] = field(default_factory=list)
    zone: str = ""  # the team's (IANA)
    gratitude: dict[int, Thankable] = field(default_factory=dict)  # by ritual id, in the order of the config
    questions: dict[int, OpenQuestions] = field(default_factory=dict)  # by the id of the open round
    answered: set[tuple[int, str]] = field(default_factory=set)
    """Who has answered an anonymous round that is open: the round's id, and their account ("platform:account")."""
    filled: dict[tuple[str, str], Form] = field(default_factory=dict)
    """Forms filled with what somebody typed, by their account ("platform:account") and a button's action."""
    filled_until: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """When (UTC) a filled form is of no use any more: what somebody typed is kept no longer than that."""

    def fill(self, account: str, action: str, form: Form, *, until: datetime) -> None:
        """Keep a filled form for a button of somebody's ("platform:account")."""
        self.filled[account, action], self.filled_until[account, action] = form, until

    def empty(self, account: str, action: str) -> None:
        """Keep it no longer."""
        self.filled.pop((account, action), None)
        self.filled_until.pop((account, action), None)

    def empty_old(self, *, now: datetime) -> None:
        """Keep nothing whose time is over."""
        for account, action in [key for key, until in self.filled_until.items() if until <= now]:
            self.empty(account, action)


@dataclass(frozen=True, slots=True)
class Runtime:
    """Passed to every job and to the inbox. `owed` is set whenever a transaction may have left something to send."""

    sessions: Sessions
    platforms: Mapping[str, ChatPlatform]
    clock: Clock
    team_id: int
    config_path: Path
    known: Known = field(default_factory=Known)
    owed: asyncio.Event = field(default_factory=asyncio.Event)
