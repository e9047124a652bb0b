"""What `kinkeeper doctor` finds out about Discord: token, intent, servers, commands, the clock, channels. Nothing is
changed, and no connection to the gateway is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from adapters.discord import commands, lacking
from adapters.discord.asking import Refused, Rest, Unreached
from adapters.discord.invite import client_id
from adapters.discord.permissions import Server, in_server
from bot.ports import Finding

PORTAL = "https://discord.com/developers/applications"
NOTABLE = timedelta(seconds=60)  # a clock that is wrong by more is worth a word
TOO_MUCH = timedelta(minutes=5)
MEMBERS_INTENT = 1 << 14 | 1 << 15
"""https://docs.discord.com/developers/resources/application#application-object-application-flags"""
FOR_TEXT = (0, lacking.ANNOUNCEMENT)  # kinds of channels
PAGE = 200  # servers that Discord tells about at a time
UNAUTHORISED = 401
UNKNOWN, HIDDEN = 10003, 50001  # "Unknown channel", "Missing access"

Json = Mapping[str, Any]


async def check_up(
    *, token: str, api_url: str | None, channels: Sequence[str], now: datetime
) -> list[Finding]:
    """All that is well and not, in the order in which one would mend it; `channels` are `#name` or an id.

    A finding about "connection" that is not well says that Discord cannot be reached; there are then no others. Those
    about "members" and "voice" are not well where something is lacking that only some rituals need; they say which.
    """
    if client_id(token) is None:
        text = f"DISCORD_TOKEN is no bot's token. It stands at {PORTAL} under Bot (Reset Token)."
        return [Finding("token", text, well=False)]
    async with Rest(token, api_url=api_url) as rest:
        try:
            return await _look(rest, channels, now=now)
        except Refused as refusal:
            if refusal.status == UNAUTHORISED:
                text = f"Discord does not take the bot's token. Reset it at {PORTAL} (Bot, Reset Token), and set that."
                return [Finding("token", text, well=False)]
            return [_unreached(rest, f"it answered {refusal}")]
        except Unreached as trouble:
            return [_unreached(rest, str(trouble))]


def _unreached(rest: Rest, why: str) -> Finding:
    return Finding(
        "connection",
        f"Discord cannot be reached at {rest.base}: {why}. "
        "Look at the network, and at DISCORD_API_URL if it is set.",
        well=False,
    )


async def _look(rest: Rest, channels: Sequence[str], *, now: datetime) -> list[Finding]:
    me = await rest.get("/users/@me")
    application = await rest.get("/applications/@me")
    found = [
        Finding("token", f"The token is good: the bot {me['username']} of {application['name']}."),
        *_events(application),
        _members(application),
        await _commands(rest, str(application["id"])),
        *_clock(rest.date, now=now),
    ]
    looking = Looking(rest, me=str(me["id"]), bot=str(me["username"]))
    found.append(await looking.servers())
    of_channels = [await looking.channel(reference) for reference in channels]
    return [*found, *await looking.voice(), *of_channels]


def _events(application: Json) -> Iterable[Finding]:
    """Whether what people press and type comes to the bot's connection."""
    if address := application.get("interactions_endpoint_url"):
        yield Finding(
            "interactions",
            f"Discord sends what people press and type to {address} instead of to the bot. Empty "
            f"Interactions Endpoint URL at {PORTAL} under General Information, and save.",
            well=False,
        )


def _members(application: Json) -> Finding:
    """Whether the bot can see who is in a channel. https://docs.discord.com/developers/events/gateway#privileged-intents"""
    if int(application.get("flags") or 0) & MEMBERS_INTENT:
        return Finding("members", "The Server Members Intent is on: the bot sees who is in a channel.")
    return Finding(
        "members",
        "The Server Members Intent is off, so the bot does not see who is in a channel. Only rituals with "
        f'members = "channel" need it: switch it on at {PORTAL} under Bot, Privileged Gateway Intents, and start the '
        'bot again. With members = "opt-in" it can stay off, and people join by themselves.',
        well=False,
    )


async def _commands(rest: Rest, application: str) -> Finding:
    there = await rest.get(f"/applications/{application}/commands")
    if commands.changed(commands.wanted(), there):
        return Finding("commands", "The next start tells Discord the commands of this version.")
    return Finding("commands", "Discord has the commands of this version.")


def _clock(date: str | None, *, now: datetime) -> Iterable[Finding]:
    """How this computer's clock stands to Discord's."""
    try:
        there = parsedate_to_datetime(date or "")
    except ValueError:
        return
    wrong = now - (there if there.tzinfo else there.replace(tzinfo=UTC))
    if abs(wrong) <= NOTABLE:
        yield Finding("clock", "The clock is right.")
        return
    side = "ahead of" if wrong > timedelta() else "behind"
    yield Finding(
        "clock",
        f"The clock is {round(abs(wrong).total_seconds())} seconds {side} Discord's. Set it by NTP: rounds open by it, "
        "and messages that may have been sent before a crash are looked for by it.",
        well=abs(wrong) <= TOO_MUCH,
    )


class Looking:
    """The servers that the bot is in, and the channels of the config in them; each server is asked about once."""

    def __init__(self, rest: Rest, *, me: str, bot: str) -> None:
        self._rest, self._me, self._bot = rest, me, bot
        self._listed: list[Json] = []  # servers
        self._channels: dict[str, list[Json]] = {}  # by server
        self._known: dict[str, Server] = {}
        self._categories: dict[tuple[str, str | None], None] = {}  # by server, of the channels found

    async def servers(self) -> Finding:
        """In which servers the bot is."""
        after = "0"
        while page := await self._rest.get("/users/@me/guilds", limit=PAGE, after=after):
            self._listed += page
            after = str(page[-1]["id"])
        if not self._listed:
            text = "The bot is in no server. `kinkeeper discord invite` prints the address that lets it into one."
            return Finding("servers", text, well=False)
        names = ", ".join(str(each["name"]) for each in self._listed)
        return Finding("servers", f"The bot is in {names}.")

    async def voice(self) -> list[Finding]:
        """Whether the bot could open voice channels beside the config's channels."""
        found: dict[str, Finding] = {}
        for server, category in self._categories:
            text = lacking.for_rooms(self._known[server], await self._category(category))
            well = f"The bot may open voice channels in {self._known[server].name}."
            found[text or well] = Finding("voice", text or well, well=not text)
        return list(found.values())

    async def _category(self, id_: str | None) -> Json | None:
        try:
            about: Json | None = await self._rest.get(f"/channels/{id_}") if id_ else None
        except Refused as refusal:
            if refusal.code in (UNKNOWN, HIDDEN):
                return None
            raise
        return about

    async def channel(self, reference: str) -> Finding:
        """Whether the bot can work in a channel of the config."""
        try:
            if reference.startswith("#"):
                fitting = await self._called(reference[1:].strip().lower())
            else:
                fitting = await self._of_id(reference)
        except Refused as refusal:
            return Finding(reference, f"Discord does not show the channel to the bot: {refusal}.", well=False)
        match fitting:
            case [(server, channel)]:
                return self._of(reference, server, channel)
            case []:
                text = (
                    f"There is no text channel {reference} where the bot is. Check it in the config; if it is a "
                    f"private channel, give {self._bot} View Channel there (Edit Channel, Permissions, Add members or "
                    "roles)."
                )
                return Finding(reference, text, well=False)
            case several:
                places = ", ".join(f"{server.name} ({channel['id']})" for server, channel in several)
                example = f'"discord:{several[0][1]["id"]}"'
                text = f"There are several channels {reference}: {places}. Name yours by its id: {example}."
                return Finding(reference, text, well=False)

    async def _called(self, name: str) -> list[tuple[Server, Json]]:
        found = []
        for server in [str(each["id"]) for each in self._listed]:
            if server not in self._channels:
                self._channels[server] = await self._rest.get(f"/guilds/{server}/channels")
            found += [(server, each) for each in self._channels[server] if each["name"] == name]
        return [(await self._server(server), each) for server, each in found if each["type"] in FOR_TEXT]

    async def _of_id(self, id_: str) -> list[tuple[Server, Json]]:
        try:
            channel = await self._rest.get(f"/channels/{id_}") if id_.isdecimal() else {}
        except Refused as refusal:
            if refusal.code in (UNKNOWN, HIDDEN):
                return []
            raise
        if channel.get("type") not in FOR_TEXT:
            return []
        return [(await self._server(str(channel["guild_id"])), channel)]

    async def _server(self, id_: str) -> Server:
        if id_ not in self._known:
            about = await self._rest.get(f"/guilds/{id_}")
            member = await self._rest.get(f"/guilds/{id_}/members/{self._me}")
            roles = [str(role) for role in member["roles"]]
            self._known[id_] = Server(
                id_,
                str(about["name"]),
                me=self._me,
                bot=self._bot,
                roles=roles,
                granted=in_server(about, me=self._me, my_roles=roles),
            )
        return self._known[id_]

    def _of(self, reference: str, server: Server, channel: Json) -> Finding:
        category = channel.get("parent_id")
        self._categories[server.id, str(category) if category else None] = None
        if text := lacking.in_text(channel, server) or lacking.beside(channel, server):
            return Finding(reference, text, well=False)
        text = f"#{channel['name']} ({server.name}) is there, and the bot may do in it what it has to."
        return Finding(reference, text)
