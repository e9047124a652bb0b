"""Taking part is free: join, leave, pause, resume and skip, each in one step and without a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from sqlalchemy import delete, or_, select

from bot.db.models import Enrolment, Pause, Ritual
from bot.domain.cadence import resolve
from bot.domain.commands import Typed
from bot.domain.interactions import action
from bot.domain.messages import ChoiceField, Code, DateField, Day, Form, Given, Message, Option, Say
from bot.domain.states import Choice, RitualState
from bot.services import settings
from bot.services.asking import Asker, day_meant, enrolment, next_round, number, ritual_meant, say
from bot.services.participants import takes_part
from bot.services.participation import record_joined
from bot.services.sorry import Sorry, Wrong
from bot.services.stages import STAGES, step_back

PAUSABLE = ("coffee", "checkin")  # the kinds that people join, leave, skip and take a break from


async def join(asker: Asker, typed: Typed) -> Message:
    return await _join(asker, await ritual_meant(asker, typed.words, kind=typed.command))


async def join_by_button(asker: Asker, about: Sequence[str]) -> Message:
    """The button of the bot's introduction; it carries the ritual."""
    return await _join(asker, await _of_button(asker, about))


async def _of_button(asker: Asker, about: Sequence[str]) -> Ritual:
    """The ritual that a button carries; Sorry if there is none any more."""
    ritual = await asker.session.get(Ritual, number(about) or 0)
    if ritual is None or ritual.team_id != asker.team.id or ritual.state is RitualState.ARCHIVED:
        raise Sorry("error.gone")
    return ritual


async def _join(asker: Asker, ritual: Ritual) -> Message:
    row = await enrolment(asker, ritual)
    was_in = takes_part(row, settings.rules(ritual).members)
    was_out_for_a_while = await _end_pauses(asker, ritual) or row.skips_next
    row.choice, row.skips_next = Choice.JOINED, False
    asker.member.left_at = None
    key = "taking_part.done"
    if not was_in:
        row.enrolled_at = asker.now
        record_joined(asker.session, ritual, asker.member.id, now=asker.now)
    else:
        key = "taking_part.resumed" if was_out_for_a_while else "taking_part.already"
    soon = next_round(ritual, asker)
    joined = say(key if soon else f"{key}_no_date", ritual=Given(ritual.name), **soon)
    notes = STAGES[settings.rules(ritual).plays].on_joining
    return joined + await notes(asker.session, ritual, asker.team, now=asker.now) if notes else joined


async def come_in(asker: Asker, ritual: Ritual) -> None:
    """A yes to one round is a word to be in the ritual, also of somebody who is in no list or had left."""
    row = await enrolment(asker, ritual)
    asker.member.left_at = None
    if not takes_part(row, settings.rules(ritual).members):
        row.choice, row.enrolled_at = Choice.JOINED, asker.now
        record_joined(asker.session, ritual, asker.member.id, now=asker.now)


async def leave(asker: Asker, typed: Typed) -> Message:
    ritual = await ritual_meant(asker, typed.words, kind=typed.command)
    row = await enrolment(asker, ritual)
    was_in = takes_part(row, settings.rules(ritual).members)
    row.choice, row.skips_next = Choice.LEFT, False
    await _step_back(asker, ritual, until=None)  # who volunteered without being in hosts no longer either
    if not was_in:
        return say("taking_part.was_out", ritual=Given(ritual.name))
    return say("taking_part.left", ritual=Given(ritual.name), join=Code(f"/{ritual.kind} join"))


async def pause(asker: Asker, typed: Typed) -> Message:
    """`pause UNTIL [RITUAL]`: the ritual is the last word that names one, the rest is the day."""
    names = await _names(asker, typed.command)
    named = [w for w in typed.words if w.lower() in names]
    until = " ".join(w for w in typed.words if w not in named)
    ritual = await ritual_meant(asker, named, kind=typed.command)
    day = day_meant(asker, until, example=f"/{typed.command} pause 2026-12-24")
    return await _pause(asker, ritual, day)


async def _pause(asker: Asker, ritual: Ritual, day: date) -> Message:
    await _need_to_take_part(asker, ritual)
    await _end_pauses(asker, ritual)
    asker.session.add(
        Pause(
            team_id=asker.team.id,
            member_id=asker.member.id,
            ritual_id=ritual.id,
            started_at=asker.now,
            paused_until=start_of(day, asker.zone),
        )
    )
    await _step_back(asker, ritual, until=start_of(day, asker.zone))
    return _on_a_break(ritual, day)


def _on_a_break(ritual: Ritual, day: date) -> Message:
    return say(
        "taking_part.paused", ritual=Given(ritual.name), day=Day(day), resume=Code(f"/{ritual.kind} resume")
    )


def pause_form(kind: str, rituals: Sequence[str]) -> Form:
    """Asks until when, and in which ritual of the kind where there is a choice."""
    fields: tuple[DateField | ChoiceField, ...] = (
        DateField("until", Say("form.pause_until"), hint=Say("form.pause_hint")),
    )
    if len(rituals) > 1:
        options = tuple(Option(name, Say("form.ritual", {"ritual": Given(name)})) for name in rituals[:25])
        fields += (ChoiceField("ritual", Say("form.pause_ritual"), options, value=rituals[0]),)
    return Form(action("pause", kind), Say("form.pause_title"), Say("form.pause_send"), fields)


async def pause_by_button(asker: Asker, about: Sequence[str]) -> Form:
    """The form, where it could not be made from memory."""
    ritual = await _of_button(asker, about)
    return pause_form_of(ritual.id, ritual.name)


def pause_form_of(ritual_id: int, name: str) -> Form:
    """Asks until when, for one ritual."""
    intro = Say("form.pause_intro", {"ritual": Given(name)})
    until = DateField("until", Say("form.pause_until"), hint=Say("form.pause_hint"))
    form = action("pause", ritual_id)
    return Form(form, Say("form.pause_title"), Say("form.pause_send"), (until,), intro)


async def submit_pause(asker: Asker, about: Sequence[str], values: Mapping[str, str]) -> Message:
    """The form's answer; what is wrong is said at its field."""
    named = await _of_button(asker, about) if number(about) is not None else None
    kind = about[0] if about and about[0] in PAUSABLE else "coffee"
    try:
        day = day_meant(asker, values.get("until", ""), example="2026-12-24")
    except Sorry as sorry:
        raise Wrong({"until": sorry.say}) from sorry
    chosen = values.get("ritual")
    try:
        ritual = named or await ritual_meant(asker, [chosen] if chosen else [], kind=kind)
        return await _pause(asker, ritual, day)
    except Sorry as sorry:
        raise Wrong({"ritual" if chosen else "until": sorry.say}) from sorry


async def resume(asker: Asker, typed: Typed) -> Message:
    return await _resume(asker, await ritual_meant(asker, typed.words, kind=typed.command))


async def resume_by_button(asker: Asker, about: Sequence[str]) -> Message:
    return await _resume(asker, await _of_button(asker, about))


async def _resume(asker: Asker, ritual: Ritual) -> Message:
    row = await enrolment(asker, ritual)
    ended = await _end_pauses(asker, ritual)
    if not ended and not row.skips_next:
        return say("taking_part.not_paused", ritual=Given(ritual.name))
    row.skips_next = False
    soon = next_round(ritual, asker)
    key = "taking_part.resumed" if soon else "taking_part.resumed_no_date"
    return say(key, ritual=Given(ritual.name), **soon)


async def skip(asker: Asker, typed: Typed) -> Message:
    return await _skip(asker, await ritual_meant(asker, typed.words, kind=typed.command))


async def skip_by_button(asker: Asker, about: Sequence[str]) -> Message:
    return await _skip(asker, await _of_button(asker, about))


async def _skip(asker: Asker, ritual: Ritual) -> Message:
    row = await _need_to_take_part(asker, ritual)
    if row.skips_next:
        return say(
            "taking_part.skips_already", ritual=Given(ritual.name), resume=Code(f"/{ritual.kind} resume")
        )
    if (pause := await _pause_over_next(asker, ritual)) is not None:
        return _on_a_break(ritual, day_of(pause.paused_until, asker.zone))
    row.skips_next = True
    soon = next_round(ritual, asker)
    key = "taking_part.skips" if soon else "taking_part.skips_no_date"
    return say(key, ritual=Given(ritual.name), **soon)


async def unskip_by_button(asker: Asker, about: Sequence[str]) -> Message:
    """Takes a skip back, and no more; pressed again it says the same."""
    ritual = await _of_button(asker, about)
    row = await _need_to_take_part(asker, ritual)
    row.skips_next = False
    if (pause := await _pause_over_next(asker, ritual)) is not None:
        return _on_a_break(ritual, day_of(pause.paused_until, asker.zone))
    soon = next_round(ritual, asker)
    key = "taking_part.unskipped" if soon else "taking_part.unskipped_no_date"
    return say(key, ritual=Given(ritual.name), **soon)


async def _pause_over_next(asker: Asker, ritual: Ritual) -> Pause | None:
    """The asker's pause, if it lasts beyond the next round."""
    pause = await pause_of(asker, ritual)
    if pause is None or (ritual.next_round_at is not None and pause.paused_until <= ritual.next_round_at):
        return None
    return pause


async def pause_of(asker: Asker, ritual: Ritual) -> Pause | None:
    """The asker's pause that holds now, if any."""
    found: Pause | None = await asker.session.scalar(
        select(Pause)
        .where(
            Pause.member_id == asker.member.id,
            or_(Pause.ritual_id == ritual.id, Pause.ritual_id.is_(None)),
            Pause.paused_until > asker.now,
        )
        .order_by(Pause.paused_until.desc())
        .limit(1)
    )
    return found


def start_of(day: date, zone: str) -> datetime:
    """The first instant of a day in a zone, in UTC."""
    return resolve(datetime.combine(day, time.min), zone)


def day_of(instant: datetime, zone: str) -> date:
    """The day in a zone that an instant falls on."""
    from zoneinfo import ZoneInfo

    return instant.astimezone(ZoneInfo(zone)).date()


async def _end_pauses(asker: Asker, ritual: Ritual) -> bool:
    ended = await asker.session.execute(
        delete(Pause)
        .where(
            Pause.member_id == asker.member.id,
            or_(Pause.ritual_id == ritual.id, Pause.ritual_id.is_(None)),
            Pause.paused_until > asker.now,
        )
        .returning(Pause.id)
    )
    return bool(ended.scalars().all())


async def _step_back(asker: Asker, ritual: Ritual, *, until: datetime | None) -> None:
    """A turn that is under way goes to somebody else."""
    await asker.session.flush()  # whoever leaves is not to be found when the next is looked for
    await step_back(asker.session, ritual, asker.team, asker.member.id, until=until, now=asker.now)


async def _need_to_take_part(asker: Asker, ritual: Ritual) -> Enrolment:
    row = await enrolment(asker, ritual)
    rules = settings.rules(ritual)
    if not takes_part(row, rules.members):
        raise Sorry("taking_part.not_in", ritual=Given(ritual.name), join=Code(f"/{ritual.kind} join"))
    return row


async def _names(asker: Asker, kind: str) -> set[str]:
    return set(
        await asker.session.scalars(
            select(Ritual.name).where(Ritual.team_id == asker.team.id, Ritual.kind == kind)
        )
    )
