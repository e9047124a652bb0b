"""What a member sees of themselves: what comes next, whom they have met, their turns and breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select

from bot.db.models import Answer, Answered, Asked, Assignment, Pause, Ritual, Round, Turn
from bot.domain.commands import Typed
from bot.domain.interactions import action
from bot.domain.messages import (
    Button,
    Code,
    Day,
    Given,
    Line,
    Message,
    Moment,
    Part,
    Person,
    Say,
    Values,
)
from bot.domain.states import AssignmentState, RitualState, RoundState
from bot.rituals.answers import Frozen
from bot.services import rotations
from bot.services.asking import Asker
from bot.services.checkins.hosting import can_be_handed_on
from bot.services.membership import day_of
from bot.services.presence.own_matches import open_matches
from bot.services.presence.own_rituals import Mine, buttons, coming, met, pauses_of, rituals_of, rows
from bot.services.presence.own_settings import SETTINGS
from bot.services.presence.team_figures import TURNS_SINCE

WITH_BUTTONS = 2  # rituals: so that all is one row


async def me(asker: Asker, _typed: Typed) -> Message:
    """`/presence me`: the asker's own, and nobody else's."""
    mine, others = await rituals_of(asker)
    parts: list[Part] = []
    if mine:
        parts.append(Say("me.coming"))
        parts += [Line(coming(each, asker.zone)) for each in mine]
    else:
        parts.append(Say("me.nothing", {"help": Code("/kinkeeper help")}))
    parts += await open_matches(asker)
    parts += [turn.said for turn in await open_turns(asker)]
    answer = {"answer": Code("/checkin answer")}
    parts += [Say("me.questions", {**asked.values, **answer}) for asked in await open_questions(asker)]
    for said in (await met(asker, mine)).values():
        parts += said
    parts += await _turns(asker)
    if pauses := await pauses_of(asker):
        names = {each.id: each.name for each in [*(m.ritual for m in mine), *others]}
        parts.append(Say("me.pauses_title"))
        parts += [Line(_pause_of(p, names, asker.zone)) for p in pauses]
    return Message((*parts, *_to_change(asker, mine)))


def _to_change(asker: Asker, mine: Sequence[Mine]) -> list[Part]:
    """What can be changed in one step: of many rituals, what comes next. The others are paused by name."""
    changeable = [each for each in mine if buttons(each, named=False)]
    soonest = sorted(changeable, key=lambda each: each.ritual.next_round_at or asker.now)[:WITH_BUTTONS]
    found = [
        button
        for each in changeable
        if each in soonest
        for button in buttons(each, named=len(changeable) > 1)
    ]
    others = [each.ritual for each in changeable if each not in soonest]
    example = [Code(f"/{ritual.kind} pause in 2 weeks {ritual.name}") for ritual in others[:1]]
    return [*(Say("me.others", {"example": code}) for code in example), *rows([*found, SETTINGS])]


def _pause_of(pause: Pause, rituals: dict[int, str], zone: str) -> Say:
    until = Day(day_of(pause.paused_until, zone))
    if pause.ritual_id is None:
        return Say("me.pause_all", {"day": until})
    return Say("me.pause", {"ritual": Given(rituals.get(pause.ritual_id, "")), "day": until})


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A turn to host or to care that is the member's now, and the buttons that belong to it."""

    said: Say
    buttons: tuple[Button, ...]


async def open_turns(asker: Asker) -> list[OpenTurn]:
    """Whose turn it is to host or to care: theirs. Whom they care for they are told, as they were at the time."""
    found = await asker.session.execute(
        select(Assignment, Round, Ritual.name)
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
    return [_open_turn(turn, round_, ritual, asker) for turn, round_, ritual in found]


def _open_turn(turn: Assignment, round_: Round, ritual: str, asker: Asker) -> OpenTurn:
    done = Button(action("done", round_.id), Say("ring.done"), "primary")
    swap = Button(action("swap", round_.id), Say("host.swap"))
    if turn.cares_for_id is not None:
        said = Say("me.carer", {"ritual": Given(ritual), "person": Person(turn.cares_for_id)})
        return OpenTurn(said, (done, swap))
    when = Moment(round_.scheduled_for, asker.zone)
    said = Say("me.host", {"ritual": Given(ritual), "role": Given(turn.role), "when": when})
    hand_on = (Button(action("pass", round_.id), Say("host.pass")), swap)
    has_begun = round_.scheduled_for <= asker.now
    return OpenTurn(
        said, (*((done,) if has_begun else ()), *(hand_on if can_be_handed_on(round_, now=asker.now) else ()))
    )


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """A round of questions that the member was asked and has not answered; `values` say which, and until when."""

    round_id: int
    values: Values


async def open_questions(asker: Asker) -> list[OpenQuestions]:
    """The rounds of questions that wait for the asker's answers."""
    mine = asker.member.id
    found = await asker.session.execute(
        select(Round, Ritual.name)
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
    return [
        OpenQuestions(
            round_.id,
            {
                "ritual": Given(ritual),
                "when": Moment(round_.close_at, asker.zone),
                "count": len(frozen.questions),
            },
        )
        for round_, ritual in found
        if round_.close_at is not None and (frozen := Frozen.of(round_.kept)) is not None
    ]


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


def amount(weighed: float) -> str:
    """Weighted turns, to a tenth: "4", "2.5"."""
    return f"{weighed:.1f}".removesuffix(".0")
