"""What every entry point has in hand: the database, the platforms, the clock, the names it knows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.db.engine import Sessions
from bot.ports import ChatPlatform, Clock


@dataclass(slots=True)
class Known:
    """Names kept in memory, for what must answer without waiting: completion, and forms that are a first response."""

    rituals: dict[str, list[str]] = field(default_factory=dict)  # by kind
    people: list[str] = field(default_factory=list)


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
