"""What all tables share: naming of constraints, and that every row carries its team."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON

from bot.db.types import UtcDateTime

Identifier = Annotated[int, mapped_column(primary_key=True)]
Short = Annotated[str, mapped_column(String(120))]  # a name, an id of a platform
Text = Annotated[str, mapped_column()]  # of any length


class Base(DeclarativeBase):
    """The declarative base; instants are aware UTC, documents are JSON."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: JSON(), list[Any]: JSON()}  # noqa: RUF012


class OfTeam:
    """A row of one team; deleted with it."""

    id: Mapped[Identifier]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
