"""The whole config as one value."""

from __future__ import annotations

from pydantic import Field

from bot.config.checkins import CheckinConfig
from bot.config.fields import Table
from bot.config.rituals import CoffeeConfig, GratitudeConfig, RitualConfig
from bot.config.team import RetentionConfig, TeamConfig

RITUALS: dict[str, type[RitualConfig]] = {
    "coffee": CoffeeConfig,
    "gratitude": GratitudeConfig,
    "checkin": CheckinConfig,
}


class Config(Table):
    """A config file that was read without any problem."""

    team: TeamConfig = Field(description="What holds for the whole team.")
    retention: RetentionConfig = Field(
        default=RetentionConfig(),
        description="How many days each kind of record is kept; 0 keeps it for ever.",
    )
    coffee: tuple[CoffeeConfig, ...] = Field(
        default=(), strict=False, description="Introductions, two to eight people at a time."
    )
    gratitude: tuple[GratitudeConfig, ...] = Field(
        default=(), strict=False, description="Prompts to say thanks."
    )
    checkin: tuple[CheckinConfig, ...] = Field(
        default=(), strict=False, description="Rotations of hosts, rings of carers, rounds of questions."
    )

    @property
    def rituals(self) -> tuple[RitualConfig, ...]:
        """Every ritual of the file: coffees, then gratitude, then check-ins, in the order of the file."""
        return (*self.coffee, *self.gratitude, *self.checkin)
