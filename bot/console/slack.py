"""`slack manifest`: what an admin pastes into Slack to make the app."""

from __future__ import annotations

from urllib.parse import urlsplit

import typer

from adapters.web.loopback import is_loopback
from bot.app import CannotStart
from bot.config.settings import command_prefix
from bot.console.output import print_json

GUIDE = "docs/install-slack.md"


def manifest(*, prefix: str | None, http: str | None, with_history: bool) -> None:
    """The manifest on standard output, and what to do with it on standard error."""
    from adapters.slack.manifest import manifest as made

    chosen = "" if prefix is None else command_prefix(prefix, said="--prefix")
    address = None if http is None else _address(http)
    print_json(made(prefix=chosen, http=address, with_history=with_history))
    for line in _next_steps(prefix=chosen, http=address):
        typer.echo(line, err=True)


def _next_steps(*, prefix: str, http: str | None) -> list[str]:
    steps = [
        "At https://api.slack.com/apps press Create New App, From a manifest, choose the workspace and paste this.",
        "Install the app there (Install App). SLACK_BOT_TOKEN is the Bot User OAuth Token that it then shows.",
    ]
    if http is None:
        steps.append(
            "SLACK_APP_TOKEN: Basic Information, App-Level Tokens, Generate Token and Scopes, with connections:write."
        )
    else:
        steps += [
            "SLACK_SIGNING_SECRET: Basic Information, App Credentials. Leave SLACK_APP_TOKEN unset.",
            f"Slack sends to {http}/slack/events: let that reach HOST and PORT of `kinkeeper run` or `kinkeeper web`.",
        ]
    if prefix:
        steps.append(f"SLACK_COMMAND_PREFIX={prefix}, so that the bot knows its commands by these names.")
    steps.append(f"Then: kinkeeper doctor. All of it, step by step: {GUIDE}")
    return [f"{number}. {step}" for number, step in enumerate(steps, 1)]


def _address(given: str) -> str:
    """The public address without a slash at its end; CannotStart for one that Slack cannot send to."""
    address = given.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    allowed = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host or ""))
    if not host or not allowed or parts.query or parts.fragment or any(c.isspace() for c in address):
        raise CannotStart(
            f"--http is {given!r}. Expected the address at which Slack reaches this program, over HTTPS, "
            "such as https://kinkeeper.example.org."
        )
    return address.removesuffix("/slack/events")
