"""Voice channels for the hour of a match: made beside a channel, seen by its people alone, and taken away again.

https://docs.discord.com/developers/resources/guild#create-guild-channel
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from adapters.discord.calling import Api
from adapters.discord.places import Places
from bot.ports import PermanentFailure

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
        """A voice channel of these people; asked twice with the same key, it is the same until it is closed."""
        guild = self._places.of_id(near).guild
        ids = {"guild_id": str(guild.id)}
        called = _called(name, key)
        for there in await self._api.get("/guilds/{guild_id}/channels", ids=ids):
            if there["type"] == VOICE and there["name"] == called:
                return str(there["id"])
        parent = self._places.of_id(near).category_id
        body: dict[str, Any] = {
            "name": called,
            "type": VOICE,
            "permission_overwrites": [
                {"id": str(guild.id), "type": ROLE, "allow": 0, "deny": VIEW | CONNECT},
                *(
                    {"id": account, "type": MEMBER, "allow": VIEW | CONNECT, "deny": 0}
                    for account in (self._me, *people)
                ),
            ],
        }
        if parent is not None:
            body["parent_id"] = str(parent)
        made = await self._api.call("POST", "/guilds/{guild_id}/channels", body, ids=ids)
        return str(made["id"])

    async def close(self, room: str) -> None:
        """Take it away; one that is gone is closed enough."""
        try:
            await self._api.call("DELETE", "/channels/{channel_id}", ids={"channel_id": room})
        except PermanentFailure as failure:
            if "Unknown channel" not in str(failure):
                raise


def _called(name: str, key: str) -> str:
    """The room's name, which ends with a short name for the key."""
    ending = f"{PLACED}{hashlib.sha256(key.encode()).hexdigest()[:6]}"
    return f"{name[: LONGEST_NAME - len(ending)].rstrip()}{ending}"
