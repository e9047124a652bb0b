"""Where a match can talk, said in its conversation while the room is open, and taken back once it is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Delivery, Match, Ritual, Round, VoiceRoom
from bot.domain.messages import Message, Moment, Place, Say, Values
from bot.domain.states import Attention, DeliveryState
from bot.services import settings
from bot.services.coffee import matches
from bot.services.outbox import owe_chats, owe_edits

SAID = "voice"


async def say_where(session: AsyncSession, room: VoiceRoom, *, name: str, now: datetime) -> None:
    """The room is open: say so, once for each room."""
    match = await session.get_one(Match, room.match_id)
    values: Values = {"when": await _when(session, room), "room": Place(room.handle or "", name)}
    said = matches.about(
        match,
        SAID,
        Message((Say("coffee.voice", values),)),
        attention=Attention.FREE,
        due_at=now,
        useful_until=room.closes_at,
    )
    said = replace(said, once=_once(room))
    await owe_chats(session, room.team_id, {match.id: said}, only=room.workspace_id, now=now)


async def say_gone(session: AsyncSession, room: VoiceRoom, *, now: datetime) -> None:
    """The room is gone: what said that it is open says so no longer, or is not sent any more."""
    said = await session.scalar(
        select(Delivery)
        .where(Delivery.team_id == room.team_id, Delivery.once == f"{_once(room)}:{room.workspace_id}")
        .with_for_update(key_share=True)
    )
    if said is None:
        return
    unsent = said.state is DeliveryState.PENDING and not said.attempts
    over = Message(() if unsent else (Say("coffee.voice_over", {"when": await _when(session, room)}),))
    await owe_edits(session, [said], over, now=now)


def _once(room: VoiceRoom) -> str:
    return f"{SAID}:{room.match_id}:{room.handle}"


async def _when(session: AsyncSession, room: VoiceRoom) -> Moment:
    match = await session.get_one(Match, room.match_id)
    ritual = await session.get_one(Ritual, (await session.get_one(Round, match.round_id)).ritual_id)
    team = await settings.team_row(session, room.team_id)
    return Moment(room.meets_at, settings.zone(ritual, team))
