"""Swapping turns: one asks another, privately; it counts once that one accepts, while the turn is still theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.db.models import Assignment, Enrolment, Member, Offer
from bot.domain.commands import MENTION, Typed
from bot.domain.interactions import action
from bot.domain.messages import Button, Buttons, Code, Form, Given, Message, PeopleField, Person, Say, Values
from bot.domain.states import Attention, OfferState, RoundState
from bot.services import settings
from bot.services.asking import Asker, number, person_meant, say
from bot.services.checkins import announcing, caring, hosting, offers, whose_turn
from bot.services.checkins.played import RING
from bot.services.checkins.revising import tell
from bot.services.checkins.whose_turn import Turns
from bot.services.participants import participants, takes_part
from bot.services.sorry import Sorry, Wrong

WITH = "with"  # the form's one field


def swap_form(round_id: int) -> Form:
    """Asks with whom; the same for every kind of turn, so that it can be made from a button alone."""
    who = PeopleField(WITH, Say("swap.with"))
    return Form(action("swap", round_id), Say("swap.title"), Say("swap.send"), (who,), Say("swap.intro"))


async def by_command(asker: Asker, typed: Typed) -> Message:
    """`/checkin swap @x`."""
    person, words = await person_meant(asker, typed)
    if person is None:
        raise Sorry("swap.whom", example=Code("/checkin swap @name"))
    turns = await whose_turn.by_command(asker, words)
    return await _offer(asker, turns, person)


async def by_button(asker: Asker, about: Sequence[str]) -> Form:
    """The form, where it could not be made from memory."""
    turns = await whose_turn.by_button(asker, about)
    _mine(asker, turns)
    return swap_form(turns.round.id)


async def submit(asker: Asker, about: Sequence[str], values: Mapping[str, str]) -> Message:
    """The form's answer; what is wrong is said at its field."""
    try:
        chosen = Typed("swap", tuple(MENTION.findall(values.get(WITH, ""))), ())
        person, _ = await person_meant(asker, chosen)
        if person is None:
            raise Sorry("swap.whom", example=Code("/checkin swap @name"))
        return await _offer(asker, await whose_turn.by_button(asker, about), person)
    except Sorry as sorry:
        raise Wrong({WITH: sorry.say}) from sorry


async def accept(asker: Asker, about: Sequence[str]) -> Message:
    offer, turns, theirs = await _offered(asker, about)
    by = theirs.member_id
    if turns.plays != RING:
        await hosting.need_to_be_here(asker, turns)
    offer.state = OfferState.ACCEPTED  # before what else is open for these turns lapses
    if turns.plays == RING:
        swapped = await caring.exchange(asker, turns, theirs)
    else:
        await hosting.hand_over(
            asker.session, turns, asker.member.id, asker.team, why="swapped", now=asker.now
        )
        swapped = True
    if not swapped:
        # to the one who asked it reads like a "not this time", so that it tells nothing about who cares for whom
        await _answer(asker, offer, turns, by, OfferState.DECLINED)
        return say("swap.not_possible", person=Person(by))
    await _answer(asker, offer, turns, by, OfferState.ACCEPTED)
    if turns.plays == RING:
        return say("swap.accepted_ring", person=Person(by))
    return say("swap.accepted_host", **announcing.facts(turns, asker.team))


async def decline(asker: Asker, about: Sequence[str]) -> Message:
    offer, turns, theirs = await _offered(asker, about)
    await _answer(asker, offer, turns, theirs.member_id, OfferState.DECLINED)
    return say("swap.declined", person=Person(theirs.member_id))


async def _offer(asker: Asker, turns: Turns, person: Member) -> Message:
    mine = _mine(asker, turns)
    if person.id == asker.member.id:
        raise Sorry("swap.yourself")
    await _need_to_be_there(asker, turns, person)
    if turns.plays == RING:
        caring.need_other_carer(turns, mine, person.id)
    offer = await offers.make(asker.session, mine, person.id, now=asker.now)
    if offer is None:
        raise Sorry("swap.asked_already", person=Person(person.id))
    if turns.plays == RING:
        asked = Say(
            "swap.asked_ring", {"person": Person(asker.member.id), "ritual": Given(turns.ritual.name)}
        )
        until = turns.round.close_at
    else:
        asked = Say(
            "swap.asked_host", {"person": Person(asker.member.id), **announcing.facts(turns, asker.team)}
        )
        ahead = turns.round.scheduled_for > asker.now
        until = turns.round.scheduled_for if ahead else turns.round.close_at
    buttons = Buttons(
        (
            Button(action("accept", offer.id), Say("swap.accept"), "primary"),
            Button(action("decline", offer.id), Say("swap.decline")),
        )
    )
    await offers.ask(
        asker.session,
        offer,
        Message((asked, buttons)),
        round_id=turns.round.id,
        useful_until=until,
        now=asker.now,
    )
    if not await offers.arrives_in_time(asker.session, offer, asker.team, now=asker.now):
        raise Sorry("swap.too_late", person=Person(person.id))
    return say("swap.offered", person=Person(person.id))


def _mine(asker: Asker, turns: Turns) -> Assignment:
    if turns.plays == RING:
        return caring.need_to_be_carer(asker, turns)
    return hosting.need_to_host(asker, turns)


async def _need_to_be_there(asker: Asker, turns: Turns, person: Member) -> None:
    """Sorry if the one who is asked does not take part, or is away; it is not said why they are."""
    named: dict[str, Person | Given] = {"person": Person(person.id), "ritual": Given(turns.ritual.name)}
    row = await asker.session.scalar(
        select(Enrolment).where(Enrolment.ritual_id == turns.ritual.id, Enrolment.member_id == person.id)
    )
    if row is None or person.left_at is not None or not takes_part(row, settings.rules(turns.ritual).members):
        raise Sorry("swap.not_in", **named)
    people = await participants(asker.session, turns.ritual, asker.team, at=asker.now, round_=turns.round)
    if any(p.id == person.id and p.absent is not None for p in people):
        raise Sorry("swap.away", **named)


async def _offered(asker: Asker, about: Sequence[str]) -> tuple[Offer, Turns, Assignment]:
    """An open offer to the asker, its round, and the turn that is offered; Sorry if it is not theirs, or lapsed."""
    offer = await asker.session.get(Offer, number(about) or 0)
    if offer is None or offer.team_id != asker.team.id:
        raise Sorry("error.gone")
    if offer.to_id != asker.member.id:
        raise Sorry("swap.not_for_you")
    assignment = await asker.session.get_one(Assignment, offer.assignment_id)
    turns = await whose_turn.locked(asker, assignment.round_id)
    await asker.session.refresh(offer)
    theirs = turns.of(assignment.member_id)
    if offer.state is not OfferState.OPEN or theirs is None or turns.round.state is not RoundState.OPEN:
        raise Sorry("swap.lapsed")
    return offer, turns, theirs


async def _answer(asker: Asker, offer: Offer, turns: Turns, by: int, became: OfferState) -> None:
    """Write down what became of an offer, and tell the one who made it, once."""
    offer.state = became
    accepted = became is OfferState.ACCEPTED
    said: Values = {"person": Person(asker.member.id), "ritual": Given(turns.ritual.name)}
    await offers.say_again(
        asker.session,
        offer,
        Message((Say("swap.was_accepted" if accepted else "swap.was_declined", {"person": Person(by)}),)),
        now=asker.now,
    )
    if accepted and turns.plays == RING:
        return  # each of the two is told whom they look after now
    told = (
        Say("swap.they_accepted", {**said, **announcing.facts(turns, asker.team)})
        if accepted
        else Say("swap.they_declined", said)
    )
    await tell(
        asker.session,
        by,
        offers.SWAP,
        Message((told,)),
        team_id=asker.team.id,
        round_id=turns.round.id,
        attention=Attention.ANSWER,
        now=asker.now,
    )
