"""What every ritual's table holds, and the tables `[[coffee]]` and `[[gratitude]]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    Field,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bot.config import schedule
from bot.config.fields import (
    At,
    Channels,
    Day,
    Every,
    Name,
    On,
    SomeSpan,
    Table,
    TeamValues,
    Text,
    Zone,
)
from bot.config.reading import span_text
from bot.config.schedule import Contradiction
from bot.config.team import TeamConfig
from bot.domain.cadence import Cadence, OnHoliday

NINE = time(9)  # when thanks are gathered, where the schedule has no time of day of its own

RitualKind = Literal["coffee", "gratitude", "checkin"]


NEEDED_BY_SOME = frozenset({"members", "voice"})
"""What a platform gives that some rituals alone need: a list of who is in a channel, rooms to talk in."""


class RitualConfig(Table):
    """What every kind of ritual has: a name, its places, who takes part, and when."""

    kind: ClassVar[RitualKind]
    stand_ins: ClassVar[Mapping[str, object]] = {"name": "stand-in", "channel": "playground:#stand-in"}
    """Values for required keys: with them, a table that lacks some can still be checked as a whole."""

    name: Name = Field(
        description="The ritual's name, unique in the file: lower-case letters, digits, hyphens."
    )
    was: Name | None = Field(
        default=None, description="The name it had before; with it, it keeps its history."
    )
    channel: Channels = Field(
        description="Where it happens: platform:#name or platform:id; a list makes several places one ritual."
    )
    members: Literal["channel", "opt-in", "each-round"] = Field(
        default="channel",
        description="Who takes part: everybody in the channel, who joined, or who says yes to a round.",
    )
    guests: bool = Field(
        default=False, description="Whether the workspace's guests who are in the channel take part as well."
    )
    timezone: Zone | None = Field(
        default=None, description="The IANA time zone of `at` and `cron`; else the team's."
    )
    every: Every | None = Field(
        default=None, description='How often: "day", "week", "2 weeks", "month", "3 months" and so on.'
    )
    on: On | None = Field(
        default=None,
        description='On which days: a weekday, a list of them, "first monday", or a day of the month.',
    )
    at: At | None = Field(default=None, description="At what time of day, on the clock of the time zone.")
    starts: Day | None = Field(
        default=None, description="Nothing happens before this date; two weeks and more are counted from it."
    )
    cron: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="A cron expression of five fields, instead of `every`, `on` and `at`."
    )
    on_holiday: OnHoliday = Field(
        default="next-working-day", description="What becomes of a round that falls on a holiday."
    )

    @property
    def needs(self) -> frozenset[str]:
        """What it cannot do without, of `NEEDED_BY_SOME`."""
        return frozenset({"members"} if self.members == "channel" else ())

    def minds(self, about: str) -> bool:
        """Whether it suffers where a platform finds something wrong about this (`Finding.about` of `bot.ports`)."""
        return about not in NEEDED_BY_SOME or about in self.needs

    @property
    def plays(self) -> str:
        """Which kind of ritual plays it: its name in `bot.rituals.KINDS`."""
        return self.kind

    def cadence(self, team: TeamConfig, *, zone: str | None = None) -> Cadence:
        """When its rounds are; `zone` (IANA) in place of its own for one member's local time."""
        parts = schedule.parts(every=self.every, on=self.on)
        return Cadence(
            zone=zone or self.timezone or team.timezone,
            at=self.at,
            every=parts.every,
            on=parts.on,
            starts=self.starts,
            cron=self.cron,
            on_holiday=self.on_holiday,
            calendar=team.calendar,
        )

    def contradictions(self, *, wrong: frozenset[str], given: frozenset[str]) -> Iterator[Contradiction]:
        """What does not go together. `wrong` keys hold a stand-in; `given` ones are in the table."""
        yield from schedule.contradictions(
            every=self.every, on=self.on, at=self.at, starts=self.starts, cron=self.cron, wrong=wrong & given
        )

    @model_validator(mode="after")
    def _free_of_contradictions(self, info: ValidationInfo) -> Self:
        context: Mapping[str, frozenset[str]] = info.context or {}
        wrong = context.get("wrong", frozenset())
        given = context.get("given") or self.written_keys()
        found = [
            c for c in self.contradictions(wrong=wrong, given=given) if not wrong.intersection(c.depends_on)
        ]
        if found:
            sentences = " ".join(c.sentence for c in found)
            raise PydanticCustomError(
                "contradictions", "{sentences}", {"sentences": sentences, "found": found}
            )
        return self


class CoffeeConfig(RitualConfig):
    """Introductions, two to eight people at a time."""

    kind = "coffee"

    group_size: Annotated[int, Field(ge=2, le=8)] = Field(
        default=2, description="How many people a match has: 2 to 8."
    )
    odd: Literal["trio", "bye"] = Field(
        default="trio",
        description="When the numbers do not work out: a larger group, or somebody sits one round out.",
    )
    mix: Literal["groups"] | None = Field(
        default=None, description="Prefer partners of different groups (`groups` in `[team]`)."
    )
    meeting_minutes: Annotated[int, Field(ge=5, le=480)] = Field(
        default=30,
        description="How long a meeting lasts, in minutes; for suggested times and the calendar file.",
    )
    suggest_times: Annotated[int, Field(ge=0, le=3)] = Field(
        default=3, description="How many times to meet are suggested with an introduction: 0 to 3."
    )
    voice: bool = Field(
        default=False, description="On Discord, open a voice channel for the hour of a match."
    )
    nudge_after: SomeSpan = Field(
        default=timedelta(days=3),
        description="How long after an introduction nobody answered the bot asks once more.",
    )
    close_after: SomeSpan = Field(
        default=timedelta(days=10),
        description="How long after an introduction the bot asks whether they met.",
    )
    starters: Text = Field(
        default=(),
        description="Starter questions, one for each introduction; left out, the built-in ones are used.",
    )
    announce_before: SomeSpan = Field(
        default=timedelta(days=1),
        description='With `members = "each-round"`: how long before a round people are asked who takes part.',
    )

    @property
    def needs(self) -> frozenset[str]:
        return super().needs | ({"voice"} if self.voice else set())

    def contradictions(self, *, wrong: frozenset[str], given: frozenset[str]) -> Iterator[Contradiction]:
        yield from super().contradictions(wrong=wrong, given=given)
        if self.nudge_after >= self.close_after:
            key = "nudge_after" if "nudge_after" in given else "close_after"
            sentence = (
                f"The nudge would come when the round is over: nudge_after is {span_text(self.nudge_after)}, "
                f"close_after is {span_text(self.close_after)}. Expected a nudge before the close."
            )
            yield Contradiction(key, sentence, ("nudge_after", "close_after"))


class GratitudeConfig(RitualConfig):
    """Prompts to say thanks."""

    kind = "gratitude"
    stand_ins: ClassVar[Mapping[str, object]] = {**RitualConfig.stand_ins, "prompts": ["stand-in"]}

    prompts: Annotated[Text, Field(min_length=1)] = Field(
        description="What the bot asks in the channel; none comes twice before all have come."
    )
    values: TeamValues = Field(
        default=(), description="The team's values, one word each; thanks can be given for one of them."
    )
    roundup: On | None = Field(
        default=None,
        description='When the public thanks since the last time are gathered in one post: "first monday".',
    )
    nudge: bool = Field(
        default=False,
        description="Remind a member, privately and from their own record, whom they have not thanked.",
    )

    @property
    def needs(self) -> frozenset[str]:
        """It asks the channel, and whoever is there; only its reminders go to everybody in turn."""
        return super().needs if self.nudge else super().needs - {"members"}

    def roundup_cadence(self, team: TeamConfig) -> Cadence | None:
        """When the thanks are gathered: on the days of `roundup`, at `at`, or where `cron` says when, at nine."""
        if self.roundup is None:
            return None
        on = schedule.parts(every=None, on=self.roundup).on
        unit = "week" if on is not None and on.weekdays and on.nth is None else "month"
        parts = schedule.parts(every=unit, on=self.roundup)
        return Cadence(
            zone=self.timezone or team.timezone,
            at=self.at or NINE,
            every=parts.every,
            on=parts.on,
            starts=self.starts,
            cron=None,
            on_holiday=self.on_holiday,
            calendar=team.calendar,
        )

    def contradictions(self, *, wrong: frozenset[str], given: frozenset[str]) -> Iterator[Contradiction]:
        yield from super().contradictions(wrong=wrong, given=given)
        if self.members == "each-round":
            yield asks_each_round("thanks are for everybody")


def asks_each_round(reason: str) -> Contradiction:
    """`members = "each-round"` where it cannot be kept."""
    sentence = f'"each-round" is for coffees: {reason}. Expected "channel" or "opt-in".'
    return Contradiction("members", sentence, ("members",))
