"""Reading `/thanks @ana @ben for the calm #care privately`, and the limits of what can be thanked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.commands import MENTION

LONGEST = 1500  # characters of somebody's words
MOST_PEOPLE = 10  # at a time
MOST_A_DAY = 5  # thanks of one person to the same other one
CHANGEABLE_FOR = timedelta(minutes=15)
PRIVATELY = "privately"

_NAMED = re.compile(r"\s*<@([^<>\s]+)>(?:[,:](?=\s|$))?")
_BETWEEN = re.compile(r"\s*(?:and\b|&|,)(?=\s*<@)", re.IGNORECASE)
_MISNAMED = re.compile(r"\s*(@[^\s,:<>]+)[,:]?(?=\s|$)")
_LAST = re.compile(rf"(?:^|\s+)({PRIVATELY}|#\S+)\s*$", re.IGNORECASE)
_NEAR = 0.7  # of 1: one slip in four letters, a swap of two neighbours included


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed after `/thanks`, taken apart."""

    people: tuple[str, ...]  # accounts that were mentioned before the words, each once, in order
    misnamed: str | None  # what stands among them like a name and is no mention ("@bne")
    words: str  # letter for letter, without what stands before and after them
    worth: str | None = None  # the team's value, as the team spells it
    privately: bool = False
    unsure: tuple[str, str] | None = None  # a #word at the end, and the value it was most likely meant to be


def read_line(text: str, values: Sequence[str]) -> Line:
    """Take a line apart: people first, then the words, then `#value` and `privately` in either order.

    A `#word` at the end that is no value of the team's belongs to the words; if it is nearly one, it is `unsure`.
    """
    people, misnamed, rest = _read_people(text)
    words, privately = rest.strip(), False
    worth: str | None = None
    unsure: tuple[str, str] | None = None
    spelled = {value.lower(): value for value in values}
    while (last := _LAST.search(words)) is not None:
        option = last[1].lower()
        if option == PRIVATELY and not privately:
            privately = True
        elif option[1:] in spelled and worth is None and unsure is None:
            worth = spelled[option[1:]]
        elif (
            option != PRIVATELY
            and worth is None
            and unsure is None
            and (near := near_value(option[1:], values))
        ):
            unsure = last[1], near
        else:
            break
        words = words[: last.start()]
    return Line(people, misnamed, words, worth, privately, unsure)


def near_value(word: str, values: Iterable[str]) -> str | None:
    """The value that a word was most likely meant to be; None if it is like none of them."""
    from rapidfuzz.distance import OSA

    likeness = {value: OSA.normalized_similarity(word.lower(), value.lower()) for value in values}
    best = max(likeness, key=lambda value: likeness[value], default=None)
    return best if best is not None and likeness[best] >= _NEAR else None


def with_names(words: str, names: Mapping[str, str]) -> str:
    """The words with `<@id>` as "@Ana" for whomever `names` knows by that account; all else as it was typed."""

    def name(found: re.Match[str]) -> str:
        known = names.get(found[1])
        # a name is no place to hide another mention in
        return found[0] if known is None else "@" + re.sub("[<>]", "", known)

    return MENTION.sub(name, words)


def mentioned(words: str) -> set[str]:
    """The accounts that are mentioned in a text."""
    return set(MENTION.findall(words))


def tokens(accounts: Iterable[str]) -> str:
    """Accounts as a form's field of people holds them."""
    return " ".join(f"<@{account}>" for account in accounts)


def _read_people(text: str) -> tuple[tuple[str, ...], str | None, str]:
    people: list[str] = []
    misnamed: str | None = None
    at = 0
    while True:
        if found := _NAMED.match(text, at):
            people.append(found[1])
        elif found := _MISNAMED.match(text, at):
            misnamed = misnamed or found[1]
        elif not (people and (found := _BETWEEN.match(text, at))):
            return tuple(dict.fromkeys(people)), misnamed, text[at:]
        at = found.end()
