"""Applying a config: what it names exists afterwards, what it names no longer is archived, what was renamed moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config.rituals import CoffeeConfig
from bot.config.schema import Config
from bot.db.models import Audit, Ritual, Team
from bot.domain.cadence import later
from bot.domain.states import RitualState
from bot.services import settings

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that applying a config changed: `what` is added, changed, renamed, archived or restored."""

    what: str
    ritual: str


async def apply_config(
    session: AsyncSession, config: Config, *, now: datetime, rng: Random
) -> tuple[int, Sequence[Change]]:
    """Make the rows say what the config says; returns the team's id and what changed. Applied twice, it is as once.

    `rng` gives a new team its seed, and is not used after that.
    """
    team = await session.scalar(select(Team).where(Team.key == MAIN))
    team_settings = settings.as_document(config.team)
    if team is None:
        team = Team(
            key=MAIN,
            name=config.team.name,
            seed=rng.getrandbits(53),
            settings=team_settings,
            retention={},
            config_applied_at=now,
        )
        session.add(team)
    team_changed = team.settings != team_settings
    team.name, team.settings, team.config_applied_at = config.team.name, team_settings, now
    team.retention = config.retention.model_dump(mode="json")
    await session.flush()
    changes = await _apply_rituals(session, team, config, now=now, team_changed=team_changed)
    for change in changes:
        session.add(
            Audit(team_id=team.id, at=now, member_id=None, what=f"config: {change.what}", about=change.ritual)
        )
    return team.id, changes


async def _apply_rituals(
    session: AsyncSession, team: Team, config: Config, *, now: datetime, team_changed: bool
) -> list[Change]:
    rows = {r.name: r for r in await session.scalars(select(Ritual).where(Ritual.team_id == team.id))}
    changes: list[Change] = []
    for rules in config.rituals:
        row = rows.get(rules.name)
        if row is None and rules.was and rules.was in rows:
            row = rows.pop(rules.was)
            row.name = rules.name
            rows[rules.name] = row
            changes.append(Change("renamed", rules.name))
        document = settings.as_document(rules)
        if row is None:
            row = Ritual(
                team_id=team.id,
                name=rules.name,
                kind=rules.kind,
                settings=document,
                state=RitualState.ACTIVE,
                paused_until=None,
                next_round_at=None,
                next_ask_at=None,
            )
            session.add(row)
            rows[rules.name] = row
            schedule(row, team, after=now)
            changes.append(Change("added", rules.name))
            continue
        restored = row.state is RitualState.ARCHIVED
        if restored:
            row.state = RitualState.ACTIVE
            changes.append(Change("restored", rules.name))
        if row.settings != document or row.kind != rules.kind:
            row.settings, row.kind = document, rules.kind
            if not restored and changes[-1:] != [Change("renamed", rules.name)]:
                changes.append(Change("changed", rules.name))
            schedule(row, team, after=now)
        elif team_changed or restored:
            schedule(row, team, after=now)
    named = {r.name for r in config.rituals}
    for row in rows.values():
        if row.name not in named and row.state is not RitualState.ARCHIVED:
            row.state, row.next_round_at, row.next_ask_at = RitualState.ARCHIVED, None, None
            changes.append(Change("archived", row.name))
    return changes


def schedule(ritual: Ritual, team: Team, *, after: datetime) -> None:
    """Set when the ritual's next round (strictly after `after`) and the question before it are due."""
    ritual.next_round_at = settings.cadence(ritual, team).next_after(after)
    rules = settings.rules(ritual)
    ritual.next_ask_at = None
    if isinstance(rules, CoffeeConfig) and rules.members == "each-round" and ritual.next_round_at:
        ritual.next_ask_at = later(ritual.next_round_at, -rules.announce_before, settings.zone(ritual, team))
