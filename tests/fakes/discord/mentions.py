"""Whom a message calls: those it mentions, as far as `allowed_mentions` lets it.

https://docs.discord.com/developers/resources/message#allowed-mentions-object
"""

from __future__ import annotations

import re

from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Channel, Json
from tests.fakes.discord.refusals import Problems
from tests.fakes.discord.world import World

EVERYBODY = "everybody"
_CODE = re.compile(r"```.*?```|``.*?``|`[^`\n]*`", re.DOTALL)
_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYBODY = re.compile(r"@(everyone|here)\b")


def pings(
    there: World, where: Channel, content: str, allowed: Json | None, *, as_answer: bool = False
) -> set[str]:
    """The people by id, and "everybody"; an answer to an interaction calls people alone unless it says otherwise."""
    if allowed is None:
        allowed = {"parse": ["users"] if as_answer else ["users", "roles", "everyone"]}
    words = _CODE.sub("", content)
    parse = allowed.get("parse") or ()
    users, roles = set(_USER.findall(words)), set(_ROLE.findall(words))
    if "users" not in parse:
        users &= {str(u) for u in allowed.get("users") or ()}
    if "roles" not in parse:
        roles &= {str(r) for r in allowed.get("roles") or ()}
    found = {u for u in users if u in there.users}
    server = there.servers.get(where.server or "")
    if server is None:
        return found
    may_call_all = bool(there.may(where) & Permission.MENTION_EVERYONE)
    for id_ in roles:
        role = server.roles.get(id_)
        if role and (role.mentionable or may_call_all):
            found |= {m.user for m in server.members.values() if id_ in m.roles}
    if "everyone" in parse and may_call_all and _EVERYBODY.search(words):
        found.add(EVERYBODY)
    return found


def check_allowed(problems: Problems, allowed: Json | None) -> None:
    """What is contradictory in `allowed_mentions`."""
    for kind in ("users", "roles"):
        if allowed and kind in (allowed.get("parse") or ()) and allowed.get(kind):
            problems.add(
                f"allowed_mentions.{kind}",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )
