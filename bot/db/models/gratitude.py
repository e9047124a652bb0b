"""Prompts that were asked, and people's words of thanks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base, OfTeam, Short, Text


class Prompt(OfTeam, Base):
    """A prompt, question or starter of the config that was used: the bag that does not repeat until it is empty."""

    __tablename__ = "prompt"
    __table_args__ = (Index(None, "ritual_id", "bag"),)

    ritual_id: Mapped[int] = mapped_column(ForeignKey("ritual.id", ondelete="CASCADE"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    text: Mapped[Text]
    bag: Mapped[int]  # which filling of the bag it was drawn from
    used_at: Mapped[datetime]


class Thanks(OfTeam, Base):
    """A member's words of gratitude."""

    __tablename__ = "thanks"

    sender_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    ritual_id: Mapped[int | None] = mapped_column(ForeignKey("ritual.id", ondelete="SET NULL"))
    words: Mapped[Text]
    worth: Mapped[Short | None]  # the team's value it was tagged with
    in_channel: Mapped[bool]  # False: private
    said_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    taken_out_at: Mapped[datetime | None]  # a recipient took it out of the channel
    taken_back_at: Mapped[datetime | None]  # the sender deleted it: the words are gone, and the row says so
    gathered_at: Mapped[datetime | None]  # when a roundup had it in it


class ThanksRecipient(OfTeam, Base):
    """Somebody who was thanked."""

    __tablename__ = "thanks_recipient"
    __table_args__ = (UniqueConstraint("thanks_id", "member_id"),)

    thanks_id: Mapped[int] = mapped_column(ForeignKey("thanks.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
