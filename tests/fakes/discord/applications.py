"""The application itself and the commands that it offers.

https://docs.discord.com/developers/interactions/application-commands#endpoints
"""

from __future__ import annotations

from tests.fakes.discord import documents
from tests.fakes.discord.asking import Asked
from tests.fakes.discord.offering import CHAT, check_command, check_commands
from tests.fakes.discord.records import Json
from tests.fakes.discord.refusals import MISSING_ACCESS, UNKNOWN_COMMAND, Problems, refuse
from tests.fakes.discord.world import World


def me(there: World, asked: Asked) -> Json:
    """The bot's own account."""
    return documents.user(there.users[there.bot]) | {"mfa_enabled": True, "locale": "en-US", "verified": True}


def application(there: World, asked: Asked) -> Json:
    return documents.application(there)


def list_commands(there: World, asked: Asked) -> list[Json]:
    return there.commands.get(_scope(there, asked), [])


def get_command(there: World, asked: Asked) -> Json:
    return _found(there, asked)


def set_commands(there: World, asked: Asked) -> list[Json]:
    """Exactly these from now on; one of the same name and kind keeps its id."""
    scope = _scope(there, asked)
    wanted: list[Json] = asked.body or []
    check_commands(wanted)
    old = {_key(c): c for c in there.commands.get(scope, [])}
    there.commands[scope] = [_made(there, scope, c, old.get(_key(c))) for c in wanted]
    return there.commands[scope]


def create_command(there: World, asked: Asked) -> Json:
    """One of the same name and kind is replaced."""
    scope = _scope(there, asked)
    _check(asked.form)
    rest = [c for c in there.commands.get(scope, []) if _key(c) != _key(asked.form)]
    check_commands([*rest, asked.form])
    old = next((c for c in there.commands.get(scope, []) if _key(c) == _key(asked.form)), None)
    made = _made(there, scope, asked.form, old)
    there.commands[scope] = [*rest, made]
    return made


def edit_command(there: World, asked: Asked) -> Json:
    found = _found(there, asked)
    changed = {**found, **asked.form}
    _check(changed)
    found |= _made(there, _scope(there, asked), changed, found)
    return found


def delete_command(there: World, asked: Asked) -> None:
    there.commands[_scope(there, asked)].remove(_found(there, asked))


def _scope(there: World, asked: Asked) -> str | None:
    if asked.names["application_id"] != documents.APPLICATION:
        raise refuse(MISSING_ACCESS)
    server = asked.names.get("guild_id")
    return there.server(server).id if server else None


def _found(there: World, asked: Asked) -> Json:
    for command in there.commands.get(_scope(there, asked), []):
        if command["id"] == asked.names["command_id"]:
            return command
    raise refuse(UNKNOWN_COMMAND)


def _key(command: Json) -> tuple[str, int]:
    return command["name"], command.get("type") or CHAT


def _check(command: Json) -> None:
    problems = Problems()
    check_command(problems, "", command)
    problems.complain()


def _made(there: World, scope: str | None, said: Json, old: Json | None) -> Json:
    rights = said.get("default_member_permissions")
    about: Json = {
        "id": old["id"] if old else there.snowflake(),
        "application_id": documents.APPLICATION,
        "version": there.snowflake(),
        "type": said.get("type") or CHAT,
        "name": said["name"],
        "description": said.get("description") or "",
        "default_member_permissions": None if rights is None else str(rights),
        "nsfw": bool(said.get("nsfw")),
        "integration_types": said.get("integration_types") or [0],
        "contexts": said.get("contexts"),
    }
    if said.get("options"):
        about["options"] = said["options"]
    if said.get("name_localizations"):
        about["name_localizations"] = said["name_localizations"]
    return about | ({"guild_id": scope} if scope else {})
