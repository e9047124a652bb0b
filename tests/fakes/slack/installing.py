"""The app as it was installed: what its manifest asks for is what it gets, and nothing else.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_KINDS = {
    "im": "message.im",
    "mpim": "message.mpim",
    "channel": "message.channels",
    "group": "message.groups",
}


@dataclass(frozen=True, slots=True)
class App:
    """What the app was installed with; None: everything."""

    commands: frozenset[str] | None = None  # with the slash
    shortcuts: frozenset[str] | None = None  # by callback_id
    events: frozenset[str] | None = None
    is_interactive: bool = True
    has_home: bool = True
    takes_messages: bool = True
    has_socket_mode: bool = True

    @classmethod
    def read(cls, manifest: Mapping[str, Any]) -> App:
        """From a manifest."""
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        home = features.get("app_home", {})
        return cls(
            commands=_named(features.get("slash_commands", ()), "command"),
            shortcuts=_named(features.get("shortcuts", ()), "callback_id"),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            is_interactive=bool(settings.get("interactivity", {}).get("is_enabled")),
            has_home=bool(home.get("home_tab_enabled")),
            takes_messages=bool(home.get("messages_tab_enabled")),
            has_socket_mode=bool(settings.get("socket_mode_enabled")),
        )

    def hears(self, event: Mapping[str, Any]) -> bool:
        """Whether it subscribed to this event."""
        kind = str(event["type"])
        if kind == "message":
            kind = _KINDS.get(str(event.get("channel_type")), kind)
        return self.events is None or kind in self.events


def scopes(manifest: Mapping[str, Any]) -> frozenset[str]:
    """The bot's scopes."""
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def _named(entries: Sequence[Mapping[str, Any]], name: str) -> frozenset[str]:
    return frozenset(str(entry[name]) for entry in entries)
