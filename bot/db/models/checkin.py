"""Answers to a round's questions, and whose turn it is to host or to care."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base, OfTeam, Short, Text
from bot.db.types import Word
from bot.domain.states import AssignmentState


class Answer(OfTeam, Base):
    """A reply to one question of a round. Anonymous ones have no member and no time, only a receipt's hash."""

    __tablename__ = "answer"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    question: Mapped[int]  # its index in the questions frozen when the round opened
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    receipt_hash: Mapped[Short | None]
    words: Mapped[Text | None]
    scale: Mapped[int | None]
    answered_at: Mapped[datetime | None]


class Answered(OfTeam, Base):
    """That a member answered, without saying what: no time and no key in common with an anonymous answer."""

    __tablename__ = "answered"
    __table_args__ = (UniqueConstraint("round_id", "member_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)


class Assignment(OfTeam, Base):
    """A member's turn in a rotation: host, or carer of one other member (whom only the carer is told)."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("round_id", "member_id", "role"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    role: Mapped[Short]
    cares_for_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    state: Mapped[AssignmentState] = mapped_column(Word(AssignmentState))
    at: Mapped[datetime]
