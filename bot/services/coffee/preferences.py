"""What a member would rather: not to be matched with somebody, and what happens to them when the number is odd."""

from __future__ import annotations

from sqlalchemy import select

from bot.db.models import Avoidance
from bot.domain.commands import Typed
from bot.domain.messages import Code, Given, Message, People, Person, Say
from bot.services.asking import (
    Asker,
    enrolment,
    is_near_a_ritual,
    person_meant,
    ritual_meant,
    say,
    unknown_person,
)
from bot.services.sorry import Sorry

PREFERENCES = ("trio", "bye", "either")


async def avoid(asker: Asker, typed: Typed) -> Message:
    """`avoid @x` adds, the same again lifts, `avoid` alone lists. Only the asker ever sees it."""
    person, words = await person_meant(asker, typed)
    if person is None and len(words) == 1 and not await is_near_a_ritual(asker, words[0]):
        raise await unknown_person(asker, words[0])
    ritual = await ritual_meant(asker, words, kind="coffee")
    named = Given(ritual.name)
    mine = (
        await asker.session.scalars(
            select(Avoidance)
            .where(Avoidance.member_id == asker.member.id, Avoidance.ritual_id == ritual.id)
            .order_by(Avoidance.id)
        )
    ).all()
    if person is None:
        if not mine:
            return say("avoid.none", ritual=named, example=Code("/coffee avoid @name"))
        people = People(tuple(Person(a.other_id) for a in mine))
        return Message((Say("avoid.list", {"people": people, "ritual": named}),))
    if person.id == asker.member.id:
        raise Sorry("avoid.yourself")
    before = next((a for a in mine if a.other_id == person.id), None)
    if before is not None:
        await asker.session.delete(before)
        return say("avoid.lifted", person=Person(person.id), ritual=named)
    asker.session.add(
        Avoidance(team_id=asker.team.id, member_id=asker.member.id, other_id=person.id, ritual_id=ritual.id)
    )
    return say("avoid.added", person=Person(person.id), ritual=named)


async def prefer(asker: Asker, typed: Typed) -> Message:
    """`prefer trio|bye|either`, for when the number is odd."""
    choices = {"trio": Code("trio"), "bye": Code("bye"), "either": Code("either")}
    if not typed.words:
        raise Sorry("prefer.missing", **choices)
    wanted, *rest = typed.words
    if wanted.lower() not in PREFERENCES:
        raise Sorry("prefer.unknown", **choices)
    ritual = await ritual_meant(asker, rest, kind="coffee")
    (await enrolment(asker, ritual)).prefers = wanted.lower()
    return say(f"prefer.{wanted.lower()}", ritual=Given(ritual.name))
