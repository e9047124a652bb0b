"""The commands that an app offers: how they may be named and written down.

https://docs.discord.com/developers/interactions/application-commands
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.fakes.discord.records import Json
from tests.fakes.discord.refusals import Problems

CHAT, ON_PERSON, ON_MESSAGE = 1, 2, 3
MOST = {CHAT: 100, ON_PERSON: 15, ON_MESSAGE: 15}
LONGEST = 8000
SUBCOMMAND, GROUP = 1, 2
_NAME = re.compile(r"[-_'\w]{1,32}")


def check_commands(commands: Sequence[Json]) -> None:
    """Refuse a list of commands that Discord would not take."""
    problems = Problems()
    for kind, most in MOST.items():
        of_kind = [c for c in commands if (c.get("type") or CHAT) == kind]
        if len(of_kind) > most:
            problems.add("", "APPLICATION_COMMAND_TOO_MANY", f"At most {most} commands of type {kind}.")
        names = [c.get("name") for c in of_kind]
        if len(set(names)) != len(names):
            problems.add(
                "", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )
    for number, command in enumerate(commands):
        check_command(problems, str(number), command)
    problems.complain()


def check_command(problems: Problems, where: str, command: Json) -> None:
    """One command with everything below it."""
    if (command.get("type") or CHAT) != CHAT:
        problems.length(f"{where}.name", command.get("name") or "", 32, least=1)
        if command.get("description") or command.get("options"):
            problems.add(f"{where}.description", "APPLICATION_COMMAND_CONTEXT_MENU", "A menu has neither.")
        return
    _check_part(problems, where, command)
    if _size(command) > LONGEST:
        problems.add(where, "APPLICATION_COMMAND_TOO_LARGE", f"At most {LONGEST} characters in all.")


def _check_part(problems: Problems, where: str, part: Json) -> None:
    name = part.get("name") or ""
    if not _NAME.fullmatch(name) or name != name.lower():
        problems.add(f"{where}.name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    problems.length(f"{where}.description", part.get("description") or "", 100, least=1)
    options = part.get("options") or []
    if len(options) > 25:
        problems.add(f"{where}.options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    names = [o.get("name") for o in options]
    if len(set(names)) != len(names):
        problems.add(f"{where}.options", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Names are unique.")
    optional_before = False
    for number, option in enumerate(options):
        there = f"{where}.options.{number}"
        _check_part(problems, there, option)
        if option.get("type") in (SUBCOMMAND, GROUP):
            continue
        if option.get("required") and optional_before:
            problems.add(
                there, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options come before others."
            )
        optional_before |= not option.get("required")
        choices = option.get("choices") or []
        if len(choices) > 25 or (choices and option.get("autocomplete")):
            problems.add(
                f"{there}.choices", "APPLICATION_COMMAND_OPTIONS_CHOICES", "At most 25, or autocomplete."
            )
        check_choices(problems, f"{there}.choices", choices)
    kinds = {o.get("type") in (SUBCOMMAND, GROUP) for o in options}
    if len(kinds) > 1:
        problems.add(
            f"{where}.options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Subcommands stand alone."
        )


def check_choices(problems: Problems, where: str, choices: Sequence[Json]) -> None:
    """Those of an option, or those that autocompletion offers."""
    if len(choices) > 25:
        problems.add(where, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for number, choice in enumerate(choices):
        problems.length(f"{where}.{number}.name", choice.get("name") or "", 100, least=1)
        if isinstance(choice.get("value"), str):
            problems.length(f"{where}.{number}.value", choice["value"], 100, least=1)


def _size(part: Json) -> int:
    own = sum(len(str(part.get(n) or "")) for n in ("name", "description", "value"))
    return own + sum(map(_size, [*(part.get("options") or ()), *(part.get("choices") or ())]))
