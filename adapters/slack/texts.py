"""Plain text objects, and cutting what is longer than Slack takes."""

from __future__ import annotations

import re
from typing import Any

_ENTITY = re.compile("&(?=(?:lt|gt|amp);)")


def cut(text: str, most: int) -> str:
    """At most so many characters; what was cut ends with "…", at the end of a word where one is near."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    whole_words = kept.rpartition(" ")[0]
    if text[most - 1] != " " and len(whole_words) >= most // 2:
        kept = whole_words
    return f"{kept.rstrip()}…"


def plain_text(text: str, most: int, *, emoji: bool = True) -> dict[str, Any]:
    """A text object of at most `most` characters and at least one, which Slack wants.

    It knows no markup; but what looks like `&lt;`, `&gt;` or `&amp;` Slack would show as what that stands for.
    https://docs.slack.dev/reference/block-kit/composition-objects/text-object
    """
    room = most
    while len(shown := _ENTITY.sub("&amp;", cut(text, room))) > most:
        room -= 1
    return {"type": "plain_text", "text": shown if shown.strip() else "…", "emoji": emoji}
