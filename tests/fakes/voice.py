"""Rooms to talk in, in memory: opened and closed as the port says, and failing where a test says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.ports import CannotTell


@dataclass(frozen=True, slots=True)
class Room:
    """A room to talk in."""

    people: tuple[str, ...]
    near: str
    name: str


@dataclass(slots=True)
class Voice:
    """The rooms of a platform; there are none while there is a reason in `mute`.

    `failures` are what the next calls of `open` raise; a RuntimeError there opens the room all the same, and only the
    answer is lost. `opened` are all rooms there ever were, `rooms` those that are open.
    """

    mute: str | None = None
    rooms: dict[str, Room] = field(default_factory=dict)
    opened: list[Room] = field(default_factory=list)
    failures: deque[Exception] = field(default_factory=deque)
    _by_key: dict[str, str] = field(default_factory=dict)

    def open(self, people: Sequence[str], *, near: str, name: str, key: str) -> str | CannotTell:
        """A new room, or the one that is open for the key."""
        failure = self.failures.popleft() if self.failures else None
        if failure is not None and not isinstance(failure, RuntimeError):
            raise failure
        if self.mute is not None:
            return CannotTell(self.mute)
        if key not in self._by_key:
            self.opened.append(Room(tuple(people), near, name))
            self._by_key[key] = f"V{len(self.opened)}"
            self.rooms[self._by_key[key]] = self.opened[-1]
        if failure is not None:
            raise failure
        return self._by_key[key]

    def close(self, room: str) -> None:
        """Nothing is left of it."""
        self.rooms.pop(room, None)
        self._by_key = {key: each for key, each in self._by_key.items() if each != room}
