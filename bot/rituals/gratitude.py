"""Gratitude: a prompt in the channel, with a button that opens the form for saying thanks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from bot.domain.bag import draw
from bot.domain.cadence import later
from bot.domain.interactions import action
from bot.domain.messages import Asked, Button, Buttons, Code, Given, Message, Person, Say, Span
from bot.rituals.examples import OTHER, example
from bot.rituals.kind import Outlined, Posted, RoundPlan, Scene

OPEN_FOR = timedelta(days=7)  # a round without another after it
NUDGED_AFTER_WEEKS = 8  # without a word of thanks to somebody who was thanked before
SECONDS_A_WEEK = 7 * 24 * 3600


class GratitudeRules(Protocol):
    """What gratitude reads of its table in the config."""

    @property
    def name(self) -> str: ...
    @property
    def prompts(self) -> Sequence[str]: ...
    @property
    def values(self) -> Sequence[str]: ...
    @property
    def nudge(self) -> bool: ...


class Gratitude:
    """A prompt on schedule, whoever is there; people say thanks whenever they like."""

    name = "gratitude"

    def before(self, rules: GratitudeRules) -> timedelta | None:
        return None

    def reason_not_to_open(self, scene: Scene) -> str | None:
        return None

    def plan_round(self, scene: Scene, *, rng: Random) -> RoundPlan:
        rules: GratitudeRules = scene.rules
        [prompt] = draw(rules.prompts, scene.bag, 1, rng=rng)
        return RoundPlan(
            posts=(Posted("prompt", prompt_message(prompt, scene.ritual_id)),),
            drawn=(prompt,),
            nudge_at=scene.now if rules.nudge else None,
            close_at=scene.next_round_at or later(scene.scheduled_for, OPEN_FOR, scene.zone),
        )

    def welcome(self, ritual: str, ritual_id: int, rules: GratitudeRules) -> Message:
        return Message(
            (
                Say("gratitude.welcome", {"ritual": Given(ritual)}),
                Say("gratitude.welcome_how", {"thanks": Code("/thanks @ana WORDS")}),
                Say("gratitude.welcome_free"),
            )
        )

    def outline(self, rules: GratitudeRules, *, zone: str, at: datetime) -> Iterator[Outlined]:
        prompts = " / ".join(rules.prompts)
        yield Outlined("prompt", at, "{places}", example(prompt_message(prompts, 0)))
        if rules.nudge:
            told = example(nudge_message(0, OTHER, weeks=NUDGED_AFTER_WEEKS))
            yield Outlined(
                "nudge", at, "each in {places} who has not thanked somebody for long", told, private=True
            )


def prompt_message(prompt: str, ritual_id: int) -> Message:
    """The prompt as the channel reads it."""
    return Message((Asked(prompt), _say_thanks(ritual_id)))


def nudge_message(ritual_id: int, other: int, *, weeks: int) -> Message:
    """What a member is told of their own silence, alone."""
    since = Span(weeks * SECONDS_A_WEEK)
    return Message((Say("gratitude.nudge", {"span": since, "person": Person(other)}), _say_thanks(ritual_id)))


def _say_thanks(ritual_id: int) -> Buttons:
    return Buttons((Button(action("thanks", ritual_id), Say("gratitude.say_thanks"), "primary"),))
