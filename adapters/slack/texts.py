"""Plain text objects."""

from __future__ import annotations

import re
from typing import Any

from adapters.texts import cut

_ENTITY = re.compile("&(?=(?:lt|gt|amp);)")


def plain_text(text: str, most: int, *, emoji: bool = True) -> dict[str, Any]:
    """A text object of at most `most` characters and at least one, which Slack wants.

    It knows no markup; but what looks like `&lt;`, `&gt;` or `&amp;` Slack would show as what that stands for.
    https://docs.slack.dev/reference/block-kit/composition-objects/text-object
    """
    room = most
    while len(shown := _ENTITY.sub("&amp;", cut(text, room))) > most:
        room -= 1
    return {"type": "plain_text", "text": shown if shown.strip() else "…", "emoji": emoji}
