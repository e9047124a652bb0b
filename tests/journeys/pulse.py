"""A check-in of two questions, and what people do with it."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.interactions import Reply
from bot.domain.messages import Form
from bot.domain.phrasing import plain_message
from bot.ports import Profile
from tests.world import MONDAY, World, people

OPEN = MONDAY + timedelta(days=2, minutes=30)  # Wednesday 09:30 in Berlin
CLOSE = OPEN + timedelta(hours=8)
HOUR = timedelta(hours=1)
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")
NINE = ("Ana", "Ben", "Chloe", "Dev", "Eli", "Fay", "Gus", "Hana", "Ivo")

NAMED = """
[team]
name = "Acme"
timezone = "Europe/Berlin"
messages_per_week = 40

[[checkin]]
name = "pulse"
kind = "questions"
channel = "playground:#general"
every = "week"
on = "wednesday"
at = "09:30"
window = "8 hours"
questions = [{ ask = "How is your energy?", scale = 5 }, { ask = "What would help?" }]
"""
LOCAL = NAMED.replace('window = "8 hours"', 'window = "8 hours"\nlocal_time = true')
ANONYMOUS = NAMED.replace('window = "8 hours"', 'window = "8 hours"\nanonymous = true\nmin_answers = 5')


def abroad() -> list[Profile]:
    """Ana in Berlin, Kavya in Kolkata, Nora in New York."""
    return [
        *people("Ana"),
        Profile(id="kavya", name="Kavya", timezone="Asia/Kolkata"),
        Profile(id="nora", name="Nora", timezone="America/New_York"),
    ]


async def answers(
    acme: World, who: str, *, scale: str = "", words: str = "", form: Form | None = None
) -> str:
    """Somebody opens the form, unless they have it open, fills it in and sends it; what only they read in answer."""
    shown = form or await acme.opens(who, "Answer")
    done = await acme.submits(who, shown.action, question0=scale, question1=words)
    assert isinstance(done, Reply), done
    return plain_message(done.message) if done.message else ""


async def answers_unseen(acme: World, who: str, words: str, *, scale: str = "3") -> str:
    """Somebody answers anonymously; the receipt that only they read."""
    said = await answers(acme, who, scale=scale, words=words)
    assert "without your name" in said, said
    found = CODE.search(said)
    assert found is not None
    return found[0]


def words_of(who: str) -> str:
    """What somebody says, and nobody else."""
    return f"{who.encode().hex()} less noise"


def asked(acme: World, who: str) -> list[str]:
    """The questions that somebody was sent, and the reminders."""
    return [text for text in acme.platform.to(who) if "questions for you" in text or "still takes" in text]


def summaries(acme: World) -> list[str]:
    """What stands in the channel of what people said, or of why nothing does."""
    return [
        text for text in acme.platform.within("C-general") if "What you said" in text or "Too few" in text
    ]
