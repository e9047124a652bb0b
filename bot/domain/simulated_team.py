"""A team that does not exist, for simulations: who comes, who leaves, who is away."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random


class SimulatedTeam:
    """Its members are 0 … N−1 at first, and newcomers N, N+1, … The same seed draws the same."""

    def __init__(self, people: int, *, away: float, churn: float, seed: int) -> None:
        """ValueError: a negative number of people, a share that is not between 0 and 1."""
        if people < 0 or not all(0 <= share <= 1 for share in (away, churn)):
            raise ValueError("people are not negative, and shares are between 0 and 1")
        self.chance = Random(f"{seed} team")
        self.members = list(range(people))
        self.ever = people  # how many there were, with those who have left
        self._away = away
        self._churn = churn

    def replaced(self) -> Iterator[tuple[int, int]]:
        """Everyone leaves with the probability `churn`, and a newcomer takes their place: who left, who came.

        It goes on as it is iterated over; `members` are then those of that moment.
        """
        for at, member in enumerate(self.members if self._churn else ()):
            if self.chance.random() < self._churn:
                came, self.ever = self.ever, self.ever + 1
                self.members[at] = came
                yield member, came

    def present(self) -> list[int]:
        """Those who are there, sorted: everyone is away, this once, with the probability `away`."""
        return sorted(each for each in self.members if not self._away or self.chance.random() >= self._away)
