"""What is offered while somebody types an option of a command.

https://docs.discord.com/developers/interactions/application-commands#autocomplete
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from adapters.discord.commands import SUBCOMMAND, THANKS, VALUE, arguments_of, option_name
from bot.domain.zones_offered import zones_offered

MOST, LONGEST = 25, 100  # choices, and characters of each
ANYTHING = "-"  # stands for each argument before the one that is typed

Complete = Callable[..., Sequence[str]]
"""The inbox's `complete`: how a line ("/coffee pause ") may go on, as whole lines."""


def choices(
    data: Mapping[str, Any], complete: Complete, *, guesses: Callable[[], Sequence[str]] = tuple
) -> list[dict[str, str]]:
    """The choices for the option in focus: first what begins as it was typed, then what has it in the middle.

    `data` is the interaction's; `guesses` are time zones that go before the others. There are no choices where nothing
    fits, or the option is for people to type: they are free to go on.
    """
    command, given = str(data["name"]), list(data.get("options") or ())
    verb = ""
    if given and given[0]["type"] == SUBCOMMAND:
        verb, given = str(given[0]["name"]), list(given[0].get("options") or ())
    focused = next((option for option in given if option.get("focused")), None)
    if focused is None:
        return []
    fitting = _offered(command, verb, str(focused["name"]), str(focused["value"]), complete, guesses)
    return [{"name": each, "value": each} for each in fitting if len(each) <= LONGEST][:MOST]


def _offered(
    command: str, verb: str, option: str, typed: str, complete: Complete, guesses: Callable[[], Sequence[str]]
) -> Iterable[str]:
    """What the option can be that fits what was typed, the likeliest first."""
    if command == THANKS:
        return _fitting(_ends(complete, f"/{THANKS} <@0> ", "#") if option == VALUE else [], typed)
    arguments = arguments_of(command, verb)
    names = [option_name(argument) for argument in arguments]
    if option not in names:
        return []
    place = names.index(option)
    if arguments[place].strip("[]") == "ZONE":
        return zones_offered(typed, first=[*guesses(), *_ends(complete, f"/{command} {verb} ", "")[:1]])
    return _fitting(_ends(complete, " ".join([f"/{command}", verb, *[ANYTHING] * place, ""]), ""), typed)


def _ends(complete: Complete, start: str, typed: str) -> list[str]:
    """What the core would put after `start`."""
    return [line[len(start) :].strip() for line in complete(start + typed, limit=1000)]


def _fitting(candidates: Sequence[str], typed: str) -> Iterator[str]:
    wanted = _plain(typed)
    begins = [each for each in candidates if _plain(each).startswith(wanted)]
    yield from begins
    yield from (each for each in candidates if wanted in _plain(each) and each not in begins)


def _plain(text: str) -> str:
    """In small letters, and without what people leave out: "new york" is in "America/New_York"."""
    return text.strip().lstrip("#").replace("_", " ").casefold()
