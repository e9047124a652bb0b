"""How the make-believe colleagues behave: decided by a seed and by what is asked, never by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.interactions import read_action

_MINUTES, _HOURS, _DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_SOON = (5 * _MINUTES, 6 * _HOURS)
_WHILE_ASKED = (5 * _MINUTES, 3 * _HOURS)  # answers are taken for some hours only
_LATER = (10 * _MINUTES, 2 * _DAYS)
_AFTER_MEETING = (1 * _DAYS, 8 * _DAYS)
_MORNING, _EVENING = 8, 19  # hours of the local day between which they press anything
_SATURDAY = 5  # as `datetime.weekday` counts


@dataclass(frozen=True, slots=True)
class Habit:
    """How likely a button is pressed, how long after it was seen; of one family at most one is."""

    chance: float
    within: tuple[timedelta, timedelta] = _LATER
    family: str = ""  # "" is the verb itself
    by: Literal["anybody", "named", "others"] = (
        "anybody"  # as the message in a channel names them, or does not
    )
    each_time: bool = False  # pressed once a message, not once for what it is about


HABITS: dict[str, Habit] = {
    "met": Habit(0.75, _AFTER_MEETING, "outcome"),
    "rescheduled": Habit(0.08, _AFTER_MEETING, "outcome"),
    "not": Habit(0.05, _AFTER_MEETING, "outcome"),
    "time": Habit(0.6, _SOON, "time"),
    "in": Habit(0.8, _SOON, "sign-up"),
    "out": Habit(0.1, _SOON, "sign-up"),
    "join": Habit(0.7, _SOON),
    "answer": Habit(0.65, _WHILE_ASKED),  # and once more when reminded
    "thanks": Habit(0.25, _LATER, each_time=True),
    "done": Habit(0.75, _LATER, "turn"),
    "pass": Habit(0.06, _SOON, "turn", by="named"),
    "swap": Habit(0.04, _SOON, "turn", by="named"),
    "volunteer": Habit(0.02, _SOON, by="others"),
    "accept": Habit(0.75, _SOON, "offer"),
    "decline": Habit(0.1, _SOON, "offer"),
}
BY_STYLE: dict[str, Habit] = {"primary": Habit(0.6)}
"""For a verb that `HABITS` does not name: what the bot does not lead to (to change, delete, forget) is left alone."""
LEFT_ALONE = Habit(0.0)


@dataclass(frozen=True, slots=True)
class Intent:
    """One button that somebody will press, `after` they saw it."""

    action: str
    family: str
    about: str  # what the button is about ("42"), "" if nothing
    after: timedelta


def intents(buttons: Sequence[tuple[str, str]], *, reminder: bool, label: str) -> list[Intent]:
    """What one person will press of a message's buttons (action and style): at most one of each family.

    `label` names the seed, the person and the message: the same label decides the same. To a `reminder`
    people react within a day.
    """
    families: dict[tuple[str, str], list[tuple[str, Habit]]] = {}
    verbs: dict[tuple[str, str], int] = {}
    for action, style in buttons:
        verb, _ = read_action(action)
        habit = HABITS.get(verb) or BY_STYLE.get(style, LEFT_ALONE)
        family, subject = family_of(action)
        families.setdefault((family, subject), []).append((action, habit))
        verbs[verb, subject] = verbs.get((verb, subject), 0) + 1
    found: list[Intent] = []
    for (family, subject), choices in families.items():
        rng = Random(f"{label}/{family}/{subject}")
        drawn = rng.random()
        for action, habit in choices:
            drawn -= habit.chance / verbs[read_action(action)[0], subject]
            if drawn < 0:
                earliest, latest = habit.within
                if reminder:
                    earliest, latest = _SOON[0], min(latest, _DAYS)
                seconds = rng.uniform(earliest.total_seconds(), latest.total_seconds())
                found.append(Intent(action, family, subject, timedelta(seconds=round(seconds))))
                break
    return found


def is_theirs(action: str, *, named: bool) -> bool:
    """Whether somebody would press this in a channel, where the message names them or does not."""
    habit = HABITS.get(read_action(action)[0], LEFT_ALONE)
    return habit.by == "anybody" or (habit.by == "named") == named


def family_of(action: str) -> tuple[str, str]:
    """The family a button belongs to, and what it is about ("" if nothing, or if each message asks anew)."""
    verb, about = read_action(action)
    habit = HABITS.get(verb, LEFT_ALONE)
    return habit.family or verb, about[0] if about and not habit.each_time else ""


def awake(at: datetime, *, zone: str | None, label: str) -> datetime:
    """`at`, or if nobody works then where the person is, a minute of the first hour they next do.

    They work from 8:00 to 19:00, Monday to Friday.
    """
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    if local.weekday() < _SATURDAY and _MORNING <= local.hour < _EVENING:
        return at
    morning = local.replace(hour=_MORNING, minute=Random(label).randrange(60))
    if local.hour >= _EVENING:
        morning += _DAYS
    while morning.weekday() >= _SATURDAY:
        morning += _DAYS
    return morning.astimezone(at.tzinfo)


def is_away_this_week(person: str, *, at: datetime, chance: float, seed: int) -> bool:
    """Whether a colleague is away for the whole ISO week of `at`, which happens with probability `chance`."""
    year, week, _ = at.isocalendar()
    return chance > 0 and Random(f"{seed}/away/{person}/{year}-{week}").random() < chance
