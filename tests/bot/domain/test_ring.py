"""The care ring: who checks in on whom, and what it does when people come, go and swap."""

import json
from collections.abc import Mapping, Sequence
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ring import NoSwap, Ring, RingPlan, RingRule, may_swap, moved, plan_ring, without
from bot.domain.ring_cycles import arcs_of, cheap_cycle, cycle_among, cycle_of, lap

ANA, BEN, CHLOE, DAN, EVA, FINN = 1, 2, 3, 4, 5, 6

CaresFor = Mapping[int, int]


def is_one_ring(cares_for: CaresFor, people: Sequence[int]) -> bool:
    """Whether whoever follows the ring from one of them comes past all, and nobody else."""
    seen = [people[0]]
    while (following := cares_for[seen[-1]]) != seen[0]:
        if following in seen:
            return False
        seen.append(following)
    return sorted(seen) == sorted(people) == sorted(cares_for)


def early(cares_for: CaresFor, history: Sequence[CaresFor]) -> list[tuple[int, int]]:
    """Who has the same person as in one of the n−3 rounds before."""
    recent = history[-(len(cares_for) - 3) :] if len(cares_for) > 3 else []
    return [arc for arc in cares_for.items() if any(ring.get(arc[0]) == arc[1] for ring in recent)]


def play(rounds: Sequence[Sequence[int]], *, seed: int = 1) -> list[Ring]:
    """Plan a ring for each of the rounds in turn, with what a database keeps in between."""
    rng = Random(seed)
    rings: list[Ring] = []
    document: str | None = None
    for present in rounds:
        before = RingPlan.from_document(json.loads(document)) if document else None
        rings.append(plan_ring(present, history=[r.cares_for for r in rings], before=before, rng=rng))
        document = json.dumps(rings[-1].plan.to_document())
    return rings


@pytest.mark.parametrize("people", [*range(3, 31), 50, 101, 200])
def test_as_long_as_the_same_people_are_there_nobody_has_the_same_person_twice_within_n_less_2_rounds(
    people: int,
) -> None:
    team = range(people)
    for seed in range(3 if people <= 30 else 1):
        rings = play([team] * (max(60, 2 * people + 5) if people <= 50 else 65), seed=seed)
        last: dict[tuple[int, int], int] = {}
        for number, ring in enumerate(rings):
            assert is_one_ring(ring.cares_for, team)
            assert all(ring.cares_for[other] != carer for carer, other in ring.cares_for.items())
            assert ring.gave_way == ()
            for arc in ring.cares_for.items():
                assert number - last.get(arc, -people) >= people - 2
                last[arc] = number


def test_with_an_odd_number_everybody_cares_for_everybody_before_anybody_again() -> None:
    rings = play([range(9)] * 8)
    for carer in range(9):
        assert sorted(ring.cares_for[carer] for ring in rings) == [each for each in range(9) if each != carer]


def test_two_people_care_for_each_other_and_it_is_said_that_there_was_no_choice() -> None:
    [ring] = play([[ANA, BEN]])
    assert (ring.cares_for, ring.gave_way) == ({ANA: BEN, BEN: ANA}, (RingRule.NO_MUTUAL,))


def test_one_alone_and_nobody_have_no_ring() -> None:
    assert [(ring.cares_for, ring.gave_way) for ring in play([[ANA], []])] == [({}, ()), ({}, ())]


def test_who_was_alone_for_a_while_finds_the_plan_as_it_was_left() -> None:
    together, alone, again = play([range(7), [ANA], range(7)])
    assert alone.plan == together.plan
    assert early(again.cares_for, [together.cares_for, alone.cares_for]) == []


def test_three_people_turn_round_each_time() -> None:
    rings = [ring.cares_for for ring in play([[ANA, BEN, CHLOE]] * 6)]
    assert rings[0] != rings[1]
    assert rings[0::2] == [rings[0]] * 3
    assert rings[1::2] == [rings[1]] * 3


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_people_and_another_seed_another() -> None:
    def drawn(people: Sequence[int], seed: int) -> list[CaresFor]:
        return [ring.cares_for for ring in play([people] * 12, seed=seed)]

    assert drawn([ANA, BEN, CHLOE, DAN, EVA], 1) == drawn([EVA, CHLOE, ANA, DAN, BEN], 1)
    assert len({str(drawn(range(7), seed)) for seed in range(20)}) > 15


def test_the_plan_is_a_small_document() -> None:
    [ring] = play([range(200)])
    assert len(json.dumps(ring.plan.to_document())) < 2500
    assert RingPlan.from_document(json.loads(json.dumps(ring.plan.to_document()))) == ring.plan


@settings(max_examples=60, deadline=None)
@given(people=st.integers(2, 12), data=st.data(), seed=st.integers(0, 10**6))
def test_whoever_comes_goes_and_swaps_there_is_one_ring_and_what_gave_way_is_true(
    people: int, data: st.DataObject, seed: int
) -> None:
    rng, chance = Random(seed), Random(seed + 1)
    away = data.draw(st.sampled_from([0.0, 0.05, 0.3]))
    churn = data.draw(st.sampled_from([0.0, 0.05]))
    swaps = data.draw(st.sampled_from([0.0, 0.3]))
    team, newcomers = list(range(people)), people
    history: list[CaresFor] = []
    plan: RingPlan | None = None
    for _ in range(data.draw(st.integers(1, 30))):
        team = [each for each in team if chance.random() >= churn]
        while len(team) < people and chance.random() < 0.7:
            team.append(newcomers)
            newcomers += 1
        if chance.random() < churn:
            team.append(newcomers)
            newcomers += 1
        present = sorted(each for each in team if chance.random() >= away)
        ring = plan_ring(present, history=history, before=plan, rng=rng)
        plan = RingPlan.from_document(json.loads(json.dumps(ring.plan.to_document())))
        if len(present) >= 2:
            assert is_one_ring(ring.cares_for, present)
        too_early = early(ring.cares_for, history)
        assert (RingRule.NO_REPEAT in ring.gave_way) == bool(too_early)
        assert (RingRule.NO_MUTUAL in ring.gave_way) == (len(present) == 2)
        assert RingRule.APART not in ring.gave_way
        if too_early and len(present) <= 7:
            assert all(early(other, history) for other in all_rings(present))
        history.append(ring.cares_for)
        if len(present) > 5 and chance.random() < swaps:
            one, other = chance.sample(present, 2)
            if may_swap(ring.cares_for, one, other) is None:
                swapped = {one: ring.cares_for[other], other: ring.cares_for[one]}
                history[-1] = {**ring.cares_for, **swapped}


def all_rings(people: Sequence[int]) -> list[CaresFor]:
    first, *others = people
    return [dict(arcs_of([first, *order])) for order in permutations(others)]


@settings(max_examples=60, deadline=None)
@given(people=st.integers(3, 6), data=st.data(), seed=st.integers(0, 10**6))
def test_a_rule_gives_way_only_where_no_ring_keeps_it(people: int, data: st.DataObject, seed: int) -> None:
    rings = all_rings(range(people))
    history = data.draw(st.lists(st.sampled_from(rings), max_size=6))
    arcs = st.tuples(st.integers(0, people - 1), st.integers(0, people - 1))
    apart = data.draw(st.frozensets(arcs, max_size=people))
    ring = plan_ring(range(people), history=history, before=None, apart=apart, rng=Random(seed))
    asked = [each for each in rings if apart.isdisjoint(each.items())]
    assert (RingRule.APART in ring.gave_way) == (not asked)
    assert (RingRule.NO_REPEAT in ring.gave_way) == bool(early(ring.cares_for, history))
    if any(not early(each, history) for each in asked):
        assert ring.gave_way == ()


def test_a_newcomer_takes_the_place_of_who_left_and_nobody_has_the_same_person_too_early() -> None:
    for people in (7, 8, 12):
        for left_at in (3, 2 * people):
            team = list(range(people))
            after = [*team[1:], people]
            rings = play([team] * left_at + [after] * 3 * people)
            assert all(ring.gave_way == () for ring in rings)


def test_two_who_leave_one_after_the_other_have_their_heirs_in_the_order_of_their_coming() -> None:
    for people in (7, 8, 12):
        for seed in range(5):
            team = list(range(people))
            first = [people + 1, *team[1:]]
            then = [people + 1, people, *team[2:]]
            rings = play([team] * 2 * people + [first] * 2 + [then] * 3 * people, seed=seed)
            assert all(ring.gave_way == () for ring in rings)


def test_a_newcomer_in_an_even_ring_costs_it_one_lap_and_then_nobody_has_the_same_person_too_early() -> None:
    for people in (6, 8, 10, 12, 20):
        for seed in range(3):
            rings = play([range(people)] * (people + 3) + [range(people + 1)] * 5 * people, seed=seed)
            assert all(ring.gave_way == () for ring in rings[: people + 3] + rings[4 * people :])


def test_who_is_away_once_or_leaves_disturbs_for_a_lap_or_two_at_most() -> None:
    for people in (5, 6, 7, 8, 9, 10, 13, 20, 21):
        rest = range(people - 1)
        for rounds in ([rest], [rest] * 4 * people):
            rings = play([range(people)] * (people + 3) + rounds + [range(people)] * 4 * people)
            assert all(ring.gave_way == () for ring in rings[-people:])


def test_a_ring_that_was_disturbed_is_searched_for_with_a_view_to_the_next() -> None:
    repeats = 0
    for people in (6, 9, 12, 13, 20):
        for seed in range(6):
            rings = play([range(people)] * (people // 2) + [range(people - 1)] * 3 * people, seed=seed)
            repeats += sum(RingRule.NO_REPEAT in ring.gave_way for ring in rings)
    assert repeats < 20  # of more than a thousand rounds; it would be about twice as many


def test_a_plan_that_was_lost_is_not_missed_once_a_lap_was_played() -> None:
    history = [ring.cares_for for ring in play([range(9)] * 8)]
    for _ in range(20):
        ring = plan_ring(range(9), history=history, before=None, rng=Random(5))
        assert ring.gave_way == ()
        history.append(ring.cares_for)


def test_a_carer_whom_somebody_asked_not_to_have_is_another_next_time() -> None:
    for seed in range(20):
        due = plan_ring(range(5), history=[], before=None, rng=Random(seed)).cares_for
        apart = {(ANA, due[ANA])}
        ring = plan_ring(range(5), history=[], before=None, apart=apart, rng=Random(seed))
        assert ring.cares_for[ANA] != due[ANA]
        assert ring.gave_way == ()


def test_where_a_wish_and_a_repeat_cannot_both_be_heeded_the_wish_is() -> None:
    people = [ANA, BEN, CHLOE, DAN]
    last = {ANA: BEN, BEN: CHLOE, CHLOE: DAN, DAN: ANA}
    apart = {(ANA, CHLOE), (ANA, DAN)}
    ring = plan_ring(people, history=[last], before=None, apart=apart, rng=Random(1))
    assert ring.cares_for[ANA] == BEN
    assert ring.gave_way == (RingRule.NO_REPEAT,)


def test_where_a_wish_cannot_be_heeded_it_is_said() -> None:
    people = [ANA, BEN, CHLOE, DAN]
    everybody = {(ANA, BEN), (ANA, CHLOE), (ANA, DAN)}
    ring = plan_ring(people, history=[], before=None, apart=everybody, rng=Random(1))
    assert ring.gave_way == (RingRule.APART,)
    pair = plan_ring([ANA, BEN], history=[], before=None, apart={(BEN, ANA)}, rng=Random(1))
    assert pair.gave_way == (RingRule.NO_MUTUAL, RingRule.APART)


def test_who_asks_for_somebody_else_comes_between_two_others() -> None:
    ring = {ANA: BEN, BEN: CHLOE, CHLOE: DAN, DAN: EVA, EVA: ANA}
    for seed in range(10):
        became = moved(ring, BEN, history=[], rng=Random(seed))
        assert became is not None
        assert is_one_ring(became, list(ring))
        assert became[ANA] == CHLOE
        assert became[ANA] != BEN != became[BEN]
        assert sum(became[each] != ring[each] for each in ring) == 3


def test_who_asks_gets_somebody_who_did_not_care_for_them_lately_or_just_now() -> None:
    ring = {ANA: BEN, BEN: CHLOE, CHLOE: DAN, DAN: EVA, EVA: ANA}
    backwards = {other: carer for carer, other in ring.items()}
    for seed in range(10):
        became = moved(ring, BEN, history=[backwards], rng=Random(seed))
        assert became is not None
        assert became[CHLOE] != BEN
        again = moved(became, BEN, history=[], apart={(ANA, BEN), (EVA, BEN)}, rng=Random(seed))
        assert again is not None
        assert BEN not in (again[ANA], again[EVA])


@settings(max_examples=60, deadline=None)
@given(people=st.integers(3, 9), swaps=st.integers(0, 3), seed=st.integers(0, 10**6))
def test_after_a_wish_nobody_cares_for_themselves_or_for_their_carer(
    people: int, swaps: int, seed: int
) -> None:
    rng = Random(seed)
    ring = dict(play([range(people)], seed=seed)[0].cares_for)
    for _ in range(swaps):
        one, other = rng.sample(range(people), 2)
        if may_swap(ring, one, other) is None:
            ring[one], ring[other] = ring[other], ring[one]
    who = rng.randrange(people)
    became = moved(ring, who, history=[ring], rng=rng)
    assert became is not None
    assert sorted(became) == sorted(became.values()) == list(range(people))
    assert all(carer != other and became[other] != carer for carer, other in became.items())
    [before] = [carer for carer, other in ring.items() if other == who]
    assert became[before] != who
    if is_one_ring(ring, range(people)):
        assert is_one_ring(became, range(people))


def test_three_people_turn_round_when_one_asks_and_two_have_nobody_else() -> None:
    ring = {ANA: BEN, BEN: CHLOE, CHLOE: ANA}
    assert moved(ring, ANA, history=[], rng=Random(1)) == {ANA: CHLOE, CHLOE: BEN, BEN: ANA}
    assert moved({ANA: BEN, BEN: ANA}, ANA, history=[], rng=Random(1)) is None
    assert moved(ring, DAN, history=[], rng=Random(1)) is None


def test_whose_carer_leaves_is_taken_over_by_the_carers_carer() -> None:
    ring = {ANA: BEN, BEN: CHLOE, CHLOE: DAN, DAN: ANA}
    assert without(ring, BEN) == {ANA: CHLOE, CHLOE: DAN, DAN: ANA}
    assert without(ring, EVA) == ring


def test_nobody_takes_over_whose_carer_they_would_be_cared_for_by() -> None:
    assert without({ANA: BEN, BEN: CHLOE, CHLOE: ANA}, BEN) == {CHLOE: ANA}
    assert without({CHLOE: ANA}, CHLOE) == {}
    assert without({ANA: BEN, BEN: ANA}, BEN) == {}


def test_two_carers_may_exchange_unless_one_would_care_for_themselves_or_for_their_carer() -> None:
    ring = {ANA: BEN, BEN: CHLOE, CHLOE: DAN, DAN: EVA, EVA: FINN, FINN: ANA}
    assert may_swap(ring, ANA, DAN) is None
    assert may_swap(ring, ANA, BEN) is NoSwap.SELF
    assert may_swap(ring, BEN, ANA) is NoSwap.SELF
    assert may_swap(ring, ANA, CHLOE) is NoSwap.MUTUAL
    assert may_swap(ring, ANA, ANA) is NoSwap.NOTHING
    assert may_swap({ANA: BEN}, ANA, BEN) is NoSwap.NOTHING
    assert may_swap({ANA: BEN, BEN: ANA}, ANA, BEN) is NoSwap.SELF
    for one, other in permutations(ring, 2):
        swapped = {**ring, one: ring[other], other: ring[one]}
        sound = all(a != b and swapped[b] != a for a, b in swapped.items())
        assert (may_swap(ring, one, other) is None) == sound


@pytest.mark.parametrize("n", [*range(3, 40), 100, 101, 200])
def test_no_two_cycles_of_a_lap_have_an_arc_in_common(n: int) -> None:
    cycles = [cycle_of(range(n), turn) for turn in range(lap(n))]
    assert len(cycles) == (n - 1 if n % 2 else n - 2)
    assert all(sorted(cycle) == list(range(n)) for cycle in cycles)
    arcs = [arc for cycle in cycles for arc in arcs_of(cycle)]
    assert len(set(arcs)) == len(arcs) == n * len(cycles)


@settings(max_examples=100, deadline=None)
@given(n=st.integers(3, 6), data=st.data())
def test_a_cycle_is_found_if_there_is_one_and_its_dearest_arc_is_as_cheap_as_can_be(
    n: int, data: st.DataObject
) -> None:
    prices = st.integers(0, data.draw(st.sampled_from([3, 9, 40])))
    costs = {a: {b: data.draw(prices) for b in range(n) if b != a} for a in range(n)}
    dearest = {
        tuple(order): max(costs[a][b] for a, b in arcs_of([0, *order])) for order in permutations(range(1, n))
    }
    found = cheap_cycle(costs)
    assert found is not None
    assert sorted(found) == list(range(n))
    assert max(costs[a][b] for a, b in arcs_of(found)) == min(dearest.values())
    free = {a: [b for b, price in after.items() if not price] for a, after in costs.items()}
    among = cycle_among(free, steps=100)
    assert (among is not None) == (0 in dearest.values())
    assert among is None or all(b in free[a] for a, b in arcs_of(among))


def test_few_arcs_of_a_cycle_are_dear_where_some_must_be() -> None:
    n = 9
    costs = {a: {b: 0 if b in (a + 1, a - 1) else 1 for b in range(n) if b != a} for a in range(n)}
    for seed in range(20):
        lot = Random(seed).sample(range(n), n)
        found = cheap_cycle({a: {b: costs[a][b] for b in lot if b != a} for a in lot})
        assert found is not None
        assert sum(costs[a][b] for a, b in arcs_of(found)) <= 2
