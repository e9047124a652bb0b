"""The config as it was last applied, read back from the rows that carry it."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config.rituals import CoffeeConfig, RitualConfig
from bot.config.schema import RITUALS
from bot.config.team import TeamConfig
from bot.db.models import Member, Ritual, Team
from bot.domain.cadence import Cadence
from bot.domain.calendar import Calendar
from bot.domain.hours import DailySpan, Hours


async def team_row(session: AsyncSession, team_id: int) -> Team:
    """The team's row; it exists from the first time a config is applied."""
    return await session.get_one(Team, team_id)


async def lock_team(session: AsyncSession, team_id: int) -> None:
    """One at a time from here to the end of the transaction: for writing down what several may find at once."""
    await session.execute(select(Team.id).where(Team.id == team_id).with_for_update(key_share=True))


def team_rules(team: Team) -> TeamConfig:
    """The `[team]` table of the config."""
    return _team_rules(json.dumps(team.settings, sort_keys=True))


def rules(ritual: Ritual) -> RitualConfig:
    """The ritual's table of the config."""
    return _rules(ritual.kind, json.dumps(ritual.settings, sort_keys=True))


def coffee_rules(ritual: Ritual) -> CoffeeConfig:
    """The rules of a coffee ritual; TypeError for another kind."""
    found = rules(ritual)
    if not isinstance(found, CoffeeConfig):
        raise TypeError(f"{ritual.name} is no coffee ritual")
    return found


def cadence(ritual: Ritual, team: Team) -> Cadence:
    """When the ritual's rounds are."""
    return _cadence(
        ritual.kind, json.dumps(ritual.settings, sort_keys=True), json.dumps(team.settings, sort_keys=True)
    )


def zone(ritual: Ritual, team: Team) -> str:
    """The zone the ritual's wall-clock times are meant in."""
    return rules(ritual).timezone or team_rules(team).timezone


def calendar(team: Team) -> Calendar:
    """The team's working days and holidays."""
    return team_rules(team).calendar


def member_zone(member: Member, account_zone: str | None, team: Team) -> str:
    """Set by the member, else told by the platform, else the team's."""
    return member.timezone or account_zone or team_rules(team).timezone


def hours(member: Member, account_zone: str | None, team: Team) -> Hours:
    """When a member works and when they want quiet, in their own zone."""
    config = team_rules(team)
    return Hours(
        zone=member_zone(member, account_zone, team),
        calendar=config.calendar,
        working=DailySpan.parse(member.working_hours) if member.working_hours else config.working_hours,
        quiet=DailySpan.parse(member.quiet_hours) if member.quiet_hours else None,
    )


@lru_cache(maxsize=256)
def _team_rules(document: str) -> TeamConfig:
    return TeamConfig.model_validate_json(document)


@lru_cache(maxsize=256)
def _rules(kind: str, document: str) -> RitualConfig:
    return RITUALS[kind].model_validate_json(document)


@lru_cache(maxsize=256)
def _cadence(kind: str, document: str, team: str) -> Cadence:
    return _rules(kind, document).cadence(_team_rules(team))


def as_document(model: TeamConfig | RitualConfig) -> dict[str, Any]:
    """A config table as it is kept in a row."""
    return model.model_dump(mode="json")
