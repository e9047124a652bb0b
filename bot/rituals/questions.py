"""Questions: each member is asked at their time, and everybody's own words come together in one summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.domain.cadence import resolve
from bot.domain.interactions import action
from bot.domain.messages import Button, Buttons, Code, Given, Message, Moment, Say, Values
from bot.domain.states import Attention
from bot.rituals.answers import Frozen, stored, summary
from bot.rituals.examples import example
from bot.rituals.kind import Outlined, RoundPlan, Scene, Told
from bot.rituals.welcomes import taking_part

FIRST_MORNING = timedelta(
    hours=26
)  # from UTC+14 to UTC-12: how much earlier it is that time of day somewhere
REMIND_AFTER = 0.75  # of the window
LOOK_BEFORE = timedelta(minutes=2)  # somebody is asked, for whether they have answered by themselves


class QuestionRules(Protocol):
    """What a round of questions reads of its table in the config."""

    @property
    def name(self) -> str: ...
    @property
    def members(self) -> str: ...
    @property
    def local_time(self) -> bool: ...
    @property
    def window(self) -> timedelta: ...
    @property
    def anonymous(self) -> bool: ...
    @property
    def min_answers(self) -> int: ...
    @property
    def questions(self) -> Sequence[Any]: ...  # each with `ask` and `scale`


class Questions:
    """A round of answers: asked, reminded once, summed up once."""

    name = "questions"

    def before(self, rules: QuestionRules) -> timedelta | None:
        return FIRST_MORNING if rules.local_time else None

    def reason_not_to_open(self, scene: Scene) -> str | None:
        if not scene.everyone:
            return "skipped.nobody"
        return None if scene.people else "skipped.everybody_away"

    def plan_round(self, scene: Scene, *, rng: Random) -> RoundPlan:
        rules: QuestionRules = scene.rules
        asked = {
            p.id: max(scene.now, local_instant(scene.scheduled_for, scene.zone, p.hours.zone))
            if rules.local_time
            else scene.now
            for p in scene.people
        }
        close_at = max(asked.values()) + rules.window
        frozen = Frozen(
            tuple((q.ask, q.scale) for q in rules.questions), rules.anonymous, rules.min_answers, rules.window
        )
        message = asking(scene.round_id, scene.ritual, count=len(rules.questions), anonymous=rules.anonymous)
        return RoundPlan(
            asked=asked,
            told=tuple(
                Told(member, "questions", message, Attention.PRIVATE, at=at, useful_until=close_at)
                for member, at in asked.items()
            ),
            kept=frozen.document(),
            nudge_at=next_look(asked.values(), window=rules.window, after=scene.now),
            close_at=close_at,
        )

    def welcome(self, ritual: str, ritual_id: int, rules: QuestionRules) -> Message:
        values: Values = {
            "ritual": Given(ritual),
            "answer": Code("/checkin answer"),
            "count": len(rules.questions),
        }
        said = Message((Say("questions.welcome", values), stored(anonymous=rules.anonymous)))
        return said + taking_part("checkin", ritual_id, members=rules.members)

    def outline(self, rules: QuestionRules, *, zone: str, at: datetime) -> Iterator[Outlined]:
        close_at = at + rules.window
        asks = "\n".join(q.ask for q in rules.questions)
        said = asking(0, rules.name, count=len(rules.questions), anonymous=rules.anonymous)
        told = f"{example(said)}\n{asks}"
        yield Outlined("questions", at, "each member of {places}", told, private=True)
        reminded = example(reminder(0, rules.name, until=close_at, zone=zone))
        remind_at = at + rules.window * REMIND_AFTER
        yield Outlined("reminder", remind_at, "those who have not answered", reminded, private=True)
        read = example(summary(rules.name, [(q.ask, q.scale) for q in rules.questions], ()))
        yield Outlined("summary", close_at, "{places}", read)


def local_instant(scheduled_for: datetime, zone: str, theirs: str) -> datetime:
    """The instant (UTC) at which it is in the zone `theirs` the day and time that `scheduled_for` is in `zone`."""
    return resolve(scheduled_for.astimezone(ZoneInfo(zone)).replace(tzinfo=None), theirs)


def next_look(asked: Iterable[datetime], *, window: timedelta, after: datetime) -> datetime | None:
    """When (UTC, after `after`) the next of those asked is to be reminded, or is asked while the round is open already.

    Shortly before somebody is asked it is looked whether they have answered by themselves.
    """
    moments = {moment for at in asked for moment in (at - LOOK_BEFORE, at + window * REMIND_AFTER)}
    return min((moment for moment in moments if moment > after), default=None)


def asking(round_id: int, ritual: str, *, count: int, anonymous: bool) -> Message:
    """What a member is asked with; the `count` questions themselves are in the form."""
    said = Say("questions.asked", {"ritual": Given(ritual), "count": count})
    return Message((said, stored(anonymous=anonymous), _answer(round_id)))


def reminder(round_id: int, ritual: str, *, until: datetime, zone: str) -> Message:
    """The one reminder: answers are taken until `until` (UTC), told in the member's `zone`."""
    values: Values = {"ritual": Given(ritual), "until": Moment(until, zone)}
    return Message((Say("questions.reminder", values), _answer(round_id)))


def open_now(round_id: int, ritual: str, *, until: datetime, zone: str) -> Message:
    """A way to the form for whoever asks for it."""
    values: Values = {"ritual": Given(ritual), "until": Moment(until, zone)}
    return Message((Say("questions.open", values), _answer(round_id)))


def _answer(round_id: int) -> Buttons:
    return Buttons((Button(action("answer", round_id), Say("questions.answer"), "primary"),))
