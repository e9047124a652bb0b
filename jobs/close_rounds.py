"""Closes the rounds whose time is over, asks what became of the matches, and ends old conversations."""

from __future__ import annotations

import structlog

from bot.ports import PermanentFailure, TemporaryFailure
from bot.runtime import Runtime
from bot.services import closing, retention
from bot.services.remembering import remember
from jobs.each import each

log = structlog.get_logger(__name__)


async def close_rounds(runtime: Runtime) -> int:
    """One transaction a round; returns how many were due."""
    now = runtime.clock.now()
    async with runtime.sessions.read() as session:
        due = await closing.rounds_to_close(session, runtime.team_id, now=now)
        over = await closing.conversations_to_close(session, runtime.team_id, now=now)

    left_behind = False

    async def close(round_id: int) -> None:
        nonlocal left_behind
        async with runtime.sessions.begin() as session:
            left_behind |= await closing.close(session, round_id, now=now)

    async def end(conversation: tuple[int, str, str]) -> None:
        conversation_id, platform, handle = conversation
        if platform not in runtime.platforms:
            return
        try:
            await runtime.platforms[platform].close_chat(handle)
        except TemporaryFailure as failure:
            log.info("conversation_not_closed", conversation=conversation_id, problem=str(failure))
            return
        except PermanentFailure as failure:
            log.info("conversation_gone", conversation=conversation_id, problem=str(failure))
        async with runtime.sessions.begin() as session:
            await closing.conversation_closed(session, conversation_id, now=now)

    try:
        await each(due, close)
    finally:
        if left_behind:
            await retention.wipe(runtime)
        if due:
            await remember(runtime)
            runtime.owed.set()
    await each(over, end)
    return len(due)
