"""Attention is scarce: when a message may reach people, given their quiet hours, days off and the weekly budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.calendar import Calendar
from bot.domain.hours import Hours, first_common_welcome
from bot.domain.states import Attention

WEEK = timedelta(days=7)
OPENING_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message would reach: their hours, and when the bot's private messages of the last week reached them."""

    hours: Hours
    reached_at: Sequence[datetime] = ()


def not_before(
    attention: Attention, recipients: Sequence[Recipient], *, now: datetime, messages_per_week: int
) -> datetime:
    """The first instant (UTC, `now` or later) at which the message may be sent."""
    if attention in (Attention.FREE, Attention.OPENING) or not recipients:
        return now
    if attention in (Attention.WORDS, Attention.ANSWER):
        return max(_every_day(r.hours).next_welcome(now) for r in recipients)
    earliest = max(_budget_frees(r, now=now, messages_per_week=messages_per_week) for r in recipients)
    return everybody_welcomes([r.hours for r in recipients], earliest, within=WEEK)


def somebodys_week_is_full(recipients: Sequence[Recipient], *, now: datetime, messages_per_week: int) -> bool:
    """Whether one more private message would go beyond the weekly budget of one of them."""
    return any(_budget_frees(r, now=now, messages_per_week=messages_per_week) > now for r in recipients)


def everybody_welcomes(everyone: Sequence[Hours], start: datetime, *, within: timedelta) -> datetime:
    """The first instant within `within` of `start` that is nobody's quiet hour; `start` itself if there is none."""
    if len(everyone) == 1:
        return everyone[0].next_welcome(start)
    return first_common_welcome(everyone, start, within=within) or start


def _every_day(hours: Hours) -> Hours:
    """The same quiet hours, without days off."""
    return replace(hours, calendar=Calendar(frozenset(range(7))))


def _budget_frees(recipient: Recipient, *, now: datetime, messages_per_week: int) -> datetime:
    """When one more message would keep within the budget of the seven days before it."""
    recent = sorted(at for at in recipient.reached_at if at > now - WEEK)
    if len(recent) < messages_per_week:
        return now
    if messages_per_week == 0:
        return now + WEEK
    return recent[-messages_per_week] + WEEK
