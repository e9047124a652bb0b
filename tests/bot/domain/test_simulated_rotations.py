"""The care ring and the rotation of hosts of a team that does not exist, played through."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ring import RingRule
from bot.domain.simulated_rotations import simulate_host, simulate_ring
from bot.domain.simulated_team import SimulatedTeam
from bot.domain.simulation import simulate_coffee


@settings(max_examples=30, deadline=None)
@given(
    people=st.integers(0, 14),
    away=st.sampled_from([0.0, 0.1, 0.5]),
    churn=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 10**6),
)
def test_in_every_round_everyone_present_cares_for_one_and_is_cared_for_by_one(
    people: int, away: float, churn: float, seed: int
) -> None:
    played = simulate_ring(people=people, rounds=12, away=away, churn=churn, seed=seed)
    assert len(played.rounds) == 12
    for each in played.rounds:
        if len(each.present) < 2:
            assert each.cares_for == {}
        else:
            assert sorted(each.cares_for) == sorted(each.cares_for.values()) == list(each.present)
        if len(each.present) > 2:
            assert all(a != b and each.cares_for[b] != a for a, b in each.cares_for.items())
    taken = Counter(carer for each in played.rounds for carer in each.cares_for)
    assert {each: count for each, count in played.turns.items() if count} == taken
    if not churn and not away:
        assert all(each.present == tuple(range(people)) for each in played.rounds)


def test_a_year_of_a_small_team_goes_without_anybody_having_the_same_person_too_early() -> None:
    for people in range(3, 13):
        played = simulate_ring(people=people)
        assert (played.first_repeat, played.gave_way) == (None, {})
        assert set(played.turns.values()) == {52}


def test_people_who_are_replaced_one_by_one_do_not_disturb_the_ring() -> None:
    for people in (4, 7, 10, 20):
        for seed in range(4):
            played = simulate_ring(people=people, rounds=people, churn=0.1, seed=seed)
            assert len(played.turns) > people
            assert played.gave_way == {}


def test_it_is_told_which_rules_gave_way_in_how_many_rounds_and_when_first() -> None:
    assert simulate_ring(people=2, rounds=5).gave_way == {RingRule.NO_MUTUAL: 5}
    told = [simulate_ring(people=6, rounds=60, away=0.1, seed=seed) for seed in range(20)]
    repeats = [played for played in told if played.first_repeat is not None]
    assert 0 < len(repeats) < 20
    for played in repeats:
        rounds = [i for i, each in enumerate(played.rounds) if RingRule.NO_REPEAT in each.gave_way]
        assert (played.first_repeat, played.gave_way[RingRule.NO_REPEAT]) == (rounds[0], len(rounds))


def test_with_a_tenth_away_at_random_it_is_rare_that_somebody_has_the_same_person_too_early() -> None:
    rounds = repeats = 0
    for people in range(3, 31):
        for seed in range(3):
            played = simulate_ring(people=people, away=0.1, churn=0.02, seed=seed)
            rounds += len(played.rounds)
            repeats += played.gave_way.get(RingRule.NO_REPEAT, 0)
    assert repeats < rounds / 100


@pytest.mark.parametrize("people", range(3, 31))
def test_after_a_year_people_who_were_there_as_often_have_hosted_as_often_give_or_take_one(
    people: int,
) -> None:
    # the last seeds are years at whose end somebody is away just when the others have had their turns
    hard = {3: [230], 4: [133, 218], 13: [132, 197, 221, 248], 26: [140, 210, 262]}
    for away in (0.0, 0.1):
        for seed in [*range(10), *hard.get(people, [])]:
            played = simulate_host(people=people, away=away, seed=seed)
            there = Counter(member for each in played.rounds for member in each.present)
            turns: dict[int, list[int]] = defaultdict(list)
            for member, rounds in there.items():
                turns[rounds].append(played.turns[member])
            assert all(max(counts) - min(counts) <= 1 for counts in turns.values())


def test_the_host_is_present_and_without_anybody_there_is_none() -> None:
    played = simulate_host(people=2, rounds=40, away=0.6)
    assert any(each.host is None for each in played.rounds)
    for each in played.rounds:
        assert (each.host in each.present) if each.present else each.host is None
    assert sum(played.turns.values()) == sum(bool(each.present) for each in played.rounds)


def test_newcomers_need_not_make_up_for_what_was_hosted_before_they_came() -> None:
    for seed in range(5):
        played = simulate_host(people=6, rounds=100, churn=0.03, seed=seed)
        assert len(played.turns) > 15
        assert all(one.host != other.host for one, other in pairwise(played.rounds))


def test_the_same_seed_plays_the_same_and_another_plays_another() -> None:
    for play in (simulate_ring, simulate_host):
        same = [play(people=11, rounds=12, away=0.2, churn=0.05, seed=seed) for seed in (1, 1, 2)]
        assert same[0] == same[1]
        assert same[0] != same[2]


def test_all_rituals_are_played_by_the_same_people() -> None:
    there = [
        [each.present for each in play(people=9, rounds=10, away=0.2, churn=0.05, seed=4).rounds]
        for play in (simulate_ring, simulate_host, simulate_coffee)
    ]
    assert there[0] == there[1] == there[2]


def test_newcomers_have_new_numbers() -> None:
    team = SimulatedTeam(3, away=0, churn=1, seed=1)
    assert list(team.replaced()) == [(0, 3), (1, 4), (2, 5)]
    assert (team.members, team.ever, team.present()) == ([3, 4, 5], 6, [3, 4, 5])


def test_progress_hears_each_round() -> None:
    heard: list[int] = []
    simulate_ring(people=4, rounds=3, progress=heard.append)
    simulate_host(people=4, rounds=2, progress=heard.append)
    assert heard == [1, 2, 3, 1, 2]


@pytest.mark.parametrize("wrong", [{"away": 1.5}, {"churn": -0.1}, {"rounds": -1}, {"people": -1}])
def test_what_cannot_be_played_is_refused(wrong: dict[str, float]) -> None:
    for play in (simulate_ring, simulate_host):
        with pytest.raises(ValueError, match="not negative"):
            play(**{"people": 4, **wrong})  # type: ignore[arg-type]
