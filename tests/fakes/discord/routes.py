"""Which requests there are, named as in Discord's own description of its API."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord import answering, applications, messages, servers, threads
from tests.fakes.discord.asking import Asked
from tests.fakes.discord.world import World

Answer = Callable[[World, Asked], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is method and path together; an open one asks for no token but that in its path."""

    name: str
    answer: Answer
    status: int = 200
    is_open: bool = False

    @property
    def method(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.name.partition(" ")[2]

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))


_CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
_COMMANDS = "/applications/{application_id}/commands"
_SERVER_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
_MESSAGES = "/channels/{channel_id}/messages"
_IN_THREAD = "/channels/{channel_id}/thread-members"

ROUTES = (
    Route("GET /users/@me", applications.me),
    Route("GET /oauth2/applications/@me", applications.application),
    Route("GET /applications/@me", applications.application),
    *(
        route
        for path in (_COMMANDS, _SERVER_COMMANDS)
        for route in (
            Route(f"GET {path}", applications.list_commands),
            Route(f"PUT {path}", applications.set_commands),
            Route(f"POST {path}", applications.create_command, status=201),
            Route(f"GET {path}/{{command_id}}", applications.get_command),
            Route(f"PATCH {path}/{{command_id}}", applications.edit_command),
            Route(f"DELETE {path}/{{command_id}}", applications.delete_command),
        )
    ),
    Route("GET /users/@me/guilds", servers.list_own),
    Route("POST /users/@me/channels", servers.open_direct),
    Route("GET /users/{user_id}", servers.get_user),
    Route("GET /guilds/{guild_id}", servers.get_server),
    Route("GET /guilds/{guild_id}/roles", servers.list_roles),
    Route("GET /guilds/{guild_id}/channels", servers.list_channels),
    Route("POST /guilds/{guild_id}/channels", servers.create_channel, status=201),
    Route("GET /guilds/{guild_id}/threads/active", threads.list_active),
    Route("GET /guilds/{guild_id}/members", servers.list_members),
    Route("GET /guilds/{guild_id}/members/search", servers.search_members),
    Route("GET /guilds/{guild_id}/members/{user_id}", servers.get_member),
    Route("GET /channels/{channel_id}", servers.get_channel),
    Route("PATCH /channels/{channel_id}", servers.change_channel),
    Route("DELETE /channels/{channel_id}", servers.delete_channel),
    Route(f"GET {_MESSAGES}", messages.list_messages),
    Route(f"POST {_MESSAGES}", messages.create_message),
    Route(f"GET {_MESSAGES}/{{message_id}}", messages.get_message),
    Route(f"PATCH {_MESSAGES}/{{message_id}}", messages.edit_message),
    Route(f"DELETE {_MESSAGES}/{{message_id}}", messages.delete_message),
    Route("POST /channels/{channel_id}/typing", servers.typing),
    Route("POST /channels/{channel_id}/threads", threads.create_thread, status=201),
    Route("GET /channels/{channel_id}/threads/archived/private", threads.list_archived_private),
    Route("GET /channels/{channel_id}/threads/archived/public", threads.list_archived_public),
    Route("GET /channels/{channel_id}/users/@me/threads/archived/private", threads.list_archived_joined),
    Route(f"GET {_IN_THREAD}", threads.list_members),
    Route(f"PUT {_IN_THREAD}/@me", threads.add_member),
    Route(f"DELETE {_IN_THREAD}/@me", threads.remove_member),
    Route(f"GET {_IN_THREAD}/{{user_id}}", threads.get_member),
    Route(f"PUT {_IN_THREAD}/{{user_id}}", threads.add_member),
    Route(f"DELETE {_IN_THREAD}/{{user_id}}", threads.remove_member),
    Route(f"POST {_CALLBACK}", answering.answer, is_open=True),
    Route(f"POST {_WEBHOOK}", answering.follow_up, is_open=True),
    Route(f"GET {_WEBHOOK}/messages/@original", answering.get_original, is_open=True),
    Route(f"PATCH {_WEBHOOK}/messages/@original", answering.edit_original, is_open=True),
    Route(f"DELETE {_WEBHOOK}/messages/@original", answering.delete_original, is_open=True),
    Route(f"GET {_WEBHOOK}/messages/{{message_id}}", answering.get_answer, is_open=True),
    Route(f"PATCH {_WEBHOOK}/messages/{{message_id}}", answering.edit_answer, is_open=True),
    Route(f"DELETE {_WEBHOOK}/messages/{{message_id}}", answering.delete_answer, is_open=True),
)

_PATTERNS = [(route, route.pattern) for route in ROUTES]


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a request, with the names in its path; a written-out path goes before one with a name."""
    for route, pattern in _PATTERNS:
        if route.method == method and (match := pattern.fullmatch(path)):
            return route, match.groupdict()
    return None
