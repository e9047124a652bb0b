"""Rounds: opening what is due, once; reminding; closing. Each round is planned pure, then stored and owed whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Ritual, RitualChannel, Round, Team
from bot.domain.attention import OPENING_WITHIN, everybody_welcomes
from bot.domain.states import Attention, RitualState, RoundState
from bot.domain.turns import TurnKind
from bot.rituals import KINDS
from bot.rituals.kind import PersonHere, RoundPlan, Scene
from bot.services import matches, notices, settings
from bot.services.bags import Bag, read_bag, store_drawn
from bot.services.outbox import Owed, owe_chats, owe_members, owe_ritual
from bot.services.participants import Participant, avoided, participants, present
from bot.services.pasts import Past, open_season, past, turns_so_far
from bot.services.teams import schedule

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


async def due_rituals(session: AsyncSession, team_id: int, *, now: datetime) -> Sequence[int]:
    """The rituals whose next round is due."""
    return (
        await session.scalars(
            select(Ritual.id)
            .where(
                Ritual.team_id == team_id,
                Ritual.state == RitualState.ACTIVE,
                Ritual.next_round_at <= now,
            )
            .order_by(Ritual.next_round_at, Ritual.id)
        )
    ).all()


async def open_due(session: AsyncSession, ritual_id: int, *, now: datetime) -> Opened | NotOpened | None:
    """Open the ritual's round if it is still due; None if somebody else did it meanwhile.

    Of several rounds that were missed the latest opens, if it is late by less than the team's `grace`; the others
    are recorded as missed, and the admins are told.
    """
    ritual = await session.get(Ritual, ritual_id, with_for_update=True)
    if ritual is None or ritual.state is not RitualState.ACTIVE:
        return None
    if ritual.next_round_at is None or ritual.next_round_at > now:
        return None
    team = await settings.team_row(session, ritual.team_id)
    cadence = settings.cadence(ritual, team)
    scheduled_for = ritual.next_round_at
    missed: list[datetime] = []
    while (later := cadence.next_after(scheduled_for)) is not None and later <= now:
        missed.append(scheduled_for)
        scheduled_for = later
    too_late = now - scheduled_for > settings.team_rules(team).grace
    if too_late:
        missed.append(scheduled_for)
    schedule(ritual, team, after=scheduled_for)
    if missed:
        await _record_missed(session, ritual, team, missed, now=now)
    if too_late:
        return NotOpened(scheduled_for, "skipped.missed")
    return await open_round(session, ritual, team, scheduled_for=scheduled_for, now=now)


async def open_round(
    session: AsyncSession, ritual: Ritual, team: Team, *, scheduled_for: datetime, now: datetime
) -> Opened | NotOpened | None:
    """Plan a round and owe its messages; None if this round was opened before."""
    round_ = await session.scalar(
        select(Round).where(Round.ritual_id == ritual.id, Round.scheduled_for == scheduled_for)
    )
    if round_ is not None and round_.state is not RoundState.ASKING:
        return None
    if round_ is None:
        round_ = new_round(ritual, scheduled_for, RoundState.OPEN)
        session.add(round_)
        await session.flush()
    people = await participants(session, ritual, team, at=scheduled_for, round_=round_)
    before = await past(session, ritual)
    bag = await read_bag(session, ritual)
    scene = await _scene(session, ritual, team, people, before, bag, scheduled_for=scheduled_for, now=now)
    kind = KINDS[ritual.kind]
    if not await _has_channel(session, ritual):
        reason: str | None = "skipped.no_channel"
    else:
        reason = kind.reason_not_to_open(scene)
    round_.absent = {str(p.id): p.absent for p in people if p.absent is not None}
    for person in people:
        person.enrolment.skips_next = False
    if reason is not None:
        round_.state, round_.reason, round_.closed_at = RoundState.SKIPPED, reason, now
        log.info("round_not_opened", ritual=ritual.name, scheduled_for=scheduled_for, reason=reason)
        return NotOpened(scheduled_for, reason)
    plan = kind.plan_round(scene, rng=Random(f"{team.seed} {ritual.name} {scheduled_for.isoformat()}"))
    await store_drawn(session, ritual, round_, bag, plan.drawn, now=now)
    await _store(session, ritual, team, round_, plan, people, before, now=now)
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
    people: Sequence[Participant],
    before: Past,
    bag: Bag,
    *,
    scheduled_for: datetime,
    now: datetime,
) -> Scene:
    enrolled = {p.id: p.enrolment.enrolled_at for p in people}
    groups = await matches.groups_of_members(session, team)
    return Scene(
        ritual=ritual.name,
        rules=settings.rules(ritual),
        zone=settings.zone(ritual, team),
        scheduled_for=scheduled_for,
        now=now,
        next_round_at=ritual.next_round_at,
        people=[
            PersonHere(p.id, p.hours, p.enrolment.prefers, groups.get(p.id, frozenset()))
            for p in present(people)
        ],
        everyone=[p.id for p in people if p.absent != "absence.gone"],
        history=before.history,
        season=before.season,
        avoid=await avoided(session, ritual),
        turns={
            kind: await turns_so_far(session, ritual, kind, enrolled)
            for kind in (TurnKind.BYE, TurnKind.TRIO)
        },
        bag=bag.used,
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
    people: Sequence[Participant],
    before: Past,
    *,
    now: datetime,
) -> None:
    """Write the whole plan down, and owe what it says."""
    if plan.season is not None:
        round_.season_id = await open_season(session, ritual, before, plan.season, now=now)
    round_.state, round_.opened_at = RoundState.OPEN, now
    round_.nudge_at, round_.close_at = plan.nudge_at, plan.close_at
    await matches.store_turns(session, round_, plan.turns, now=now)
    hours = {p.id: p.hours for p in people}
    stored = await matches.store(session, round_, plan.matches)
    kind = KINDS[ritual.kind]
    introductions = {
        match.id: matches.about(
            match,
            "introduction",
            kind.introduction(matches.view(match, members, ritual, team)),
            attention=Attention.OPENING,
            due_at=everybody_welcomes([hours[m] for m in members], now, within=OPENING_WITHIN),
            useful_until=plan.close_at,
        )
        for match, members in stored
    }
    await owe_chats(session, team.id, introductions, now=now)
    told = {
        one.member: Owed(
            what=one.what,
            once=f"{one.what}:{round_.id}:{one.member}",
            message=one.message,
            due_at=now,
            attention=one.attention,
            useful_until=plan.close_at,
            round_id=round_.id,
        )
        for one in plan.told
    }
    await owe_members(session, team.id, told, now=now)
    for index, post in enumerate(plan.posts):
        posted = Owed("prompt", f"prompt:{round_.id}:{index}", post, now, Attention.FREE, round_id=round_.id)
        await owe_ritual(session, team.id, ritual.id, posted, now=now)


async def _record_missed(
    session: AsyncSession, ritual: Ritual, team: Team, missed: Sequence[datetime], *, now: datetime
) -> None:
    known = set(
        await session.scalars(
            select(Round.scheduled_for).where(Round.ritual_id == ritual.id, Round.scheduled_for.in_(missed))
        )
    )
    for at in missed:
        if at not in known:
            round_ = new_round(ritual, at, RoundState.MISSED)
            round_.reason, round_.closed_at = "skipped.missed", now
            session.add(round_)
    await notices.missed(session, ritual, team, missed[-1], now=now)
    log.warning("rounds_missed", ritual=ritual.name, missed=len(missed), last=missed[-1])


async def ask_due(session: AsyncSession, ritual_id: int, *, now: datetime) -> bool:
    """Ask in the channel who takes part in the next round, where the ritual asks each time; whether it did."""
    ritual = await session.get(Ritual, ritual_id, with_for_update=True)
    if ritual is None or ritual.state is not RitualState.ACTIVE:
        return False
    if ritual.next_ask_at is None or ritual.next_ask_at > now or ritual.next_round_at is None:
        return False
    ritual.next_ask_at = None
    if ritual.next_round_at <= now:
        return False
    round_ = await session.scalar(
        select(Round).where(Round.ritual_id == ritual.id, Round.scheduled_for == ritual.next_round_at)
    )
    if round_ is None:
        round_ = new_round(ritual, ritual.next_round_at, RoundState.ASKING)
        session.add(round_)
        await session.flush()
    team = await settings.team_row(session, ritual.team_id)
    zone = settings.zone(ritual, team)
    message = KINDS[ritual.kind].sign_up(ritual.name, round_.id, ritual.next_round_at, zone)
    owed = Owed(
        "sign_up",
        f"sign_up:{round_.id}",
        message,
        now,
        Attention.FREE,
        useful_until=ritual.next_round_at,
        round_id=round_.id,
    )
    await owe_ritual(session, team.id, ritual.id, owed, now=now)
    return True


async def end_pauses(session: AsyncSession, team_id: int, *, now: datetime) -> None:
    """A ritual's pause ends by itself on its date; rounds that fell into it are gone."""
    ended = await session.scalars(
        select(Ritual).where(
            Ritual.team_id == team_id, Ritual.state == RitualState.PAUSED, Ritual.paused_until <= now
        )
    )
    for ritual in ended.all():
        ritual.state, ritual.paused_until = RitualState.ACTIVE, None
        schedule(ritual, await settings.team_row(session, team_id), after=now)


async def rituals_to_ask(session: AsyncSession, team_id: int, *, now: datetime) -> Sequence[int]:
    """The rituals that have to ask who takes part."""
    return (
        await session.scalars(
            select(Ritual.id).where(
                Ritual.team_id == team_id, Ritual.state == RitualState.ACTIVE, Ritual.next_ask_at <= now
            )
        )
    ).all()
