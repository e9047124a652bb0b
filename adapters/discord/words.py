"""Typed words in Discord's Markdown: letter for letter and inert, but emoji and web addresses are what they were.

A backslash takes the meaning off any character that is no letter, digit or space, and is not shown itself. Whom a
message calls is not settled here but by its `allowed_mentions`.
https://support.discord.com/hc/en-us/articles/210298617
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from adapters.names import NAMED
from adapters.texts import without_closing


@dataclass(frozen=True, slots=True)
class Atom:
    """A bit of a message in Discord's syntax that is never torn: a word or a part of one, a token, or space."""

    text: str
    calls: str = ""  # the id of the person whom it mentions


BREAK = Atom("\n")
LONGEST_CODE = 200
_LONGEST_ADDRESS = 500  # of what is shown as a link; what is longer is mere text, which can be torn

_LINE_ENDS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_WHITE = r" \t\n\r\v\f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"  # to JavaScript
_EMOJI = r"(?:[+-]1|(?![0-9_-]{1,50}:)[a-z0-9]{1,50}(?:[_-][a-z0-9]{1,50}){0,10})"  # no "_" in it can begin italics
_PART = re.compile(
    rf"(?P<line>\r\n|[{_LINE_ENDS}])"
    rf"|(?P<space>[^\S{_LINE_ENDS}]{{1,100}})"
    rf"|(?P<named>{NAMED.pattern})"
    r"|(?P<own><a?:[A-Za-z0-9_]{2,32}:[0-9]{17,20}>)"
    r"|(?P<address>https?://[^\s\ufeff<>\"]+)"
    rf"|(?<![A-Za-z0-9_:])(?P<emoji>:{_EMOJI}:)(?![A-Za-z0-9_]|//)"
    r"|(?P<plain>(?:(?!https?://)[^\s<:\\*_~`|\[]){1,100})"
    r"|(?P<other><@|.)"
)
_ENDS = re.compile(rf"[.,;\"'\]]*(?:[{_WHITE}]|\Z)")  # of what stands behind an address
_ENDS_A_SENTENCE = ".,;:!?'*_~`|\\"
_COLON_THAT_MEANS = re.compile(
    r":(?://|[^\s:]+:)"
)  # begins an emoji, or what stands behind an address's scheme
_LINE_START = re.compile(r"[\s\ufeff]*(?:(?=#{1,3}(?:\s|$)|-(?:[\s#]|$)|>)|\d+(?=\.(?:\s|$)))")
_TICKS = re.compile("`+")


def words(text: str, *, names: Mapping[str, str], then: str = "") -> Iterator[Atom]:
    """The atoms that show a typed text; `then` is what follows right behind it.

    A person or channel in `names` (by id) is shown as "@name" or "#name". Emoji of a server are shown as such: their
    token is what Discord makes of them while one types.
    """
    at = 0
    while found := _PART.match(text, at):
        at = found.end()
        match found.lastgroup:
            case "line":
                yield BREAK
            case "named":
                yield from _named(found["named"], names, then=text[at:] + then)
            case "address":
                address = without_closing(found["address"], marks=_ENDS_A_SENTENCE)
                scheme, _, rest = address.partition("://")
                if rest and len(address) <= _LONGEST_ADDRESS:
                    at = found.start() + len(address)
                    yield _address(address, then=text[at:] + then)
                else:  # mere text, and there may be one within it
                    at = found.start() + len(f"{scheme}:")
                    yield Atom(f"{scheme}\\:")
            case "plain" | "space" | "own" | "emoji":
                yield Atom(found[0])
            case _:
                inert = found[0].isalnum() or (
                    found[0] == ":" and not _COLON_THAT_MEANS.match(text, found.start())
                )
                yield Atom(found[0] if inert else _escaped(found[0]))


def code(text: str) -> list[Atom] | str:
    """Something to be typed exactly so, as inline code that nothing in it ends.

    What cannot stand in such (several lines, ticks of all lengths, long texts) is mere text, yet to be made inert.
    """
    runs = {len(run) for run in _TICKS.findall(text)}
    can = text.strip() and text.isprintable() and len(text) <= LONGEST_CODE
    if not can or (runs and max(runs) > 2) or len(runs) > 1:
        return text
    fence = "``" if 1 in runs else "`"
    inner = f" {text} " if text.startswith("`") or text.endswith("`") else text
    return [Atom(f"{fence}{inner}{fence}")]


def guarded(line: str) -> str:
    """A line that was made of atoms, so that its start makes it no heading, list, quote or small print."""
    found = _LINE_START.match(line)
    return f"{line[: found.end()]}\\{line[found.end() :]}" if found else line


def written(atoms: Iterable[Atom]) -> str:
    """The atoms of one line as they are sent."""
    return guarded("".join(atom.text for atom in atoms))


def lines(atoms: Iterable[Atom]) -> list[list[Atom]]:
    """The atoms by line; at least one, which may be empty."""
    made: list[list[Atom]] = [[]]
    for atom in atoms:
        if atom is BREAK:
            made.append([])
        else:
            made[-1].append(atom)
    return made


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" for character in text)


def _named(token: str, names: Mapping[str, str], *, then: str) -> Iterator[Atom]:
    found = NAMED.fullmatch(token)
    if found and found[2] in names:
        yield from words(found[1] + names[found[2]], names={}, then=then)
        return
    opening = token[:2] if token[1] == "@" else token[:1]
    yield Atom(_escaped(opening))
    yield from words(token[len(opening) :], names={})


def _address(address: str, *, then: str) -> Atom:
    """An address that can be clicked; in angle brackets, which are not shown, where Discord would take more for it."""
    return Atom(address if _ENDS.match(then) else f"<{address}>")
