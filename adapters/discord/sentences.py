"""The catalogue's sentences for Discord: as atoms of its Markdown, and as the plain text of a label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC

from adapters.discord.words import Atom, code, words
from adapters.names import Told, name_of
from bot.domain.messages import Moment, Person, Place, Say, Unknown
from bot.domain.phrasing import Aside, Plain, phrase


class _Atoms:
    """A phrasing `Style` whose values are atoms, or text that is yet to be made inert."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._aside: Aside[str | Sequence[Atom]] = Aside()

    def literal(self, text: str) -> str:
        return self._aside.put(text)

    def person(self, person: Person) -> str:
        if not person.handle.isdecimal():
            return self._aside.put(Plain().person(person))
        return self._aside.put([Atom(f"<@{person.handle}>", calls=person.handle if person.called else "")])

    def unknown(self, somebody: Unknown) -> str:
        return self._aside.put(name_of(somebody, self._names))

    def place(self, place: Place) -> str:
        if not place.channel.isdecimal():
            return self._aside.put(Plain().place(place))
        return self._aside.put([Atom(f"<#{place.channel}>")])

    def moment(self, moment: Moment) -> str:
        """Shown in the reader's own zone: https://docs.discord.com/developers/reference#message-formatting"""
        at = int(moment.at.astimezone(UTC).timestamp())
        return self._aside.put([Atom(f"<t:{at}:F>")])

    def given(self, text: str) -> str:
        return self._aside.put(text)

    def code(self, text: str) -> str:
        return self._aside.put(code(text))

    def read(self, phrased: str) -> list[Atom]:
        """The atoms of a phrased sentence, in order; texts that stand side by side are read as one."""
        made: list[Atom] = []
        text = ""
        for found in self._aside.read(phrased):
            if isinstance(found, str):
                text += found
            elif found:
                made += [*words(text, names=self._names, then=found[0].text), *found]
                text = ""
        return [*made, *words(text, names=self._names)]


def sentence(say: Say, *, names: Mapping[str, str]) -> list[Atom]:
    """A sentence in Markdown. Whom it names it calls; moments are shown in the reader's own zone."""
    style = _Atoms(names)
    return style.read(phrase(say, style))


def told(say: Say, *, names: Mapping[str, str]) -> str:
    """A sentence without any markup, for places that know none; not escaped."""
    return phrase(say, Told(names))
