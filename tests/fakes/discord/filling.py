"""How a person fills in what they see: the options of a command, a menu, the fields of a modal.

https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-data
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.fakes.discord import documents
from tests.fakes.discord.offering import GROUP, SUBCOMMAND
from tests.fakes.discord.records import Channel, Json
from tests.fakes.discord.world import World, every_component

STRING, INTEGER, BOOLEAN, USER, CHANNEL, NUMBER = 3, 4, 5, 6, 7, 10
_ID = re.compile(r"<[@#]!?(\d+)>|(\d+)")
_SELECTS_PEOPLE = (5, 7)

Given = Mapping[str, str | int | float | bool]


class CannotDo(Exception):
    """Discord's own client does not let one do this: something needed is missing, too long, or not offered."""


def options(part: Json, path: list[str], given: Given, *, typing: str = "") -> list[Json]:
    """The options of a command as they are handed over: `path` leads to a subcommand; `typing` is the one in focus."""
    offered = {o["name"]: o for o in part.get("options") or ()}
    inner = [o for o in offered.values() if o["type"] in (SUBCOMMAND, GROUP)]
    if inner:
        if not path or path[0] not in offered:
            raise CannotDo(f"{part['name']} has no {path[:1]}; it has {sorted(offered)}")
        found = offered[path[0]]
        below = options(found, path[1:], given, typing=typing)
        return [{"type": found["type"], "name": found["name"], "options": below}]
    if path:
        raise CannotDo(f"{part['name']} has nothing below it")
    if unknown := given.keys() - offered.keys():
        raise CannotDo(f"{part['name']} has no option {sorted(unknown)}; it has {sorted(offered)}")
    missing = [n for n, o in offered.items() if o.get("required") and n not in given]
    if missing and not typing:
        raise CannotDo(f"{missing} of {part['name']} must be given")
    chosen = [n for n in offered if n in given]
    return [_option(offered[name], given[name], in_focus=name == typing) for name in chosen]


def resolved(there: World, where: Channel, ids: Iterable[str]) -> Json:
    """The people and channels behind ids, as they come along. A user in a server comes as a member too."""
    about: Json = {}
    server = there.servers.get(where.server or "")
    for id_ in ids:
        if id_ in there.users:
            about.setdefault("users", {})[id_] = documents.user(there.users[id_])
            if server and (member := server.members.get(id_)):
                said = documents.member(there, member, with_user=False)
                for name in ("deaf", "mute"):
                    del said[name]
                about.setdefault("members", {})[id_] = said | {"permissions": str(there.may(where, id_))}
        elif id_ in there.channels:
            found = documents.channel(there, there.channels[id_])
            about.setdefault("channels", {})[id_] = found | {
                "permissions": str(there.may(there.channels[id_]))
            }
    return about


def mentioned(parts: Iterable[Json]) -> list[str]:
    """The ids of people and channels that stand in options, however deep."""
    found: list[str] = []
    for part in parts:
        if part["type"] in (USER, CHANNEL):
            found.append(part["value"])
        found += mentioned(part.get("options", ()))
    return found


def picked(component: Json, values: Iterable[str]) -> list[str]:
    """What was picked in a menu: values of options, or people as ids or `<@id>`."""
    chosen = list(values)
    if component["type"] in _SELECTS_PEOPLE:
        chosen = ids_in(" ".join(chosen))
    elif component["type"] in (3, 21, 22):
        offered = {o["value"] for o in component["options"]}
        if strange := [c for c in chosen if c not in offered]:
            raise CannotDo(f"there is no option {strange}; there are {sorted(offered)}")
    least = component.get("min_values", 1)
    if not least <= len(chosen) <= (component.get("max_values") or 1):
        raise CannotDo(f"{len(chosen)} cannot be picked in {component['custom_id']}")
    return chosen


def modal(components: list[Json], typed: Mapping[str, str]) -> list[Json]:
    """What is handed over of a modal's components; what is not in `typed` stays as the app prefilled it.

    A text as it is, options by their values and people as `<@id>`, several with spaces between, "" to leave it empty.
    """
    names = {c["custom_id"] for c in every_component(components) if c.get("custom_id")}
    if unknown := typed.keys() - names:
        raise CannotDo(f"there is no field {sorted(unknown)}; there are {sorted(names)}")
    return [_submitted(c, number, typed) for number, c in enumerate(components, start=1)]


def ids_in(text: str) -> list[str]:
    """Ids, or mentions of them, once each."""
    return list(dict.fromkeys(a or b for a, b in _ID.findall(text)))


def _option(offered: Json, value: Any, *, in_focus: bool) -> Json:
    name, kind = offered["name"], offered["type"]
    if in_focus:
        return {"name": name, "type": kind, "value": str(value), "focused": True}
    if kind in (USER, CHANNEL):
        ids = ids_in(str(value))
        if len(ids) != 1:
            raise CannotDo(f"{name} is one person or channel, not {value!r}")
        value = ids[0]
    fits: Any = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float), USER: str, CHANNEL: str}[
        kind
    ]
    if not isinstance(value, fits):
        raise CannotDo(f"{name} cannot be {value!r}")
    choices = [c["value"] for c in offered.get("choices") or ()]
    if choices and value not in choices:
        raise CannotDo(f"{name} is one of {choices}, not {value!r}")
    if kind == STRING:
        if not value:
            raise CannotDo(f"{name} cannot be empty")
        if not (offered.get("min_length") or 0) <= len(value) <= (offered.get("max_length") or 6000):
            raise CannotDo(f"{name} is too short or too long")
    elif kind in (INTEGER, NUMBER) and not offered.get("min_value", value) <= value <= offered.get(
        "max_value", value
    ):
        raise CannotDo(f"{name} cannot be {value}")
    return {"name": name, "type": kind, "value": value}


def _submitted(component: Json, number: int, typed: Mapping[str, str]) -> Json:
    about = {"type": component["type"], "id": component.get("id") or number}
    match component["type"]:
        case 1:
            return about | {"components": [_field(c, number, typed) for c in component["components"]]}
        case 18:
            return about | {"component": _field(component["component"], number, typed)}
    return about


def _field(field: Json, number: int, typed: Mapping[str, str]) -> Json:
    name, kind = field["custom_id"], field["type"]
    about = {"type": kind, "id": field.get("id") or number, "custom_id": name}
    needed = field.get("required", True)
    if kind == 4:
        words = typed.get(name, field.get("value") or "")
        least = max(field.get("min_length") or 0, 1 if needed else 0)
        if (words or needed) and not least <= len(words) <= (field.get("max_length") or 4000):
            raise CannotDo(f"{name} is missing, too short or too long")
        return about | {"value": words}
    if kind == 23:
        return about | {"value": typed.get(name, str(field.get("default", False))).lower() == "true"}
    given = typed.get(name)
    values = _prefilled(field) if given is None else given.split()
    if values or needed:
        values = picked(field, values)
    if kind == 21:
        return about | {"value": values[0] if values else None}
    return about | {"values": values}


def _prefilled(field: Json) -> list[str]:
    if field["type"] in (3, 21, 22):
        return [o["value"] for o in field["options"] if o.get("default")]
    return [str(d["id"]) for d in field.get("default_values") or ()]
