"""Opening a round: planned pure from what is known, then stored whole, with all that it owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Ritual, RitualChannel, Round, Team
from bot.domain.states import Attention, RoundState
from bot.rituals import KINDS
from bot.rituals.introductions import introduction
from bot.rituals.kind import PersonHere, RoundPlan, Scene
from bot.services import rotations, settings
from bot.services.bags import Bag, read_bag, store_drawn
from bot.services.checkins import answering
from bot.services.coffee import matches
from bot.services.coffee.pasts import open_season
from bot.services.lots import lots
from bot.services.outbox import Owed, owe_chats, owe_members, owe_ritual
from bot.services.participants import Participant, participants, present
from bot.services.stages import STAGES

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A round is open."""

    round_id: int
    scheduled_for: datetime
    matches: int


@dataclass(frozen=True, slots=True)
class NotOpened:
    """No round was opened, for a reason that is a key of the catalogue."""

    scheduled_for: datetime
    reason: str


async def open_round(
    session: AsyncSession, ritual: Ritual, team: Team, *, scheduled_for: datetime, now: datetime
) -> Opened | NotOpened | None:
    """Plan a round and owe its messages; None if this round was opened before."""
    round_ = await session.scalar(
        select(Round).where(Round.ritual_id == ritual.id, Round.scheduled_for == scheduled_for)
    )
    if round_ is not None and round_.state in (RoundState.OPEN, RoundState.CLOSED):
        return None
    if round_ is None:
        round_ = new_round(ritual, scheduled_for, RoundState.OPEN)
        session.add(round_)
        await session.flush()
    people = await participants(session, ritual, team, at=now, round_=round_)
    bag = await read_bag(session, ritual)
    scene = await _scene(session, ritual, team, round_, people, bag, now=now)
    kind = KINDS[settings.rules(ritual).plays]
    if not await _has_channel(session, ritual):
        reason: str | None = "skipped.no_channel"
    else:
        reason = kind.reason_not_to_open(scene)
    round_.reason = round_.closed_at = None
    round_.absent = {str(p.id): p.absent for p in people if p.absent is not None}
    if reason is not None:
        round_.state, round_.reason, round_.closed_at = RoundState.SKIPPED, reason, now
        log.info("round_not_opened", ritual=ritual.name, scheduled_for=scheduled_for, reason=reason)
        return NotOpened(scheduled_for, reason)
    plan = kind.plan_round(scene, rng=lots(team, ritual, scheduled_for))
    await store_drawn(session, ritual, round_, bag, plan.drawn, now=now)
    await _store(session, ritual, team, round_, plan, now=now)
    log.info("round_opened", ritual=ritual.name, scheduled_for=scheduled_for, matches=len(plan.matches))
    return Opened(round_.id, scheduled_for, len(plan.matches))


def new_round(ritual: Ritual, scheduled_for: datetime, state: RoundState) -> Round:
    """A round of a ritual, with nothing planned yet."""
    return Round(
        team_id=ritual.team_id,
        ritual_id=ritual.id,
        season_id=None,
        scheduled_for=scheduled_for,
        state=state,
        reason=None,
        absent=None,
        kept=None,
        opened_at=None,
        nudge_at=None,
        nudged_at=None,
        close_at=None,
        closed_at=None,
    )


async def _scene(
    session: AsyncSession,
    ritual: Ritual,
    team: Team,
    round_: Round,
    people: Sequence[Participant],
    bag: Bag,
    *,
    now: datetime,
) -> Scene:
    groups = await matches.groups_of_members(session, team)
    rules = settings.rules(ritual)
    read_past = STAGES[rules.plays].past
    return Scene(
        ritual=ritual.name,
        ritual_id=ritual.id,
        round_id=round_.id,
        rules=rules,
        zone=settings.zone(ritual, team),
        scheduled_for=round_.scheduled_for,
        now=now,
        next_round_at=ritual.next_round_at,
        people=[
            PersonHere(p.id, p.hours, p.enrolment.prefers, groups.get(p.id, frozenset()))
            for p in present(people)
        ],
        everyone=[p.id for p in people if p.absent != "absence.gone"],
        bag=bag.used,
        past=await read_past(session, ritual, team, people, round_) if read_past is not None else None,
    )


async def _has_channel(session: AsyncSession, ritual: Ritual) -> bool:
    found = await session.scalar(
        select(RitualChannel.id)
        .where(RitualChannel.ritual_id == ritual.id, RitualChannel.active.is_(True))
        .limit(1)
    )
    return found is not None


async def _store(
    session: AsyncSession,
    ritual: Ritual,
    team: Team,
    round_: Round,
    plan: RoundPlan,
    *,
    now: datetime,
) -> None:
    """Write the whole plan down, and owe what it says."""
    if plan.season is not None:
        round_.season_id = await open_season(session, ritual, plan.season, now=now)
    round_.state, round_.opened_at = RoundState.OPEN, now
    round_.nudge_at, round_.close_at = plan.nudge_at, plan.close_at
    round_.kept = dict(plan.kept) if plan.kept is not None else None
    await rotations.store_turns(session, round_, plan.turns, now=now)
    await rotations.store_assignments(session, round_, plan.assignments, now=now)
    await answering.store_asked(session, round_, plan.asked)
    stored = await matches.store(session, round_, plan.matches)
    introductions = {
        match.id: matches.about(
            match,
            "introduction",
            introduction(matches.view(match, members, ritual, team, now=now)),
            attention=Attention.OPENING,
            due_at=planned.opens_at,
            useful_until=plan.close_at,
        )
        for planned, (match, members) in zip(plan.matches, stored, strict=True)
    }
    await owe_chats(session, team.id, introductions, now=now)
    told = {
        one.member: Owed(
            what=one.what,
            once=f"{one.what}:{round_.id}:{one.member}",
            message=one.message,
            due_at=one.at or now,
            attention=one.attention,
            useful_until=one.useful_until or plan.close_at,
            round_id=round_.id,
        )
        for one in plan.told
    }
    await owe_members(session, team.id, told, now=now)
    for post in plan.posts:
        once = f"{post.what}:{round_.id}"
        posted = Owed(post.what, once, post.message, now, Attention.FREE, plan.close_at, round_id=round_.id)
        await owe_ritual(session, team.id, ritual.id, posted, now=now)
