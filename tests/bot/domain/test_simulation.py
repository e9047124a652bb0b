"""The pairing of a team that does not exist, played through."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.pairs import pairs_of
from bot.domain.season import Odd
from bot.domain.simulation import simulate_coffee


@settings(max_examples=25, deadline=None)
@given(
    people=st.integers(0, 14),
    group_size=st.integers(2, 5),
    odd=st.sampled_from(["trio", "bye"]),
    away=st.sampled_from([0.0, 0.3]),
    churn=st.sampled_from([0.0, 0.1]),
    avoid=st.sampled_from([0.0, 0.3]),
    seed=st.integers(0, 10**6),
)
def test_in_every_round_everyone_present_is_placed_once_and_no_avoided_pair_meets(
    people: int, group_size: int, odd: Odd, away: float, churn: float, avoid: float, seed: int
) -> None:
    played = simulate_coffee(
        people=people,
        group_size=group_size,
        rounds=8,
        odd=odd,
        away=away,
        churn=churn,
        avoid=avoid,
        seed=seed,
    )
    assert len(played.rounds) == 8
    for each in played.rounds:
        assert sorted([*(m for group in each.groups for m in group), *each.byes]) == list(each.present)
        assert all(2 <= len(group) <= 8 for group in each.groups)
        assert played.avoid.isdisjoint(who for group in each.groups for who in pairs_of(group))
    if not churn and not away:
        assert all(each.present == tuple(range(people)) for each in played.rounds)


def test_the_same_seed_plays_the_same_and_another_plays_another() -> None:
    def play(seed: int) -> object:
        return simulate_coffee(people=11, rounds=12, away=0.2, churn=0.05, avoid=0.1, seed=seed)

    assert play(1) == play(1)
    assert play(1) != play(2)


def test_ten_people_repeat_nobody_in_nine_rounds_and_then_begin_again_without_meeting_soon() -> None:
    for seed in range(5):
        played = simulate_coffee(people=10, rounds=52, seed=seed)
        assert (played.first_repeat, played.pairs_met, played.repeats) == (9, 45, 52 * 5 - 45)
        assert (played.introduced[7:9], played.possible, played.seasons) == ((40, 45), 45, 5)
        assert [each.season for each in played.rounds[8:10]] == [0, 1]
        last: dict[tuple[int, ...], int] = {}
        for number, each in enumerate(played.rounds):
            for pair in each.groups:
                assert number - last.get(pair, -99) > 5
                last[pair] = number


def test_nine_people_with_trios_repeat_nobody_in_six_rounds() -> None:
    for seed in range(5):
        played = simulate_coffee(people=9, rounds=6, odd="trio", seed=seed)
        assert (played.first_repeat, played.pairs_met) == (None, 36)
        assert set(played.trios.values()) == {2}


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([3, 5, 9, 13]), st.integers(1, 30), st.integers(0, 10**6))
def test_byes_of_the_same_people_never_differ_by_more_than_one(people: int, rounds: int, seed: int) -> None:
    played = simulate_coffee(people=people, rounds=rounds, odd="bye", seed=seed)
    assert max(played.byes.values()) - min(played.byes.values()) <= 1
    assert sum(played.byes.values()) == rounds


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([7, 9, 11, 15]), st.integers(1, 20), st.integers(0, 10**6))
def test_turns_in_a_trio_of_the_same_people_never_differ_by_more_than_two(
    people: int, rounds: int, seed: int
) -> None:
    played = simulate_coffee(people=people, rounds=rounds, odd="trio", seed=seed)
    assert max(played.trios.values()) - min(played.trios.values()) <= 2
    assert sum(played.trios.values()) == 3 * rounds


def test_newcomers_get_new_numbers_and_are_not_made_to_sit_out_in_a_row() -> None:
    for seed in range(4):
        played = simulate_coffee(people=9, rounds=60, odd="bye", churn=0.03, seed=seed)
        everyone = {each for one in played.rounds for each in one.present}
        assert everyone == set(range(len(everyone)))
        assert len(everyone) > 12
        assert all(len(each.present) == 9 for each in played.rounds)
        for before, after in pairwise(played.rounds):
            assert set(before.byes).isdisjoint(after.byes)


def test_pairs_of_people_who_were_never_in_the_team_together_are_not_possible() -> None:
    played = simulate_coffee(people=3, rounds=3, churn=1)
    assert played.possible == 3 * 3
    everyone = simulate_coffee(people=6, rounds=3, away=0.9, avoid=0.4)
    assert everyone.possible == 15 - len(everyone.avoid)


def test_the_curves_of_a_simulation_are_those_of_its_rounds() -> None:
    played = simulate_coffee(people=8, rounds=12, away=0.2, churn=0.05, avoid=0.1, seed=2)
    met = [[who for group in each.groups for who in pairs_of(group)] for each in played.rounds]
    for number in range(12):
        so_far = [who for pairs in met[: number + 1] for who in pairs]
        assert played.introductions[number] == len(so_far)
        assert played.introduced[number] == len(set(so_far))
    assert (played.pairs_met, played.repeats) == (len(set(so_far)), len(so_far) - len(set(so_far)))


def test_a_season_counts_once_everyone_has_met() -> None:
    told = [simulate_coffee(people=6, rounds=rounds).seasons for rounds in (0, 4, 5, 9, 10)]
    assert told == [0, 0, 1, 1, 2]
    assert [simulate_coffee(people=9, rounds=rounds, group_size=3).seasons for rounds in (3, 4)] == [0, 1]


def test_progress_hears_each_round() -> None:
    heard: list[int] = []
    simulate_coffee(people=4, rounds=3, progress=heard.append)
    assert heard == [1, 2, 3]


@pytest.mark.parametrize("wrong", [{"away": 1.5}, {"avoid": -0.1}, {"rounds": -1}])
def test_what_cannot_be_played_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        simulate_coffee(people=4, **wrong)  # type: ignore[arg-type]
