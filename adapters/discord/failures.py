"""What each of Discord's errors means for a delivery: try again, never, another way, or an admin has to mend something.

Discord lists its error codes in one place:
https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import aiohttp
from discord import DiscordServerError, HTTPException, LoginFailure, RateLimited

from bot.ports import NeedsAdmin, PerhapsDone, PermanentFailure, TemporaryFailure, Unreachable

PAGE = "https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes"
PATIENCE = 600.0  # seconds after which something that an admin has to mend is tried again
PAUSE = 30.0  # seconds before another try where Discord does not say how long
UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
MISSING_ACCESS, ARCHIVED, NO_SHARED_SERVER, TOO_MANY_THREADS = 50001, 50083, 50278, 160006


class Means(Enum):
    """What follows from an error."""

    LATER = "later"  # certainly not done, and trying again is of use
    NEVER = "never"  # certainly not done, and trying again is of no use
    NOBODY = "nobody"  # this person cannot be reached this way
    ADMIN = "admin"  # this conversation waits until an admin has mended something


@dataclass(frozen=True, slots=True)
class Error:
    """One of Discord's error codes: its name in the documentation, what it means, and what to do about it."""

    name: str
    means: Means
    text: str


ERRORS: Mapping[int, Error] = {
    UNKNOWN_CHANNEL: Error("Unknown channel", Means.NEVER, "The channel is gone. Name another in the config."),
    10004: Error("Unknown guild", Means.NEVER, "I am not in that server any more. Invite me again."),
    10007: Error("Unknown member", Means.NOBODY, "This person has left the server."),
    UNKNOWN_MESSAGE: Error("Unknown message", Means.NEVER, "The message is gone."),
    10011: Error("Unknown role", Means.NEVER, "The role is gone."),
    10013: Error("Unknown user", Means.NOBODY, "Discord knows no such person."),
    20016: Error("Slowmode rate limit", Means.LATER, "The channel is in slow mode."),
    20028: Error("The channel you are writing has hit the write rate limit", Means.LATER, "Discord asks me to wait."),
    20029: Error("The write action you are performing on the server has hit the write rate limit", Means.LATER,
                 "Discord asks me to wait."),
    30033: Error("Maximum number of thread participants has been reached", Means.NEVER, "The thread is full."),
    30013: Error("Maximum number of guild channels reached", Means.ADMIN, "The server has no room for a channel."),
    40003: Error("You are opening direct messages too fast", Means.LATER, "Discord asks me to wait."),
    40005: Error("Request entity too large", Means.NEVER, "The file is too large for Discord."),
    40062: Error("Service resource is being rate limited", Means.LATER, "Discord asks me to wait."),
    MISSING_ACCESS: Error("Missing access", Means.ADMIN,
                          "I cannot see this channel. Give my role *View Channel* there."),
    50003: Error("Cannot execute action on a DM channel", Means.NEVER, "A direct conversation does not allow it."),
    50005: Error("Cannot edit a message authored by another user", Means.NEVER, "The message is not mine."),
    50006: Error("Cannot send an empty message", Means.NEVER, "The message was empty."),
    50007: Error("Cannot send messages to this user", Means.NOBODY, "This person takes no direct messages from me."),
    50008: Error("Cannot send messages in a non-text channel", Means.NEVER, "This is no channel for text."),
    50009: Error("Channel verification level is too high", Means.ADMIN,
                 "The server wants me verified before I may write here."),
    50013: Error("You lack permissions to perform that action", Means.ADMIN,
                 "I lack a permission in this channel. `kinkeeper doctor` says which one to grant."),
    50024: Error("Cannot execute action on this channel type", Means.NEVER, "This kind of channel does not allow it."),
    50035: Error("Invalid form body", Means.NEVER, "Discord did not take the message's form."),
    ARCHIVED: Error("Tried to perform an operation on an archived thread", Means.LATER, "The thread is archived."),
    NO_SHARED_SERVER: Error("Cannot send messages to this user due to having no mutual guilds", Means.NOBODY,
                            "This person is in no server with me any more."),
    60003: Error("Two factor is required for this operation", Means.ADMIN,
                 "The server asks for two-factor authentication: whoever owns me has to switch it on."),
    130000: Error("API resource is currently overloaded", Means.LATER, "Discord is overloaded."),
    160002: Error("Cannot reply without permission to read message history", Means.ADMIN,
                  "Give my role *Read Message History* there."),
    160004: Error("A thread has already been created for this message", Means.NEVER, "The message has a thread."),
    160005: Error("Thread is locked", Means.NEVER, "The thread is locked."),
    TOO_MANY_THREADS: Error("Maximum number of active threads reached", Means.LATER,
                            "The server has too many open threads. Archive some."),
    160007: Error("Maximum number of active announcement threads reached", Means.LATER,
                  "The server has too many open threads. Archive some."),
}  # fmt: skip
"""Discord's error codes. What is not here was certainly refused, and is not tried again."""

TOO_LATE = frozenset({10062, 50027, 10015})
"""An interaction cannot be answered any more: it, its token or its address is unknown."""
ANSWERED = 40060  # "Interaction has already been acknowledged": somebody else has done it


def failure(error: Exception) -> Exception:
    """An error of Discord's, or of the way there, as one of the port's failures, or PerhapsDone."""
    match error:
        case LoginFailure():
            return NeedsAdmin(
                "Discord does not take the bot's token. Reset it in the Developer Portal (Bot, Reset Token), and start "
                "me with the new one as DISCORD_TOKEN.",
                retry_after=PATIENCE,
                scope="workspace",
            )
        case RateLimited(retry_after=seconds):
            return TemporaryFailure("Discord asks me to wait.", retry_after=seconds)
        case HTTPException(status=401):
            return failure(LoginFailure())
        case HTTPException(status=429):
            return TemporaryFailure("Discord asks me to wait.", retry_after=PAUSE)
        case DiscordServerError():
            return PerhapsDone(f"Discord had trouble of its own (HTTP {error.status}).")
        case HTTPException():
            return _known(error)
        case aiohttp.ClientConnectorError():
            return TemporaryFailure(f"Discord cannot be reached: {error}.", retry_after=PAUSE)
        case aiohttp.ClientError() | TimeoutError() | OSError():
            return PerhapsDone(f"The connection to Discord broke: {type(error).__name__} {error}".strip())
    return error


def code_of(failure: Exception) -> int:
    """Discord's code for what became one of the port's failures; 0 where it was nothing that Discord said."""
    return failure.__cause__.code if isinstance(failure.__cause__, HTTPException) else 0


def _known(error: HTTPException) -> Exception:
    known = ERRORS.get(error.code)
    if known is None:
        return PermanentFailure(f"Discord refused it: {error.text or error.status} ({error.code}).")
    text = f"{known.text} (Discord says: {known.name}, {error.code})"
    if error.code == 50035 and error.text:
        text = f"{text[:-1]}: {error.text[:200]})"
    match known.means:
        case Means.LATER:
            return TemporaryFailure(text, retry_after=PAUSE)
        case Means.NEVER:
            return PermanentFailure(text)
        case Means.NOBODY:
            return Unreachable(text)
        case Means.ADMIN:
            return NeedsAdmin(text, retry_after=PATIENCE)
