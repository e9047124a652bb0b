"""What is kept in memory for a while: so many things at most, and none longer than it is of use."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """By key; of more than `most` things the oldest are forgotten, and each after `seconds`.

    What people typed stands in forms that wait here, so it must not stay.
    """

    def __init__(self, *, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._held: OrderedDict[K, tuple[V, float]] = OrderedDict()

    def put(self, key: K, value: V) -> None:
        """Keep it from now on."""
        self._forget_old()
        self._held[key] = value, _now() + self._seconds
        self._held.move_to_end(key)
        if len(self._held) > self._most:
            self._held.popitem(last=False)

    def get(self, key: K) -> V | None:
        """What is kept under the key, or None."""
        self._forget_old()
        held = self._held.get(key)
        return held[0] if held else None

    def drop(self, key: K) -> None:
        """Keep it no longer."""
        self._held.pop(key, None)

    def _forget_old(self) -> None:
        while self._held and next(iter(self._held.values()))[1] <= _now():
            self._held.popitem(last=False)


def _now() -> float:
    return asyncio.get_running_loop().time()
