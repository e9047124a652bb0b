"""By when all of a coffee ritual will have met, and what has moved that day."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Enrolment, Ritual, Round, Team
from bot.domain import season as seasons
from bot.domain.forecast import LARGEST, rounds_until_all_met
from bot.domain.pairs import Participant, Prefers
from bot.domain.states import RitualState
from bot.domain.turns import TurnKind
from bot.services import settings
from bot.services.coffee.pasts import turns_so_far
from bot.services.coffee.season_so_far import SeasonSoFar
from bot.services.lots import lots

LOOKED_AHEAD = 4  # seasons' worth of rounds

Moved = Literal["joined", "left", "away", "owed"]


@dataclass(frozen=True, slots=True)
class Prospect:
    """The round with which all have met, if everybody always comes. Avoidances are not counted in."""

    at: datetime  # UTC
    as_planned: bool  # the rounds of the plan take that long; else it is the earliest that is possible
    moved: dict[
        Moved, int
    ]  # what moved it since the season began; how many joined, left, were away, are owed


async def prospect(session: AsyncSession, ritual: Ritual, team: Team, season: SeasonSoFar) -> Prospect | None:
    """None if no date can be told: the ritual is paused, ends before, or nobody knows when groups have all met."""
    rules = settings.coffee_rules(ritual)
    dates = [*islice(_rounds_to_come(ritual, team), LOOKED_AHEAD * len(season.members))]
    before, members = season.before, season.members
    owed = seasons.missing(before.history, members, began=season.since)
    if len(members) > LARGEST:
        if rules.group_size > 2:
            return None
        left: int | None = max(1, seasons.rounds_left(owed, members, odd=rules.odd))
    else:
        left = await asyncio.to_thread(
            rounds_until_all_met,
            await _people(session, ritual, season),
            history=before.history,
            season=before.season,
            since=season.since,
            group_size=rules.group_size,
            odd=rules.odd,
            lots=[lots(team, ritual, at) for at in dates],
        )
    if not left or left > len(dates):
        return None
    return Prospect(dates[left - 1], len(members) <= LARGEST, await _moved(session, season))


def _rounds_to_come(ritual: Ritual, team: Team) -> Iterator[datetime]:
    """When the rounds to come are scheduled for, the next one first; none while the ritual is paused."""
    at = ritual.next_round_at if ritual.state is RitualState.ACTIVE else None
    cadence = settings.cadence(ritual, team)
    while at is not None:
        yield at
        at = cadence.next_after(at)


async def _people(session: AsyncSession, ritual: Ritual, season: SeasonSoFar) -> list[Participant]:
    """The members as the matcher knows them, as far as that decides how long a season takes."""
    rows = await session.execute(
        select(Enrolment.member_id, Enrolment.prefers, Enrolment.enrolled_at).where(
            Enrolment.ritual_id == ritual.id
        )
    )
    known = {member: (prefers, at) for member, prefers, at in rows}
    enrolled = {member: known[member][1] for member in season.members}
    byes = await turns_so_far(session, ritual, TurnKind.BYE, enrolled)
    trios = await turns_so_far(session, ritual, TurnKind.TRIO, enrolled)
    return [
        Participant(
            member,
            prefers=_liking(known[member][0]),
            byes=byes.counts.get(member, 0.0),
            trios=trios.counts.get(member, 0.0),
        )
        for member in season.members
    ]


def _liking(prefers: str | None) -> Prefers:
    return "trio" if prefers == "trio" else "bye" if prefers == "bye" else "either"


async def _moved(session: AsyncSession, season: SeasonSoFar) -> dict[Moved, int]:
    """What happened since the season began that can have moved the day. An avoidance is nothing that happened."""
    before, there = season.before, set(season.members)
    began = before.season
    if began is None or not season.since <= began.began < before.history.round:
        return {}
    rounds = [round_id for round_id, _ in before.rounds[began.began :]]
    absent = await session.scalars(select(Round.absent).where(Round.id.in_(rounds)))
    owed = [who for who in before.history.owed if there.issuperset(who)]
    return {
        "joined": len(there.difference(began.members)),
        "left": len(set(began.members) - there),
        "away": sum(len(there.intersection(map(int, each or ()))) for each in absent),
        "owed": len(owed),
    }
