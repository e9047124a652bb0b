"""The channels that the bot can see, and the servers they are in; the library keeps them current by events, but for
those whose events go to another process.
"""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.client import Client
from adapters.discord.elsewhere import Elsewhere
from bot.ports import Channel, NeedsAdmin, PermanentFailure, TemporaryFailure

NEEDED = (
    ("view_channel", "View Channel"),
    ("send_messages", "Send Messages"),
)
"""Without these nothing can be written in a channel: the library's name, and the name in Discord's settings."""

PATIENCE = 600.0  # seconds after which a permission is looked for again


class Places:
    """Channels by name and id. `client` is the one that is connected, `served` are the servers that the core has asked
    about.
    """

    def __init__(self, client: Client) -> None:
        self.served: dict[str, None] = {}
        self.use(client)

    def use(self, client: Client) -> None:
        """Look at what this client sees from now on."""
        self.client = client
        self._elsewhere = Elsewhere(client)

    def shared(self) -> list[str]:
        """Where somebody who writes to the bot directly may be known from: the servers served, else all."""
        return list(self.served) or [str(guild.id) for guild in self.client.guilds]

    async def find(self, reference: str) -> Channel:
        """The text channel called `#name`, or of an id.

        PermanentFailure where there is none, or several of a name. Who is in it is known also where the bot may not
        write (see `writable`), so that there are admins who can be told.
        """
        found = await (self._named(reference) if reference.startswith("#") else self._numbered(reference))
        self.served.setdefault(str(found.guild.id))
        return Channel(workspace=str(found.guild.id), id=str(found.id), name=found.name)

    def writable(self, channel: str) -> str:
        """The channel's id; NeedsAdmin with the permissions that the bot lacks to write there."""
        found = self._channel(channel)
        if isinstance(found, discord.TextChannel):
            may = found.permissions_for(found.guild.me)
            if missing := [shown for name, shown in NEEDED if not getattr(may, name)]:
                raise NeedsAdmin(
                    f"In #{found.name} I lack: {', '.join(missing)}. Grant it to my role there: Edit Channel, "
                    "Permissions.",
                    retry_after=PATIENCE,
                )
        return channel

    def of_id(self, channel: str) -> Any:
        """The library's own channel; PermanentFailure where it cannot be seen, TemporaryFailure where it may be."""
        found = self._channel(channel)
        if not isinstance(found, discord.TextChannel):
            if found is None and channel.isdecimal():
                self._may_be_elsewhere(f"the channel {channel}")
            raise PermanentFailure(
                f"I see no text channel with the id {channel}. Is it gone, or hidden from me?"
            )
        return found

    def guild(self, workspace: str) -> discord.Guild:
        """A server by its id; NeedsAdmin where the bot is in it no more."""
        number = int(workspace) if workspace.isdecimal() else 0
        found = self.client.get_guild(number) or self._elsewhere.guilds.get(number)
        if found is None:
            self._may_be_elsewhere(f"the server {workspace}")
            raise NeedsAdmin(
                "I am not in that server any more. `kinkeeper discord invite` prints the address that invites me.",
                retry_after=PATIENCE,
                scope="workspace",
            )
        return found

    def _channel(self, channel: str) -> Any:
        number = int(channel) if channel.isdecimal() else 0
        there = (guild.get_channel(number) for guild in self._elsewhere.guilds.values())
        return self.client.get_channel(number) or next(filter(None, there), None)

    def _may_be_elsewhere(self, what: str) -> None:
        """TemporaryFailure where another process listens to other shards, and it is not read yet what is there."""
        if self._elsewhere.is_there:
            raise TemporaryFailure(f"I have not seen {what} since I started.", retry_after=10.0)

    async def _numbered(self, reference: str) -> discord.TextChannel:
        number = int(reference) if reference.isdecimal() else 0
        found = self.client.get_channel(number)
        if found is None and number and self._elsewhere.is_there:
            guild = await self._elsewhere.of_channel(number)
            found = guild.get_channel(number) if guild is not None else None
        return found if isinstance(found, discord.TextChannel) else self._none(reference)

    async def _named(self, reference: str) -> discord.TextChannel:
        await self._elsewhere.read_once()
        name = reference[1:].strip().lower()
        guilds = [*self.client.guilds, *self._elsewhere.guilds.values()]
        fitting = [c for guild in guilds for c in guild.text_channels if c.name == name]
        if len(fitting) > 1:
            places = ", ".join(f"{c.guild.name} ({c.id})" for c in fitting)
            raise PermanentFailure(
                f'There are several channels #{name}: {places}. Name yours by its id: "discord:{fitting[0].id}".'
            )
        if not fitting:
            return self._none(reference)
        if fitting[0].guild.id in self._elsewhere.guilds:
            return await self._numbered(str(fitting[0].id))
        return fitting[0]

    def _none(self, reference: str) -> discord.TextChannel:
        if not self.client.guilds and not self._elsewhere.guilds:
            raise PermanentFailure(
                "I am in no server yet. `kinkeeper discord invite` prints the address that invites me."
            )
        raise PermanentFailure(
            f"I see no text channel {reference}. Check its name, and that my role may see it (View Channel)."
        )
