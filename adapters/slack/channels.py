"""The workspace's channels by name and id, read when they are asked for and kept for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.calling import Api
from bot.ports import Channel, PermanentFailure

FRESH = 600.0  # seconds for which the list is believed, events aside
TYPES = "public_channel,private_channel"


@dataclass(frozen=True, slots=True)
class Found:
    """A channel as Slack shows it to the bot."""

    id: str
    name: str
    is_private: bool
    is_archived: bool
    is_member: bool

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Found:
        """From Slack's own document of a conversation."""
        return cls(
            id=str(told["id"]),
            name=str(told.get("name") or ""),
            is_private=bool(told.get("is_private")),
            is_archived=bool(told.get("is_archived")),
            is_member=bool(told.get("is_member")),
        )


class Channels:
    """The channels of one workspace."""

    def __init__(self, api: Api, *, team: str) -> None:
        self._api = api
        self._team = team
        self._by_id: dict[str, Found] = {}
        self._read_at: float | None = None
        self._doubts = 0
        self._reading = asyncio.Lock()

    def doubt(self) -> None:
        """Read the list anew when it is asked for next."""
        self._read_at = None
        self._doubts += 1

    async def find(self, reference: str) -> Channel:
        """The channel called `#name`, or of an id; PermanentFailure where there is none, or it is archived."""
        found = (
            await self._by_name(reference[1:].strip().lower())
            if reference.startswith("#")
            else await self.of_id(reference)
        )
        if found.is_archived:
            raise PermanentFailure(
                f"#{found.name} is archived. Unarchive it in Slack, or name another channel in the config."
            )
        return Channel(workspace=self._team, id=found.id, name=found.name)

    def name(self, channel: str) -> str | None:
        """Its name, if that can be told without asking Slack."""
        held = self._by_id.get(channel)
        return held.name if held else None

    async def of_id(self, channel: str) -> Found:
        """A channel, group or direct conversation by its id."""
        if channel in self._by_id and self._is_fresh():
            return self._by_id[channel]
        answer = await self._api.read("conversations.info", channel=channel)
        return Found.read(answer["channel"])

    def _is_fresh(self) -> bool:
        """Whether the list may still be believed."""
        return self._read_at is not None and asyncio.get_running_loop().time() - self._read_at <= FRESH

    async def _by_name(self, name: str) -> Found:
        async with self._reading:
            if not self._is_fresh():
                began, doubts = asyncio.get_running_loop().time(), self._doubts
                await self._read_all()
                if doubts == self._doubts:  # or something changed while the list was being read
                    self._read_at = began
        fitting = [each for each in self._by_id.values() if each.name == name]
        if not fitting:
            raise PermanentFailure(
                f"I see no channel #{name}. If it is private, invite me there (/invite @Kinkeeper); "
                "if it has another name now, change the config."
            )
        return min(fitting, key=lambda each: each.is_archived)

    async def _read_all(self) -> None:
        listed = self._api.pages("conversations.list", "channels", types=TYPES, exclude_archived=False)
        self._by_id = {told["id"]: Found.read(told) async for told in listed}
