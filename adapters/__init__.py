"""The chat platforms there are: each is imported only when the config names it."""

from __future__ import annotations

from importlib import import_module

PLATFORMS: dict[str, str] = {
    "discord": "adapters.discord.platform:Discord",
    "playground": "adapters.playground.platform:Playground",
    "slack": "adapters.slack.platform:Slack",
}
"""Name in the config -> "module:Class"."""


def load(name: str) -> type:
    """The platform's class; LookupError, naming those there are, for an unknown one."""
    if name not in PLATFORMS:
        raise LookupError(f"there is no platform {name!r}; there are: {', '.join(sorted(PLATFORMS))}")
    module, _, attribute = PLATFORMS[name].partition(":")
    found = getattr(import_module(module), attribute)
    if not isinstance(found, type):
        raise LookupError(f"{PLATFORMS[name]} is not a class")
    return found
