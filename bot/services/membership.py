"""Taking part is free: join, leave, pause, resume and skip, each in one step and without a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import delete, or_, select

from bot.db.models import Pause, Ritual
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


async def join(asker: Asker, typed: Typed) -> Message:
    return await _join(asker, await ritual_meant(asker, typed.words, kind="coffee"))


async def join_by_button(asker: Asker, about: Sequence[str]) -> Message:
    """The button of the bot's introduction; it carries the ritual."""
    ritual = await asker.session.get(Ritual, number(about) or 0)
    if ritual is None or ritual.team_id != asker.team.id or ritual.state is RitualState.ARCHIVED:
        raise Sorry("coffee.gone_match")
    return await _join(asker, ritual)


async def _join(asker: Asker, ritual: Ritual) -> Message:
    row = await enrolment(asker, ritual)
    was_in = takes_part(row, settings.rules(ritual).members)
    was_out_for_a_while = await _end_pauses(asker, ritual) or row.skips_next
    row.choice, row.skips_next = Choice.JOINED, False
    asker.member.left_at = None
    key = "coffee_join.done"
    if not was_in:
        row.enrolled_at = asker.now
        record_joined(asker.session, ritual, asker.member.id, now=asker.now)
    else:
        key = "coffee_join.resumed" if was_out_for_a_while else "coffee_join.already"
    soon = next_round(ritual, asker)
    return say(key if soon else f"{key}_no_date", ritual=Given(ritual.name), **soon)


async def leave(asker: Asker, typed: Typed) -> Message:
    ritual = await ritual_meant(asker, typed.words, kind="coffee")
    row = await enrolment(asker, ritual)
    was_in = takes_part(row, settings.rules(ritual).members)
    row.choice, row.skips_next = Choice.LEFT, False
    if not was_in:
        return say("coffee_join.was_out", ritual=Given(ritual.name))
    return say("coffee_join.left", ritual=Given(ritual.name), join=Code("/coffee join"))


async def pause(asker: Asker, typed: Typed) -> Message:
    """`pause UNTIL [RITUAL]`: the ritual is the last word that names one, the rest is the day."""
    names = await _names(asker)
    named = [w for w in typed.words if w.lower() in names]
    until = " ".join(w for w in typed.words if w not in named)
    ritual = await ritual_meant(asker, named, kind="coffee")
    day = day_meant(asker, until, example="/coffee pause 2026-12-24")
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
    return say("coffee_join.paused", ritual=Given(ritual.name), day=Day(day), resume=Code("/coffee resume"))


def pause_form(rituals: list[str]) -> Form:
    """Asks until when, and in which ritual where there is a choice."""
    fields: tuple[DateField | ChoiceField, ...] = (
        DateField("until", Say("form.pause_until"), hint=Say("form.pause_hint")),
    )
    if len(rituals) > 1:
        options = tuple(Option(name, Say("form.ritual", {"ritual": Given(name)})) for name in rituals[:25])
        fields += (ChoiceField("ritual", Say("form.pause_ritual"), options, value=rituals[0]),)
    return Form(action("pause"), Say("form.pause_title"), Say("form.pause_send"), fields)


async def submit_pause(asker: Asker, values: dict[str, str]) -> Message:
    """The form's answer; what is wrong is said at its field."""
    try:
        day = day_meant(asker, values.get("until", ""), example="2026-12-24")
    except Sorry as sorry:
        raise Wrong({"until": sorry.say}) from sorry
    chosen = values.get("ritual")
    try:
        ritual = await ritual_meant(asker, [chosen] if chosen else [], kind="coffee")
        return await _pause(asker, ritual, day)
    except Sorry as sorry:
        raise Wrong({"ritual" if chosen else "until": sorry.say}) from sorry


async def resume(asker: Asker, typed: Typed) -> Message:
    ritual = await ritual_meant(asker, typed.words, kind="coffee")
    row = await enrolment(asker, ritual)
    ended = await _end_pauses(asker, ritual)
    if not ended and not row.skips_next:
        return say("coffee_join.not_paused", ritual=Given(ritual.name))
    row.skips_next = False
    soon = next_round(ritual, asker)
    key = "coffee_join.resumed" if soon else "coffee_join.resumed_no_date"
    return say(key, ritual=Given(ritual.name), **soon)


async def skip(asker: Asker, typed: Typed) -> Message:
    ritual = await ritual_meant(asker, typed.words, kind="coffee")
    await _need_to_take_part(asker, ritual)
    row = await enrolment(asker, ritual)
    if row.skips_next:
        return say("coffee_join.skips_already", ritual=Given(ritual.name), resume=Code("/coffee resume"))
    row.skips_next = True
    soon = next_round(ritual, asker)
    key = "coffee_join.skips" if soon else "coffee_join.skips_no_date"
    return say(key, ritual=Given(ritual.name), **soon)


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


async def _need_to_take_part(asker: Asker, ritual: Ritual) -> None:
    row = await enrolment(asker, ritual)
    rules = settings.rules(ritual)
    if not takes_part(row, rules.members):
        raise Sorry("coffee_join.not_in", ritual=Given(ritual.name), join=Code("/coffee join"))


async def _names(asker: Asker) -> set[str]:
    return set(
        await asker.session.scalars(
            select(Ritual.name).where(Ritual.team_id == asker.team.id, Ritual.kind == "coffee")
        )
    )
