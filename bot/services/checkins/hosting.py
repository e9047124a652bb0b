"""Hosts: whose turn it is to host a round, and who takes it instead. The announcement follows every change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Assignment, Enrolment, Ritual, Round, Team
from bot.domain.cadence import later
from bot.domain.commands import Typed
from bot.domain.messages import Code, Given, Message, Person, Say
from bot.domain.rotation import next_hosts
from bot.domain.states import AssignmentState, Attention, Choice, Participated, RoundState
from bot.domain.turns import TurnKind
from bot.rituals.host import OPEN_FOR
from bot.rituals.kind import PlannedAssignment, PlannedTurn
from bot.services import rotations, settings
from bot.services.asking import Asker, enrolment, say
from bot.services.checkins import offers
from bot.services.checkins.announcing import announce_again, facts, tell, tell_no_longer
from bot.services.checkins.host_choice import host_past
from bot.services.checkins.played import HOST, role_in
from bot.services.checkins.whose_turn import Turns, by_button, by_command
from bot.services.participants import participants, present, takes_part
from bot.services.participation import record
from bot.services.rotations import HELD
from bot.services.sorry import Sorry


async def opens_at(
    session: AsyncSession, ritual: Ritual, team: Team, scheduled_for: datetime, *, now: datetime
) -> datetime:
    """A host is announced when that is due.

    Where the config has moved a round that is announced already, it keeps its host, and the announcement says when
    it is now.
    """
    cadence = settings.cadence(ritual, team)
    rows = await session.scalars(
        select(Round)
        .where(Round.ritual_id == ritual.id, Round.scheduled_for > now)
        .order_by(Round.scheduled_for)
        .with_for_update(key_share=True)
    )
    ahead = {round_.scheduled_for: round_ for round_ in rows}
    for at, round_ in ahead.items():
        is_meant = cadence.next_after(at - timedelta(microseconds=1)) == at
        if round_.state is RoundState.OPEN and not is_meant and scheduled_for not in ahead:
            round_.scheduled_for = scheduled_for
            round_.close_at = later(scheduled_for, OPEN_FOR, settings.zone(ritual, team))
            host = await _host_of(session, round_)
            await announce_again(session, round_, ritual, team, host, now=now)
            break
    return now


async def close(session: AsyncSession, round_: Round, ritual: Ritual, team: Team, *, now: datetime) -> None:
    """Whoever was the host to the end, and is still here, has hosted; the announcement can no longer be changed."""
    host = await _host_of(session, round_)
    here = await session.scalar(
        select(Enrolment).where(Enrolment.ritual_id == ritual.id, Enrolment.member_id == host)
    )
    if host is not None and here is not None and (here.in_channel or here.choice is Choice.JOINED):
        await record(session, round_, [host], Participated.HOSTED, now=now)
    await announce_again(session, round_, ritual, team, host, now=now)


async def _host_of(session: AsyncSession, round_: Round) -> int | None:
    found: int | None = await session.scalar(
        select(Assignment.member_id).where(Assignment.round_id == round_.id, Assignment.state.in_(HELD))
    )
    return found


async def pass_on(asker: Asker, typed: Typed) -> Message:
    """`/checkin pass`: the next in order takes it; the turn is kept."""
    return await _pass_on(asker, await by_command(asker, typed.words, plays=(HOST,)))


async def pass_by_button(asker: Asker, about: Sequence[str]) -> Message:
    return await _pass_on(asker, await by_button(asker, about, plays=(HOST,)))


async def _pass_on(asker: Asker, turns: Turns) -> Message:
    mine = need_to_host(asker, turns)
    following = await _pass(asker.session, turns, mine, asker.team, now=asker.now)
    values = facts(turns, asker.team)
    if following is None:
        return say("host.passed_to_nobody", **values)
    return say("host.passed", person=Person(following), **values)


async def _pass(
    session: AsyncSession, turns: Turns, mine: Assignment, team: Team, *, now: datetime
) -> int | None:
    """The next in order takes it: not who is away, and not who handed it on before; None if nobody is left."""
    mine.state = AssignmentState.PASSED
    await offers.lapse(session, mine, now=now)
    await rotations.keep_turn(session, turns.round, mine.member_id, TurnKind.HOST)
    people = await participants(session, turns.ritual, team, at=now, round_=turns.round)
    had_it = {a.member_id for a in turns.assignments}
    left = [p.id for p in present(people) if p.id not in had_it]
    following: int | None = None
    if left:
        past = await host_past(session, turns.ritual, team, people, turns.round)
        lot = Random(f"{team.seed} {turns.ritual.name} {turns.round.scheduled_for.isoformat()}")
        following = next_hosts(
            left,
            standing=past.standing,
            this_week=past.this_week,
            last_turn=past.last,
            there=past.there,
            rng=lot,
        )[0]
    await tell_no_longer(session, turns, mine.member_id, following, team, now=now)
    await _now_host(session, turns, following, team, why="next_in_order", now=now)
    if following is not None:
        told = Message(
            (
                Say(
                    "host.came_to_you",
                    {**facts(turns, team), "pass": Code(f"/checkin pass {turns.ritual.name}")},
                ),
            )
        )
        await tell(session, turns, following, told, now=now)
    return following


async def volunteer(asker: Asker, typed: Typed) -> Message:
    """`/checkin volunteer`: the asker hosts; whoever is relieved keeps their turn."""
    return await _volunteer(asker, await by_command(asker, typed.words, plays=(HOST,), own=False))


async def volunteer_by_button(asker: Asker, about: Sequence[str]) -> Message:
    return await _volunteer(asker, await by_button(asker, about, plays=(HOST,)))


async def _volunteer(asker: Asker, turns: Turns) -> Message:
    await need_to_be_here(asker, turns)
    values = facts(turns, asker.team)
    before = current(turns)
    if before is not None and before.member_id == asker.member.id:
        raise Sorry("host.you_already", **values)
    if before is not None and before.state is AssignmentState.DONE:
        raise Sorry("host.done_by", person=Person(before.member_id), **values)
    attention = await hand_over(
        asker.session, turns, asker.member.id, asker.team, why="volunteered", now=asker.now
    )
    if before is not None:
        relieved = Message((Say("host.relieved", {"person": Person(asker.member.id), **values}),))
        await tell(asker.session, turns, before.member_id, relieved, attention=attention, now=asker.now)
    return say("host.volunteered", **values)


async def hand_over(
    session: AsyncSession, turns: Turns, member_id: int, team: Team, *, why: str, now: datetime
) -> Attention:
    """A member hosts instead of whoever does now, by their own word; whoever does now keeps their turn.

    Returns how much attention it may take to tell the one before: they may wait for an answer.
    """
    attention = Attention.PRIVATE
    before = current(turns)
    if before is not None:
        before.state = AssignmentState.SWAPPED
        attention = await offers.lapse(session, before, now=now)
        await rotations.keep_turn(session, turns.round, before.member_id, TurnKind.HOST)
        await tell_no_longer(session, turns, before.member_id, member_id, team, now=now)
    await _now_host(session, turns, member_id, team, why=why, now=now)
    return attention


async def done(asker: Asker, turns: Turns) -> Message:
    """The host says that it is done; it need not be said, but then it is known before the round closes."""
    mine = current(turns)
    values = facts(turns, asker.team)
    if mine is None or mine.member_id != asker.member.id:
        raise not_yours(turns, asker.team)
    if turns.round.scheduled_for > asker.now:
        raise Sorry("host.still_ahead", **values)
    mine.state = AssignmentState.DONE
    await record(asker.session, turns.round, [asker.member.id], Participated.HOSTED, now=asker.now)
    return say("host.done", **values)


async def step_back(
    session: AsyncSession,
    ritual: Ritual,
    team: Team,
    member_id: int,
    *,
    until: datetime | None,
    now: datetime,
) -> None:
    """A member who leaves, or pauses until then (None: for good), hosts none of the rounds that are announced."""
    rows = await session.scalars(
        select(Round)
        .join(Assignment, Assignment.round_id == Round.id)
        .where(
            Round.ritual_id == ritual.id,
            Round.state == RoundState.OPEN,
            Round.scheduled_for > now,
            Assignment.member_id == member_id,
            Assignment.state == AssignmentState.ASSIGNED,
        )
        .order_by(Round.scheduled_for)
        .with_for_update(key_share=True, of=Round)
    )
    for round_ in rows.all():
        if until is not None and round_.scheduled_for >= until:
            continue
        all_turns = (await session.scalars(select(Assignment).where(Assignment.round_id == round_.id))).all()
        turns = Turns(round_, ritual, all_turns)
        if (mine := turns.of(member_id)) is not None:
            await _pass(session, turns, mine, team, now=now)


def current(turns: Turns) -> Assignment | None:
    """The turn of whoever hosts now; None if everybody passed."""
    return next((a for a in turns.assignments if a.state in HELD), None)


async def need_to_be_here(asker: Asker, turns: Turns) -> None:
    """Sorry if the asker is neither in the channel nor in the ritual: they host by their own word, whoever they are."""
    row = await enrolment(asker, turns.ritual)
    if not (row.in_channel or takes_part(row, settings.rules(turns.ritual).members)):
        raise Sorry(
            "host.only_here", ritual=Given(turns.ritual.name), join=Code(f"/checkin join {turns.ritual.name}")
        )


def need_to_host(asker: Asker, turns: Turns) -> Assignment:
    """The asker's turn as the host, to hand on; Sorry if somebody else is, or if it is done or has begun."""
    mine = current(turns)
    if mine is None or mine.member_id != asker.member.id:
        raise not_yours(turns, asker.team)
    if mine.state is AssignmentState.DONE:
        raise Sorry("host.done_already", **facts(turns, asker.team))
    if not can_be_handed_on(turns.round, now=asker.now):
        raise Sorry("host.begun", volunteer=Code("/checkin volunteer"), **facts(turns, asker.team))
    return mine


def can_be_handed_on(round_: Round, *, now: datetime) -> bool:
    """Whether a round has not begun. What opened at its instant or later can be handed on while it is open."""
    at, opened_at = round_.scheduled_for, round_.opened_at
    return at > now or opened_at is None or opened_at >= at


def not_yours(turns: Turns, team: Team) -> Sorry:
    """It is somebody else's turn, or nobody's."""
    host = current(turns)
    if host is None:
        return Sorry("host.nobodys", **facts(turns, team))
    return Sorry("host.not_yours", person=Person(host.member_id), **facts(turns, team))


async def _now_host(
    session: AsyncSession, turns: Turns, member_id: int | None, team: Team, *, why: str, now: datetime
) -> None:
    """Write down who hosts, and announce it."""
    if member_id is not None:
        before = next((a for a in turns.assignments if a.member_id == member_id), None)
        if before is not None:
            before.state, before.at = AssignmentState.ASSIGNED, now
        else:
            planned = PlannedAssignment(member_id, role_in(turns.round, turns.ritual))
            await rotations.store_assignments(session, turns.round, [planned], now=now)
        turn = PlannedTurn(member_id, TurnKind.HOST, {"why": why})
        await rotations.store_turns(session, turns.round, [turn], now=now)
    await announce_again(session, turns.round, turns.ritual, team, member_id, now=now)
