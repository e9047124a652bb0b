"""How the parts of a message stand to each other, whatever a platform makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from bot.domain.messages import Part, People, Person, Quote, Say


class Leaning(Protocol):
    """A piece of a message as a platform shows it."""

    @property
    def leans(self) -> bool:
        """Whether it must not be torn from what is above it."""


P = TypeVar("P", bound=Leaning)


def bundles(found: Iterable[P]) -> Iterator[list[P]]:
    """The pieces that belong together, in order."""
    bundle: list[P] = []
    for piece in found:
        if bundle and not piece.leans:
            yield bundle
            bundle = []
        bundle.append(piece)
    if bundle:
        yield bundle


def author_above(quote: Quote, before: Part | None) -> Person | None:
    """Whose name stands above a quote; nobody's where it has none, or the sentence before says whose words they are."""
    if quote.by is None or (isinstance(before, Say) and _speaks(before, quote.by)):
        return None
    return quote.by


def _speaks(say: Say, person: Person) -> bool:
    """Whether a sentence is about somebody's saying something: they are the first it names ("Ana thanks Ben:")."""
    named = [value for value in say.values.values() if isinstance(value, Person | People)]
    return bool(named) and isinstance(named[0], Person) and named[0].member == person.member
