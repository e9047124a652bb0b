"""The manifest from which an admin makes the app on Slack: commands, events, and as few permissions as do.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack.naming import slash
from adapters.texts import cut
from bot.domain.commands import COMMANDS
from bot.domain.messages import Say
from bot.domain.phrasing import plain

Json = dict[str, Any]

SCOPES: Mapping[str, str] = {
    "channels:read": "Find the public channels of the config, and see who is in them.",
    "chat:write": "Write, change and delete its own messages in the conversations it is in.",
    "commands": "Have slash commands, and the entry “Say thanks” in the menu of a message.",
    "dnd:read": "Leave out whoever has set do not disturb, where the config says so.",
    "files:write": "Send calendar entries, charts, and what somebody asked to have exported.",
    "groups:read": "Find the private channels it was invited to, and see who is in them.",
    "im:history": "Hear what people write to the bot in their direct conversation with it.",
    "im:write": "Begin a direct conversation with somebody.",
    "mpim:write": "Bring those who are matched together in a group conversation.",
    "users:read": "Know people's names, time zones, languages and statuses, and who is a bot, a guest or an admin.",
}
"""The permissions that the bot needs, each with the reason. https://docs.slack.dev/reference/scopes"""

HISTORY_SCOPES: Mapping[str, str] = {
    "channels:history": "Look in a public channel for a message that it may have sent before a crash.",
    "groups:history": "Look in a private channel for a message that it may have sent before a crash.",
    "mpim:history": "Look in a group conversation for a message that it may have sent before a crash.",
}
"""What `--with-history` asks for besides. It would let the bot read all that is written wherever it is."""

EVENTS: Mapping[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "dnd_updated_user": ("dnd:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.im": ("im:history",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""What Slack tells the bot about, each with the scopes that it takes. https://docs.slack.dev/reference/events"""

NAME = "Kinkeeper"
PATH = "/slack/events"  # under the public address, where the bot is reached over HTTP
LONGEST_COMMAND, LONGEST_DESCRIPTION, LONGEST_HINT = 32, 2000, 1000  # characters, by the manifest's schema


def manifest(*, prefix: str = "", http: str | None = None, with_history: bool = False) -> Json:
    """The manifest as JSON.

    `prefix` stands before all commands ("kin": /kin-coffee). `http` is the public address under which Slack sends
    requests; without it the bot connects itself (Socket Mode).
    """
    address = None if http is None else http.rstrip("/") + PATH
    request_url = {} if address is None else {"request_url": address}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": cut(plain(Say("slack.app_description")), 140),
            "long_description": plain(Say("slack.app_long_description")),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": False},
            "shortcuts": [
                {
                    "name": cut(plain(Say("gratitude.say_thanks")), 24),
                    "type": "message",
                    "callback_id": "thanks",
                    "description": cut(plain(Say("slack.thanks_shortcut_about")), 150),
                }
            ],
            "slash_commands": [_command(name, prefix=prefix, url=address) for name in COMMANDS],
        },
        "oauth_config": {"scopes": {"bot": sorted({*SCOPES, *(HISTORY_SCOPES if with_history else ())})}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": address is None,
            "token_rotation_enabled": False,
        },
    }


def _command(name: str, *, prefix: str, url: str | None) -> Json:
    made: Json = {
        "command": slash(name, prefix),
        "description": cut(plain(Say(f"command.{name}")), LONGEST_DESCRIPTION),
        "usage_hint": cut(_usage(name), LONGEST_HINT),
        "should_escape": True,
    }
    return made if url is None else {**made, "url": url}


def _usage(command: str) -> str:
    """What may follow the command: its verbs, or its arguments if it has none. Admins' verbs are theirs to know."""
    verbs = COMMANDS[command]
    named = [verb.name for verb in verbs if verb.name and not verb.for_admins]
    if command == "kinkeeper":
        named += [name for name in COMMANDS if name != command]
    return " | ".join(named) if named else " ".join(verbs[0].arguments)
