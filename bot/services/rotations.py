"""The turn ledger: turns of all rituals together, what each member stands at, and what an equal share would be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import inf
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Assignment, Enrolment, Member, Ritual, Round, Team, Turn
from bot.domain.cadence import resolve
from bot.domain.states import AssignmentState
from bot.domain.turns import TurnKind, load, standings
from bot.rituals.kind import PlannedAssignment, PlannedTurn
from bot.services import settings
from bot.services.participants import Participant, takes_part

AWAY_FOR_LONG = 4  # rounds missed in a row, after which somebody who is back counts as newly come
HELD = (AssignmentState.ASSIGNED, AssignmentState.DONE)  # it is, or was, really theirs


class Taken(NamedTuple):
    """A turn of the ledger; `at` is a Unix time."""

    member: int
    kind: TurnKind
    at: float
    ritual: int


@dataclass(frozen=True, slots=True)
class Share:
    """A member's part of the load, in weighted turns."""

    taken: float  # the turns that were theirs
    equal: float  # what it would have been, had each turn been shared by all who were there for its round


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that the standing of a ritual's members follows from; instants are Unix times."""

    came: Mapping[int, float]  # when each member came to the ritual
    there: Mapping[int, int]  # how many of its rounds each was there for
    absences: Sequence[tuple[int, float, float | None]]  # who was away for long, since when, and until when
    turns: Sequence[Taken]  # of all rituals, in order
    weights: Mapping[str, float]

    def last(self, ritual: int, kind: TurnKind) -> dict[int, float]:
        """When each member last had a turn of a kind in a ritual."""
        return {t.member: t.at for t in self.turns if t.ritual == ritual and t.kind is kind}

    def standing(self) -> dict[int, float]:
        """What each member of `came` stands at: their weighted turns, and what they began with."""
        weighed = [(t.member, t.at, self.weights.get(t.kind, 1.0)) for t in self.turns]
        return standings(self.came, weighed, absences=self.absences)


async def ledger(
    session: AsyncSession,
    ritual: Ritual,
    team: Team,
    people: Sequence[Participant],
    *,
    before: int | None = None,
) -> Ledger:
    """The ledger of a ritual's people, with who of them is there now.

    The round `before` is left out of the absences: it is the one that is being planned.
    """
    rows = await session.execute(
        select(Turn.member_id, Turn.kind, Turn.at, Turn.ritual_id)
        .where(Turn.team_id == team.id)
        .order_by(Turn.at, Turn.id)
    )
    rounds = await session.execute(
        select(Round.id, Round.scheduled_for, Round.opened_at, Round.absent)
        .where(Round.ritual_id == ritual.id, Round.absent.is_not(None))
        .order_by(Round.scheduled_for)
    )
    missed = [
        ((opened_at or at).timestamp(), frozenset(map(int, absent or ())))
        for round_id, at, opened_at, absent in rounds
        if round_id != before
    ]
    came = {p.id: p.enrolment.enrolled_at.timestamp() for p in people}
    return Ledger(
        came=came,
        there={
            each: sum(at >= since and each not in absent for at, absent in missed)
            for each, since in came.items()
        },
        absences=[
            (p.id, since, until or (inf if p.absent is None else None))
            for p in people
            for since, until in _long_absences(p.id, missed, since=came[p.id])
        ],
        turns=[Taken(member, kind, at.timestamp(), ritual_id) for member, kind, at, ritual_id in rows],
        weights=weights(team),
    )


def _long_absences(
    member: int, missed: Sequence[tuple[float, frozenset[int]]], *, since: float
) -> list[tuple[float, float | None]]:
    """From which missed round to which attended one (None: none yet), where the rounds between are many."""
    found: list[tuple[float, float | None]] = []
    run: list[float] = []
    for at, absent in missed:
        if at < since:
            continue
        if member in absent:
            run.append(at)
            continue
        if len(run) >= AWAY_FOR_LONG:
            found.append((run[0], at))
        run = []
    if len(run) >= AWAY_FOR_LONG:
        found.append((run[0], None))
    return found


def weights(team: Team) -> Mapping[str, float]:
    """How much each kind of turn counts, by the config."""
    return settings.team_rules(team).turn_weights.model_dump()


async def shares(session: AsyncSession, team: Team, *, since: datetime) -> dict[int, Share]:
    """Each member's weighted turns from `since` (UTC) on, of all rituals, next to an equal share of them.

    The weight of a turn is shared out equally among all who were there for its round: who take part in the ritual,
    had come to it by the time the round opened, and were not away then; besides, whoever took the turn. Who has
    left meanwhile counts only where the turn was theirs. Three queries, whatever the time.
    """
    turns = (
        await session.execute(
            select(Turn.member_id, Turn.kind, Turn.ritual_id, Round.id, Round.opened_at, Round.absent)
            .join(Round, Round.id == Turn.round_id)
            .where(Turn.team_id == team.id, Turn.at >= since)
        )
    ).all()
    rituals = await session.scalars(select(Ritual).where(Ritual.team_id == team.id))
    members_rule = {ritual.id: settings.rules(ritual).members for ritual in rituals}
    came: dict[int, dict[int, datetime]] = defaultdict(dict)
    for enrolment in await session.scalars(
        select(Enrolment)
        .join(Member, Member.id == Enrolment.member_id)
        .where(Enrolment.team_id == team.id, Member.left_at.is_(None))
    ):
        if takes_part(enrolment, members_rule[enrolment.ritual_id]):
            came[enrolment.ritual_id][enrolment.member_id] = enrolment.enrolled_at
    there: dict[int, set[int]] = {}
    for member, _, ritual_id, round_id, opened_at, absent in turns:
        if round_id not in there:
            there[round_id] = {
                each
                for each, at in came[ritual_id].items()
                if (opened_at is None or at <= opened_at) and str(each) not in (absent or {})
            }
        there[round_id].add(member)
    weigh = weights(team)
    taken = load(((member, kind) for member, kind, *_ in turns), weigh)
    equal: dict[int, float] = defaultdict(float)
    for _, kind, _, round_id, _, _ in turns:
        for each in there[round_id]:
            equal[each] += weigh.get(kind, 1.0) / len(there[round_id])
    return {each: Share(taken.get(each, 0.0), equal[each]) for each in sorted(equal)}


async def store_turns(
    session: AsyncSession, round_: Round, planned: Sequence[PlannedTurn], *, now: datetime
) -> None:
    """Enter turns into the ledger."""
    rows = [
        {
            "team_id": round_.team_id,
            "ritual_id": round_.ritual_id,
            "round_id": round_.id,
            "member_id": turn.member,
            "kind": turn.kind,
            "at": now,
            "reason": dict(turn.reason),
        }
        for turn in planned
    ]
    if rows:
        await session.execute(insert(Turn), rows)


async def keep_turn(session: AsyncSession, round_: Round, member_id: int, kind: TurnKind) -> None:
    """Somebody keeps a turn that was theirs: it is out of the ledger, so that it comes to them again."""
    await session.execute(
        delete(Turn).where(Turn.round_id == round_.id, Turn.member_id == member_id, Turn.kind == kind)
    )


async def store_assignments(
    session: AsyncSession, round_: Round, planned: Sequence[PlannedAssignment], *, now: datetime
) -> None:
    """Write down whose turn it is."""
    rows = [
        {
            "team_id": round_.team_id,
            "round_id": round_.id,
            "member_id": one.member,
            "role": one.role,
            "cares_for_id": one.cares_for,
            "state": AssignmentState.ASSIGNED,
            "at": now,
        }
        for one in planned
    ]
    if rows:
        await session.execute(insert(Assignment), rows)


async def turns_in_week(session: AsyncSession, team: Team, at: datetime) -> Mapping[int, int]:
    """How many turns of any kind and ritual each member has in the team's calendar week (from Monday) of `at` (UTC)."""
    begin, end = week_of(team, at)
    rows = await session.scalars(
        select(Turn.member_id)
        .join(Round, Round.id == Turn.round_id)
        .where(Turn.team_id == team.id, Round.scheduled_for >= begin, Round.scheduled_for < end)
    )
    return Counter(rows)


def week_of(team: Team, at: datetime) -> tuple[datetime, datetime]:
    """The team's calendar week of an instant: from its Monday to the next (UTC)."""
    zone = settings.team_rules(team).timezone
    day = at.astimezone(ZoneInfo(zone)).date()
    monday = day - timedelta(days=day.weekday())
    begin, end = (
        resolve(datetime.combine(on, time.min), zone) for on in (monday, monday + timedelta(days=7))
    )
    return begin, end
