"""The tightest bounds that the benchmark knows for rounds of pairs: linear programmes over all rounds at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain, combinations
from math import floor

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from bot.domain.pairs import Pair, pairs_of
from bot.domain.season import Odd

_ROUNDS_A_PAIR_WAITS = 20  # before the end of the rounds an unmet pair is worth the less, the fewer are left


def most_pairs(
    rounds: Sequence[Collection[int]],
    *,
    avoid: Collection[Pair] = frozenset(),
    odd: Odd,
    gains: dict[tuple[Pair, int], float] | None = None,
) -> float:
    """How many different pairs can be introduced at most in rounds of those present, also by who knows all of them.

    Let x(group, round) = 1 for each group that a round has, else 0: of all pairs present who may meet, and of all
    such trios if the round has one; and w(pair, round) = 1 if the pair is introduced first in that round. Then (1) a
    person is in at most one group a round; (2) a round has at most one trio, and with a bye at most as many pairs
    as half of those present but one; (3) w is at most the sum of the x of its own groups; (4) the sum of a pair's
    w is at most 1. The largest Σ w for any numbers from 0 to 1 is no less than the largest for whole ones, which is
    the optimum. Where `gains` has a pair and a round (0, 1, …), its w counts so much more than 1.

    The solver's result (HiGHS) is rounded down to whole pairs where there are no gains. For teams of some 20.
    """
    limits: list[float] = []
    worth: list[float] = []
    entries: list[tuple[int, int, float]] = []

    def row(limit: float) -> int:
        limits.append(limit)
        return len(limits) - 1

    def column(gain: float, factors: Sequence[tuple[int, float]]) -> None:
        worth.append(gain)
        entries.extend((at, len(worth) - 1, factor) for at, factor in factors)

    once = {
        who: row(1.0) for who in sorted({who for here in rounds for who in pairs_of(here)}.difference(avoid))
    }
    for number, present in enumerate(rounds):
        alone = {member: row(1.0) for member in present}
        introduced = {who: row(0.0) for who in pairs_of(present) if who in once}
        for who, at in introduced.items():
            column(1.0 + (gains or {}).get((who, number), 0.0), [(once[who], 1.0), (at, 1.0)])
        uneven = len(present) % 2 == 1 and len(present) > 1
        of_pairs = [(row(float(len(present) // 2)), 1.0)] if uneven and odd == "bye" else []
        of_trios = [(row(1.0), 1.0)] if uneven and odd == "trio" else []
        trios = combinations(sorted(present), 3) if of_trios else ()
        for group in chain(pairs_of(present), trios):
            pairs = pairs_of(group)
            if all(who in introduced for who in pairs):
                factors = [(alone[member], 1.0) for member in group]
                factors += [(introduced[who], -1.0) for who in pairs]
                column(0.0, factors + (of_trios if len(group) > 2 else of_pairs))
    if not once:
        return 0.0
    down, across, factors_of = zip(*entries, strict=True)
    matrix = coo_array((factors_of, (down, across)), shape=(len(limits), len(worth))).tocsr()
    solved = linprog(-np.array(worth), A_ub=matrix, b_ub=limits, bounds=(0, 1), method="highs-ipm")
    if not solved.success:
        raise RuntimeError(f"the linear programme was not solved: {solved.message}")
    return -float(solved.fun) if gains else float(floor(0.01 - float(solved.fun)))


def most_unforeseeing(
    rounds: Sequence[Collection[int]],
    teams: Sequence[Collection[int]],
    *,
    leaving: float,
    price: float,
    odd: Odd,
) -> float:
    """A number whose mean over many teams no pairing exceeds that does not know who is going to leave.

    `teams` are the members at each round, those who are away with them, each of whom leaves before the next with
    the probability `leaving`. Who knows it beforehand introduces those first who will leave; to take that knowledge's
    worth away, each departure is paid for. Let u be how many of the others somebody has still to meet before a
    round; the sum over rounds and members of price · (D − leaving) · u, with D = 1 for who leaves then, else 0, is
    zero in the mean for whoever decides without knowing D, since u is settled before D is drawn. So the most that
    anybody who does know can make of pairs and this sum together is, in the mean, no less than what those who do not
    can make of pairs alone: the dual bound of Brown, Smith and Sun (https://doi.org/10.1287/opre.1090.0796). It
    holds for every price; the price only decides how tight it is.
    """
    price_at = [price * min(1.0, (len(rounds) - at) / _ROUNDS_A_PAIR_WAITS) for at in range(len(rounds) + 1)]
    surprise: list[dict[int, float]] = [
        {}
    ]  # price · (D − leaving) before each round, of who was there until then
    constant = 0.0
    for number in range(1, len(rounds)):
        before, after = set(teams[number - 1]), set(teams[number])
        paid = {each: price_at[number] * ((each not in after) - leaving) for each in before}
        surprise.append(paid)
        constant += sum(paid.values()) * (len(before) - 1)
    gains = {
        (who, number): -sum(
            paid[who[0]] + paid[who[1]]
            for paid in surprise[number + 1 :]
            if who[0] in paid and who[1] in paid
        )
        for number, present in enumerate(rounds)
        for who in pairs_of(present)
    }
    return constant + most_pairs(rounds, odd=odd, gains=gains)
