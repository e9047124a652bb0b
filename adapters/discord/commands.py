"""The commands that Discord offers people: what they are registered as, and what comes of one that somebody used.

https://docs.discord.com/developers/interactions/application-commands
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.discord.mentions import from_discord
from adapters.discord.texts import label
from adapters.texts import cut
from bot.domain.commands import COMMANDS, Verb
from bot.domain.messages import Say
from bot.domain.phrasing import plain
from bot.domain.thanks import LONGEST

Json = dict[str, Any]

COMMAND, ON_PERSON, ON_MESSAGE = 1, 2, 3  # kinds of commands
SUBCOMMAND, TEXT, YES_OR_NO, PERSON = 1, 3, 5, 6  # kinds of options
IN_SERVER, WITH_BOT = 0, 1  # where a command is offered; the latter is the direct conversation with the bot
LONGEST_NAME, LONGEST_DESCRIPTION = 32, 100

THANKS = "thanks"
THANKS_MENU = "thanks"  # what the core calls the entry of a message's and a person's menu
PEOPLE = ("to", "and", "also")  # the options of /thanks for whom; each is one person
WORDS, VALUE, PRIVATELY = "words", "value", "privately"

LEFT_OUT = frozenset({"UNTIL", "ZONE", "HOURS"})
"""Arguments that one may leave out although they have no brackets: a form asks, or the answer says what holds now."""
COMPLETED = frozenset({"RITUAL", "UNTIL", "ZONE", "WEEKS", "HOURS"})
"""Arguments that can be completed while somebody types them."""


def wanted() -> list[Json]:
    """All commands as JSON, for the application as a whole.

    None has `default_member_permissions`: they would hide a whole command, also from the admins of the config. Thanks
    are for people of a server, of whom Discord offers none in a direct conversation, so they are offered in servers.
    """
    return [*(_command(name, verbs) for name, verbs in COMMANDS.items()), _menu(ON_MESSAGE), _menu(ON_PERSON)]


def changed(wanted: Sequence[Json], there: Sequence[Json]) -> bool:
    """Whether Discord has other commands than these. What it adds of its own, such as ids, makes no difference."""
    return _known_as(wanted) != _known_as(there)


@dataclass(frozen=True, slots=True)
class Used:
    """A command that somebody used, as the core reads it; `own_words` are an option's, so they stand in no line."""

    name: str
    line: str
    own_words: str | None = None


def used(data: Mapping[str, Any], *, roles: Mapping[str, str] | None = None) -> Used:
    """What was given, in the order of the verb's arguments, letter for letter, and a person as `<@id>`.

    `roles` are their names by id.
    """
    name = str(data["name"])
    given = list(data.get("options") or ())
    if given and given[0]["type"] == SUBCOMMAND:
        verb, options = str(given[0]["name"]), list(given[0].get("options") or ())
        order = [option_name(argument) for argument in arguments_of(name, verb)]
        return Used(name, " ".join([verb, *_in_order(options, order, roles)]))
    if name == THANKS:
        words = next((_as_text(each, roles) for each in given if each["name"] == WORDS), "")
        return Used(name, " ".join(_thanks_line(given, roles)), words)
    return Used(name, " ".join(_in_order(given, (), roles)))


def arguments_of(command: str, verb: str) -> Sequence[str]:
    """What may follow a verb, by the core's names; nothing for a verb that there is not any more."""
    return next((each.arguments for each in COMMANDS.get(command, ()) if each.name == verb), ())


def option_name(argument: str) -> str:
    """What an argument is called among the options of a command."""
    name = argument.strip("[]")
    return "choice" if "|" in name else name.lstrip("#").lower()


def _command(name: str, verbs: Sequence[Verb]) -> Json:
    options = _thanks_options() if name == THANKS else [_subcommand(name, verb) for verb in verbs]
    return {
        "type": COMMAND,
        "name": name,
        "description": _about(Say(f"command.{name}")),
        "options": options,
        "contexts": [IN_SERVER] if name == THANKS else [IN_SERVER, WITH_BOT],
        "integration_types": [0],
    }


def _menu(kind: int) -> Json:
    name = label(plain(Say("gratitude.say_thanks")), LONGEST_NAME)
    return {"type": kind, "name": name, "contexts": [IN_SERVER], "integration_types": [0]}


def _subcommand(command: str, verb: Verb) -> Json:
    said = [Say(f"help_{command}.{verb.name.replace('-', '_')}")]
    if verb.for_admins:
        said.append(Say("discord.for_admins"))
    options = [_option(argument) for argument in verb.arguments]
    made: Json = {"type": SUBCOMMAND, "name": verb.name, "description": _about(*said)}
    return {**made, "options": options} if options else made


def _option(argument: str) -> Json:
    name, called = argument.strip("[]"), option_name(argument)
    is_needed = not argument.startswith("[") and name not in LEFT_OUT
    said = Say("discord.option_which" if is_needed and name == "RITUAL" else f"discord.option_{called}")
    made: Json = {"type": TEXT, "name": called, "description": _about(said)}
    if is_needed:
        made["required"] = True
    if name == "PERSON":
        return {**made, "type": PERSON}
    if name == "COMMAND" or "|" in name:
        offered = COMMANDS if name == "COMMAND" else name.split("|")
        return {**made, "choices": [{"name": each, "value": each} for each in offered]}
    return {**made, "autocomplete": True} if name in COMPLETED else made


def _thanks_options() -> list[Json]:
    """All may be left out: without words, a form asks for what is missing."""
    people = [
        {"type": PERSON, "name": name, "description": _about(Say(f"discord.option_{name}"))}
        for name in PEOPLE
    ]
    return [
        *people,
        {
            "type": TEXT,
            "name": WORDS,
            "description": _about(Say("discord.option_words")),
            "max_length": LONGEST,
        },
        {
            "type": TEXT,
            "name": VALUE,
            "description": _about(Say("discord.option_value")),
            "autocomplete": True,
        },
        {"type": YES_OR_NO, "name": PRIVATELY, "description": _about(Say("discord.option_privately"))},
    ]


def _about(*said: Say) -> str:
    text = " ".join(plain(each) for each in said)
    return cut(text[:1].upper() + text[1:], LONGEST_DESCRIPTION)


def _in_order(
    options: Sequence[Json], order: Sequence[str], roles: Mapping[str, str] | None
) -> Iterator[str]:
    """What was given, as text; what is not in the order comes last."""
    place = {name: number for number, name in enumerate(order)}
    for option in sorted(options, key=lambda each: place.get(each["name"], len(place))):
        yield _as_text(option, roles)


def _thanks_line(options: Sequence[Json], roles: Mapping[str, str] | None) -> Iterator[str]:
    given = {str(option["name"]): option for option in options}
    yield from (_as_text(given[name], roles) for name in PEOPLE if name in given)
    if VALUE in given:
        yield as_value(str(given[VALUE]["value"]))
    if PRIVATELY in given and given[PRIVATELY]["value"]:
        yield PRIVATELY


def as_value(typed: str) -> str:
    """One of the team's values as it stands in a line, with or without "#" as it was typed."""
    return "#" + "-".join(typed.replace("#", " ").split())


def _as_text(option: Json, roles: Mapping[str, str] | None) -> str:
    if option["type"] == PERSON:
        return f"<@{option['value']}>"
    return from_discord(str(option["value"]), roles=roles)


def _known_as(commands: Sequence[Json]) -> dict[tuple[int, str], Json]:
    return {(each.get("type") or COMMAND, each["name"]): _what_matters(each) for each in commands}


def _what_matters(command: Json) -> Json:
    """What a command is for people, with what Discord takes for granted filled in."""
    return {
        "description": command.get("description") or "",
        "options": [_option_that_matters(option) for option in command.get("options") or ()],
        "contexts": sorted(command.get("contexts") or (IN_SERVER, WITH_BOT, 2)),
        "integration_types": sorted(command.get("integration_types") or (0,)),
        "default_member_permissions": command.get("default_member_permissions"),
        "nsfw": bool(command.get("nsfw")),
        "names": [command.get(each) or {} for each in ("name_localizations", "description_localizations")],
    }


def _option_that_matters(option: Json) -> Json:
    return {
        "type": option["type"],
        "name": option["name"],
        "description": option.get("description") or "",
        "required": bool(option.get("required")),
        "autocomplete": bool(option.get("autocomplete")),
        "max_length": option.get("max_length"),
        "choices": [(each["name"], each["value"]) for each in option.get("choices") or ()],
        "options": [_option_that_matters(each) for each in option.get("options") or ()],
    }
