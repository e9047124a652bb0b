"""Answering a round's questions: the way to the form, and answers under one's name, which can be changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.inserting import insert_into
from bot.db.models import Account, Answer, Answered, Asked, Delivery, Enrolment, Ritual, Round
from bot.domain import receipts
from bot.domain.commands import Typed
from bot.domain.messages import Code, Form, Given, Message, Moment, Say, Values
from bot.domain.states import Choice, DeliveryState, Participated, RitualState, RoundState
from bot.domain.thanks import mentioned, with_names
from bot.rituals import answers
from bot.rituals.answers import Frozen
from bot.rituals.questions import open_now
from bot.services import settings
from bot.services.asking import Asker, next_round, number, ritual_meant
from bot.services.participants import takes_part
from bot.services.participation import record
from bot.services.sorry import Sorry, Wrong

DELETE = Code("/checkin delete")
CHANCE = SystemRandom()  # whoever has the database has the team's seed


@dataclass(frozen=True, slots=True)
class Questioned:
    """A round of questions, its ritual, and what it was frozen with when it opened."""

    round: Round
    ritual: Ritual
    frozen: Frozen

    @property
    def until(self) -> datetime:
        """When (UTC, exclusive) its window closes."""
        return self.round.close_at or self.round.scheduled_for


async def store_asked(session: AsyncSession, round_: Round, asked: Mapping[int, datetime]) -> None:
    """Write down who is asked, and when."""
    rows = [
        {
            "team_id": round_.team_id,
            "round_id": round_.id,
            "member_id": member,
            "asked_at": at,
            "reminded": False,
        }
        for member, at in asked.items()
    ]
    if rows:
        await session.execute(insert(Asked), rows)


async def questioned(
    session: AsyncSession, team_id: int, about: Sequence[str], *, locked: bool = False
) -> Questioned | None:
    """The round that a button or form is about; None if it is no round of questions of the team's.

    `locked`: until the transaction ends it is not closed, and nobody else answers it.
    """
    lock = {"key_share": True} if locked else None
    round_ = await session.get(Round, number(about) or 0, with_for_update=lock)
    frozen = Frozen.of(round_.kept) if round_ is not None and round_.team_id == team_id else None
    if round_ is None or frozen is None:
        return None
    return Questioned(round_, await session.get_one(Ritual, round_.ritual_id), frozen)


async def reason_not_to_take(
    session: AsyncSession, asked: Questioned, *, member_id: int, zone: str, now: datetime
) -> Say | None:
    """Why a member's answer cannot be taken, or None: the round is over, they take no part, or answered for good."""
    ritual = asked.ritual
    values: Values = {"ritual": Given(ritual.name)}
    archived = ritual.state is RitualState.ARCHIVED  # nobody would read it
    if archived or asked.round.state is not RoundState.OPEN or asked.until <= now:
        if ritual.next_round_at is None or ritual.state is not RitualState.ACTIVE:
            return Say("questions.over_last", values)
        return Say("questions.over", {**values, "next": Moment(ritual.next_round_at, zone)})
    enrolled = await session.scalar(
        select(Enrolment).where(Enrolment.ritual_id == ritual.id, Enrolment.member_id == member_id)
    )
    if enrolled is None or not (
        takes_part(enrolled, settings.rules(ritual).members)
        or (enrolled.choice is not Choice.LEFT and await _was_asked(session, asked.round.id, member_id))
    ):
        return Say("questions.not_in", {**values, "join": Code(f"/{ritual.kind} join")})
    if asked.frozen.anonymous and await has_answered(session, asked.round.id, member_id):
        return Say("questions.answered_already", {**values, "delete": DELETE})
    return None


async def _was_asked(session: AsyncSession, round_id: int, member_id: int) -> bool:
    """Whether a member was asked when the round opened: that holds, whatever the config has said since."""
    found = await session.scalar(
        select(Asked.id).where(Asked.round_id == round_id, Asked.member_id == member_id)
    )
    return found is not None


async def has_answered(session: AsyncSession, round_id: int, member_id: int) -> bool:
    """Whether a member has the mark of having answered."""
    found = await session.scalar(
        select(Answered.id).where(Answered.round_id == round_id, Answered.member_id == member_id)
    )
    return found is not None


async def command(asker: Asker, typed: Typed) -> Message:
    """`answer [RITUAL]`, where no form could be shown at once: a button that opens it."""
    asked = await _meant(asker, typed.words)
    if reason := await _reason(asker, asked):
        return Message((reason,))
    return open_now(asked.round.id, asked.ritual.name, until=asked.until, zone=asker.zone)


async def press(asker: Asker, about: Sequence[str]) -> Form:
    """The button *Answer*: the form, with what they answered before in it, unless that is without names."""
    asked = await questioned(asker.session, asker.team.id, about)
    if asked is None:
        raise Sorry("error.gone")
    if reason := await _reason(asker, asked):
        raise Sorry(reason.key, **reason.values)
    frozen = asked.frozen
    if frozen.anonymous:
        receipt, typed = receipts.fresh(CHANCE), {}
    else:
        receipt, typed = None, await answers_of(asker.session, asked.round.id, asker.member.id)
    return answers.form(
        asked.round.id,
        asked.ritual.name,
        frozen.questions,
        anonymous=frozen.anonymous,
        receipt=receipt,
        typed=typed,
    )


async def submit(asker: Asker, about: Sequence[str], values: Mapping[str, str]) -> Message:
    """The form's answer, under the member's name: the questions that were filled in are answered, or answered anew.

    What stood in the form before and was taken out of it is answered no more.

    An anonymous answer was written before it came here (`anonymous.write_ahead`), unless there was a reason not to:
    that is said here. Whatever cannot be taken is given back.
    """
    asked = await questioned(asker.session, asker.team.id, about, locked=True)
    if asked is None:
        raise Sorry("error.gone")
    frozen = asked.frozen
    back = answers.given_back(values, frozen.questions)
    if reason := await _reason(asker, asked):
        return Message((reason, *back))
    typed, wrong = answers.read(values, frozen.questions)
    if wrong:
        raise Wrong(wrong)
    named: Values = {"ritual": Given(asked.ritual.name)}
    before = answers.filled_before(about)
    if frozen.anonymous or before is None:
        return Message((Say("questions.old_form", {**named, "answer": Code("/checkin answer")}), *back))
    await _store(asker, asked, typed, taken_out=before - typed.keys())
    return Message((Say("questions.received", {**named, "until": Moment(asked.until, asker.zone)}),))


async def answers_of(session: AsyncSession, round_id: int, member_id: int) -> dict[int, int | str]:
    """What a member has answered so far, by question."""
    rows = await session.execute(
        select(Answer.question, Answer.words, Answer.scale).where(
            Answer.round_id == round_id, Answer.member_id == member_id
        )
    )
    return {question: scale if scale is not None else words or "" for question, words, scale in rows}


async def as_said(session: AsyncSession, workspace_id: int, typed: answers.Typed) -> dict[int, int | str]:
    """The same answers, with people who are mentioned in them by their names: all else letter for letter."""
    accounts = {a for each in typed.values() if isinstance(each, str) for a in mentioned(each)}
    if not accounts:
        return dict(typed)
    rows = await session.execute(
        select(Account.handle, Account.name).where(
            Account.workspace_id == workspace_id, Account.handle.in_(accounts)
        )
    )
    names = {handle: name for handle, name in rows}
    return {i: with_names(each, names) if isinstance(each, str) else each for i, each in typed.items()}


async def _reason(asker: Asker, asked: Questioned) -> Say | None:
    return await reason_not_to_take(
        asker.session, asked, member_id=asker.member.id, zone=asker.zone, now=asker.now
    )


async def _store(
    asker: Asker, asked: Questioned, typed: answers.Typed, *, taken_out: Collection[int]
) -> None:
    """Write a named answer down, and that there is one; asking and reminding are of no use any more."""
    session, round_ = asker.session, asked.round
    mine = {"team_id": asker.team.id, "round_id": round_.id, "member_id": asker.member.id}
    rows = [
        {
            **mine,
            "question": question,
            "words": said if isinstance(said, str) else None,
            "scale": said if isinstance(said, int) else None,
            "answered_at": asker.now,
        }
        for question, said in (await as_said(session, asker.account.workspace_id, typed)).items()
    ]
    written = insert_into(session, Answer).values(rows)
    await session.execute(
        delete(Answer)
        .where(
            Answer.round_id == round_.id,
            Answer.member_id == asker.member.id,
            Answer.question.in_(taken_out),
        )
        .execution_options(synchronize_session=False)
    )
    changed = {name: written.excluded[name] for name in ("words", "scale", "answered_at")}
    await session.execute(
        written.on_conflict_do_update(index_elements=["round_id", "question", "member_id"], set_=changed)
    )
    await session.execute(
        insert_into(session, Answered)
        .values(mine)
        .on_conflict_do_nothing(index_elements=["round_id", "member_id"])
    )
    await record(session, round_, [asker.member.id], Participated.ANSWERED, now=asker.now)
    await spare(session, Delivery.round_id == round_.id, Delivery.member_id == asker.member.id)


async def spare(session: AsyncSession, *whom: ColumnElement[bool]) -> None:
    """What these are owed by way of asking and reminding, and was not tried yet, is of no use any more."""
    await session.execute(
        update(Delivery)
        .where(
            *whom,
            Delivery.what.in_(("questions", "reminder")),
            Delivery.edits_id.is_(None),
            Delivery.state == DeliveryState.PENDING,
            Delivery.attempts == 0,
        )
        .values(state=DeliveryState.EXPIRED)
        .execution_options(synchronize_session=False)
    )


async def _meant(asker: Asker, words: Sequence[str]) -> Questioned:
    """The open round that is meant; Sorry with the choices, or with when the next one comes."""
    rows = await asker.session.execute(
        select(Round, Ritual, func.coalesce(Asked.asked_at, Round.opened_at))
        .join(Ritual, Ritual.id == Round.ritual_id)
        .outerjoin(Asked, (Asked.round_id == Round.id) & (Asked.member_id == asker.member.id))
        .where(
            Round.team_id == asker.team.id,
            Round.state == RoundState.OPEN,
            Round.close_at > asker.now,
            Ritual.kind == "checkin",
            Ritual.state != RitualState.ARCHIVED,
        )
        .order_by(Round.scheduled_for)
    )
    found: dict[int, Questioned] = {}
    for round_, ritual, asked_at in rows:
        frozen = Frozen.of(round_.kept)
        if frozen is not None and (ritual.id not in found or asked_at <= asker.now):
            found[ritual.id] = Questioned(round_, ritual, frozen)  # of several the newest whose time has come
    if not words and len(found) == 1:
        return next(iter(found.values()))
    if not words and not found:
        raise _nothing_open(await _next_of(asker), asker)
    ritual = await ritual_meant(asker, words, kind="checkin", plays=("questions",))
    if ritual.id in found:
        return found[ritual.id]
    raise _nothing_open(ritual, asker)


async def _next_of(asker: Asker) -> Ritual:
    """The ritual of questions that comes next; Sorry if there is none."""
    rows = await asker.session.scalars(
        select(Ritual)
        .where(Ritual.team_id == asker.team.id, Ritual.kind == "checkin", Ritual.state == RitualState.ACTIVE)
        .order_by(Ritual.next_round_at)
    )
    coming = [r for r in rows if r.next_round_at is not None and settings.rules(r).plays == "questions"]
    if coming:
        return coming[0]
    return await ritual_meant(asker, (), kind="checkin", plays=("questions",))


def _nothing_open(ritual: Ritual, asker: Asker) -> Sorry:
    soon = next_round(ritual, asker)
    key = "questions.none_open" if soon else "questions.none_open_last"
    return Sorry(key, ritual=Given(ritual.name), **soon)
