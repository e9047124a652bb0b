"""Messages on their way into a conversation: in as many pieces as Discord's limits ask for, calling whom they name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import discord
import structlog

from adapters.discord import render
from adapters.discord.calling import Api
from adapters.discord.failures import ARCHIVED, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, code_of
from adapters.discord.places import Places
from adapters.discord.threads import Threads
from bot.domain.contents import accounts_named, channels_named
from bot.domain.messages import File, Message
from bot.ports import NeedsAdmin, PerhapsDone, PermanentFailure, Sent, TemporaryFailure

JOINT = ","  # between the ids of a message's pieces
SKEW = timedelta(minutes=2)  # by which Discord's clock may be behind ours
LONGEST_NONCE = 25  # https://docs.discord.com/developers/resources/message#create-message

NameOf = Callable[[str], Awaitable[str | None]]
"""What an account's owner is called; None where nobody has it."""

Json = dict[str, Any]

log = structlog.get_logger(__name__)


class Posting:
    """Posts, changes, removes and finds messages."""

    def __init__(self, api: Api, threads: Threads, places: Places, *, me: str, name_of: NameOf) -> None:
        self._api = api
        self._threads = threads
        self._places = places
        self._me = me
        self._name_of = name_of
        self._direct: dict[str, str] = {}  # the direct conversation with each person, once it is known

    async def bodies(self, message: Message) -> list[tuple[Json, list[File]]]:
        """The message as Discord takes it, what people mentioned in it by name; files go with the last piece."""
        found = {channel: self._places.name(channel) for channel in channels_named(message)}
        found |= {account: await self._name_of(account) for account in sorted(accounts_named(message))}
        names = {mentioned: name for mentioned, name in found.items() if name is not None}
        return list(_bodies(render.payloads(message, names=names), render.files(message)))

    async def direct(self, account: str) -> str:
        """The direct conversation with somebody."""
        if account not in self._direct:
            made = await self._api.call("POST", "/users/@me/channels", {"recipient_id": account}, again=True)
            self._direct[account] = str(made["id"])
        return self._direct[account]

    async def post(self, channel: str, message: Message, *, key: str, only: str | None = None) -> Sent:
        """Send to a conversation: the whole message, or nothing of it and a failure. The same `key` is the same
        message for some minutes. Where `only` is an account, nobody else is called: who is called in a private
        thread is taken into it (https://docs.discord.com/developers/topics/threads)."""
        if not channel.isdecimal():
            raise PermanentFailure(f"{channel!r} is no conversation on Discord.")
        sent: list[str] = []
        try:
            for body, files in await self.bodies(message):
                if only is not None:
                    body["allowed_mentions"]["users"] = [
                        each for each in body["allowed_mentions"]["users"] if each == only
                    ]
                nonce = f"{key}:{len(sent)}"
                marked = (
                    {"nonce": nonce, "enforce_nonce": True} if key and len(nonce) <= LONGEST_NONCE else {}
                )
                answer = await self._api.call(
                    "POST",
                    "/channels/{channel_id}/messages",
                    {**body, **marked},
                    files=files,
                    ids={"channel_id": channel},
                )
                sent.append(str(answer["id"]))
        except Exception as failure:
            await self._take_back(channel, sent)
            if isinstance(failure, NeedsAdmin) and failure.scope == "lane":
                raise self._places.explained(channel, failure) from failure
            raise
        return Sent(conversation=channel, message=JOINT.join(sent))

    async def edit(self, sent: Sent, message: Message) -> None:
        """Replace a message, piece by piece; pieces that are not needed any more are taken away."""
        pieces, made = sent.message.split(JOINT), await self.bodies(message)
        if len(made) > len(pieces):
            raise PermanentFailure("The new version is longer than Discord lets a message become.")
        for piece, (body, _) in zip(pieces, made, strict=False):
            await self._change(sent.conversation, piece, body)
        for piece in pieces[len(made) :]:
            await self._delete(sent.conversation, piece)

    async def remove(self, sent: Sent) -> None:
        """Take all pieces of a message away."""
        for piece in sent.message.split(JOINT):
            await self._delete(sent.conversation, piece)

    async def find(self, channel: str, message: Message, *, since: datetime) -> Sent | None:
        """The message as we would send it now, if all of it stands there; what is there of one that is not whole is
        taken away."""
        wanted = [_seen(body) for body, _ in await self.bodies(message)]
        found: list[str] = []
        after = discord.utils.time_snowflake(since - SKEW)
        async for each in self._api.messages(channel, after=after):
            is_next = len(found) < len(wanted) and str(each["author"]["id"]) == self._me
            if is_next and _seen(each) == wanted[len(found)]:
                found.append(str(each["id"]))
        if wanted and len(found) == len(wanted):
            return Sent(conversation=channel, message=JOINT.join(found))
        await self._take_back(channel, found)
        return None

    async def _change(self, channel: str, message: str, body: dict[str, Any]) -> None:
        """Change a message, also one in a thread that was archived."""
        changed = {name: body[name] for name in ("content", "components", "allowed_mentions")}
        ids = {"channel_id": channel, "message_id": message}
        try:
            await self._api.call("PATCH", "/channels/{channel_id}/messages/{message_id}", changed, ids=ids)
        except TemporaryFailure as failure:
            if code_of(failure) != ARCHIVED:
                raise
            await self._threads.reopened(channel)
            await self._api.call("PATCH", "/channels/{channel_id}/messages/{message_id}", changed, ids=ids)
            await self._threads.close(channel)

    async def _delete(self, channel: str, message: str) -> None:
        try:
            await self._api.call(
                "DELETE",
                "/channels/{channel_id}/messages/{message_id}",
                ids={"channel_id": channel, "message_id": message},
            )
        except PermanentFailure as failure:
            if code_of(failure) not in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
                raise

    async def _take_back(self, channel: str, sent: Sequence[str]) -> None:
        """What was sent of a message that cannot be sent whole."""
        for message in sent:
            try:
                await self._delete(channel, message)
            except (TemporaryFailure, PermanentFailure, PerhapsDone) as failure:
                log.warning("piece_not_taken_back", problem=str(failure))


def _bodies(made: Sequence[render.Payload], files: list[File]) -> Iterator[tuple[dict[str, Any], list[File]]]:
    for number, payload in enumerate(made, start=1):
        body: dict[str, Any] = {
            "content": payload.content,
            "components": payload.components,
            "allowed_mentions": {"parse": [], "users": list(payload.pings)},
            "flags": 1 << 2,  # no previews of addresses
        }
        if number == len(made) and files:
            body["attachments"] = [
                {"id": index, "filename": file.name, "description": render.alt(file)}
                for index, file in enumerate(files)
            ]
            yield body, files
        else:
            yield body, []


def _seen(message: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """What tells one message from another: its words and what its buttons mean."""
    buttons = [
        str(inner.get("custom_id", ""))
        for row in message.get("components") or ()
        for inner in row.get("components") or ()
    ]
    return str(message.get("content", "")).strip(), tuple(buttons)
