"""The time zone is asked once, of those whose platform does not tell it, beside the first reply that only they read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from bot.db.models import Account, Enrolment, Member, Ritual
from bot.domain.interactions import action
from bot.domain.messages import Button, Buttons, Code, Given, Message, Say, Values
from bot.domain.states import RitualState
from bot.domain.zone_guesses import zone_guesses
from bot.services import settings
from bot.services.asking import Asker, say
from bot.services.participants import takes_part
from bot.services.presence.own_settings import set_hours, zone_meant
from bot.services.sorry import Sorry

VERB = "zone"
CHANGE, EXAMPLE = "/presence timezone", "/presence timezone Europe/Berlin"


async def beside(asker: Asker, answer: Message) -> Message:
    """The answer, and the question after it where it is to be asked now."""
    member = asker.member
    if member.zone_asked_at is not None or member.timezone is not None or asker.account.timezone is not None:
        return answer
    if not await _takes_part_in_something(asker) or await _platform_tells(asker):
        return answer
    first = await asker.session.execute(
        update(Member)
        .where(Member.id == member.id, Member.zone_asked_at.is_(None))
        .values(zone_asked_at=asker.now)
        .returning(Member.id)
    )
    return answer + _question(asker) if first.scalar() is not None else answer


def _question(asker: Asker) -> Message:
    guesses = tuple(
        Button(action(VERB, zone), Say("zone.guess", {"zone": Given(zone)}))
        for zone in zone_guesses(asker.account.locale, now=asker.now)
    )
    other = Button("settings", Say("zone.other" if guesses else "zone.tell"))
    values: Values = {"zone": Given(asker.zone), "change": Code(CHANGE)}
    return Message((Say("zone.ask", values), Buttons((*guesses, other))))


async def by_button(asker: Asker, about: Sequence[str]) -> Message:
    """The zone that the button carries is theirs from now on."""
    try:
        zone = zone_meant(":".join(about), example=EXAMPLE)
    except Sorry as unknown:
        raise Sorry("error.gone") from unknown
    await set_hours(asker, zone=zone, quiet=asker.member.quiet_hours)
    return say("hours.timezone_set", zone=Code(zone))


async def _takes_part_in_something(asker: Asker) -> bool:
    rows = await asker.session.execute(
        select(Enrolment, Ritual)
        .join(Ritual, Ritual.id == Enrolment.ritual_id)
        .where(Enrolment.member_id == asker.member.id, Ritual.state != RitualState.ARCHIVED)
    )
    return any(takes_part(enrolment, settings.rules(ritual).members) for enrolment, ritual in rows)


async def _platform_tells(asker: Asker) -> bool:
    """Whether others have a zone there by the platform's word: then theirs comes as soon as they are read."""
    told = await asker.session.scalar(
        select(Account.id)
        .where(Account.workspace_id == asker.account.workspace_id, Account.timezone.is_not(None))
        .limit(1)
    )
    return told is not None
