"""Which of Slack's conversations an address of the core means, and what permission reading it takes."""

from __future__ import annotations

from adapters.slack.channels import Channels
from adapters.slack.posting import Posting
from bot.ports import Address, PermanentFailure, ToChannel, ToChat, ToPerson, Unreachable


async def conversation_of(to: Address, posting: Posting) -> str:
    """The id of the conversation; the direct one with a person is opened where it has to be."""
    match to:
        case ToChannel(channel):
            return channel
        case ToChat(chat):
            return chat
        case ToPerson(account, "direct"):
            return await posting.direct(account)
        case ToPerson(account, "mention", near):
            if near is None:
                raise Unreachable(f"There is no channel to mention {account} in.")
            return near
        case ToPerson(_, rung):
            raise PermanentFailure(f"Slack has no way called {rung!r} to reach a person.")


async def history_scope_of(to: Address, channels: Channels) -> str:
    """The permission that reading the conversation takes.

    https://docs.slack.dev/reference/methods/conversations.history
    """
    match to:
        case ToChat():
            return "mpim:history"
        case ToChannel(channel) | ToPerson(_, "mention", str(channel)):
            is_private = (await channels.of_id(channel)).is_private
            return "groups:history" if is_private else "channels:history"
        case ToPerson():
            return "im:history"
