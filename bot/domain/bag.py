"""A bag of texts that does not repeat until it is used up, however often the list is edited in between."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


def draw(texts: Sequence[str], used: Sequence[str], count: int, *, rng: Random) -> list[str]:
    """Draw `count` texts, none of them in `used` until all were: then the bag is filled anew.

    A fresh filling never begins with the text that was drawn last. Without texts nothing is drawn.
    """
    if not texts:
        return []
    distinct = list(dict.fromkeys(texts))
    drawn: list[str] = []
    seen = set(used)
    last = used[-1] if used else None
    while len(drawn) < count:
        left = [t for t in distinct if t not in seen]
        if not left:
            seen.clear()
            left = [t for t in distinct if t != last] or distinct
        last = rng.choice(left)
        drawn.append(last)
        seen.add(last)
    return drawn
