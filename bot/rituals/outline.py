"""A ritual's messages before anybody is known: which steps a round has, when, to whom, in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.cadence import later
from bot.domain.messages import Given, Message, Moment, Person, Say, Values, with_people
from bot.domain.phrasing import plain, plain_message
from bot.domain.states import Outcome
from bot.rituals import KINDS
from bot.rituals.kind import MatchView

ONE, OTHER = 1, 2
PEOPLE = {ONE: Person(ONE, "Ana"), OTHER: Person(OTHER, "Ben")}  # examples, until the round is planned


Planned = tuple[str, datetime, str, str, bool]  # step, at, to, text, private


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
    planned = _OUTLINES[rules.kind](rules, zone=zone, at=scheduled_for)
    made = [
        Step(rules.name, step, at, zone, to.format(places=places), text, private)
        for step, at, to, text, private in planned
    ]
    return sorted(made, key=lambda one: one.at)


def _coffee(rules: Any, *, zone: str, at: datetime) -> list[Planned]:
    kind = KINDS["coffee"]
    view = MatchView(
        id=0,
        ritual=rules.name,
        members=(ONE, OTHER),
        starter=rules.starters[0] if rules.starters else None,
        times=(),
        chosen_time=None,
        outcome=Outcome.UNKNOWN,
        zone=zone,
        meeting_url=None,
        minutes=rules.meeting_minutes,
        now=at,
    )
    matches = "each match of {places}"
    found: list[Planned] = [
        ("introduction", at, matches, _words(kind.introduction(view)), True),
        ("nudge", later(at, rules.nudge_after, zone), matches, _words(kind.nudge(view)), True),
        ("question", later(at, rules.close_after, zone), matches, _words(kind.question(view)), True),
    ]
    if rules.members == "each-round":
        ask = kind.sign_up(rules.name, 0, at, zone)
        found.append(("sign_up", later(at, -rules.announce_before, zone), "{places}", _words(ask), False))
    return found


def _words(message: Message) -> str:
    return plain_message(with_people(message, PEOPLE))


def _gratitude(rules: Any, *, zone: str, at: datetime) -> list[Planned]:
    return [("prompt", at, "{places}", " / ".join(rules.prompts), False)]


def _checkin(rules: Any, *, zone: str, at: datetime) -> list[Planned]:
    match rules.checkin_kind:
        case "host":
            values: Values = {"role": Given(rules.role), "when": Moment(at, zone), "person": PEOPLE[ONE]}
            said = plain(Say("checkin.host", values))
            return [("host", later(at, -rules.announce_before, zone), "{places}", said, False)]
        case "ring":
            said = plain(Say("checkin.carer", {"person": PEOPLE[OTHER]}))
            return [("carer", at, "each carer of {places}", said, True)]
        case _:
            asked = " / ".join(q.ask for q in rules.questions)
            return [("questions", at, "each member of {places}", asked, True)]


_OUTLINES: dict[str, Callable[..., list[Planned]]] = {
    "coffee": _coffee,
    "gratitude": _gratitude,
    "checkin": _checkin,
}
