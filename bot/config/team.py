"""The team's own tables of the config: `[team]` and `[retention]`."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.config.fields import (
    Admins,
    Country,
    Group,
    Span,
    Table,
    TeamName,
    Url,
    Weekday,
    WorkingHours,
    Zone,
    unique,
)
from bot.config.reading import DAYS
from bot.domain.calendar import Calendar
from bot.domain.hours import DailySpan

Weight = Annotated[int, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=0, le=36_500)]


class TurnWeights(Table):
    """How much each kind of turn counts when turns are shared out over all rituals; 0: not at all."""

    host: Weight = Field(default=2, description="A turn as the host of a round.")
    carer: Weight = Field(default=1, description="A turn as the carer of one other member.")
    trio: Weight = Field(default=1, description="A turn as one of a trio.")
    bye: Weight = Field(default=1, description="A turn sitting one round out.")


class TeamConfig(Table):
    """What holds for the whole team, and for each ritual that does not say otherwise."""

    name: TeamName = Field(description="What the team is called, in the bot's introductions.")
    timezone: Zone = Field(
        default="UTC", description="The IANA time zone of every `at` and `cron` whose ritual names none."
    )
    working_days: Annotated[
        tuple[Weekday, ...], Field(strict=False, min_length=1), AfterValidator(unique)
    ] = Field(
        default=("mon", "tue", "wed", "thu", "fri"),
        description="The days of the week on which the team works; on others no private message starts.",
    )
    working_hours: WorkingHours = Field(
        default=DailySpan(9 * 60, 17 * 60 + 30),
        description="Working hours of members who have not set their own; everything outside them is quiet.",
    )
    holidays: Annotated[tuple[Country, ...], Field(strict=False), AfterValidator(unique)] = Field(
        default=(),
        description="Whose public holidays are days off: ISO 3166-1 or 3166-2 codes.",
    )
    messages_per_week: Annotated[int, Field(ge=1, le=100)] = Field(
        default=6, description="The most private messages a week that the bot starts with one person."
    )
    grace: Span = Field(
        default=timedelta(hours=12),
        description="How late a round may still open after an outage; a later one is recorded as missed.",
    )
    away: Annotated[tuple[Literal["status", "dnd"], ...], Field(strict=False), AfterValidator(unique)] = (
        Field(
            default=("status", "dnd"),
            description="What counts as away on Slack, besides pauses and holidays: status, do not disturb.",
        )
    )
    meeting_url: Url | None = Field(
        default=None,
        description="The address of a match's video room; {match} becomes the match's number.",
    )
    turn_weights: TurnWeights = Field(
        default=TurnWeights(), description="How much each kind of turn counts when turns are shared out."
    )
    admins: Admins = Field(
        default=(),
        description='Who are admins besides those of the workspace: people by id, or "everyone".',
    )
    groups: dict[Annotated[str, Field(min_length=1, max_length=40)], Group] = Field(
        default_factory=dict,
        description='Groups of people by name; with `mix = "groups"` partners come from different ones.',
    )

    @property
    def calendar(self) -> Calendar:
        """The days on which the team works."""
        return _calendar(self.working_days, self.holidays)


@lru_cache(maxsize=64)
def _calendar(working_days: tuple[str, ...], holidays: tuple[str, ...]) -> Calendar:
    return Calendar(frozenset(DAYS.index(day) for day in working_days), holidays)


class RetentionConfig(Table):
    """How many days each kind of record is kept; 0 keeps it for ever."""

    answers: Days = Field(default=365, description="Days for which answers to check-in questions are kept.")
    thanks: Days = Field(default=730, description="Days for which thanks are kept.")
    participation: Days = Field(
        default=730, description="Days for which the record of who took part in what is kept."
    )
