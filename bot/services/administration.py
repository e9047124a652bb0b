"""What admins can do: see how things stand, open a round, pause and resume a ritual. All of it is in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Audit, Ritual, Round, Team
from bot.domain.commands import Typed
from bot.domain.messages import Code, Day, Given, Line, Message, Moment, Part, Say, Values
from bot.domain.states import DeliveryState, RitualState, RoundState
from bot.domain.until import AlreadyPast, NotADay, parse_day
from bot.services import settings
from bot.services.asking import Asker, day_meant, next_round, number, say, unknown_ritual
from bot.services.membership import start_of
from bot.services.rounds import NotOpened, Opened, open_round
from bot.services.sorry import Sorry
from bot.services.standing import Standing, standing
from bot.services.teams import schedule
from bot.services.upcoming import upcoming

WEEKS_AT_MOST = 52
AGAIN_AFTER = timedelta(hours=1)  # somebody who runs a round twice means one
LINES = 15
UNDELIVERABLE_SHOWN = 5


async def status(asker: Asker, _typed: Typed) -> Message:
    """The rituals with their last and next rounds, and what could not be delivered."""
    now = await standing(asker.session, asker.team, now=asker.now)
    return Message(tuple(_status_parts(now, asker.zone)))


def _status_parts(now: Standing, zone: str) -> list[Part]:
    parts: list[Part] = []
    for ritual in now.rituals:
        following: Moment | Say = (
            Say("admin.status_paused")
            if ritual.state is RitualState.PAUSED
            else Moment(ritual.next, zone)
            if ritual.next
            else Say("admin.status_none")
        )
        last: Moment | Say = Moment(ritual.last, zone) if ritual.last else Say("admin.status_never")
        values: Values = {"ritual": Given(ritual.name), "last": last, "next": following}
        parts.append(Line(Say("admin.status_ritual", values)))
    counts = {"sent": now.sent, "pending": now.deliveries.get("pending", 0)}
    parts.append(Say("admin.status_deliveries", counts))
    twice = [one for one in now.undeliverable if one.state is DeliveryState.POSSIBLY_TWICE]
    lost = [one for one in now.undeliverable if one not in twice]
    for key, found in (("undeliverable", lost), ("twice", twice)):
        if found:
            parts.append(Say(f"admin.status_{key}", {"count": len(found)}))
        for one in found[:UNDELIVERABLE_SHOWN]:
            problem: Values = {"what": Given(one.what), "to": Given(one.to), "problem": Given(one.problem)}
            parts.append(Line(Say("admin.status_problem", problem)))
    return parts


async def plan(asker: Asker, typed: Typed) -> Message:
    """What will be sent in the coming weeks (4, or as many as are asked for)."""
    weeks = number(typed.words or ("4",)) or 0
    if not 1 <= weeks <= WEEKS_AT_MOST:
        raise Sorry("error.number_needed")
    steps = await upcoming(asker.session, asker.team, now=asker.now, weeks=weeks)
    if not steps:
        return say("admin.planned_nothing")
    lines: list[Part] = [Say("admin.planned", {"count": weeks})]
    for step in steps[:LINES]:
        values: Values = {
            "when": Moment(step.at, asker.zone),
            "ritual": Given(step.ritual),
            "step": Say(f"step.{step.step}"),
        }
        lines.append(Line(Say("admin.planned_line", values)))
    if len(steps) > LINES:
        lines.append(Say("admin.planned_more", {"count": len(steps) - LINES}))
    return Message(tuple(lines))


async def run(asker: Asker, typed: Typed) -> Message:
    """Open a round now; a second time within the hour changes nothing."""
    ritual, _ = await _ritual(asker, typed)
    opened = await run_now(asker.session, asker.team, ritual, now=asker.now)
    named = Given(ritual.name)
    if opened is None:
        return say("admin.ran_already", ritual=named)
    audit(asker.session, asker.team, "run", ritual.name, member_id=asker.member.id, now=asker.now)
    if isinstance(opened, NotOpened):
        return say("admin.not_run", ritual=named, reason=Say(opened.reason))
    return say("admin.ran", ritual=named)


async def run_now(
    session: AsyncSession, team: Team, ritual: Ritual, *, now: datetime
) -> Opened | NotOpened | None:
    """Open a round now; None if one was opened within the hour. The schedule stays as it is."""
    recent = await session.scalar(
        select(Round.id).where(
            Round.ritual_id == ritual.id,
            Round.state.in_((RoundState.OPEN, RoundState.CLOSED)),
            Round.opened_at > now - AGAIN_AFTER,
        )
    )
    if recent is not None:
        return None
    return await open_round(
        session, ritual, team, scheduled_for=now.replace(second=0, microsecond=0), now=now
    )


async def pause(asker: Asker, typed: Typed) -> Message:
    """Stop a ritual's rounds, until a day if one is given."""
    ritual, words = await _ritual(asker, typed)
    rest = " ".join(words)
    until: date | None = day_meant(asker, rest, example=f"/kinkeeper pause {ritual.name}") if rest else None
    ritual.state = RitualState.PAUSED
    zone = settings.zone(ritual, asker.team)
    ritual.paused_until = start_of(until, zone) if until else None
    audit(asker.session, asker.team, "pause", ritual.name, member_id=asker.member.id, now=asker.now)
    if until:
        return say("admin.paused_until", ritual=Given(ritual.name), day=Day(until))
    return say("admin.paused", ritual=Given(ritual.name), resume=Code(f"/kinkeeper resume {ritual.name}"))


async def resume(asker: Asker, typed: Typed) -> Message:
    """Let a paused ritual go on; rounds that fell into the pause are gone."""
    ritual, _ = await _ritual(asker, typed)
    if ritual.state is not RitualState.PAUSED:
        return say("admin.not_paused", ritual=Given(ritual.name))
    ritual.state, ritual.paused_until = RitualState.ACTIVE, None
    schedule(ritual, asker.team, after=asker.now)
    audit(asker.session, asker.team, "resume", ritual.name, member_id=asker.member.id, now=asker.now)
    soon = next_round(ritual, asker)
    return say("admin.resumed" if soon else "admin.resumed_no_date", ritual=Given(ritual.name), **soon)


def audit(
    session: AsyncSession, team: Team, what: str, about: str, *, member_id: int | None, now: datetime
) -> None:
    """Write down who changed what; `member_id` None is the console."""
    session.add(Audit(team_id=team.id, at=now, member_id=member_id, what=what, about=about))


async def named_ritual(session: AsyncSession, team: Team, name: str) -> Ritual:
    """The ritual of that name; Sorry with the nearest spelling, or if it is archived."""
    rituals: Sequence[Ritual] = (
        await session.scalars(select(Ritual).where(Ritual.team_id == team.id).order_by(Ritual.id))
    ).all()
    found = next((r for r in rituals if r.name == name.lower()), None)
    if found is None:
        raise unknown_ritual(name, [r.name for r in rituals if r.state is not RitualState.ARCHIVED])
    if found.state is RitualState.ARCHIVED:
        raise Sorry("error.archived", ritual=Given(found.name))
    return found


async def _ritual(asker: Asker, typed: Typed) -> tuple[Ritual, list[str]]:
    """The ritual that is named, and the other words. The only one there is need not be named."""
    active = (
        await asker.session.scalars(
            select(Ritual)
            .where(Ritual.team_id == asker.team.id, Ritual.state != RitualState.ARCHIVED)
            .order_by(Ritual.id)
        )
    ).all()
    names = [r.name for r in active]
    if not active:
        raise Sorry("error.no_ritual")
    named = next((w for w in typed.words if w.lower() in names), None)
    if named is not None:
        words = [w for w in typed.words if w != named]
        return await named_ritual(asker.session, asker.team, named), words
    if len(active) == 1 and (not typed.words or _is_day(asker, " ".join(typed.words))):
        return active[0], list(typed.words)
    if not typed.words:
        raise Sorry("error.which_ritual", rituals=Given(", ".join(names)), example=Code(names[0]))
    return await named_ritual(asker.session, asker.team, typed.words[0]), list(typed.words[1:])


def _is_day(asker: Asker, text: str) -> bool:
    try:
        parse_day(text, now=asker.now, zone=asker.zone)
    except AlreadyPast:
        return True
    except NotADay:
        return False
    return True
