"""Who there is and where: team, workspaces, channels, members and their accounts, what they did, who changed what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base, Identifier, OfTeam, Short, Text
from bot.db.types import Word
from bot.domain.states import Participated


class Team(Base):
    """The people who share one config file. `settings` is the config's `[team]` table as last applied."""

    __tablename__ = "team"

    id: Mapped[Identifier]
    key: Mapped[Short] = mapped_column(
        unique=True
    )  # which installation's config this is; "main" where there is one
    name: Mapped[Short]
    seed: Mapped[int] = mapped_column(BigInteger)  # all that is left to chance follows from it
    settings: Mapped[dict[str, Any]]
    retention: Mapped[dict[str, Any]]
    config_applied_at: Mapped[datetime]


class Workspace(OfTeam, Base):
    """One Slack workspace, Discord server or playground."""

    __tablename__ = "workspace"
    __table_args__ = (UniqueConstraint("team_id", "platform", "handle"),)

    platform: Mapped[Short]
    handle: Mapped[Short]  # the platform's id


class Channel(OfTeam, Base):
    """A channel that a ritual names."""

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("workspace_id", "handle"),)

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    handle: Mapped[Short]
    name: Mapped[Short]
    synced_at: Mapped[
        datetime | None
    ]  # when its people were last read; None: the platform does not show them


class Member(OfTeam, Base):
    """A person of the team. What they set themselves is here; what a platform says is in their accounts."""

    __tablename__ = "member"

    name: Mapped[Short]
    timezone: Mapped[Short | None]  # IANA name, set by themselves
    working_hours: Mapped[Short | None]  # "09:00-17:30"
    quiet_hours: Mapped[Short | None]  # "20:00-08:00"
    zone_asked_at: Mapped[datetime | None]  # when the bot asked them, as it does once, where nobody told it
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]  # gone from every channel of the team


class Forgotten(OfTeam, Base):
    """Somebody who had themselves forgotten: a keyed hash of their account, so that no roster brings them back."""

    __tablename__ = "forgotten"
    __table_args__ = (UniqueConstraint("team_id", "mark"),)

    mark: Mapped[Short]


class Account(OfTeam, Base):
    """A member's identity in one workspace."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("workspace_id", "handle"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    handle: Mapped[Short]
    name: Mapped[Short]
    timezone: Mapped[Short | None]  # as the platform tells
    locale: Mapped[Short]  # BCP 47; "" where the platform does not tell
    is_bot: Mapped[bool]
    is_guest: Mapped[bool]
    is_admin: Mapped[bool]
    away: Mapped[list[Any]]  # spans: by what, since and until when
    active: Mapped[bool]


class Participation(OfTeam, Base):
    """What a member did; append-only, and never what they did not do."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("member_id", "what", "ritual_id", "round_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    what: Mapped[Participated] = mapped_column(Word(Participated))
    ritual_id: Mapped[int | None] = mapped_column(ForeignKey("ritual.id", ondelete="CASCADE"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    at: Mapped[datetime]


class Audit(OfTeam, Base):
    """What an admin, or the bot on its own, changed."""

    __tablename__ = "audit"

    at: Mapped[datetime]
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="SET NULL")
    )  # None: bot or console
    what: Mapped[Short]
    about: Mapped[Text]
