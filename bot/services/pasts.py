"""What went before a coffee round: who was introduced to whom, which season it is, whose turns there were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Match, MatchMember, Ritual, Round, Season, Turn
from bot.domain.pairs import History, Pair, pairs_of
from bot.domain.season import SeasonPlan
from bot.domain.states import Outcome
from bot.domain.turns import TurnKind, standings
from bot.rituals.kind import TurnsSoFar


@dataclass(frozen=True, slots=True)
class Past:
    """The rounds of a ritual that introduced anybody, oldest first, and what they leave to the next one."""

    rounds: Sequence[tuple[int, datetime]]  # (round id, scheduled for)
    history: History
    season: SeasonPlan | None
    season_id: int | None
    seasons: int

    def number_of(self, round_id: int) -> int:
        """The number of a round in `history`; that of the next one if it is not among them."""
        return next((i for i, (known, _) in enumerate(self.rounds) if known == round_id), len(self.rounds))


async def past(session: AsyncSession, ritual: Ritual) -> Past:
    """Read a ritual's past in a few queries, whatever its length."""
    rows = await session.execute(
        select(Round.id, Round.scheduled_for, Round.season_id, Match.id, Match.outcome, MatchMember.member_id)
        .join(Match, Match.round_id == Round.id)
        .join(MatchMember, MatchMember.match_id == Match.id)
        .where(Round.ritual_id == ritual.id)
        .order_by(Round.scheduled_for, Round.id, Match.id, MatchMember.id)
    )
    rounds: dict[int, datetime] = {}
    seasons: dict[int, int | None] = {}
    groups: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    outcomes: dict[int, Outcome] = {}
    for round_id, at, season_id, match_id, outcome, member_id in rows:
        rounds[round_id], seasons[round_id], outcomes[match_id] = at, season_id, outcome
        groups[round_id][match_id].append(member_id)
    owed: set[Pair] = set()
    for round_id in rounds:
        for match_id, members in groups[round_id].items():
            who = pairs_of(members)
            owed.difference_update(who)
            if outcomes[match_id] is Outcome.NOT_THIS_TIME:
                owed.update(who)
    history = History.of(([list(g) for g in groups[r].values()] for r in rounds), owed=sorted(owed))
    row = await session.scalar(
        select(Season).where(Season.ritual_id == ritual.id).order_by(Season.number.desc()).limit(1)
    )
    season = None
    if row is not None:
        order = list(rounds)
        began = next((i for i, r in enumerate(order) if seasons[r] == row.id), len(order))
        odd = "bye" if row.odd == "bye" else "trio"
        season = SeasonPlan(tuple(row.members), row.seed, odd, row.cycle, began)  # type: ignore[arg-type]
    return Past(list(rounds.items()), history, season, row.id if row else None, row.number if row else 0)


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


async def open_season(
    session: AsyncSession, ritual: Ritual, before: Past, season: SeasonPlan, *, now: datetime
) -> int:
    """The id of the season's row; a season that is new gets one, and the one before it ends."""
    if before.season == season and before.season_id is not None:
        return before.season_id
    if before.season_id is not None:
        (await session.get_one(Season, before.season_id)).ended_at = now
    row = Season(
        team_id=ritual.team_id,
        ritual_id=ritual.id,
        number=before.seasons + 1,
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
