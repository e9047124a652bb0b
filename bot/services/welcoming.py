"""The bot introduces itself in a channel once, when a ritual comes to it: what it does, how to join, how to leave."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Channel, Ritual, RitualChannel
from bot.domain.states import Attention, RitualState
from bot.rituals import KINDS
from bot.rituals.welcomes import HELLO, MORE
from bot.services import settings
from bot.services.outbox import Owed, owe_channel


async def welcome(session: AsyncSession, team_id: int, *, now: datetime) -> int:
    """Owe an introduction to every channel that has had none for its ritual; returns how many.

    Who the bot is, is said where it is new. Where the platform does not show who is in a channel, people are told how
    to join, whatever the ritual's rule.
    """
    rows = await session.execute(
        select(RitualChannel, Ritual, Channel)
        .join(Ritual, Ritual.id == RitualChannel.ritual_id)
        .join(Channel, Channel.id == RitualChannel.channel_id)
        .where(
            RitualChannel.team_id == team_id,
            RitualChannel.introduced_at.is_(None),
            RitualChannel.active.is_(True),
            Ritual.state == RitualState.ACTIVE,
        )
        .order_by(RitualChannel.id)
    )
    known = set(
        await session.scalars(
            select(RitualChannel.channel_id).where(
                RitualChannel.team_id == team_id, RitualChannel.introduced_at.is_not(None)
            )
        )
    )
    welcomed = 0
    for place, ritual, channel in rows:
        place.introduced_at = now
        rules = settings.rules(ritual)
        if channel.synced_at is None and rules.members == "channel":
            rules = rules.model_copy(update={"members": "opt-in"})
        message = KINDS[rules.plays].welcome(ritual.name, ritual.id, rules)
        if channel.id not in known:
            known.add(channel.id)
            message = HELLO + message + MORE
        owed = Owed("welcome", f"welcome:{place.id}", message, now, Attention.FREE)
        await owe_channel(session, team_id, place.channel_id, owed, now=now)
        welcomed += 1
    return welcomed
