"""Which rounds are due: opened once, asked about before, or recorded as missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Enrolment, Ritual, Round, Team
from bot.domain.states import Attention, RitualState, RoundState
from bot.rituals.introductions import sign_up
from bot.services import notices, settings
from bot.services.opening import NotOpened, Opened, new_round, open_round
from bot.services.outbox import Owed, owe_ritual
from bot.services.stages import STAGES
from bot.services.teams import rituals_due, schedule

__all__ = [
    "NotOpened",
    "Opened",
    "ask_due",
    "due_rituals",
    "end_pauses",
    "open_due",
    "open_round",
    "rituals_to_ask",
]

log = structlog.get_logger(__name__)


async def due_rituals(session: AsyncSession, team_id: int, *, now: datetime) -> Sequence[int]:
    """The rituals whose next round is due."""
    return await rituals_due(session, team_id, Ritual.next_round_at, now=now)


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
    opened: Opened | NotOpened | None = NotOpened(scheduled_for, "skipped.missed")
    if not too_late:
        opened = await open_round(session, ritual, team, scheduled_for=scheduled_for, now=now)
    await _use_up_skips(session, ritual)
    return opened


async def _use_up_skips(session: AsyncSession, ritual: Ritual) -> None:
    """Who skips the next round is named its date: with that round, opened or not, the skip is over."""
    await session.execute(
        update(Enrolment)
        .where(Enrolment.ritual_id == ritual.id, Enrolment.skips_next.is_(True))
        .values(skips_next=False)
    )


async def _record_missed(
    session: AsyncSession, ritual: Ritual, team: Team, missed: Sequence[datetime], *, now: datetime
) -> None:
    rows = await session.scalars(
        select(Round).where(Round.ritual_id == ritual.id, Round.scheduled_for.in_(missed))
    )
    known = {round_.scheduled_for: round_ for round_ in rows}
    for at in missed:
        round_ = known.get(at) or new_round(ritual, at, RoundState.ASKING)
        if round_.state is RoundState.ASKING:  # new, or people were asked and then it did not come about
            round_.state, round_.reason, round_.closed_at = RoundState.MISSED, "skipped.missed", now
            session.add(round_)
    await notices.missed(session, ritual, team, missed[-1], now=now)
    log.warning("rounds_missed", ritual=ritual.name, missed=len(missed), last=missed[-1])


async def ask_due(session: AsyncSession, ritual_id: int, *, now: datetime) -> bool:
    """What comes before a round: it opens ahead of its instant, or people are asked who takes part; whether it did.

    A round that opens ahead, but later than was thought, is put off until then.
    """
    ritual = await session.get(Ritual, ritual_id, with_for_update=True)
    if ritual is None or ritual.state is not RitualState.ACTIVE:
        return False
    if ritual.next_ask_at is None or ritual.next_ask_at > now or ritual.next_round_at is None:
        return False
    ritual.next_ask_at = None
    if ritual.next_round_at <= now:
        return False
    team = await settings.team_row(session, ritual.team_id)
    opens_at = STAGES[settings.rules(ritual).plays].opens_at
    if opens_at is None:
        await _ask_who_takes_part(session, ritual, team, ritual.next_round_at, now=now)
        return True
    at = await opens_at(session, ritual, team, ritual.next_round_at, now=now)
    if at > now:
        ritual.next_ask_at = at
        return False
    await open_round(session, ritual, team, scheduled_for=ritual.next_round_at, now=now)
    return True


async def _ask_who_takes_part(
    session: AsyncSession, ritual: Ritual, team: Team, scheduled_for: datetime, *, now: datetime
) -> None:
    round_ = await session.scalar(
        select(Round).where(Round.ritual_id == ritual.id, Round.scheduled_for == scheduled_for)
    )
    if round_ is None:
        round_ = new_round(ritual, scheduled_for, RoundState.ASKING)
        session.add(round_)
        await session.flush()
    message = sign_up(ritual.name, round_.id, scheduled_for, settings.zone(ritual, team))
    owed = Owed(
        "sign_up",
        f"sign_up:{round_.id}",
        message,
        now,
        Attention.FREE,
        useful_until=scheduled_for,
        round_id=round_.id,
    )
    await owe_ritual(session, team.id, ritual.id, owed, now=now)


async def end_pauses(session: AsyncSession, team_id: int, *, now: datetime) -> None:
    """A ritual's pause ends by itself on its date; rounds that fell into it are gone."""
    ended = await session.scalars(
        select(Ritual).where(
            Ritual.team_id == team_id, Ritual.state == RitualState.PAUSED, Ritual.paused_until <= now
        )
    )
    for ritual in ended.all():
        until = ritual.paused_until or now
        ritual.state, ritual.paused_until = RitualState.ACTIVE, None
        # what has fallen due since, while nobody was looking, is late by its own measure
        schedule(ritual, await settings.team_row(session, team_id), after=until - timedelta(microseconds=1))


async def rituals_to_ask(session: AsyncSession, team_id: int, *, now: datetime) -> Sequence[int]:
    """The rituals that have to ask who takes part."""
    return await rituals_due(session, team_id, Ritual.next_ask_at, now=now)
