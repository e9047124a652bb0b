"""The care ring under way: done, somebody else, a break. Of who cares for whom only the carer is ever told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Assignment, Delivery, Ritual, Round, Team
from bot.domain.commands import Typed
from bot.domain.messages import Code, Given, Message, Person, Say
from bot.domain.ring import may_swap, moved, without
from bot.domain.states import AssignmentState, Attention, DeliveryState, Participated, RoundState
from bot.domain.turns import TurnKind
from bot.rituals.kind import RingPast
from bot.rituals.ring import CARER, MOVED, question, turn_to_care
from bot.services import rotations, settings
from bot.services.asking import Asker, say
from bot.services.checkins import offers, revising
from bot.services.checkins.played import RING
from bot.services.checkins.whose_turn import Turns, by_command
from bot.services.participants import Participant, participants
from bot.services.participation import record
from bot.services.rotations import HELD
from bot.services.sorry import Sorry

KNOWN_TO = 3  # so few people can work out who cares for whom


async def ring_past(
    session: AsyncSession, ritual: Ritual, team: Team, people: Sequence[Participant], round_: Round
) -> RingPast:
    """What the planning of a ring wants to know."""
    documents = await session.scalars(
        select(Round.kept)
        .where(Round.ritual_id == ritual.id, Round.id != round_.id, Round.kept.is_not(None))
        .order_by(Round.scheduled_for.desc())
        .limit(max(1, len(people)))
    )
    kept = [
        each for each in documents if each and "order" in each
    ]  # it may have been another kind of check-in
    moved_before = [arc for each in kept for arc in each.get(MOVED, ())]
    return RingPast(
        rings=await _rings(session, ritual.id, but_not=round_.id),
        kept={**kept[0], MOVED: moved_before} if kept else None,
    )


async def _rings(session: AsyncSession, ritual_id: int, *, but_not: int) -> list[dict[int, int]]:
    """Who cared for whom in the ritual's other rounds, oldest first, as it became."""
    rows = await session.execute(
        select(Round.id, Assignment.member_id, Assignment.cares_for_id)
        .join(Assignment, Assignment.round_id == Round.id)
        .where(Round.ritual_id == ritual_id, Round.id != but_not)
        .order_by(Round.scheduled_for, Assignment.id)
    )
    found: dict[int, dict[int, int]] = {}
    for round_id, carer, cared_for in rows:
        if cared_for is not None:
            found.setdefault(round_id, {})[carer] = cared_for
    return list(found.values())


async def done(asker: Asker, turns: Turns) -> Message:
    """The carer did it; saying so again changes nothing."""
    mine = turns.of(asker.member.id)
    if mine is None or mine.cares_for_id is None:
        raise Sorry("ring.not_in_round", ritual=Given(turns.ritual.name))
    thanks = say("ring.thanks", person=Person(mine.cares_for_id))
    if mine.state is AssignmentState.DONE:
        return thanks
    mine.state = AssignmentState.DONE
    await record(asker.session, turns.round, [asker.member.id], Participated.CHECKED_IN, now=asker.now)
    await offers.lapse(asker.session, mine, now=asker.now)
    told = await revising.latest(asker.session, turns.round.id, asker.member.id, CARER)
    if told is not None:
        said = say("ring.thanked", person=Person(mine.cares_for_id))
        await revising.revise(asker.session, told, Message(()) if _unsent(told) else said, now=asker.now)
    return thanks


async def someone_else(asker: Asker, typed: Typed) -> Message:
    """`/checkin someone-else`: another looks after the asker from now on. Nobody learns who asked, or why."""
    turns = await by_command(asker, typed.words, plays=(RING,))
    pause = Code(f"/checkin pause 2 weeks {turns.ritual.name}")
    kept = turns.round.kept or {}
    already: list[list[int]] = kept.get(MOVED, [])
    cares_for = _cares_for(turns)
    carer = next((each for each, other in cares_for.items() if other == asker.member.id), None)
    if carer is None:
        raise Sorry("ring.someone_else_none", ritual=Given(turns.ritual.name))
    if any(receiver == asker.member.id for _, receiver in already):
        raise Sorry("ring.someone_else_once", pause=pause)
    history = await _rings(asker.session, turns.ritual.id, but_not=turns.round.id)
    lot = Random(f"{asker.team.seed} {turns.ritual.name} {turns.round.scheduled_for.isoformat()}")
    apart = {(each, receiver) for each, receiver in already}
    became = moved(cares_for, asker.member.id, history=history, apart=apart, rng=lot)
    if became is None:
        raise Sorry("ring.someone_else_too_few", pause=pause)
    turns.round.kept = {**kept, MOVED: [*already, [carer, asker.member.id]]}
    await _become(asker.session, turns, became, now=asker.now)
    return say("ring.someone_else")


async def exchange(asker: Asker, turns: Turns, theirs: Assignment) -> bool:
    """Two carers swap whom they look after, and are told; False, and nothing changed, where that cannot be."""
    mine = turns.of(asker.member.id)
    both = (mine, theirs)
    if mine is None or any(each is None or each.state is AssignmentState.DONE for each in both):
        return False
    cares_for = _cares_for(turns)
    if may_swap(cares_for, theirs.member_id, mine.member_id) is not None:
        return False
    swapped = {
        mine.member_id: cares_for[theirs.member_id],
        theirs.member_id: cares_for[mine.member_id],
    }
    await _become(asker.session, turns, {**cares_for, **swapped}, attention=Attention.ANSWER, now=asker.now)
    return True


async def step_back(
    session: AsyncSession,
    ritual: Ritual,
    team: Team,
    member_id: int,
    *,
    until: datetime | None,
    now: datetime,
) -> None:
    """A member who leaves or takes a break is out of the ring at once; the carers concerned are told whom they have."""
    rounds = await session.scalars(
        select(Round)
        .where(Round.ritual_id == ritual.id, Round.state == RoundState.OPEN)
        .order_by(Round.scheduled_for)
        .with_for_update(key_share=True)
    )
    for round_ in rounds.all():
        rows = await session.scalars(
            select(Assignment).where(Assignment.round_id == round_.id).order_by(Assignment.id)
        )
        turns = Turns(round_, ritual, rows.all())
        cares_for = _cares_for(turns)
        if member_id in {*cares_for, *cares_for.values()}:
            await _become(session, turns, without(cares_for, member_id), now=now)


async def on_joining(session: AsyncSession, ritual: Ritual, team: Team, *, now: datetime) -> Message:
    """With three people or fewer it can be worked out who cares for whom: whoever joins is told so."""
    await session.flush()
    people = await participants(session, ritual, team, at=now)
    return say("ring.known_to_three") if len(people) <= KNOWN_TO else Message(())


def need_to_be_carer(asker: Asker, turns: Turns) -> Assignment:
    """The asker's turn in the ring; Sorry if they have none, or did it already."""
    mine = turns.of(asker.member.id)
    if mine is None or mine.cares_for_id is None:
        raise Sorry("ring.not_in_round", ritual=Given(turns.ritual.name))
    if mine.state is AssignmentState.DONE:
        raise Sorry("ring.done_already", person=Person(mine.cares_for_id))
    return mine


def need_other_carer(turns: Turns, mine: Assignment, other: int) -> None:
    """Sorry if no swap with the other can be, for a reason that the asker knows anyway.

    Other reasons would tell who cares for the asker, or whom the other cares for: they are found out when the other
    accepts, and then it reads like a "not this time".
    """
    if turns.of(other) is None:
        raise Sorry("swap.not_in_round", person=Person(other))
    if mine.cares_for_id == other:
        raise Sorry("ring.yours", person=Person(other))


def _cares_for(turns: Turns) -> dict[int, int]:
    """Who cares for whom in the round as it stands."""
    return {
        a.member_id: a.cares_for_id
        for a in turns.assignments
        if a.cares_for_id is not None and a.state in HELD
    }


async def _become(
    session: AsyncSession,
    turns: Turns,
    cares_for: Mapping[int, int],
    *,
    attention: Attention = Attention.PRIVATE,
    now: datetime,
) -> None:
    """The ring is another one from now on; each carer whose person changed is told, and nobody else.

    Who did their turn before stays known for it; who is out of the ring without having done it keeps the turn.
    Whoever had asked for a swap waits for an answer, and that is it; where `attention` says so, they all do.
    """
    for mine in turns.assignments:
        before, after = mine.cares_for_id, cares_for.get(mine.member_id)
        if mine.state not in HELD or before is None or before == after:
            continue
        lapsed = await offers.lapse(session, mine, now=now)
        was_done = mine.state is AssignmentState.DONE
        if after is not None:
            mine.cares_for_id, mine.state, mine.at = after, AssignmentState.ASSIGNED, now
        elif was_done:
            mine.state = AssignmentState.SWAPPED
        else:
            await rotations.keep_turn(session, turns.round, mine.member_id, TurnKind.CARER)
            await session.delete(mine)
        taken_over = before in cares_for.values()
        await _tell(
            session,
            turns,
            mine.member_id,
            before,
            after,
            was_done=was_done,
            taken_over=taken_over,
            attention=Attention.ANSWER if Attention.ANSWER in (attention, lapsed) else Attention.PRIVATE,
            now=now,
        )
    await session.flush()


async def _tell(
    session: AsyncSession,
    turns: Turns,
    carer: int,
    before: int,
    after: int | None,
    *,
    was_done: bool,
    taken_over: bool,
    attention: Attention,
    now: datetime,
) -> None:
    """Bring up to date what a carer was told, and tell them whom they have now."""
    told = await revising.latest(session, turns.round.id, carer, CARER)
    unsent = told is not None and _unsent(told)
    if told is not None and (unsent or not was_done):
        if after is not None:
            said = (
                _message(turns, after, "ring.carer")
                if unsent
                else say("ring.no_longer", person=Person(before))
            )
        elif unsent:
            said = Message(())
        else:
            said = say("ring.no_longer", person=Person(before)) if taken_over else say("ring.nobody_now")
        await revising.revise(session, told, said, now=now)
    if after is None or unsent:
        return
    await revising.tell(
        session,
        carer,
        CARER,
        _message(turns, after, "ring.carer_now"),
        team_id=turns.round.team_id,
        round_id=turns.round.id,
        useful_until=turns.round.close_at,
        attention=attention,
        now=now,
    )


def _unsent(told: Delivery) -> bool:
    return told.state is DeliveryState.PENDING and not told.attempts


def _message(turns: Turns, cared_for: int, key: str) -> Message:
    rules = settings.rules(turns.ritual)
    asked = question(rules, turns.round.scheduled_for)  # type: ignore[arg-type]
    return turn_to_care(turns.round.id, Say(key, {"person": Person(cared_for)}), asked)
