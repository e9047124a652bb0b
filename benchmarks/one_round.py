"""`python -m benchmarks.one_round PEOPLE`: one round with a year of history, in a process of its own for its memory."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from random import Random
from time import perf_counter

from bot.domain.matching import plan_round
from bot.domain.pairs import History, Participant
from bot.domain.random_pairing import plan_at_random
from bot.domain.season import current

ROUNDS = 52
AWAY = 0.1


def main(people: int) -> None:
    """Prints a JSON object: seconds of this matcher and of pairing by lot, and the peak of memory in MB (10⁶ bytes).

    Everyone was there in each of the rounds before, which were drawn by lot; in this one a tenth is away. To plan
    it is to say which season it belongs to and who meets whom. Reading the history is not counted in the time, but
    it is in the memory.
    """
    lot = Random(1)
    team = list(range(people))
    season = current(None, team, history=History(), odd="trio", rng=lot)
    history = History.of(plan_at_random(team, group_size=2, odd="trio", rng=lot) for _ in range(ROUNDS))
    there = [Participant(each) for each in team if lot.random() >= AWAY]
    ids = [each.id for each in there]

    began = perf_counter()
    plan_at_random(ids, group_size=2, odd="trio", rng=lot)
    by_lot = perf_counter() - began

    began = perf_counter()
    season = current(season, team, history=history, odd="trio", rng=lot, present=ids)
    plan = plan_round(there, history=history, season=season, rng=lot)
    planned = perf_counter() - began

    told = {
        "seconds": planned,
        "by_lot": by_lot,
        "megabytes": _peak() / 1e6,
        "repeats": sum(len(group.members) == 2 and group.members in history.last for group in plan.groups),
        "left_over": len(plan.byes),
    }
    print(json.dumps(told))


def _peak() -> int:
    """The most memory this process has held, in bytes.

    On Linux `getrusage` would begin with what the process that started this one held: "maxrss" outlives `execve`.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [held] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(held.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]))
