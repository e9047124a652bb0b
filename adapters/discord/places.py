"""The channels that the bot can see, and the servers they are in; the library keeps them current by events, but for
those whose events go to another process.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import discord

from adapters.discord import standing
from adapters.discord.client import Client
from adapters.discord.elsewhere import Elsewhere
from adapters.discord.failures import ERRORS, MISSING_ACCESS, failure
from adapters.discord.lacking import HIDDEN
from adapters.discord.permissions import TO_WRITE
from bot.ports import Channel, NeedsAdmin, PerhapsDone, PermanentFailure, TemporaryFailure

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

        PermanentFailure where there is none, or several of a name; NeedsAdmin where the bot may not view it. It is
        found also where it lacks other permissions.
        """
        found = await (self._named(reference) if reference.startswith("#") else self._numbered(reference))
        if found.name == HIDDEN:
            raise NeedsAdmin(standing.in_text(found) or ERRORS[MISSING_ACCESS].text, retry_after=PATIENCE)
        self.served.setdefault(str(found.guild.id))
        return Channel(str(found.guild.id), str(found.id), found.name, standing.troubles(found))

    def name(self, channel: str) -> str | None:
        """A channel's name, if the bot can see it."""
        name = getattr(self._channel(channel), "name", None)
        return name if name != HIDDEN else None

    def writable(self, channel: str) -> str:
        """The channel's id; NeedsAdmin where the bot may not write there, with all permissions that it lacks."""
        found = self._channel(channel)
        if isinstance(found, discord.TextChannel) and standing.in_text(found, TO_WRITE):
            raise NeedsAdmin(standing.in_text(found), retry_after=PATIENCE)
        return channel

    def explained(self, conversation: str, refused: NeedsAdmin) -> NeedsAdmin:
        """The same with the permissions that are missing in a channel, or in that of a thread, where one knows them."""
        found = self._channel(conversation)
        channel = found.parent if isinstance(found, discord.Thread) else found
        text = standing.in_text(channel) if isinstance(channel, discord.TextChannel) else ""
        return NeedsAdmin(text, retry_after=PATIENCE) if text else refused

    def voice(self, room: str) -> discord.VoiceChannel | None:
        """The library's own voice channel, if there is one."""
        found = self._channel(room)
        return found if isinstance(found, discord.VoiceChannel) else None

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
            raise _put_out()
        return found

    async def still_in(self, channel: str) -> None:
        """NeedsAdmin, for its whole server, if the bot is not in the server of a channel that is not known (any more);
        TemporaryFailure where that cannot be told now.

        Of a server that the bot is in, it knows the hidden channels too: one that is neither known nor gone is in none.
        """
        if self._channel(channel) is not None or not channel.isdecimal():
            return
        try:
            await self.client.fetch_channel(int(channel))
        except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as error:
            if isinstance(error, discord.HTTPException) and error.code == MISSING_ACCESS:
                raise _put_out() from error
            found = failure(error)
            if isinstance(found, TemporaryFailure | PerhapsDone):
                raise TemporaryFailure(str(found), retry_after=getattr(found, "retry_after", None)) from error

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
        if not isinstance(found, discord.TextChannel):
            await self.still_in(reference)
            return self._none(reference, found)
        return found

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
            others = (c for guild in guilds for c in guild.channels if c.name.lower() == name)
            return self._none(reference, next(others, None))
        if fitting[0].guild.id in self._elsewhere.guilds:
            return await self._numbered(str(fitting[0].id))
        return fitting[0]

    def _none(self, reference: str, other: Any) -> discord.TextChannel:
        """PermanentFailure; `other` is what has the name or the id, and is no text channel."""
        if not self.client.guilds and not self._elsewhere.guilds:
            raise PermanentFailure(
                "I am in no server yet. `kinkeeper discord invite` prints the address that invites me."
            )
        if other is not None:
            kind = str(other.type).replace("_", " ")
            raise PermanentFailure(
                f"{reference} is not a text channel: its kind is {kind}. I can post and open private threads in text "
                "channels only, so name one of those."
            )
        raise PermanentFailure(
            f"I see no text channel {reference}. Check its name, and that my role may see it (View Channel)."
        )


def _put_out() -> NeedsAdmin:
    return NeedsAdmin(
        "I am not in that server any more. `kinkeeper discord invite` prints the address that invites me.",
        retry_after=PATIENCE,
        scope="workspace",
    )
