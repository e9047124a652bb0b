"""What the team reads of a round's answers: one summary at the close, and again without what was deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Answer, Delivery, Ritual, Round, Team
from bot.domain.messages import Message
from bot.domain.states import Attention
from bot.rituals import answers
from bot.rituals.answers import Frozen, Said
from bot.services.outbox import Owed, as_document, owe_edits, owe_ritual

SUMMARY = "summary"


async def close(session: AsyncSession, round_: Round, ritual: Ritual, team: Team, *, now: datetime) -> None:
    """Post the summary in the ritual's channels. Where nobody said anything under their name, there is none."""
    message = await _summary(session, round_, ritual)
    if message is not None:
        owed = Owed(SUMMARY, f"{SUMMARY}:{round_.id}", message, now, Attention.FREE, round_id=round_.id)
        await owe_ritual(session, team.id, ritual.id, owed, now=now)


async def say_again(session: AsyncSession, round_: Round, ritual: Ritual, *, now: datetime) -> None:
    """Some answers are gone since the summary was posted: now it shows those that are left, also in the outbox."""
    message = await _summary(session, round_, ritual) or Message(())
    deliveries = (
        await session.scalars(
            select(Delivery).where(Delivery.round_id == round_.id, Delivery.what.in_((SUMMARY, "edit")))
        )
    ).all()
    await owe_edits(session, [d for d in deliveries if d.edits_id is None], message, now=now)
    for delivery in deliveries:
        if not delivery.emptied:  # what it said is past its time, and stays out
            delivery.message = as_document(message)


async def _summary(session: AsyncSession, round_: Round, ritual: Ritual) -> Message | None:
    frozen = Frozen.of(round_.kept)
    if frozen is None:
        return None
    if frozen.anonymous and (frozen.answered or 0) < frozen.min_answers:
        return answers.too_few(ritual.name)
    rows = await session.execute(
        select(Answer.question, Answer.words, Answer.scale, Answer.member_id)
        .where(Answer.round_id == round_.id)
        .order_by(Answer.question, Answer.answered_at, Answer.id)  # anonymous ones stand mixed
    )
    said = [Said(question, words, scale, member) for question, words, scale, member in rows]
    return answers.summary(ritual.name, frozen.questions, said) if said else None
