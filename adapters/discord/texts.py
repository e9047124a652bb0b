"""What stands on one line only, such as a button's label."""

from __future__ import annotations

from adapters.texts import cut

NOTHING = "…"  # where Discord wants at least one character


def label(text: str, most: int) -> str:
    """A text without markup on one line, of at least one character and at most `most`.

    Discord counts characters as Python does: https://github.com/discord/discord-api-docs/issues/1315
    """
    return cut(" ".join(text.split()), most) or NOTHING
