"""Finding the spelling that was meant, and showing a value of the file the way its author wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, time

LONGEST_SHOWN = 60  # characters of a value that a sentence repeats
SETTING_LIMIT = 100  # characters; no zone, time or reference is longer
NEAR_ENOUGH = 0.6  # of 1.0; below that, a suggestion confuses more than it helps


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that differs least from `word`, letter case aside; None if none is near."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    best = process.extractOne(
        word[:200],
        sorted(known),
        scorer=OSA.normalized_similarity,
        processor=str.casefold,
        score_cutoff=NEAR_ENOUGH,
    )
    return str(best[0]) if best else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question with a space before it (` Did you mean "channel"?`), or nothing."""
    found = nearest(word, known)
    return f" Did you mean {quoted(found)}?" if found else ""


def quoted(text: str) -> str:
    """A text in double quotes, shortened, with nothing in it that could disturb a terminal."""
    short = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
    printable = all(c.isprintable() for c in short)
    return json.dumps(short, ensure_ascii=not printable)


def one_of(words: Iterable[str]) -> str:
    """Words as a choice: `"trio" or "bye"`."""
    *others, last = [quoted(word) for word in words]
    return f"{', '.join(others)} or {last}" if others else last


def shown(value: object) -> str:
    """What was found in place of what was expected: `the text "two"`, `the number 3`, `a list`."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() if abs(value) >= 10**18:
            return "a very large number"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {quoted(value)}" if value else "an empty text"
        case datetime():
            return f"the date and time {value}"
        case date():
            return f"the date {value}"
        case time():
            return f"the time {value}"
        case list() | tuple():
            return "a list" if value else "an empty list"
        case dict():
            return "a table"
        case None:
            return "nothing"
        case _:
            return f"a {type(value).__name__}"


def expected(what: str, value: object) -> ValueError:
    """The error for a value of the wrong kind, as one sentence."""
    return ValueError(f"Expected {what}, got {shown(value)}.")


def setting(value: object, what: str) -> str:
    """A short text, trimmed; the error says that `what` was expected."""
    if not isinstance(value, str) or not value.strip():
        raise expected(what, value)
    if len(value) > SETTING_LIMIT:
        raise ValueError(f"This is too long. Expected {what}.")
    return value.strip()
