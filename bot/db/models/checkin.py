"""Answers to a round's questions, whose turn it is to host or to care, and offers to swap."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base, OfTeam, Short, Text
from bot.db.types import Word
from bot.domain.states import AssignmentState, OfferState


class Asked(OfTeam, Base):
    """That a member is asked a round's questions, and when: at their own local time where the config says so."""

    __tablename__ = "asked"
    __table_args__ = (UniqueConstraint("round_id", "member_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime]
    reminded: Mapped[bool]  # they get one reminder, if they have not answered by then


class Answer(OfTeam, Base):
    """A reply to one question of a round. Anonymous ones have no member and no time, only a receipt's hash.

    The hash is of the receipt and the question together, so that one person's answers have nothing in common.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("round_id", "question", "member_id"),
        UniqueConstraint("round_id", "question", "receipt_hash"),
    )

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
    role: Mapped[Short]  # of a host what the config calls it; "carer" in a ring
    cares_for_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    state: Mapped[AssignmentState] = mapped_column(Word(AssignmentState))
    at: Mapped[datetime]


class Offer(OfTeam, Base):
    """Somebody who has a turn asks another member to swap it; it counts once that one accepts."""

    __tablename__ = "offer"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    state: Mapped[OfferState] = mapped_column(Word(OfferState))
    offered_at: Mapped[datetime]
