"""A ritual's messages before anybody is known: which steps a round has, when, to whom, in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rituals import KINDS


@dataclass(frozen=True, slots=True)
class Step:
    """One message that will be owed: `at` is UTC; `private` ones wait for people's hours and budget."""

    ritual: str
    step: str
    at: datetime
    zone: str
    to: str
    text: str
    private: bool = False


def steps(rules: Any, *, zone: str, scheduled_for: datetime) -> list[Step]:
    """What a round of the ritual at `scheduled_for` (UTC) will send, in the order of time."""
    places = ", ".join(str(c) for c in rules.channel)
    made = [
        Step(rules.name, one.step, one.at, zone, one.to.format(places=places), one.text, one.private)
        for one in KINDS[rules.plays].outline(rules, zone=zone, at=scheduled_for)
    ]
    return sorted(made, key=lambda one: one.at)
