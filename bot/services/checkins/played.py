"""How a round is played: as what it was opened, whatever the config has made of its ritual since."""

from __future__ import annotations

from bot.config.checkins import CheckinConfig
from bot.db.models import Ritual, Round
from bot.rituals.answers import Frozen
from bot.rituals.host import ROLE
from bot.services import settings

HOST, RING, QUESTIONS = "host", "ring", "questions"


def plays(round_: Round, ritual: Ritual) -> str:
    """The kind of the round, by what it keeps of its plan; else its ritual's."""
    kept = round_.kept or {}
    if Frozen.of(kept) is not None:
        return QUESTIONS
    if "order" in kept:
        return RING
    return HOST if ROLE in kept else settings.rules(ritual).plays


def role_in(round_: Round, ritual: Ritual) -> str:
    """What the host of a round is called: as the config has it now, or had it when there were hosts."""
    kept: str | None = (round_.kept or {}).get(ROLE)
    return kept if kept is not None and settings.rules(ritual).plays != HOST else role(ritual)


def role(ritual: Ritual) -> str:
    """What the config calls the host."""
    rules = settings.rules(ritual)
    if not isinstance(rules, CheckinConfig):
        raise TypeError(f"{ritual.name} is no check-in")
    return rules.role
