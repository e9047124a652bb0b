"""The words of a match: its introduction, the nudge, the question, and who takes part this time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.interactions import action
from bot.domain.messages import Asked, Button, Buttons, Given, Message, Moment, Part, People, Person, Say
from bot.domain.states import Outcome


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match as its messages show it."""

    id: int
    ritual: str
    members: tuple[int, ...]
    starter: str | None
    times: tuple[datetime, ...]
    chosen_time: datetime | None
    outcome: Outcome
    zone: str  # to show times in where the platform cannot know the reader's
    meeting_url: str | None
    minutes: int
    now: datetime  # times that have passed are offered no more
    wants_times: bool = False  # times were to be suggested; with none, their hours have none in common


def sign_up(ritual: str, round_id: int, scheduled_for: datetime, zone: str) -> Message:
    """The question who takes part, for a ritual that asks before each round."""
    return Message(
        (
            Say("coffee.sign_up", {"ritual": Given(ritual), "when": Moment(scheduled_for, zone)}),
            Buttons(
                (
                    Button(action("in", round_id), Say("coffee.sign_up_in"), "primary"),
                    Button(action("out", round_id), Say("coffee.sign_up_out")),
                )
            ),
        )
    )


def introduction(match: MatchView) -> Message:
    """The match's own message; said again whenever the match has changed."""
    parts: list[Part] = [
        Say(
            "coffee.introduction",
            {
                "people": people(match.members),
                "ritual": Given(match.ritual),
                "count": 1 if len(match.members) == 2 else len(match.members),
            },
        )
    ]
    if match.starter:
        parts += [Say("coffee.starter"), Asked(match.starter)]
    if match.outcome in (Outcome.UNKNOWN, Outcome.RESCHEDULED):
        parts += _when(match)
    if match.meeting_url and match.outcome is not Outcome.MET:
        parts.append(Say("coffee.meeting_place", {"url": Given(match.meeting_url)}))
    return Message((*parts, *_outcome_parts(match, asked=Say("coffee.afterwards"))))


def nudge(match: MatchView) -> Message:
    """The one reminder, where nobody has said anything."""
    parts: list[Part] = [Say("coffee.nudge", {"people": people(match.members)})]
    return Message((*parts, *_time_buttons(match)))


def question(match: MatchView) -> Message:
    """What is asked when the round closes, where nobody has said what became of the match."""
    asked = Say("coffee.question", {"people": people(match.members)})
    return Message(tuple(_outcome_parts(match, asked=asked)))


def people(ids: Sequence[int]) -> People:
    """Members by id, as a value of a sentence."""
    return People(tuple(Person(i) for i in ids))


def _outcome_parts(match: MatchView, *, asked: Say) -> list[Part]:
    """The question with its three buttons; once answered, the answer first. It never says who answered."""
    choices = (
        ("met", "coffee.met", Outcome.MET),
        ("rescheduled", "coffee.rescheduled", Outcome.RESCHEDULED),
        ("not", "coffee.not_this_time", Outcome.NOT_THIS_TIME),
    )
    stands = Outcome.MET if match.outcome is Outcome.UNKNOWN else match.outcome
    buttons = Buttons(
        tuple(
            Button(action(verb, match.id), Say(label), "primary" if said is stands else "plain")
            for verb, label, said in choices
        )
    )
    if match.outcome is Outcome.UNKNOWN:
        return [asked, buttons]
    return [Say(f"coffee.outcome_{match.outcome.value}"), Say("coffee.correct"), buttons]


def _when(match: MatchView) -> list[Part]:
    """The time that was chosen, or those that suit everybody; chosen ones can still be exchanged for another."""
    buttons = _time_buttons(match)
    if match.chosen_time is not None and match.outcome is Outcome.UNKNOWN:
        chosen = Say("coffee.chosen", {"when": Moment(match.chosen_time, match.zone)})
        return [chosen, *([Say("coffee.other_times"), *buttons] if buttons else [])]
    if buttons:
        few = "coffee.times" if len(match.members) == 2 else "coffee.times_of_all"
        return [Say(few), *buttons]
    return [Say("coffee.no_common_hours")] if match.wants_times and not match.times else []


def _time_buttons(match: MatchView) -> list[Part]:
    """A button for each suggested time that is still to come and not the chosen one; none if there is none."""
    buttons = tuple(
        Button(action("time", match.id, index), Say("coffee.time", {"when": Moment(at, match.zone)}))
        for index, at in enumerate(match.times)
        if at > match.now and at != match.chosen_time
    )
    return [Buttons(buttons)] if buttons else []
