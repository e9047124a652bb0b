"""What is handed over twice counts once: by Discord, or by somebody who was told that nothing had come of it."""

from __future__ import annotations

import hashlib
from enum import Enum, auto

import structlog

from adapters.discord.responding import Answered, Interaction, TooLate, defer
from adapters.kept import Kept
from bot.ports import PerhapsDone, PermanentFailure, TemporaryFailure, Unreachable

FAILURES = (TemporaryFailure, PermanentFailure, Unreachable, PerhapsDone)

MOST, A_TOKENS_LIFE = 5000, 900.0  # interactions, and for how many seconds each is known
MOST_LATE, IN_DOUBT = 500, 120.0  # what came late, and for how many seconds it may be sent once more in doubt

log = structlog.get_logger(__name__)


class Came(Enum):
    """How an interaction was acknowledged."""

    IN_TIME = auto()  # whoever acted waits for what we say
    KNOWN = auto()  # Discord has an answer: another process's, or ours, of which it could not tell us
    LATE = auto()  # whoever acted was told that nothing came of it, and can be written to directly only


async def acknowledge(interaction: Interaction) -> Came:
    """Defer it. What was done is handed in however that goes: words that were typed must not be lost."""
    try:
        await defer(interaction)
    except Answered:
        return Came.KNOWN
    except (TooLate, *FAILURES) as problem:
        log.warning("acknowledged_too_late", problem=str(problem))
        return Came.LATE
    return Came.IN_TIME


class Once:
    """Which interactions were heard lately, and which of them came late."""

    def __init__(self) -> None:
        self._heard: Kept[int, bool] = Kept(most=MOST, seconds=A_TOKENS_LIFE)
        self._late: Kept[tuple[str, str], str] = Kept(most=MOST_LATE, seconds=IN_DOUBT)

    def is_new(self, interaction: Interaction) -> bool:
        """Whether this process hears it for the first time: a gateway session that is resumed tells things again."""
        if self._heard.get(interaction.id):
            return False
        self._heard.put(interaction.id, True)
        return True

    def event(self, interaction: Interaction, came: Came, *said: object) -> str:
        """The id of an event. The same thing `said` again right after it came late is the same event, once."""
        key = str(interaction.user.id), hashlib.sha256(repr(said).encode()).hexdigest()
        event = self._late.get(key) or str(interaction.id)
        if came is Came.LATE:
            self._late.put(key, event)
        else:
            self._late.drop(key)
        return event
