"""What a member sees of themselves: what comes next, whom they have met, their turns and breaks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, func, select

from bot.db.models import Answer, Answered, Asked, Assignment, Enrolment, Pause, Ritual, Round, Turn
from bot.domain.commands import Typed
from bot.domain.messages import Code, Day, Given, Line, Message, Moment, Part, People, Person, Say, Values
from bot.domain.states import AssignmentState, RitualState, RoundState
from bot.services import rotations, settings
from bot.services.asking import Asker
from bot.services.coffee.season_so_far import season_so_far
from bot.services.membership import day_of
from bot.services.participants import takes_part
from bot.services.presence.team_figures import TURNS_SINCE

NAMED = 25  # of the people a sentence names; beyond, it says how many more there are


async def me(asker: Asker, _typed: Typed) -> Message:
    """`/presence me`: the asker's own, and nobody else's."""
    pauses = (
        await asker.session.scalars(
            select(Pause)
            .where(Pause.member_id == asker.member.id, Pause.paused_until > asker.now)
            .order_by(Pause.paused_until)
        )
    ).all()
    rows = await asker.session.execute(
        select(Ritual, Enrolment)
        .join(Enrolment, Enrolment.ritual_id == Ritual.id)
        .where(Enrolment.member_id == asker.member.id, Ritual.state != RitualState.ARCHIVED)
        .order_by(Ritual.id)
    )
    mine = [(ritual, e) for ritual, e in rows if takes_part(e, settings.rules(ritual).members)]
    parts: list[Part] = []
    if mine:
        parts.append(Say("me.coming"))
        parts += [Line(_coming(asker, ritual, e, pauses)) for ritual, e in mine]
    else:
        parts.append(Say("me.nothing", {"help": Code("/kinkeeper help")}))
    parts += await _open_turns(asker)
    parts += await _open_questions(asker)
    for ritual, _ in mine:
        if ritual.kind == "coffee":
            parts += await _met(asker, ritual)
    parts += await _turns(asker)
    if pauses:
        names = {ritual.id: ritual.name for ritual, _ in mine}
        parts.append(Say("me.pauses_title"))
        parts += [Line(pause_of(p, names, asker.zone)) for p in pauses]
    return Message(tuple(parts))


def pause_of(pause: Pause, rituals: dict[int, str], zone: str) -> Say:
    """A break in words."""
    until = Day(day_of(pause.paused_until, zone))
    if pause.ritual_id is None:
        return Say("me.pause_all", {"day": until})
    return Say("me.pause", {"ritual": Given(rituals.get(pause.ritual_id, "")), "day": until})


def _coming(asker: Asker, ritual: Ritual, enrolment: Enrolment, pauses: Sequence[Pause]) -> Say:
    named: Values = {"ritual": Given(ritual.name)}
    until = [p.paused_until for p in pauses if p.ritual_id in (None, ritual.id)]
    if ritual.state is RitualState.PAUSED:
        return Say("me.stopped", named)
    if ritual.next_round_at is None:
        return Say("me.none_planned", named)
    if until and max(until) > ritual.next_round_at:
        return Say("me.pauses", {**named, "day": Day(day_of(max(until), asker.zone))})
    key = "me.skips" if enrolment.skips_next else "me.next"
    return Say(key, {**named, "when": Moment(ritual.next_round_at, asker.zone)})


async def _open_turns(asker: Asker) -> list[Part]:
    """Whose turn it is to host or to care: theirs. Whom they care for they are told, as they were at the time."""
    rows = await asker.session.execute(
        select(Assignment, Round.scheduled_for, Ritual.name)
        .join(Round, Round.id == Assignment.round_id)
        .join(Ritual, Ritual.id == Round.ritual_id)
        .where(
            Assignment.member_id == asker.member.id,
            Assignment.state == AssignmentState.ASSIGNED,
            Round.state == RoundState.OPEN,
            Ritual.state != RitualState.ARCHIVED,
        )
        .order_by(Round.scheduled_for, Assignment.id)
    )
    return [
        Say("me.carer", {"ritual": Given(ritual), "person": Person(turn.cares_for_id)})
        if turn.cares_for_id is not None
        else Say(
            "me.host", {"ritual": Given(ritual), "role": Given(turn.role), "when": Moment(at, asker.zone)}
        )
        for turn, at, ritual in rows
    ]


async def _open_questions(asker: Asker) -> list[Part]:
    """The rounds of questions that they were asked and have not answered."""
    mine = asker.member.id
    rows = await asker.session.execute(
        select(Ritual.name, Round.close_at)
        .join(Round, Round.ritual_id == Ritual.id)
        .join(Asked, Asked.round_id == Round.id)
        .where(
            Asked.member_id == mine,
            Asked.asked_at <= asker.now,
            Round.state == RoundState.OPEN,
            Ritual.state != RitualState.ARCHIVED,
            ~exists().where(Answered.round_id == Round.id, Answered.member_id == mine),
            ~exists().where(Answer.round_id == Round.id, Answer.member_id == mine),
        )
        .order_by(Round.close_at, Round.id)
    )
    answer = Code("/checkin answer")
    return [
        Say("me.questions", {"ritual": Given(ritual), "when": Moment(close_at, asker.zone), "answer": answer})
        for ritual, close_at in rows
        if close_at is not None
    ]


async def _met(asker: Asker, ritual: Ritual) -> list[Part]:
    """Whom they have been introduced to this season and whom not yet; an avoidance is a *not yet* like any other."""
    season = await season_so_far(asker.session, ritual, asker.team, now=asker.now)
    named = Given(ritual.name)
    if len(season.members) < 2:
        return [Say("me.alone", {"ritual": named})]
    met = season.met(asker.member.id)
    others = [m for m in season.members if m != asker.member.id]
    if len(met) == len(others):
        return [Say("me.met_everybody", {"ritual": named})]
    first = (
        Say("me.met", {"ritual": named, "people": people(met)})
        if met
        else Say("me.met_nobody", {"ritual": named})
    )
    return [first, Say("me.not_yet", {"people": people([m for m in others if m not in set(met)])})]


async def _turns(asker: Asker) -> list[Part]:
    """Their turns by kind, and how they stand to an equal share."""
    since = asker.now - TURNS_SINCE
    weeks = TURNS_SINCE.days // 7
    counted = await asker.session.execute(
        select(Turn.kind, func.count())
        .where(Turn.member_id == asker.member.id, Turn.at >= since)
        .group_by(Turn.kind)
        .order_by(Turn.kind)
    )
    kinds = counted.all()
    share = (await rotations.shares(asker.session, asker.team, since=since)).get(asker.member.id)
    parts: list[Part] = []
    if kinds:
        parts.append(Say("me.turns", {"weeks": weeks}))
        parts += [
            Line(Say("me.turn", {"kind": Say(f"turn_kind.{kind.value}"), "times": n})) for kind, n in kinds
        ]
    else:
        parts.append(Say("me.turns_none", {"weeks": weeks}))
    if share is not None:
        values: Values = {"taken": Given(amount(share.taken)), "equal": Given(amount(share.equal))}
        parts.append(Say("me.share", values))
    return parts


def people(members: Sequence[int]) -> People | Say:
    """Members in a sentence; of many, the first, and how many more."""
    named = People(tuple(Person(m) for m in members[:NAMED]))
    if len(members) <= NAMED:
        return named
    return Say("me.and_more", {"people": named, "more": len(members) - NAMED})


def amount(weighed: float) -> str:
    """Weighted turns, to a tenth: "4", "2.5"."""
    return f"{weighed:.1f}".removesuffix(".0")
