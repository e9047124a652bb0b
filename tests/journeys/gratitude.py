"""A team that says thanks on Fridays: what the journeys of gratitude begin with."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.interactions import Refused, Reply
from bot.domain.phrasing import plain, plain_message
from tests.world import World

FRIDAY = datetime(2026, 1, 2, 14, 0, tzinfo=UTC)  # 15:00 in Berlin
CHANNEL = "C-general"
PROMPTS = ("Who made your week lighter?", "Whose work did you stand on?", "What was kind this week?")
CONFIG = """
[team]
name = "Acme"
timezone = "Europe/Berlin"

[[gratitude]]
name = "friday-thanks"
channel = "playground:#general"
every = "week"
on = "friday"
at = "15:00"
prompts = ["Who made your week lighter?", "Whose work did you stand on?", "What was kind this week?"]
values = ["craft", "care", "candour"]
"""
CALM = "for the calm yesterday"


def answered(answer: Reply | Refused) -> str:
    """What somebody reads after they have sent a form that was accepted."""
    assert isinstance(answer, Reply), answer
    return plain_message(answer.message) if answer.message else ""


def wrong(answer: Reply | Refused, field: str) -> str:
    """What is said at a field of a form that was not accepted."""
    assert isinstance(answer, Refused), answer
    return plain(answer.errors[field])


def posts(acme: World) -> list[str]:
    """The thanks that stand in the channel now."""
    said = [text.splitlines()[:1] for text in acme.platform.within(CHANNEL)]
    return [
        text
        for text, first in zip(acme.platform.within(CHANNEL), said, strict=True)
        if first and " thanks " in first[0] and first[0].endswith(":")
    ]


def got(acme: World, who: str) -> list[str]:
    """The private messages of somebody that say something, as they stand now."""
    return [text for text in acme.platform.to(who) if text]
