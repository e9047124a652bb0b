"""Cutting what is longer than Discord takes, and what stands on one line only."""

from __future__ import annotations

NOTHING = "…"  # where Discord wants at least one character


def cut(text: str, most: int) -> str:
    """At most so many characters; what was cut ends with "…", at the end of a word where one is near.

    Discord counts characters as Python does: https://github.com/discord/discord-api-docs/issues/1315
    """
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    whole_words = kept.rpartition(" ")[0]
    if text[most - 1] != " " and len(whole_words) >= most // 2:
        kept = whole_words
    return f"{kept.rstrip()}…"


def label(text: str, most: int) -> str:
    """A text without markup on one line, of at least one character and at most `most`."""
    return cut(" ".join(text.split()), most) or NOTHING
