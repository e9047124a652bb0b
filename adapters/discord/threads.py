"""Conversations of a few people: private threads beside a channel, found again by their names.

https://docs.discord.com/developers/topics/threads
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from adapters.discord.calling import Api
from adapters.discord.places import Places
from bot.ports import NeedsAdmin, PermanentFailure, Unreachable

PRIVATE = 12
A_WEEK = 10_080  # minutes without a word after which Discord archives a thread by itself
LONGEST_NAME = 100
ARCHIVED = 50083
PLACED = " · "  # before what a thread is found again by


class Threads:
    """Private threads of one bot."""

    def __init__(self, api: Api, places: Places, *, me: str) -> None:
        self._api = api
        self._places = places
        self._me = me

    async def open(self, people: Sequence[str], names: Sequence[str], *, near: str, key: str) -> str:
        """A thread of these people beside a channel; asked twice with the same key, it is the same.

        Unreachable where there can be none: each of them is then written to alone.
        """
        channel = self._places.of_id(near)
        mark = _mark(key)
        try:
            thread = await self._find(str(channel.guild.id), near, mark) or await self._make(
                near, names, mark
            )
            for account in people:
                await self._api.call(
                    "PUT",
                    "/channels/{channel_id}/thread-members/{user_id}",
                    ids={"channel_id": thread, "user_id": account},
                )
        except (NeedsAdmin, PermanentFailure) as refused:
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


def _mark(key: str) -> str:
    """What a thread is found again by: the number its key ends with, or a short name for the key."""
    number = key.rpartition("-")[2]
    return number if number.isdecimal() else hashlib.sha256(key.encode()).hexdigest()[:6]
