"""`discord invite`: the address at which somebody lets the bot into a server."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.app import CannotStart
from bot.config.loading import load
from bot.config.settings import Settings

GUIDE = "docs/install-discord.md"
PORTAL = "https://discord.com/developers/applications"
NEXT_STEPS = (
    "1. Open the address in a browser, choose the server, press Continue, then Authorize. It takes the permission "
    "Manage Server there.",
    f"2. Then: kinkeeper doctor. All of it, step by step: {GUIDE}",
)


def invite(settings: Settings, *, voice: bool) -> None:
    """The address alone on standard output, and what to do with it on standard error; CannotStart without a token.

    It also asks for what voice channels take, if `voice` says so or the config has a ritual with `voice = true`.
    """
    from adapters.discord.invite import address, client_id

    token = settings.discord_token
    if token is None:
        raise CannotStart(
            f"DISCORD_TOKEN is not set. Make the application at {PORTAL}; its token stands under Bot (Reset Token). "
            f"{GUIDE} shows the way."
        )
    application = client_id(token)
    if application is None:
        raise CannotStart(
            f"DISCORD_TOKEN is no bot's token. It stands at {PORTAL} under Bot (Reset Token), and has two dots in it."
        )
    configured = _has_voice(settings.config_path)
    typer.echo(address(application, voice=voice or configured))
    if voice or configured:
        why = "a ritual of the config has voice = true" if configured else "--voice was given"
        typer.echo(f"It also asks for Manage Channels and Connect, since {why}.", err=True)
    for line in NEXT_STEPS:
        typer.echo(line, err=True)


def _has_voice(config_path: Path) -> bool:
    """Whether a ritual of the config is to have voice channels; no, where there is no config that can be read."""
    config = load(config_path).config
    return config is not None and any(coffee.voice for coffee in config.coffee)
