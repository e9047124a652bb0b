"""Rituals and their rounds, the matches of a coffee round, who takes part, whose turn it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from bot.db.models.base import Base, OfTeam, Short, Text
from bot.db.types import Word
from bot.domain.states import Choice, Outcome, RitualState, RoundState
from bot.domain.turns import TurnKind


class Ritual(OfTeam, Base):
    """Something recurring from the config. What is due is `next_round_at <= now`, nothing else."""

    __tablename__ = "ritual"
    __table_args__ = (UniqueConstraint("team_id", "name"), Index(None, "state", "next_round_at"))

    name: Mapped[Short]
    kind: Mapped[Short]
    settings: Mapped[dict[str, Any]]  # its table in the config, as last applied
    state: Mapped[RitualState] = mapped_column(Word(RitualState))
    paused_until: Mapped[datetime | None]  # a pause that ends by itself
    next_round_at: Mapped[datetime | None]  # None: never again
    next_ask_at: Mapped[
        datetime | None
    ]  # what comes before the next round: asking who takes part, announcing its host, asking the first time zone
    next_roundup_at: Mapped[datetime | None]  # gratitude: when the public thanks are gathered next


class RitualChannel(OfTeam, Base):
    """A place a ritual happens in. The bot introduces itself there once."""

    __tablename__ = "ritual_channel"
    __table_args__ = (UniqueConstraint("ritual_id", "channel_id"),)

    ritual_id: Mapped[int] = mapped_column(ForeignKey("ritual.id", ondelete="CASCADE"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id", ondelete="CASCADE"))
    introduced_at: Mapped[datetime | None]
    active: Mapped[bool]  # False once the config names it no longer


class Enrolment(OfTeam, Base):
    """How a member stands to a ritual: in its channel or not, what they chose, what they prefer."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("ritual_id", "member_id"),)

    ritual_id: Mapped[int] = mapped_column(ForeignKey("ritual.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    enrolled_at: Mapped[datetime]
    in_channel: Mapped[bool]
    choice: Mapped[Choice | None] = mapped_column(Word(Choice))
    skips_next: Mapped[bool]
    prefers: Mapped[Short]  # trio, bye or either


class Pause(OfTeam, Base):
    """A member's pause from one ritual, or from all (`ritual_id` None); it ends by itself."""

    __tablename__ = "pause"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    ritual_id: Mapped[int | None] = mapped_column(ForeignKey("ritual.id", ondelete="CASCADE"))
    started_at: Mapped[datetime]
    paused_until: Mapped[datetime]  # exclusive


class Avoidance(OfTeam, Base):
    """Confidential: `member_id` is never matched with `other_id`. Nobody but `member_id` is ever shown this row."""

    __tablename__ = "avoidance"
    __table_args__ = (UniqueConstraint("member_id", "other_id", "ritual_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    ritual_id: Mapped[int] = mapped_column(ForeignKey("ritual.id", ondelete="CASCADE"))


class Season(OfTeam, Base):
    """The planned series of coffee rounds in which everyone meets everyone once; derived from seed and members."""

    __tablename__ = "season"
    __table_args__ = (UniqueConstraint("ritual_id", "number"),)

    ritual_id: Mapped[int] = mapped_column(ForeignKey("ritual.id", ondelete="CASCADE"))
    number: Mapped[int]  # 1, 2, 3 …
    seed: Mapped[int] = mapped_column(BigInteger)
    odd: Mapped[Short]  # trio or bye, as it was when the season began
    cycle: Mapped[int]  # how many seasons of the same members and seed came before
    members: Mapped[list[Any]] = mapped_column(JSON)  # member ids, sorted
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Round(OfTeam, Base):
    """One occurrence of a ritual. The database says "already": one a ritual and instant."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("ritual_id", "scheduled_for"),
        Index(None, "state", "nudge_at"),
        Index(None, "state", "close_at"),
    )

    ritual_id: Mapped[int] = mapped_column(ForeignKey("ritual.id", ondelete="CASCADE"))
    season_id: Mapped[int | None] = mapped_column(ForeignKey("season.id", ondelete="SET NULL"))
    scheduled_for: Mapped[datetime]
    state: Mapped[RoundState] = mapped_column(Word(RoundState))
    reason: Mapped[Short | None]  # why it was skipped or missed: a key of the catalogue
    absent: Mapped[dict[str, Any] | None]  # member id -> why they were not in it: a key of the catalogue
    kept: Mapped[
        dict[str, Any] | None
    ]  # what its kind keeps of the plan: a ring's order, the questions as asked
    opened_at: Mapped[datetime | None]
    nudge_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]
    close_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class SignUp(OfTeam, Base):
    """A member's word on whether they take part in one round of a ritual that asks each time."""

    __tablename__ = "sign_up"
    __table_args__ = (UniqueConstraint("round_id", "member_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    takes_part: Mapped[bool]


class Match(OfTeam, Base):
    """The two to eight members introduced to each other in one coffee round."""

    __tablename__ = "match"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    starter: Mapped[Text | None]
    suggested_times: Mapped[list[Any]] = mapped_column(JSON)  # ISO 8601 instants
    chosen_time: Mapped[datetime | None]
    introduced_at: Mapped[datetime | None]  # when the introduction reached them
    outcome: Mapped[Outcome] = mapped_column(Word(Outcome))
    outcome_at: Mapped[datetime | None]


class VoiceRoom(OfTeam, Base):
    """A room to talk in for the hour of a match, in one workspace. What is due is `due_at <= now`, nothing else."""

    __tablename__ = "voice_room"
    __table_args__ = (UniqueConstraint("match_id", "workspace_id", "meets_at"),)

    match_id: Mapped[int] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"))
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    meets_at: Mapped[datetime]
    closes_at: Mapped[datetime]  # from then on it is taken away, or not opened any more
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # to be opened or closed; None: it is over
    claimed_until: Mapped[datetime | None]  # somebody is at it; if it passes, it is done again
    attempts: Mapped[int]  # to open it; after the first there may be a room although `handle` is not known
    handle: Mapped[Short | None]  # the platform's id, once it is open
    problem: Mapped[Text | None]  # why it is not open, or not yet closed


class MatchMember(OfTeam, Base):
    """A member of a match, and why they are in it (`/coffee why`)."""

    __tablename__ = "match_member"
    __table_args__ = (UniqueConstraint("match_id", "member_id"),)

    match_id: Mapped[int] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    reason: Mapped[dict[str, Any]]
    said: Mapped[Outcome | None] = mapped_column(Word(Outcome))  # their latest press; theirs alone to see
    unreachable: Mapped[bool]


class Turn(OfTeam, Base):
    """The turn ledger: every load a member took, in whatever ritual."""

    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("round_id", "member_id", "kind"),)

    ritual_id: Mapped[int] = mapped_column(ForeignKey("ritual.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    kind: Mapped[TurnKind] = mapped_column(Word(TurnKind))
    at: Mapped[datetime]
    reason: Mapped[dict[str, Any]]
