"""Saying thanks: by one line, by the form, from a message's menu; stored once, and owed to whoever is thanked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.db.models import Member, Participation, Ritual, Round, Thanks, ThanksRecipient
from bot.domain.commands import Typed, storable
from bot.domain.interactions import action
from bot.domain.messages import Button, Buttons, Code, Form, Given, Message, Part, Person, Quote, Say
from bot.domain.states import Participated, RoundState
from bot.domain.thanks import CHANGEABLE_FOR, Line, read_line, tokens
from bot.rituals.thanks import (
    IN_CHANNEL,
    PRIVATE,
    TO,
    WHERE,
    WITHOUT,
    WORDS,
    WORTH,
    ThanksView,
    edit_form,
    receipt,
    thanks_form,
)
from bot.services import helping
from bot.services.asking import Asker, number
from bot.services.gratitude import thanks_copies, thanks_nudges
from bot.services.gratitude.thankable import Meant, Place, meant, place_meant, places, values_of, which
from bot.services.notices import digest
from bot.services.participation import record
from bot.services.sorry import Sorry, Wrong

TYPED_KEPT_FOR = timedelta(hours=1)  # what could not be accepted, for the button that opens the form with it
HELP = "help"


async def command(asker: Asker, typed: Typed) -> Message:
    """`/thanks @ana @ben WORDS [#value] [privately]`; what is wrong is said, and what was typed is kept."""
    if typed.line.strip().lower() == HELP:
        return helping.of_commands((typed.command,), with_admin=asker.is_admin())
    found = await places(asker)
    line = read_line(typed.line, [value for place in found.values() for value in place.values])
    no_value = ""
    if typed.own_words is not None:
        no_value, line = line.words, replace(line, words=typed.own_words.strip())
    person = await meant(asker, line.people, line.misnamed, line.words)
    errors = dict(person.errors)
    if no_value and found:
        names = Given(", ".join(place.ritual.name for place in found.values()))
        errors[WORTH] = Say("gratitude.not_a_worth", {"worth": Given(no_value), "ritual": names})
    if line.unsure is not None:
        slip, guess = line.unsure
        errors[WORTH] = Say("gratitude.unsure_worth", {"typed": Code(slip), "guess": Code(f"#{guess}")})
    ritual = None
    try:
        ritual = await place_meant(asker, found, worth=line.worth, privately=line.privately)
    except Wrong as wrong:
        errors |= wrong.errors
    if errors:
        wrote = typed.line + (typed.own_words or "")
        return _once_more(asker, wrote, line, person, errors, found=found, ritual=ritual)
    public = ritual is not None and not line.privately
    return await _say_thanks(asker, person.members, person.words, line.worth, ritual, public=public)


def _once_more(
    asker: Asker,
    typed: str,
    line: Line,
    person: Meant,
    errors: Mapping[str, Say],
    *,
    found: Mapping[int, Place],
    ritual: Ritual | None,
) -> Message:
    """What is wrong with a line, the words as they were typed, and a button that opens the form with them."""
    filled = {TO: tokens(person.accounts), WORDS: person.words}
    worth = line.worth or (line.unsure[1] if line.unsure else None)
    if worth is not None:
        filled[WORTH] = f"#{worth}"
    if line.privately:
        filled[WHERE] = PRIVATE
    about = ritual.id if ritual is not None else None
    button = action("thanks", "" if about is None else about, digest(typed))
    form = thanks_form(_offered(found), about=about, typed=filled)
    asker.known.fill(asker.address, button, form, until=asker.now + TYPED_KEPT_FOR)
    parts: list[Part] = list(errors.values())
    if person.words:
        quote = Quote(person.words, Person(asker.member.id))
        parts += [Say("gratitude.kept"), quote]
    parts.append(Buttons((Button(button, Say("form.open"), "primary"),)))
    return Message(tuple(parts))


async def open_form(asker: Asker, about: Sequence[str]) -> Form:
    """The button below a prompt, or below what a line was answered with; it carries the ritual, if one was meant."""
    found = await places(asker)
    if not about or not about[0]:
        return thanks_form(_offered(found))
    await _still_there(asker, about, found)
    return thanks_form(_offered(found), about=number(about))


async def pick_author(asker: Asker, person: str) -> Form:
    """The entry of a message's menu: thanks to whoever wrote it."""
    looked_up = await meant(asker, [person], None, "")
    if TO in looked_up.errors:
        raise Sorry(looked_up.errors[TO].key, **looked_up.errors[TO].values)
    return thanks_form(_offered(await places(asker)), typed={TO: tokens([person])})


async def submit(asker: Asker, about: Sequence[str], values: Mapping[str, str]) -> Message:
    """The form's answer; what is wrong is said at its field."""
    found = await places(asker)
    if about and about[0]:
        try:
            await _still_there(asker, about, found)
        except Sorry as sorry:
            raise Wrong({WORDS: sorry.say}) from sorry
    to = read_line(storable(values.get(TO, "")), ())
    misnamed = to.misnamed or next(iter(to.words.split()), None)
    person = await meant(asker, to.people, misnamed, storable(values.get(WORDS, "")))
    errors = dict(person.errors)
    worth = storable(values.get(WORTH, "")).removeprefix("#")
    given = worth if worth and values.get(WORTH) != WITHOUT else None
    ritual, public = None, False
    try:
        ritual, public = _where(found, number(about), storable(values.get(WHERE, IN_CHANNEL)), given)
    except Wrong as wrong:
        errors |= wrong.errors
    if ritual is not None and given is not None and given not in values_of(ritual):
        shown = {"worth": Given(given), "ritual": Given(ritual.name)}
        errors[WORTH] = Say("gratitude.not_a_worth", shown)
    if errors:
        raise Wrong(errors)
    worth_kept = given if ritual is not None else None
    return await _say_thanks(asker, person.members, person.words, worth_kept, ritual, public=public)


def _where(
    found: Mapping[int, Place], about: int | None, where: str, worth: str | None
) -> tuple[Ritual | None, bool]:
    """The ritual that a form is for, and whether its channel reads it. Wrong where that was not said."""
    if not found:
        return None, False
    verb, _, chosen = where.partition(":")
    id_ = number([chosen]) if chosen else about
    if id_ is None and not chosen and len(found) == 1:
        [id_] = found
    if where == PRIVATE and id_ is None:
        fitting = [place for place in found.values() if worth is None or worth in place.values]
        return (fitting or list(found.values()))[0].ritual, False
    if id_ is None or id_ not in found or verb not in (IN_CHANNEL, PRIVATE):
        raise Wrong({WHERE: which(found)})
    return found[id_].ritual, verb == IN_CHANNEL


async def _still_there(asker: Asker, about: Sequence[str], found: Mapping[int, Place]) -> None:
    """Sorry where the ritual is none, or is over."""
    ritual = await asker.session.get(Ritual, number(about) or 0)
    if ritual is None or ritual.team_id != asker.team.id:
        raise Sorry("error.gone")
    if ritual.id not in found:
        raise Sorry("gratitude.over", ritual=Given(ritual.name), thanks=Code("/thanks"))


async def _say_thanks(
    asker: Asker,
    members: Sequence[Member],
    words: str,
    worth: str | None,
    ritual: Ritual | None,
    *,
    public: bool,
) -> Message:
    session, now = asker.session, asker.now
    thanks = Thanks(
        team_id=asker.team.id,
        sender_id=asker.member.id,
        ritual_id=ritual.id if ritual is not None else None,
        words=words,
        worth=worth,
        in_channel=public,
        said_at=now,
        edited_at=None,
        taken_out_at=None,
        taken_back_at=None,
        gathered_at=None,
    )
    session.add(thanks)
    await session.flush()
    recipients = tuple(member.id for member in members)
    for member_id in recipients:
        session.add(ThanksRecipient(team_id=asker.team.id, thanks_id=thanks.id, member_id=member_id))
    round_ = await _latest_round(asker, ritual)
    if round_ is not None and round_.state is RoundState.OPEN:
        await record(session, round_, [asker.member.id], Participated.THANKED, now=now)
    else:
        session.add(
            Participation(
                team_id=asker.team.id,
                member_id=asker.member.id,
                what=Participated.THANKED,
                ritual_id=thanks.ritual_id,
                round_id=None,
                at=now,
            )
        )
    shown = thanks_copies.view(thanks, recipients)
    near = round_.id if round_ is not None else None
    await thanks_copies.owe(session, thanks, shown, near=near, now=now)
    await thanks_nudges.withdraw(session, asker.member.id, recipients)
    remember_edit(asker, thanks, values_of(ritual) if ritual is not None else ())
    return _said(shown)


def _said(shown: ThanksView) -> Message:
    key = "gratitude.said_in_channel" if shown.goes_public else "gratitude.said_privately"
    return receipt(shown, Say(key, {"people": shown.people}))


def remember_edit(asker: Asker, thanks: Thanks, values: Sequence[str]) -> None:
    """Keep the form that changes the words, for as long as they can be changed."""
    form = edit_form(thanks.id, thanks.words, thanks.worth, values)
    asker.known.fill(asker.address, form.action, form, until=thanks.said_at + CHANGEABLE_FOR)


async def _latest_round(asker: Asker, ritual: Ritual | None) -> Round | None:
    """The ritual's newest round that opened."""
    if ritual is None:
        return None
    found: Round | None = await asker.session.scalar(
        select(Round)
        .where(Round.ritual_id == ritual.id, Round.state.in_((RoundState.OPEN, RoundState.CLOSED)))
        .order_by(Round.scheduled_for.desc())
        .limit(1)
    )
    return found


def _offered(found: Mapping[int, Place]) -> dict[int, tuple[str, Sequence[str]]]:
    return {id_: (place.ritual.name, place.values) for id_, place in found.items()}
