"""What a round takes its lots from: the same round always the same, whenever and wherever it is planned."""

from __future__ import annotations

from datetime import datetime
from random import Random

from bot.db.models import Ritual, Team


def lots(team: Team, ritual: Ritual, scheduled_for: datetime) -> Random:
    """The lots of the round of a ritual that is scheduled for an instant (UTC)."""
    return Random(f"{team.seed} {ritual.name} {scheduled_for.isoformat()}")
