"""Anonymous answers: written apart from who gave them, mixed whenever one comes in, deleted by their receipt.

Why it is done so stands in `docs/decisions/2026-11-24-anonymous-answers.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Sessions
from bot.db.inserting import insert_into
from bot.db.models import Answer, Answered, Asked, Ritual, Round, Team
from bot.domain import receipts
from bot.domain.commands import Typed
from bot.domain.interactions import Actor, Interaction, Submit, read_action
from bot.domain.messages import Code, Given, Message, Moment, Say, Values
from bot.domain.states import Participated, RoundState
from bot.rituals import answers
from bot.rituals.answers import Frozen
from bot.services import received, settings
from bot.services.accounts import known_account
from bot.services.asking import Asker, say
from bot.services.checkins import summaries
from bot.services.checkins.answering import (
    CHANCE,
    DELETE,
    as_said,
    questioned,
    reason_not_to_take,
)
from bot.services.participation import record
from bot.services.sorry import Sorry

MOST_QUESTIONS = 5


@dataclass(frozen=True, slots=True)
class Ahead:
    """An answer whose words stand in the table already, without anything that says whose they are.

    Its form is an event of its own, by its receipt, so that however often it is handed in it counts once.
    """

    actor: Actor
    round_id: int
    receipt: str
    values: Mapping[str, str]
    wrote: bool = False  # just now; else the same form was handed in before

    @property
    def event(self) -> str:
        """What the inbox calls the form."""
        return f"form:{self.receipt}"


async def write_ahead(
    sessions: Sessions, team_id: int, happened: Interaction, *, now: datetime
) -> Ahead | None:
    """Write an anonymous answer, alone in a transaction of its own; None if this is none, or cannot be taken.

    Whether it can be taken is only read here; what to say if not, the ordinary way finds out again.
    """
    if not isinstance(happened, Submit):
        return None
    verb, about = read_action(happened.action)
    if verb != "answer" or len(about) != 2 or (receipt := receipts.read(about[1])) is None:
        return None
    async with sessions.begin() as session:
        if await received.was_entered(session, team_id, happened.actor, happened.event_id):
            return None
        asked = await questioned(session, team_id, about, locked=True)
        if asked is None or not asked.frozen.anonymous:
            return None
        typed, wrong = answers.read(happened.values, asked.frozen.questions)
        known = await known_account(session, team_id, happened.actor)
        if wrong or known is None:
            return None
        member, account = known
        team = await settings.team_row(session, team_id)
        zone = settings.member_zone(member, account.timezone, team)
        before = await _rows_of(session, team_id, receipt)
        ahead = Ahead(happened.actor, asked.round.id, receipt, happened.values)
        if await received.was_entered(session, team_id, ahead.actor, ahead.event):
            return ahead if asked.round.id in before else None
        reason = await reason_not_to_take(session, asked, member_id=member.id, zone=zone, now=now)
        if reason is not None and not (before and reason.key == "questions.answered_already"):
            return None
        if before:
            return ahead if asked.round.id in before else None
        said = await as_said(session, account.workspace_id, typed)
        rows = [
            {
                "team_id": team_id,
                "round_id": asked.round.id,
                "question": question,
                "receipt_hash": receipts.hashed(receipt, question),
                "words": each if isinstance(each, str) else None,
                "scale": each if isinstance(each, int) else None,
            }
            for question, each in said.items()
        ]
        await session.execute(insert(Answer), rows)
        await _mix(session, Answer, asked.round.id)
        return replace(ahead, wrote=True)


async def mark(asker: Asker, ahead: Ahead) -> Message:
    """Mark that the asker has answered, and hand them the receipt: the reply is the only place where it stands.

    Of two forms that came at the same moment the later one is deleted again and given back; given back is also what
    the close, in between, deleted.
    """
    session = asker.session
    asked = await questioned(session, asker.team.id, [str(ahead.round_id)], locked=True)
    if asked is None:
        raise Sorry("error.gone")
    named: Values = {"ritual": Given(asked.ritual.name)}
    back = answers.given_back(ahead.values, asked.frozen.questions)
    is_new = await received.enter(session, asker.team.id, ahead.actor, ahead.event, now=asker.now)
    if is_new and asked.round.state is RoundState.OPEN:
        mine = {"team_id": asker.team.id, "round_id": ahead.round_id, "member_id": asker.member.id}
        statement = insert_into(session, Answered).values(mine)
        is_first = await session.scalar(
            statement.on_conflict_do_nothing(index_elements=["round_id", "member_id"]).returning(Answered.id)
        )
        if is_first is not None:
            await _mix(session, Answered, ahead.round_id)
        else:
            await _delete(session, _hashes(ahead.receipt))
            return Message((Say("questions.answered_already", {**named, "delete": DELETE}), *back))
    elif is_new and not await _rows_of(session, asker.team.id, ahead.receipt):
        return Message((Say("questions.over_last", named), *back))  # closed in between, with too few
    code = receipts.written(ahead.receipt)
    keep: Values = {"receipt": Code(code), "delete": Code(f"{DELETE.text} {code}")}
    return Message((Say("questions.received_anonymously", named), Say("questions.receipt", keep)))


async def take_back(sessions: Sessions, team_id: int, ahead: Ahead) -> None:
    """What was written ahead of an event that then had no effect is deleted again, unless its form had it since."""
    if not ahead.wrote:
        return
    async with sessions.begin() as session:
        await questioned(session, team_id, [str(ahead.round_id)], locked=True)
        if not await received.was_entered(session, team_id, ahead.actor, ahead.event):
            await _delete(session, _hashes(ahead.receipt))


async def delete_by_receipt(asker: Asker, typed: Typed) -> Message:
    """`delete CODE`: the answer goes, whoever holds its receipt, before and after the close."""
    session = asker.session
    receipt = receipts.read("".join(typed.words))
    if receipt is None:
        raise Sorry("questions.receipt_needed", example=Code(f"{DELETE.text} {receipts.EXAMPLE}"))
    rows = await _rows_of(session, asker.team.id, receipt)
    if not rows:
        raise Sorry("questions.receipt_unknown")
    asked = await questioned(session, asker.team.id, [str(rows[0])], locked=True)
    if asked is None or not await _delete(session, _hashes(receipt)):
        raise Sorry("questions.receipt_unknown")
    named = Given(asked.ritual.name)
    if asked.round.state is RoundState.OPEN:
        await session.execute(
            delete(Answered)
            .where(Answered.round_id == asked.round.id, Answered.member_id == asker.member.id)
            .execution_options(synchronize_session=False)
        )
        return say("questions.deleted", ritual=named, until=Moment(asked.until, asker.zone))
    await _one_fewer(session, asked.round, asked.frozen)
    await summaries.say_again(session, asked.round, asked.ritual, now=asker.now)
    return say("questions.deleted_after", ritual=named)


async def seal(session: AsyncSession, round_: Round, ritual: Ritual, team: Team, *, now: datetime) -> None:
    """At the close: nothing is left that would put answers or marks in an order; too few answers are deleted."""
    frozen = Frozen.of(round_.kept)
    if frozen is None or not frozen.anonymous:
        return
    members = (await session.scalars(select(Answered.member_id).where(Answered.round_id == round_.id))).all()
    said = (await session.scalars(select(Answer.id).where(Answer.round_id == round_.id))).all()
    answered = min(len(members), len(said))
    if answered < frozen.min_answers:
        await _delete_all(session, round_.id)
    else:
        round_.kept = replace(frozen, answered=answered).document()
        await _mix(session, Answer, round_.id)
    await _mix(session, Answered, round_.id)
    await session.execute(
        update(Asked)
        .where(Asked.round_id == round_.id)
        .values(reminded=True)
        .execution_options(synchronize_session=False)
    )
    if members:
        shuffled = CHANCE.sample(members, len(members))
        await record(session, round_, shuffled, Participated.ANSWERED, now=now)


async def _one_fewer(session: AsyncSession, round_: Round, frozen: Frozen) -> None:
    """One answer fewer stands in the summary; if too few are left, the others go as well."""
    left = (frozen.answered or 0) - 1
    if left < frozen.min_answers:
        left = 0
        await _delete_all(session, round_.id)
    round_.kept = replace(frozen, answered=left).document()


async def _mix(session: AsyncSession, table: type[Answer | Answered], round_id: int) -> None:
    """Write a round's rows of a table anew in an order that says nothing, in one transaction, under the same ids.

    Afterwards neither ids nor a row's place or age in the file tell which came first.
    """
    columns = table.__table__.columns
    found = await session.execute(select(*columns).where(columns.round_id == round_id))
    rows = [dict(row) for row in found.mappings()]
    ids = sorted(row["id"] for row in rows)
    CHANCE.shuffle(rows)
    await session.execute(
        delete(table).where(table.round_id == round_id).execution_options(synchronize_session=False)
    )
    again = [{**row, "id": id_} for id_, row in zip(ids, rows, strict=True)]
    if again:
        await session.execute(insert(table), again)


async def _rows_of(session: AsyncSession, team_id: int, receipt: str) -> Sequence[int]:
    """The round, once for each of the answers that belong to a receipt."""
    return (
        await session.scalars(
            select(Answer.round_id).where(
                Answer.team_id == team_id, Answer.receipt_hash.in_(_hashes(receipt))
            )
        )
    ).all()


def _hashes(receipt: str) -> tuple[str, ...]:
    return tuple(receipts.hashed(receipt, question) for question in range(MOST_QUESTIONS))


async def _delete(session: AsyncSession, hashes: Sequence[str]) -> bool:
    """Whether there was anything to delete."""
    gone = await session.execute(
        delete(Answer)
        .where(Answer.receipt_hash.in_(hashes), Answer.member_id.is_(None))
        .returning(Answer.id)
        .execution_options(synchronize_session=False)
    )
    return bool(gone.scalars().all())


async def _delete_all(session: AsyncSession, round_id: int) -> None:
    await session.execute(
        delete(Answer).where(Answer.round_id == round_id).execution_options(synchronize_session=False)
    )
