"""When all will have met, if everybody always comes: the same as when it is played."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.forecast import rounds_until_all_met
from bot.domain.matching import plan_round
from bot.domain.pairs import History, Participant, pairs_of
from bot.domain.season import begin, current, missing, rounds_left


def lots(seed: int) -> list[Random]:
    return [Random(f"{seed} {number}") for number in range(80)]


@settings(max_examples=20, deadline=None)
@given(
    n=st.integers(2, 11),
    joined=st.integers(0, 2),
    played=st.integers(0, 4),
    seed=st.integers(0, 10**6),
)
def test_what_is_promised_comes_true_and_stays_promised_round_by_round(
    n: int, joined: int, played: int, seed: int
) -> None:
    season = begin(range(n), odd="bye", began=0, rng=Random(seed))
    history = History.of(season.rounds()[:played])
    team = [Participant(each) for each in range(n + joined)]
    promised = rounds_until_all_met(team, history=history, season=season, since=0, odd="bye", lots=lots(seed))
    assert promised is not None
    assert promised >= rounds_left(missing(history, range(n + joined)), range(n + joined))
    for number in range(promised):
        assert missing(history, range(n + joined))
        rng = lots(seed)[number]
        season = current(season, range(n + joined), history=history, odd="bye", rng=rng)
        plan = plan_round(team, history=history, odd="bye", season=season, rng=rng)
        out = {bye.member for bye in plan.byes}
        team = [
            replace(each, byes=each.byes + 1, last_bye=history.round) if each.id in out else each
            for each in team
        ]
        history = history.after(group.members for group in plan.groups)
        rest = rounds_until_all_met(
            team, history=history, season=season, since=0, odd="bye", lots=lots(seed)[number + 1 :]
        )
        assert rest == promised - number - 1
    assert not missing(history, range(n + joined))


def test_there_is_none_where_the_rounds_do_not_last() -> None:
    four = [Participant(each) for each in range(4)]
    assert (
        rounds_until_all_met(
            four, history=History(), season=None, since=0, odd="bye", lots=[Random(1), Random(2)]
        )
        is None
    )


def test_larger_groups_are_played_to_the_end_as_well() -> None:
    nine = [Participant(each) for each in range(9)]
    rounds = rounds_until_all_met(
        nine, history=History(), season=None, since=0, group_size=3, odd="trio", lots=lots(1)
    )
    assert rounds == 4
    assert len(pairs_of(range(9))) == rounds * 9
