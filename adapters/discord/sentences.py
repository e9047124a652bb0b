"""The catalogue's sentences for Discord: as atoms of its Markdown, and as the plain text of a label."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC

from adapters.discord.mentions import named, with_names
from adapters.discord.words import Atom, code, words
from bot.domain.messages import Moment, Person, Place, Say
from bot.domain.phrasing import Plain, phrase

_PLACED = re.compile("\0([0-9]+)\0")


class _Atoms:
    """A phrasing `Style` that sets each value aside and leaves its number, so no text can pose as another."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._set_aside: list[str | Sequence[Atom]] = []

    def literal(self, text: str) -> str:
        return self._place(text)

    def person(self, person: Person) -> str:
        if not person.handle.isdecimal():
            return self._place(Plain().person(person))
        return self._place([Atom(f"<@{person.handle}>", calls=person.handle)])

    def place(self, place: Place) -> str:
        if not place.channel.isdecimal():
            return self._place(Plain().place(place))
        return self._place([Atom(f"<#{place.channel}>")])

    def moment(self, moment: Moment) -> str:
        """Shown in the reader's own zone: https://docs.discord.com/developers/reference#message-formatting"""
        at = int(moment.at.astimezone(UTC).timestamp())
        return self._place([Atom(f"<t:{at}:F>")])

    def given(self, text: str) -> str:
        return self._place(named(text, self._names))

    def code(self, text: str) -> str:
        return self._place(code(text))

    def read(self, phrased: str) -> list[Atom]:
        """The atoms of a phrased sentence, in order; texts that stand side by side are read as one."""
        made: list[Atom] = []
        text = ""
        for i, piece in enumerate(_PLACED.split(phrased)):
            found = self._set_aside[int(piece)] if i % 2 else piece
            if isinstance(found, str):
                text += found
            elif found:
                made += [*words(text, names=self._names, then=found[0].text), *found]
                text = ""
        return [*made, *words(text, names=self._names)]

    def _place(self, found: str | Sequence[Atom]) -> str:
        self._set_aside.append(found)
        return f"\0{len(self._set_aside) - 1}\0"


class _Told(Plain):
    """A phrasing `Style` without any markup."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def given(self, text: str) -> str:
        return with_names(named(text, self._names), self._names)


def sentence(say: Say, *, names: Mapping[str, str]) -> list[Atom]:
    """A sentence in Markdown. Whom it names it calls; moments are shown in the reader's own zone."""
    style = _Atoms(names)
    return style.read(phrase(say, style))


def told(say: Say, *, names: Mapping[str, str]) -> str:
    """A sentence without any markup, for places that know none; not escaped."""
    return phrase(say, _Told(names))
