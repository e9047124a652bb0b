"""Counts what `/presence team` tells: one look for one viewer, whose own matches are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Answered, Asked, Match, MatchMember, Member, Ritual, Round, Team
from bot.domain.figures import (
    AnswerRate,
    CoffeeFigures,
    Coverage,
    Outcomes,
    TeamFigures,
    blocks,
    enough_pairs,
    evenness,
)
from bot.domain.pairs import pairs_of
from bot.domain.states import Outcome, RitualState, RoundState
from bot.rituals.answers import Frozen
from bot.services import rotations
from bot.services.coffee.season_so_far import season_so_far

BLOCKS = 6  # the newest that outcomes are told of
ROUNDS = 6  # the newest with enough answers that a rate is of
TURNS_SINCE = timedelta(weeks=26)


async def team_figures(session: AsyncSession, team: Team, viewer: int, *, now: datetime) -> TeamFigures:
    """All figures for one viewer (a member's id), in a few queries a coffee ritual and a few more."""
    rituals = (
        await session.scalars(
            select(Ritual)
            .where(Ritual.team_id == team.id, Ritual.state != RitualState.ARCHIVED)
            .order_by(Ritual.id)
        )
    ).all()
    coffees = [r for r in rituals if r.kind == "coffee"]
    outcomes = await _outcomes(session, coffees, viewer)
    return TeamFigures(
        coffees=tuple(
            [
                CoffeeFigures(
                    ritual.name,
                    await _coverage(session, ritual),
                    tuple(blocks(outcomes[ritual.id])[-BLOCKS:]),
                )
                for ritual in coffees
            ]
        ),
        answers=await _answers(session, rituals),
        within=await _within(session, team, now=now),
    )


async def _coverage(session: AsyncSession, ritual: Ritual) -> Coverage | None:
    """The pairs of those who take part now that were introduced, round by round of the season that counts."""
    season = await season_so_far(session, ritual, begins_anew=False)
    if not enough_pairs(len(season.members)):
        return None
    among = set(season.members)
    order = {round_id: number for number, (round_id, _) in enumerate(season.before.rounds)}
    rows = await session.execute(
        select(Match.round_id, Match.id, MatchMember.member_id)
        .join(MatchMember, MatchMember.match_id == Match.id)
        .join(Round, Round.id == Match.round_id)
        .where(
            Round.ritual_id == ritual.id,
            (Match.introduced_at.is_not(None)) | (Round.state != RoundState.CLOSED),
        )
    )
    groups: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for round_id, match_id, member_id in rows:
        if member_id in among:
            groups[order[round_id]][match_id].append(member_id)
    met: set[tuple[int, int]] = set()
    after: list[int] = []
    for number in range(season.since, len(order)):
        met |= {each for members in groups[number].values() for each in pairs_of(members)}
        after.append(len(met))
    return Coverage(len(pairs_of(season.members)), tuple(after))


async def _outcomes(
    session: AsyncSession, coffees: Sequence[Ritual], viewer: int
) -> Mapping[int, Sequence[Outcomes]]:
    """What became of the introduced matches that are not the viewer's own, by ritual and closed round, oldest first."""
    own = exists().where(MatchMember.match_id == Match.id, MatchMember.member_id == viewer)
    rows = await session.execute(
        select(Round.ritual_id, Round.id, Round.scheduled_for, Match.outcome, func.count())
        .join(Match, Match.round_id == Round.id)
        .where(
            Round.ritual_id.in_([r.id for r in coffees]),
            Round.state == RoundState.CLOSED,
            Match.introduced_at.is_not(None),
            ~own,
        )
        .group_by(Round.ritual_id, Round.id, Round.scheduled_for, Match.outcome)
        .order_by(Round.scheduled_for, Round.id)
    )
    counted: dict[int, dict[int, tuple[datetime, dict[Outcome, int]]]] = defaultdict(dict)
    for ritual_id, round_id, at, outcome, count in rows:
        counted[ritual_id].setdefault(round_id, (at, {}))[1][outcome] = count
    return defaultdict(
        list,
        {
            ritual_id: [
                Outcomes(1, at, **{outcome.value: count for outcome, count in counts.items()})
                for at, counts in rounds.values()
            ]
            for ritual_id, rounds in counted.items()
        },
    )


async def _answers(session: AsyncSession, rituals: Sequence[Ritual]) -> tuple[AnswerRate, ...]:
    """Of each ritual of questions: answered of asked, in the newest closed rounds that have enough answers."""
    asked = select(func.count()).where(Asked.round_id == Round.id).scalar_subquery()
    answered = select(func.count()).where(Answered.round_id == Round.id).scalar_subquery()
    rows = await session.execute(
        select(Round.ritual_id, Round.kept, asked, answered)
        .where(
            Round.ritual_id.in_([r.id for r in rituals if r.kind == "checkin"]),
            Round.state == RoundState.CLOSED,
        )
        .order_by(Round.scheduled_for.desc(), Round.id.desc())
    )
    enough: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for ritual_id, kept, of, marks in rows:
        have = _enough(kept, marks)
        if have is not None and len(enough[ritual_id]) < ROUNDS:
            enough[ritual_id].append((of, have))
    return tuple(
        AnswerRate(r.name, len(found), sum(of for of, _ in found), sum(have for _, have in found))
        for r in rituals
        if (found := enough.get(r.id))
    )


def _enough(kept: dict[str, Any] | None, marks: int) -> int | None:
    """How many answered, if it is as many as the round was said to need when it opened; None otherwise.

    Of anonymous answers it is what the summary told, whatever was deleted by its receipt since.
    """
    frozen = Frozen.of(kept)
    if frozen is None:
        return None
    answers = (frozen.answered or 0) if frozen.anonymous else marks
    return answers if answers >= frozen.min_answers else None


async def _within(session: AsyncSession, team: Team, *, now: datetime) -> float | None:
    """How far from an equal share of turns anybody of those who are still here is, at most."""
    shares = await rotations.shares(session, team, since=now - TURNS_SINCE)
    here = set(
        await session.scalars(select(Member.id).where(Member.team_id == team.id, Member.left_at.is_(None)))
    )
    return evenness({m: (share.taken, share.equal) for m, share in shares.items() if m in here})
