"""The outbox, the inbox, the conversations they go through, and who holds what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from bot.db.models.base import Base, OfTeam, Short, Text
from bot.db.types import Word
from bot.domain.states import Attention, DeliveryState


class Conversation(OfTeam, Base):
    """A group conversation that was opened for a match, in one workspace."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("match_id", "workspace_id"),)

    match_id: Mapped[int] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"))
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    handle: Mapped[Short]
    closed_at: Mapped[datetime | None]


class Delivery(OfTeam, Base):
    """One outbound message that is owed, and what became of it.

    It goes to exactly one of: a channel, a member, a match's group conversation. Deliveries of one `lane` keep
    their order. `once` names what the message is for, so that nothing is said twice. `part_of_id` is the delivery
    this one was merged into, or the group message it is one person's copy of.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("team_id", "once"),
        Index(None, "state", "due_at"),
        Index(None, "lane", "state", "id"),
        Index(None, "member_id", "sent_at"),
    )

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    match_id: Mapped[int | None] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"), index=True)
    thanks_id: Mapped[int | None] = mapped_column(ForeignKey("thanks.id", ondelete="SET NULL"), index=True)
    edits_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    what: Mapped[Short]  # introduction, nudge, question, notice …
    once: Mapped[Short]
    lane: Mapped[Short]
    attention: Mapped[Attention] = mapped_column(Word(Attention))
    message: Mapped[dict[str, Any]] = mapped_column(JSON)
    owed_at: Mapped[datetime]
    due_at: Mapped[datetime]  # not before
    useful_until: Mapped[datetime | None]  # exclusive; after it the message is not sent any more
    state: Mapped[DeliveryState] = mapped_column(Word(DeliveryState))
    attempts: Mapped[int]
    claimed_until: Mapped[
        datetime | None
    ]  # somebody is sending it; if it passes with no outcome, that is uncertain
    rung: Mapped[int]  # of the platform's ladder
    sent_at: Mapped[datetime | None]
    sent_in: Mapped[Short | None]  # the platform's id of the conversation
    sent_as: Mapped[Short | None]  # the platform's id of the message
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"), index=True)
    emptied: Mapped[bool]  # the message is past its time and was taken out
    problem: Mapped[Text | None]  # why it waits, failed or could not reach


class Hold(OfTeam, Base):
    """A workspace that was told to wait."""

    __tablename__ = "hold"
    __table_args__ = (UniqueConstraint("team_id", "held"),)

    held: Mapped[Short]  # "workspace:7"
    held_until: Mapped[datetime]
    reason: Mapped[Text]


class Received(OfTeam, Base):
    """The inbox: an event of a platform that had its effect, so that it never has it again."""

    __tablename__ = "received"
    __table_args__ = (UniqueConstraint("team_id", "source", "event_id"),)

    source: Mapped[Short]  # platform and workspace
    event_id: Mapped[Short]
    received_at: Mapped[datetime] = mapped_column(index=True)


class Lease(OfTeam, Base):
    """Who may do what only one process may: hold a platform's socket, run a nightly job."""

    __tablename__ = "lease"
    __table_args__ = (UniqueConstraint("team_id", "name"),)

    name: Mapped[Short]
    holder: Mapped[Short]
    held_until: Mapped[datetime]
