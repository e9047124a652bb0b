"""Turns go to those who have had the fewest."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.rotation import fewest_first, next_hosts, standing

ANA, BEN, CHLOE, DAN = 1, 2, 3, 4


def test_whoever_had_fewest_turns_comes_first() -> None:
    counts = {ANA: 2.0, BEN: 0.5, CHLOE: 1.0}
    assert fewest_first([ANA, BEN, CHLOE], counts, last_turn={}, rng=Random(1)) == [BEN, CHLOE, ANA]


def test_among_equals_whose_turn_is_longest_ago_comes_first_and_never_is_longest() -> None:
    counts = {ANA: 1.0, BEN: 1.0, CHLOE: 1.0}
    assert fewest_first([ANA, BEN, CHLOE], counts, last_turn={ANA: 7, BEN: 3}, rng=Random(1)) == [
        CHLOE,
        BEN,
        ANA,
    ]


def test_the_lot_decides_between_equals_and_the_same_seed_draws_the_same() -> None:
    people = list(range(8))
    drawn = {tuple(fewest_first(people, {}, last_turn={}, rng=Random(seed))) for seed in range(20)}
    assert len(drawn) > 10
    again = [fewest_first(order, {}, last_turn={}, rng=Random(3)) for order in (people, people[::-1])]
    assert again[0] == again[1]


def test_a_newcomer_starts_at_the_minimum_of_the_team_and_not_at_nothing() -> None:
    counts = {ANA: 5.0, BEN: 4.0, CHLOE: 6.0}
    assert standing(DAN, counts, [ANA, BEN, CHLOE, DAN]) == 4.0
    assert standing(ANA, counts, [ANA, BEN]) == 5.0
    assert standing(DAN, counts, [ANA, CHLOE]) == 5.0
    assert standing(DAN, {}, [DAN]) == 0.0
    order = fewest_first([ANA, BEN, CHLOE, DAN], counts, last_turn={BEN: 2, DAN: 3}, rng=Random(1))
    assert order == [BEN, DAN, ANA, CHLOE]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.integers(1, 60), st.integers(0, 1000))
def test_taken_in_this_order_turns_never_differ_by_more_than_one(people: int, turns: int, seed: int) -> None:
    rng = Random(seed)
    counts = dict.fromkeys(range(people), 0.0)
    last: dict[int, float] = {}
    for turn in range(turns):
        first = fewest_first(range(people), counts, last_turn=last, rng=rng)[0]
        counts[first] += 1
        last[first] = turn
    assert max(counts.values()) - min(counts.values()) <= 1


def hosts(
    candidates: list[int],
    standing: dict[int, float],
    *,
    this_week: dict[int, int] | None = None,
    last_turn: dict[int, float] | None = None,
    there: dict[int, int] | None = None,
    seed: int = 1,
) -> list[int]:
    return next_hosts(
        candidates,
        standing=standing,
        this_week=this_week or {},
        last_turn=last_turn or {},
        there=there or {},
        rng=Random(seed),
    )


def test_the_host_is_who_has_carried_least_over_all_rituals() -> None:
    assert hosts([ANA, BEN, CHLOE], {ANA: 3.0, BEN: 2.0, CHLOE: 2.5}) == [BEN, CHLOE, ANA]


def test_of_equals_who_was_there_for_most_rounds_hosts_and_then_whose_last_turn_is_longest_ago() -> None:
    equal = {ANA: 1.0, BEN: 1.0, CHLOE: 1.0, DAN: 1.0}
    order = hosts(
        [ANA, BEN, CHLOE, DAN],
        equal,
        there={ANA: 8, BEN: 9, CHLOE: 9},
        last_turn={ANA: 1, BEN: 6, CHLOE: 4, DAN: 2},
    )
    assert order == [CHLOE, BEN, ANA, DAN]
    assert hosts([ANA, BEN, CHLOE], equal, last_turn={ANA: 1, BEN: 6, CHLOE: 4}) == [ANA, CHLOE, BEN]


def test_nobody_hosts_on_top_of_two_turns_in_a_week_in_which_another_has_none() -> None:
    standing = {ANA: 0.0, BEN: 1.0, CHLOE: 5.0}
    assert hosts([ANA, BEN, CHLOE], standing, this_week={ANA: 2, BEN: 1}) == [BEN, CHLOE, ANA]
    assert hosts([ANA, CHLOE], standing, this_week={ANA: 3}) == [CHLOE, ANA]


def test_where_everybody_has_a_turn_this_week_the_fewest_of_all_time_decide() -> None:
    standing = {ANA: 0.0, BEN: 1.0, CHLOE: 5.0}
    assert hosts([ANA, BEN, CHLOE], standing, this_week={ANA: 2, BEN: 2, CHLOE: 1}) == [ANA, BEN, CHLOE]
    assert hosts([ANA], standing, this_week={ANA: 2}) == [ANA]
    assert hosts([], standing, this_week={ANA: 2}) == []


def test_two_turns_of_one_person_do_not_count_against_those_who_have_one() -> None:
    assert hosts([ANA, BEN, CHLOE], {BEN: 1.0, CHLOE: 2.0, ANA: 3.0}, this_week={BEN: 1}) == [BEN, CHLOE, ANA]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 9)), max_size=8),
    st.integers(0, 1000),
)
def test_nobody_is_left_out_of_the_order_and_no_third_turn_comes_before_a_first(
    people: list[tuple[int, int, int]], seed: int
) -> None:
    everyone = list(range(len(people)))
    order = hosts(
        everyone,
        {each: float(people[each][0]) for each in everyone},
        this_week={each: people[each][1] for each in everyone},
        last_turn={each: people[each][2] for each in everyone},
        seed=seed,
    )
    assert sorted(order) == everyone
    turns = [people[each][1] for each in order]
    if 0 in turns:
        assert all(each < 2 for each in turns[: turns.index(0)])
