"""Reading "@Ana" in what somebody typed, and offering names while they type."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adapters.playground.records import Resident
from bot.domain.commands import MENTION


def read_mentions(text: str, people: Sequence[Resident]) -> str:
    """The text with "@name" as `<@id>` wherever it is exactly one known person; any other is left as typed.

    A person is known by id, full name, or a first name that nobody else has; upper and lower case are alike.
    """
    known = _known(people)
    if not known:
        return text
    longest_first = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    mention = re.compile(rf"(?<![\w<@])@({longest_first})(?!\w|[-.@]\w)", re.IGNORECASE)
    return mention.sub(lambda found: f"<@{known[found[1].lower()]}>", text)


def as_typed(text: str) -> str:
    """The text as somebody would type it: `<@ana>` as "@ana"."""
    return MENTION.sub(r"@\1", text)


def complete_name(typed: str, people: Sequence[Resident]) -> list[str]:
    """Whole texts that go on from one ending in "@…" with the people it may mean."""
    found = re.search(r"(?<![\w<@])@([\w.-]*)$", typed)
    if not found:
        return []
    part = found[1].lower()
    fitting = [
        p for p in people if p.id.startswith(part) or any(w.lower().startswith(part) for w in p.name.split())
    ]
    return [f"{typed[: found.start()]}@{p.id} " for p in fitting]


def about_others(typed: str) -> bool:
    """Whether this is a command that nobody can mean themselves with."""
    return re.match(r"/(coffee\s+avoid|checkin\s+swap|thanks)\b", typed, re.IGNORECASE) is not None


def _known(people: Sequence[Resident]) -> dict[str, str]:
    known: dict[str, str] = {}
    first_names = [p.name.split()[0].lower() for p in people if p.name.split()]
    for p in people:
        first = p.name.split()[0].lower() if p.name.split() else ""
        if first and first_names.count(first) == 1:
            known[first] = p.id
    names = [p.name.lower() for p in people]
    known.update({p.name.lower(): p.id for p in people if p.name and names.count(p.name.lower()) == 1})
    known.update({p.id.lower(): p.id for p in people})
    return known
