"""What went before a coffee round: who was introduced to whom, which season it is, whose turns there were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Match, MatchMember, Ritual, Round, Season, Team, Turn
from bot.domain.pairs import History, Pair, pairs_of
from bot.domain.season import Odd, SeasonPlan
from bot.domain.states import Outcome, RoundState
from bot.domain.turns import TurnKind, standings
from bot.rituals.kind import CoffeePast, TurnsSoFar
from bot.services import rotations
from bot.services.participants import Participant, avoided


@dataclass(frozen=True, slots=True)
class Past:
    """The rounds of a ritual that introduced anybody, oldest first, and what they leave to the next one."""

    rounds: Sequence[tuple[int, datetime]]  # (round id, scheduled for)
    history: History
    season: SeasonPlan | None
    lap: int  # the round from which on "this season" is counted for members: see `_lap`

    def number_of(self, round_id: int) -> int:
        """The number of a round in `history`; that of the next one if it is not among them."""
        return next((i for i, (known, _) in enumerate(self.rounds) if known == round_id), len(self.rounds))


async def past(session: AsyncSession, ritual: Ritual) -> Past:
    """Read a ritual's past in a few queries, whatever its length."""
    return (await pasts(session, [ritual]))[ritual.id]


async def pasts(session: AsyncSession, rituals: Sequence[Ritual]) -> dict[int, Past]:
    """The pasts of several rituals by their ids, in as many queries as that of one."""
    ids = [ritual.id for ritual in rituals]
    dates = await session.execute(
        select(Round.id, Round.scheduled_for, Round.season_id).where(Round.ritual_id.in_(ids))
    )
    dated = {round_id: (at, season_id) for round_id, at, season_id in dates}
    rows = await session.execute(  # one a member and match, for years: nothing that takes time to read
        select(
            Round.ritual_id,
            Round.id,
            Match.id,
            MatchMember.member_id,
            Match.outcome == Outcome.NOT_THIS_TIME,
            and_(Match.introduced_at.is_(None), Round.state == RoundState.CLOSED),
        )
        .join(Match, Match.round_id == Round.id)
        .join(MatchMember, MatchMember.match_id == Match.id)
        .where(Round.ritual_id.in_(ids))
        .order_by(Round.scheduled_for, Round.id, Match.id, MatchMember.id)
    )
    rounds = {ritual_id: _Rounds() for ritual_id in ids}
    for ritual_id, round_id, match_id, member_id, fell_through, never_arrived in rows:
        if round_id not in dated:
            continue  # it has opened this moment
        read = rounds[ritual_id]
        if round_id not in read.at:
            read.at[round_id], read.seasons[round_id] = dated[round_id]
        if fell_through:
            read.fell_through.add(match_id)
        if not never_arrived:  # else they have yet to be introduced
            read.groups[round_id][match_id].append(member_id)
    seasons: dict[int, list[Season]] = {ritual_id: [] for ritual_id in ids}
    stored = await session.scalars(
        select(Season).where(Season.ritual_id.in_(ids)).order_by(Season.ritual_id, Season.number)
    )
    for season_row in stored:
        seasons[season_row.ritual_id].append(season_row)
    return {ritual_id: _past(rounds[ritual_id], seasons[ritual_id]) for ritual_id in ids}


@dataclass(slots=True)
class _Rounds:
    """A ritual's rounds as they are read, oldest first; by round or by match."""

    at: dict[int, datetime] = field(default_factory=dict)
    seasons: dict[int, int | None] = field(default_factory=dict)
    groups: dict[int, dict[int, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    fell_through: set[int] = field(default_factory=set)  # matches that came to "not this time"


def _past(rounds: _Rounds, stored: Sequence[Season]) -> Past:
    groups, order = rounds.groups, list(rounds.at)
    owed: set[Pair] = set()
    for round_id in order:
        for match_id, members in groups[round_id].items():
            who = pairs_of(members)
            owed.difference_update(who)
            if match_id in rounds.fell_through:
                owed.update(who)
    history = History.of(([list(g) for g in groups[r].values()] for r in order), owed=sorted(owed))
    began = [
        (row, next((i for i, r in enumerate(order) if rounds.seasons[r] == row.id), len(order)))
        for row in stored
    ]
    lap = _lap(began, [list(groups[r].values()) for r in order])
    if not began:
        return Past(list(rounds.at.items()), history, None, lap)
    row, since = began[-1]
    odd: Odd = "bye" if row.odd == "bye" else "trio"
    plan = SeasonPlan(tuple(row.members), row.seed, odd, row.cycle, since)
    return Past(list(rounds.at.items()), history, plan, lap)


def _lap(seasons: Sequence[tuple[Season, int]], rounds: Sequence[Sequence[Sequence[int]]]) -> int:
    """The round from which on members are told whom they have met "this season".

    A season ends without the pairs of which one avoids the other. If the count began anew there, it would tell
    on them; so for what members are told it goes on until really all have met, as it would with an absence.
    """
    lap = 0
    for row, began in seasons:
        met = {each for groups in rounds[lap:began] for group in groups for each in pairs_of(group)}
        if met.issuperset(pairs_of(row.members)):
            lap = began
    return lap


async def turns_so_far(
    session: AsyncSession, ritual: Ritual, kind: TurnKind, enrolled: Mapping[int, datetime]
) -> TurnsSoFar:
    """What each member stands at in the ritual's turns of a kind; newcomers stand at what the minimum was then."""
    rows = await session.execute(
        select(Turn.member_id, Turn.at).where(Turn.ritual_id == ritual.id, Turn.kind == kind)
    )
    taken = [(member_id, at.timestamp()) for member_id, at in rows]
    return TurnsSoFar(
        counts=standings({m: at.timestamp() for m, at in enrolled.items()}, taken),
        last={member: at for member, at in sorted(taken, key=lambda turn: turn[1])},
    )


async def coffee_past(
    session: AsyncSession, ritual: Ritual, team: Team, people: Sequence[Participant], round_: Round
) -> CoffeePast:
    """What the planning of a coffee round wants to know."""
    before = await past(session, ritual)
    enrolled = {p.id: p.enrolment.enrolled_at for p in people}
    return CoffeePast(
        history=before.history,
        season=before.season,
        avoid=await avoided(session, ritual),
        turns={
            kind: await turns_so_far(session, ritual, kind, enrolled)
            for kind in (TurnKind.BYE, TurnKind.TRIO)
        },
        this_week=await rotations.turns_in_week(session, team, round_.scheduled_for),
    )


async def open_season(session: AsyncSession, ritual: Ritual, season: SeasonPlan, *, now: datetime) -> int:
    """The id of the season's row; a season that is new gets one, and the one before it ends."""
    last = await session.scalar(
        select(Season).where(Season.ritual_id == ritual.id).order_by(Season.number.desc()).limit(1)
    )
    if last is not None:
        known = (tuple(last.members), last.seed, last.odd, last.cycle)
        if known == (season.members, season.seed, season.odd, season.number):
            return last.id
        last.ended_at = now
    row = Season(
        team_id=ritual.team_id,
        ritual_id=ritual.id,
        number=last.number + 1 if last is not None else 1,
        seed=season.seed,
        odd=season.odd,
        cycle=season.number,
        members=list(season.members),
        started_at=now,
        ended_at=None,
    )
    session.add(row)
    await session.flush()
    return row.id
