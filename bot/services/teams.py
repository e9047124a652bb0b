"""Applying a config: what it names exists afterwards, what it names no longer is archived, what was renamed moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.config.rituals import GratitudeConfig
from bot.config.schema import Config
from bot.db.inserting import insert_into
from bot.db.models import Audit, Ritual, Team
from bot.domain.cadence import Cadence, later
from bot.domain.states import RitualState
from bot.rituals import KINDS
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
    team = await _team(session, config, now=now, rng=rng)
    rows = {r.name: r for r in await session.scalars(select(Ritual).where(Ritual.team_id == team.id))}
    timetables = {row.id: _timetable(row, team) for row in rows.values()}
    roundups = {row.id: _roundup_before(row, team) for row in rows.values()}
    team.name, team.config_applied_at = config.team.name, now
    team.settings = settings.as_document(config.team)
    team.retention = config.retention.model_dump(mode="json")
    await session.flush()
    changes = _apply_rituals(session, team, config, rows, now=now)
    await session.flush()
    for row in rows.values():
        new = _timetable(row, team)
        if row.state is not RitualState.ARCHIVED and (new is None or timetables.get(row.id) != new):
            schedule(row, team, after=now)
        if row.state is not RitualState.ARCHIVED and (
            row.next_roundup_at is None or roundups.get(row.id) != roundup_cadence(row, team)
        ):
            schedule_roundup(row, team, after=now)
    for change in changes:
        session.add(
            Audit(team_id=team.id, at=now, member_id=None, what=f"config: {change.what}", about=change.ritual)
        )
    return team.id, changes


async def _team(session: AsyncSession, config: Config, *, now: datetime, rng: Random) -> Team:
    """The team's row, ours alone until the transaction ends: several processes may apply a config at once."""
    new = insert_into(session, Team).values(
        key=MAIN,
        name=config.team.name,
        seed=rng.getrandbits(53),
        settings=settings.as_document(config.team),
        retention={},
        config_applied_at=now,
    )
    await session.execute(new.on_conflict_do_nothing(index_elements=["key"]))
    found = await session.scalars(select(Team).where(Team.key == MAIN).with_for_update(key_share=True))
    return found.one()


def _timetable(ritual: Ritual, team: Team) -> tuple[Cadence, timedelta | None] | None:
    """When a ritual's rounds are, and how long before them it begins; None where it has none, or none we can read."""
    if ritual.state is RitualState.ARCHIVED or ritual.next_round_at is None:
        return None
    try:
        return settings.cadence(ritual, team), _before(ritual)
    except ValueError:  # written by another version
        return None


def _apply_rituals(
    session: AsyncSession, team: Team, config: Config, rows: dict[str, Ritual], *, now: datetime
) -> list[Change]:
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
                next_roundup_at=None,
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
    named = {r.name for r in config.rituals}
    for row in rows.values():
        if row.name not in named and row.state is not RitualState.ARCHIVED:
            row.state, row.next_round_at, row.next_ask_at = RitualState.ARCHIVED, None, None
            row.next_roundup_at = None
            changes.append(Change("archived", row.name))
    return changes


def schedule(ritual: Ritual, team: Team, *, after: datetime) -> None:
    """Set when the ritual's next round (strictly after `after`), and what comes before it, are due."""
    ritual.next_ask_at = None
    ritual.next_round_at = settings.cadence(ritual, team).next_after(after)
    before = _before(ritual)
    if before is not None and ritual.next_round_at is not None:
        ritual.next_ask_at = later(ritual.next_round_at, -before, settings.zone(ritual, team))


async def rituals_due(
    session: AsyncSession, team_id: int, moment: InstrumentedAttribute[datetime | None], *, now: datetime
) -> Sequence[int]:
    """The active rituals whose next round, or what else `schedule` sets, has come; those due for longest first."""
    return (
        await session.scalars(
            select(Ritual.id)
            .where(Ritual.team_id == team_id, Ritual.state == RitualState.ACTIVE, moment <= now)
            .order_by(moment, Ritual.id)
        )
    ).all()


def roundup_cadence(ritual: Ritual, team: Team) -> Cadence | None:
    """When a ritual's thanks are gathered; None where they are not."""
    rules = settings.rules(ritual)
    return rules.roundup_cadence(settings.team_rules(team)) if isinstance(rules, GratitudeConfig) else None


def schedule_roundup(ritual: Ritual, team: Team, *, after: datetime) -> None:
    """Set when the ritual's thanks are gathered next, strictly after `after`."""
    cadence = roundup_cadence(ritual, team)
    ritual.next_roundup_at = cadence.next_after(after) if cadence is not None else None


def _roundup_before(ritual: Ritual, team: Team) -> Cadence | None:
    """When thanks were gathered until now; None where they were not, or by rules that none can read."""
    try:
        return roundup_cadence(ritual, team)
    except ValueError:  # written by another version
        return None


def _before(ritual: Ritual) -> timedelta | None:
    rules = settings.rules(ritual)
    return KINDS[rules.plays].before(rules)
