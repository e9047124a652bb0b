"""A member's own settings: their time zone and quiet hours, which hold from the moment they are set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from sqlalchemy import or_, select

from bot.config.checkins import CheckinConfig
from bot.db.models import Asked, Delivery, MatchMember, Ritual, Round
from bot.domain.attention import not_before
from bot.domain.commands import Typed, nearest
from bot.domain.hours import DailySpan
from bot.domain.messages import Button, Buttons, Code, Given, Message, Say
from bot.domain.states import Attention, DeliveryState, RitualState, RoundState
from bot.rituals.answers import Frozen
from bot.rituals.questions import local_instant, next_look
from bot.services import settings
from bot.services.asking import Asker, say
from bot.services.recipients import read_context
from bot.services.sorry import Sorry

OFF = ("off", "none", "default")
ZONE_EXAMPLE, HOURS_EXAMPLE = "/presence timezone Europe/Berlin", "/presence quiet 18:00-09:00"
SETTINGS = Button("settings", Say("settings.button"))  # opens the form with all of them
ASKING = "questions"  # the kind of ritual, and what a delivery is called that asks a member its questions

_BUTTON = Message((Buttons((SETTINGS,)),))


async def timezone(asker: Asker, typed: Typed) -> Message:
    """`timezone ZONE` sets it, `off` lets the platform's or the team's hold again, alone it says which holds."""
    wanted = "_".join(typed.words)
    if not wanted:
        key = "hours.timezone_now" if asker.member.timezone else "hours.timezone_given"
        return say(key, zone=Code(asker.zone), example=Code(ZONE_EXAMPLE)) + _BUTTON
    zone = None if wanted.lower() in OFF else zone_meant(wanted, example=ZONE_EXAMPLE)
    await set_hours(asker, zone=zone, quiet=asker.member.quiet_hours)
    return say("hours.timezone_set" if zone else "hours.timezone_off", zone=Code(asker.zone))


async def set_hours(asker: Asker, *, zone: str | None, quiet: str | None) -> None:
    """Set the member's own time zone and quiet hours (None: none); they hold at once, also for what waits for them."""
    held_back, moves = await _held_back(asker), zone != asker.member.timezone
    asker.member.timezone, asker.member.quiet_hours = zone, quiet
    if moves:
        await _ask_at_local_time(asker)
    _look_again(held_back, asker.now)


def zone_meant(typed: str, *, example: str) -> str:
    """The IANA zone that was typed, in whatever case; Sorry with the nearest one, or an example, otherwise."""
    zones = _zones()
    if (found := zones.get(typed.lower())) is not None:
        return found
    cities = {name.rpartition("/")[2]: name for name in zones.values()}
    guess = nearest(typed, zones.values()) if "/" in typed else cities.get(nearest(typed, cities) or "")
    if guess:
        raise Sorry("hours.unknown_zone_guess", typed=Given(typed), guess=Code(guess))
    raise Sorry("hours.unknown_zone", typed=Given(typed), example=Code(example))


@cache
def _zones() -> dict[str, str]:
    """Every zone there is by its name in lower case; "localtime" and the like are none."""
    return {name.lower(): name for name in sorted(available_timezones()) if "/" in name or name == "UTC"}


async def quiet(asker: Asker, typed: Typed) -> Message:
    """`quiet HOURS` sets them, `off` lets all outside working hours be quiet again, alone it says which hold."""
    text = "".join(typed.words)
    if not text:
        return _quiet_now(asker) + _BUTTON
    wanted = None if text.lower() in OFF else span_meant(text, example=HOURS_EXAMPLE)
    quiet = written(wanted) if wanted is not None else None
    await set_hours(asker, zone=asker.member.timezone, quiet=quiet)
    if wanted is None:
        return say("hours.quiet_off", working=Code(working(asker)))
    key = "hours.quiet_set_overnight" if wanted.crosses_midnight else "hours.quiet_set"
    return say(key, hours=Code(written(wanted)), zone=Code(asker.zone))


def _quiet_now(asker: Asker) -> Message:
    example = Code(HOURS_EXAMPLE)
    if asker.member.quiet_hours:
        return say(
            "hours.quiet_now",
            hours=Code(asker.member.quiet_hours),
            zone=Code(asker.zone),
            off=Code("/presence quiet off"),
        )
    return say("hours.quiet_default", working=Code(working(asker)), zone=Code(asker.zone), example=example)


def working(asker: Asker) -> str:
    """The hours they work, as the team has them or they themselves."""
    return written(settings.hours(asker.member, asker.zone, asker.team).working)


def written(span: DailySpan) -> str:
    """A part of the day as it is kept ("18:00-09:00")."""
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (span.start, span.end))


def span_meant(typed: str, *, example: str) -> DailySpan:
    """The hours that were typed ("18:00-09:00", "18-9"), without spaces; Sorry if they are none, or the whole day."""
    text = "-".join(p if ":" in p else f"{p}:00" for p in typed.replace("–", "-").split("-"))
    try:
        span = DailySpan.parse(text)
    except ValueError as unreadable:
        raise Sorry("hours.unreadable", typed=Given(typed), example=Code(example)) from unreadable
    if (span.start, span.end) == (0, 24 * 60):
        raise Sorry("hours.whole_day", pause=Code("/coffee pause"))
    return span


async def _held_back(asker: Asker) -> Sequence[Delivery]:
    """What waits for the member only because of the hours that hold so far, in whichever conversation."""
    matches = select(MatchMember.match_id).where(MatchMember.member_id == asker.member.id)
    waiting = (
        await asker.session.scalars(
            select(Delivery)
            .where(
                Delivery.team_id == asker.team.id,
                Delivery.state == DeliveryState.PENDING,
                Delivery.attention.in_((Attention.PRIVATE, Attention.WORDS, Attention.ANSWER)),
                Delivery.attempts == 0,
                Delivery.due_at > asker.now,
                or_(
                    Delivery.member_id == asker.member.id,
                    Delivery.member_id.is_(None)
                    & Delivery.channel_id.is_(None)
                    & Delivery.match_id.in_(matches),
                ),
            )
            .order_by(Delivery.id)
            .with_for_update(key_share=True)
        )
    ).all()
    if not waiting:
        return []
    context = await read_context(asker.session, asker.team, waiting, now=asker.now)
    budget = settings.team_rules(asker.team).messages_per_week
    return [
        d
        for d in waiting
        if d.what != ASKING
        and d.due_at
        == not_before(d.attention, context.recipients(d), now=asker.now, messages_per_week=budget)
    ]


def _look_again(held_back: Iterable[Delivery], now: datetime) -> None:
    """Let what waited be looked at now, under the hours that hold from now on."""
    for delivery in held_back:
        delivery.due_at = now


async def _ask_at_local_time(asker: Asker) -> None:
    """Questions that are to come at the member's local time come at that time in their new zone."""
    rows = await asker.session.execute(
        select(Asked, Round, Ritual, Delivery)
        .join(Round, Round.id == Asked.round_id)
        .join(Ritual, Ritual.id == Round.ritual_id)
        .join(
            Delivery,
            (Delivery.round_id == Round.id)
            & (Delivery.member_id == Asked.member_id)
            & (Delivery.what == ASKING),
        )
        .where(
            Asked.member_id == asker.member.id,
            Asked.asked_at > asker.now,
            Round.state == RoundState.OPEN,
            Delivery.state == DeliveryState.PENDING,
            Delivery.attempts == 0,
        )
    )
    for asked, round_, ritual, delivery in rows.all():
        frozen = Frozen.of(round_.kept)
        if frozen is None or not _is_local(ritual):
            continue
        zone = settings.zone(ritual, asker.team)
        at = max(asker.now, local_instant(round_.scheduled_for, zone, asker.zone))
        asked.asked_at = delivery.due_at = at
        if round_.close_at is not None:
            round_.close_at = max(round_.close_at, at + frozen.window)
        delivery.useful_until = round_.close_at
        look = next_look([at], window=frozen.window, after=asker.now)
        if look is not None and (round_.nudge_at is None or round_.nudged_at or look < round_.nudge_at):
            round_.nudge_at, round_.nudged_at = look, None
    await _open_in_time(asker)


async def _open_in_time(asker: Asker) -> None:
    """A round that is to open when the first of all has its time of day may have to open earlier now."""
    rituals = await asker.session.scalars(
        select(Ritual).where(
            Ritual.team_id == asker.team.id,
            Ritual.kind == "checkin",
            Ritual.state == RitualState.ACTIVE,
            Ritual.next_ask_at.is_not(None),
        )
    )
    for ritual in rituals.all():
        if _is_local(ritual) and ritual.next_round_at is not None and ritual.next_ask_at is not None:
            at = local_instant(ritual.next_round_at, settings.zone(ritual, asker.team), asker.zone)
            ritual.next_ask_at = min(ritual.next_ask_at, max(asker.now, at))


def _is_local(ritual: Ritual) -> bool:
    """Whether a ritual's questions come at each member's own time of day."""
    rules = settings.rules(ritual)
    return isinstance(rules, CheckinConfig) and rules.plays == ASKING and rules.local_time


async def privacy(_asker: Asker, _typed: Typed) -> Message:
    """What is kept, who sees it, how to get it and how to have it deleted."""
    return Message(
        (
            Say("privacy.kept"),
            Say("privacy.seen", {"mydata": Code("/presence mydata"), "team": Code("/presence team")}),
            Say("privacy.operator"),
            Say("privacy.get", {"export": Code("/presence export")}),
            Say("privacy.delete", {"forget": Code("/presence forget")}),
        )
    )
