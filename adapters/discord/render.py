"""A neutral message as Discord takes it: Markdown, rows of buttons, and whom it calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.discord.packing import LONGEST, packed
from adapters.discord.pieces import Json, alt, pieces
from bot.domain.messages import File, Message

__all__ = ["LONGEST", "Payload", "alt", "files", "payloads"]

MOST_PINGS = 100  # https://docs.discord.com/developers/resources/message#allowed-mentions-object


@dataclass(frozen=True, slots=True)
class Payload:
    """One message for Discord. `pings` are the ids of those whom the bot's own sentences name: it calls nobody else."""

    content: str
    components: list[Json]
    pings: tuple[str, ...] = ()


def payloads(message: Message, *, names: Mapping[str, str]) -> list[Payload]:
    """The message in as few of Discord's as hold it; none for a message without anything to show.

    `names` has the names of people and channels whom somebody mentioned in their words, by id. Files are not in it (see
    `files`), only what they are.
    """
    made = [
        Payload(each.content, each.components, each.calls[:MOST_PINGS])
        for each in packed(pieces(message, names=names))
    ]
    return [each for each in made if each.content or each.components]


def files(message: Message) -> list[File]:
    """The files of a message, to be uploaded with its last piece."""
    return [part for part in message.parts if isinstance(part, File)]
