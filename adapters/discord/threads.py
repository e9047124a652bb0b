"""Conversations of a few people: private threads beside a channel, found again by their names.

https://docs.discord.com/developers/topics/threads
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import discord
import structlog

from adapters.discord import standing
from adapters.discord.calling import Api
from adapters.discord.failures import TOO_MANY_THREADS, code_of
from adapters.discord.permissions import FOR_THREADS, IN_THREADS
from adapters.discord.places import Places
from bot.ports import NeedsAdmin, PerhapsDone, PermanentFailure, TemporaryFailure, Unreachable

PRIVATE = 12
A_WEEK = 10_080  # minutes without a word after which Discord archives a thread by itself
LONGEST_NAME = 100
PLACED = " · "  # before what a thread is found again by
FAILURES = (TemporaryFailure, PermanentFailure, Unreachable, PerhapsDone)

log = structlog.get_logger(__name__)


class Threads:
    """Private threads of one bot."""

    def __init__(self, api: Api, places: Places, *, me: str) -> None:
        self._api = api
        self._places = places
        self._me = me

    async def open(self, people: Sequence[str], names: Sequence[str], *, near: str, key: str) -> str:
        """A thread of these people beside a channel; asked twice with the same key, it is the same.

        Unreachable where there can be none, whatever the reason: each of them is then written to alone, and none is
        left behind that was made for it.
        """
        mark = _mark(key)
        made = None
        try:
            channel = self._places.of_id(near)
            thread = await self._find(str(channel.guild.id), near, mark)
            if reason := _reason_not_to_use(channel) if thread else _reason_not_to_open(channel):
                raise Unreachable(reason)
            if thread is None:
                thread = made = await self._make(near, names, mark)
            for account in people:
                await self._api.call(
                    "PUT",
                    "/channels/{channel_id}/thread-members/{user_id}",
                    ids={"channel_id": thread, "user_id": account},
                )
        except FAILURES as refused:
            if not _is_final(refused):
                raise
            if made is not None:
                await self._abandon(made)
            raise Unreachable(f"There can be no thread: {refused}") from refused
        return thread

    async def close(self, thread: str) -> None:
        """Archive it; one that is gone is closed enough."""
        try:
            await self._archive(thread, archived=True)
        except PermanentFailure:
            return

    async def reopened(self, thread: str) -> None:
        """Take it out of the archive, so that what stands in it can be changed."""
        await self._archive(thread, archived=False)

    async def _abandon(self, thread: str) -> None:
        try:
            await self.close(thread)
        except FAILURES as failure:
            log.warning("thread_not_archived", problem=str(failure))

    async def _archive(self, thread: str, *, archived: bool) -> None:
        await self._api.call(
            "PATCH", "/channels/{channel_id}", {"archived": archived}, ids={"channel_id": thread}
        )

    async def _find(self, guild: str, near: str, mark: str) -> str | None:
        answer = await self._api.get("/guilds/{guild_id}/threads/active", ids={"guild_id": guild})
        return next((str(t["id"]) for t in answer["threads"] if self._is_it(t, near, mark)), None)

    def _is_it(self, thread: dict[str, Any], near: str, mark: str) -> bool:
        is_mine = str(thread.get("owner_id")) == self._me and str(thread.get("parent_id")) == near
        return is_mine and str(thread.get("name", "")).endswith(f"{PLACED}{mark}")

    async def _make(self, near: str, names: Sequence[str], mark: str) -> str:
        ending = f"{PLACED}{mark}"
        together = ", ".join(names)
        room = LONGEST_NAME - len(ending)
        shown = together if len(together) <= room else f"{together[: room - 1].rstrip()}…"
        made = await self._api.call(
            "POST",
            "/channels/{channel_id}/threads",
            {
                "name": f"{shown}{ending}",
                "type": PRIVATE,
                "invitable": False,
                "auto_archive_duration": A_WEEK,
            },
            ids={"channel_id": near},
        )
        return str(made["id"])


def _reason_not_to_open(channel: discord.TextChannel) -> str:
    return standing.without_threads(channel) or standing.in_text(channel, FOR_THREADS)


def _reason_not_to_use(channel: discord.TextChannel) -> str:
    return standing.in_text(channel, IN_THREADS)


def _is_final(refused: Exception) -> bool:
    """Whether there can be no thread, so that waiting for one is of no use to those who are to meet."""
    match refused:
        case NeedsAdmin():
            return refused.scope == "lane"
        case TemporaryFailure():
            return code_of(refused) == TOO_MANY_THREADS
        case PerhapsDone():
            return False
    return True


def _mark(key: str) -> str:
    """What a thread is found again by: the number its key ends with, or a short name for the key."""
    number = key.rpartition("-")[2]
    return number if number.isdecimal() else hashlib.sha256(key.encode()).hexdigest()[:6]
