"""The catalogue's sentences for Slack: as rich text, and as the plain text of a notification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC

from adapters.names import Told, name_of
from adapters.slack.naming import as_typed_here
from adapters.slack.words import LONGEST_TEXT, Element, text_elements, words
from bot.domain.messages import Moment, Person, Place, Say, Unknown
from bot.domain.phrasing import Aside, Plain, moment_text, phrase

_WHEN = "{date_long} at {time}"  # https://docs.slack.dev/reference/block-kit/block-elements/date-element


class _Elements:
    """A phrasing `Style` whose values are elements."""

    def __init__(self, names: Mapping[str, str], prefix: str) -> None:
        self._names, self._prefix = names, prefix
        self._aside: Aside[list[Element]] = Aside()

    def literal(self, text: str) -> str:
        return self._place(text_elements(text))

    def person(self, person: Person) -> str:
        if not person.handle or not person.called:  # a mention would notify
            return self._place(text_elements(Plain().person(person)))
        return self._place([{"type": "user", "user_id": person.handle}])

    def unknown(self, somebody: Unknown) -> str:
        return self._place(text_elements(name_of(somebody, self._names)))

    def place(self, place: Place) -> str:
        if not place.channel:
            return self._place(text_elements(Plain().place(place)))
        return self._place([{"type": "channel", "channel_id": place.channel}])

    def moment(self, moment: Moment) -> str:
        told = moment_text(moment.at, moment.zone)
        at = int(moment.at.astimezone(UTC).timestamp())
        return self._place([{"type": "date", "timestamp": at, "format": _WHEN, "fallback": told}])

    def given(self, text: str) -> str:
        return self._place(words(text, names=self._names))

    def code(self, text: str) -> str:
        return self._place(text_elements(as_typed_here(text, self._prefix), style="code"))

    def read(self, phrased: str) -> list[Element]:
        """The elements of a phrased sentence, in order."""
        found: list[Element] = []
        for piece in self._aside.read(phrased):
            found += text_elements(piece) if isinstance(piece, str) else piece
        return joined(found)

    def _place(self, elements: Iterable[Element]) -> str:
        return self._aside.put(list(elements))


class _Told(Told):
    """The same without any markup: with commands called as in this workspace."""

    def __init__(self, names: Mapping[str, str], prefix: str) -> None:
        super().__init__(names)
        self._prefix = prefix

    def code(self, text: str) -> str:
        return as_typed_here(text, self._prefix)


def sentence(say: Say, *, names: Mapping[str, str], prefix: str = "") -> list[Element]:
    """A sentence as elements of rich text; moments are shown in the reader's own zone."""
    style = _Elements(names, prefix)
    return style.read(phrase(say, style))


def told(say: Say, *, names: Mapping[str, str], prefix: str = "") -> str:
    """A sentence without any markup; not escaped."""
    return phrase(say, _Told(names, prefix))


def joined(elements: Iterable[Element]) -> list[Element]:
    """The elements with neighbouring texts of one style made one, as long as Slack takes it."""
    made: list[Element] = []
    for element in elements:
        last = made[-1] if made else {}
        alike = element["type"] == "text" == last.get("type") and element.get("style") == last.get("style")
        if alike and len(last["text"]) + len(element["text"]) <= LONGEST_TEXT:
            made[-1] = {**last, "text": last["text"] + element["text"]}
        else:
            made.append(element)
    return made
