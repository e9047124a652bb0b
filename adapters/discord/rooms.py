"""Voice channels for the hour of a match: made beside a channel, seen by its people alone, and taken away again.

https://docs.discord.com/developers/resources/guild#create-guild-channel
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from adapters.discord import standing
from adapters.discord.calling import Api
from adapters.discord.failures import PATIENCE, UNKNOWN_CHANNEL, code_of
from adapters.discord.places import Places
from bot.ports import NeedsAdmin, PermanentFailure

VOICE = 2
ROLE, MEMBER = 0, 1  # whom an overwrite is for
VIEW, CONNECT = 1 << 10, 1 << 20
LONGEST_NAME = 100
PLACED = " · "  # before what a room is found again by


class Rooms:
    """Voice channels that this bot made."""

    def __init__(self, api: Api, places: Places, *, me: str) -> None:
        self._api = api
        self._places = places
        self._me = me

    async def open(self, people: Sequence[str], *, near: str, name: str, key: str) -> str:
        """A voice channel of these people; asked twice with the same key, it is the same until it is closed.

        NeedsAdmin, with the permissions that are missing, where the bot may not open one.
        """
        channel = self._places.of_id(near)
        ids = {"guild_id": str(channel.guild.id)}
        called = _called(name, key)
        for there in await self._api.get("/guilds/{guild_id}/channels", ids=ids):
            if there["type"] == VOICE and there["name"] == called:
                return str(there["id"])
        body: dict[str, Any] = {
            "name": called,
            "type": VOICE,
            "permission_overwrites": [
                {"id": ids["guild_id"], "type": ROLE, "allow": 0, "deny": VIEW | CONNECT},
                *(
                    {"id": account, "type": MEMBER, "allow": VIEW | CONNECT, "deny": 0}
                    for account in (self._me, *people)
                ),
            ],
        }
        if channel.category_id is not None:
            body["parent_id"] = str(channel.category_id)
        try:
            made = await self._api.call("POST", "/guilds/{guild_id}/channels", body, ids=ids)
        except NeedsAdmin as refused:
            raise _explained(refused, standing.for_rooms(channel)) from refused
        return str(made["id"])

    async def close(self, room: str) -> None:
        """Take it away; one that is gone is closed enough. NeedsAdmin as for `open`."""
        try:
            await self._api.call("DELETE", "/channels/{channel_id}", ids={"channel_id": room})
        except PermanentFailure as failure:
            if code_of(failure) != UNKNOWN_CHANNEL:
                raise
        except NeedsAdmin as refused:
            there = self._places.voice(room)
            raise _explained(refused, standing.in_room(there) if there is not None else "") from refused


def _explained(refused: NeedsAdmin, lacking: str) -> NeedsAdmin:
    """The same with what is missing, where one knows it; what holds for the whole server stays as it is."""
    return NeedsAdmin(lacking, retry_after=PATIENCE) if lacking and refused.scope == "lane" else refused


def _called(name: str, key: str) -> str:
    """The room's name, which ends with a short name for the key."""
    ending = f"{PLACED}{hashlib.sha256(key.encode()).hexdigest()[:6]}"
    return f"{name[: LONGEST_NAME - len(ending)].rstrip()}{ending}"
