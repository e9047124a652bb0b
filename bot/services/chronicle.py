"""What happened in a team, as one document: rounds, matches, byes, deliveries, participation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import (
    Assignment,
    Delivery,
    Match,
    MatchMember,
    Member,
    Participation,
    Prompt,
    Ritual,
    Round,
    Turn,
)
from bot.domain.states import RoundState
from bot.domain.turns import TurnKind
from bot.services.rotations import HELD


async def chronicle(session: AsyncSession, team_id: int) -> dict[str, Any]:
    """The document of `kinkeeper demo --headless --json`; members by name."""
    names = {
        member_id: name
        for member_id, name in await session.execute(
            select(Member.id, Member.name).where(Member.team_id == team_id)
        )
    }
    matched: dict[int, dict[int, list[str]]] = {}
    for round_id, match_id, member_id in await session.execute(
        select(Match.round_id, Match.id, MatchMember.member_id)
        .join(MatchMember, MatchMember.match_id == Match.id)
        .where(Match.team_id == team_id)
        .order_by(Match.id, MatchMember.id)
    ):
        matched.setdefault(round_id, {}).setdefault(match_id, []).append(names[member_id])
    byes: dict[int, list[str]] = {}
    for round_id, member_id in await session.execute(
        select(Turn.round_id, Turn.member_id)
        .where(Turn.team_id == team_id, Turn.kind == TurnKind.BYE)
        .order_by(Turn.id)
    ):
        byes.setdefault(round_id, []).append(names[member_id])
    assigned: dict[int, list[dict[str, str]]] = {}
    for round_id, member_id, role in await session.execute(
        select(Assignment.round_id, Assignment.member_id, Assignment.role)
        .where(Assignment.team_id == team_id, Assignment.state.in_(HELD))
        .order_by(Assignment.id)
    ):
        assigned.setdefault(round_id, []).append({"role": role, "member": names[member_id]})
    prompted: dict[int | None, list[str]] = {}
    for prompted_in, text in await session.execute(
        select(Prompt.round_id, Prompt.text)
        .join(Ritual, Ritual.id == Prompt.ritual_id)
        .where(Prompt.team_id == team_id, Prompt.round_id.is_not(None), Ritual.kind == "gratitude")
        .order_by(Prompt.id)
    ):
        prompted.setdefault(prompted_in, []).append(text)
    rounds = await session.execute(
        select(Round, Ritual.name)
        .join(Ritual, Ritual.id == Round.ritual_id)
        .where(Round.team_id == team_id, Round.state != RoundState.ASKING)
        .order_by(Round.scheduled_for, Round.id)
    )
    return {
        "rounds": [
            {
                "ritual": ritual,
                "scheduled_for": round_.scheduled_for.isoformat(),
                "state": round_.state.value,
                "matches": list(matched.get(round_.id, {}).values()),
                "byes": byes.get(round_.id, []),
                "assignments": assigned.get(round_.id, []),
                "asked": [q["ask"] for q in (round_.kept or {}).get("questions", [])]
                or prompted.get(round_.id, []),
            }
            for round_, ritual in rounds
        ],
        "deliveries": {
            state.value: count
            for state, count in await session.execute(
                select(Delivery.state, func.count())
                .where(Delivery.team_id == team_id)
                .group_by(Delivery.state)
                .order_by(Delivery.state)
            )
        },
        "participation": {
            what.value: count
            for what, count in await session.execute(
                select(Participation.what, func.count())
                .where(Participation.team_id == team_id)
                .group_by(Participation.what)
                .order_by(Participation.what)
            )
        },
    }
