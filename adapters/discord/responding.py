"""Answers to an interaction: a first response within three seconds, more within fifteen minutes.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import aiohttp
import discord
from discord.webhook.async_ import async_context, interaction_response_params

from adapters.discord.calling import as_form
from adapters.discord.failures import ANSWERED, TOO_LATE, failure
from bot.domain.messages import File

EPHEMERAL = 1 << 6
LATER, UPDATE_LATER, CHOICES, MODAL = 5, 6, 8, 9  # kinds of responses

Interaction = discord.Interaction[Any]
Json = dict[str, Any]


class Answered(Exception):
    """Somebody else, or this process before, has answered this interaction."""


class TooLate(Exception):
    """The interaction cannot be answered any more."""


async def respond(interaction: Interaction, kind: int, data: Json | None = None) -> None:
    """The first response; Answered or TooLate where there can be none, or one of the port's failures."""
    with _failures():
        await async_context.get().create_interaction_response(
            interaction.id,
            interaction.token,
            session=interaction._session,  # noqa: SLF001 - the library has no other way for what is not its own class
            params=interaction_response_params(type=kind, data=data),
        )


async def defer(interaction: Interaction) -> None:
    """Tell Discord that an answer follows; "thinking" is shown where the answer will be a message of its own."""
    if interaction.type is discord.InteractionType.component:
        await respond(interaction, UPDATE_LATER)
    else:
        await respond(interaction, LATER, {"flags": EPHEMERAL})


async def replace_thinking(interaction: Interaction, payload: Json, files: Sequence[File] = ()) -> None:
    """Put the answer where "thinking" stands."""
    await _hook(interaction, "edit_original_interaction_response", payload, files)


async def add(interaction: Interaction, payload: Json, files: Sequence[File] = ()) -> None:
    """One more answer, for the actor alone."""
    await _hook(interaction, "execute_webhook", {**payload, "flags": EPHEMERAL}, files)


async def take_thinking_away(interaction: Interaction) -> None:
    """There is nothing to say."""
    with _failures():
        await async_context.get().delete_original_interaction_response(
            interaction.application_id,
            interaction.token,
            session=interaction._session,  # noqa: SLF001
        )


async def _hook(interaction: Interaction, method: str, payload: Json, files: Sequence[File]) -> None:
    given: Json = {"multipart": as_form(payload, files)} if files else {"payload": payload}
    with _failures():
        await getattr(async_context.get(), method)(
            interaction.application_id,
            interaction.token,
            session=interaction._session,  # noqa: SLF001
            **given,
        )


@contextmanager
def _failures() -> Iterator[None]:
    """What went wrong, as Answered, TooLate, or what the port calls it."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code == ANSWERED:
            raise Answered(str(error)) from error
        if error.code in TOO_LATE:
            raise TooLate(str(error)) from error
        raise failure(error) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise failure(error) from error
