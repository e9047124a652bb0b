"""Which methods there are, and which scopes each asks for.

https://docs.slack.dev/reference/methods and https://docs.slack.dev/reference/scopes
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.fakes.slack import chat, conversations, files, users, views
from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.records import Json, Kind
from tests.fakes.slack.workspace import BOT_USER, DOMAIN, TEAM, Workspace

DEFAULT_SCOPES = (
    "chat:write",
    "commands",
    "channels:read",
    "groups:read",
    "im:write",
    "mpim:write",
    "im:history",
    "users:read",
    "files:write",
    "dnd:read",
)
HISTORY_SCOPES = ("channels:history", "groups:history", "im:history", "mpim:history")

Answer = Callable[[Workspace, Arguments], Json]
Needed = Callable[[Workspace, Arguments], set[str]]


@dataclass(frozen=True, slots=True)
class Method:
    answer: Answer
    needed: Needed
    takes_json: bool = True


_PREFIX: Mapping[Kind, str] = {"public": "channels", "private": "groups", "mpim": "mpim", "im": "im"}


def _just(*scopes: str) -> Needed:
    return lambda there, given: {*scopes}


def _of_kind(verb: str) -> Needed:
    """The scope for the kind of conversation that is asked about."""

    def needed(there: Workspace, given: Arguments) -> set[str]:
        found = there.conversations.get(given.text("channel"))
        return {f"{_PREFIX[found.kind]}:{verb}"} if found else set()

    return needed


def _of_types(there: Workspace, given: Arguments) -> set[str]:
    return {f"{_PREFIX[kind]}:read" for kind in conversations.kinds(given)}


def _to_open(there: Workspace, given: Arguments) -> set[str]:
    people = [p for p in given.texts("users") if p != BOT_USER]
    found = there.conversations.get(given.text("channel"))
    is_group = found.kind == "mpim" if found else len(people) > 1
    return {"mpim:write" if is_group else "im:write"}


def _auth_test(there: Workspace, given: Arguments) -> Json:
    return {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": "Knowledge Lab",
        "user": there.people[BOT_USER].name,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": "B0KINKEEPER",
        "is_enterprise_install": False,
    }


def _team_info(there: Workspace, given: Arguments) -> Json:
    return {"team": {"id": TEAM, "name": "Knowledge Lab", "domain": DOMAIN, "email_domain": ""}}


METHODS: Mapping[str, Method] = {
    "api.test": Method(lambda there, given: {"args": dict(given.given)}, _just()),
    "auth.test": Method(_auth_test, _just()),
    "team.info": Method(_team_info, _just("team:read"), takes_json=False),
    "chat.postMessage": Method(chat.post_message, _just("chat:write")),
    "chat.update": Method(chat.update, _just("chat:write")),
    "chat.delete": Method(chat.delete, _just("chat:write")),
    "chat.postEphemeral": Method(chat.post_ephemeral, _just("chat:write")),
    "conversations.list": Method(conversations.list_all, _of_types, takes_json=False),
    "users.conversations": Method(conversations.list_own, _of_types, takes_json=False),
    "conversations.info": Method(conversations.info, _of_kind("read"), takes_json=False),
    "conversations.members": Method(conversations.members, _of_kind("read"), takes_json=False),
    "conversations.history": Method(conversations.history, _of_kind("history"), takes_json=False),
    "conversations.open": Method(conversations.open_, _to_open),
    "conversations.close": Method(conversations.close, _of_kind("write")),
    "users.info": Method(users.info, _just("users:read"), takes_json=False),
    "users.list": Method(users.list_all, _just("users:read"), takes_json=False),
    "dnd.info": Method(users.dnd_info, _just("dnd:read"), takes_json=False),
    "dnd.teamInfo": Method(users.dnd_team_info, _just("dnd:read"), takes_json=False),
    "views.open": Method(views.open_, _just()),
    "views.push": Method(views.push, _just()),
    "views.update": Method(views.update, _just()),
    "views.publish": Method(views.publish, _just()),
    "files.completeUploadExternal": Method(files.complete_upload, _just("files:write")),
}
