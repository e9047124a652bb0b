"""A coffee round: who meets whom, who sits out, and what each is told about it."""

from collections.abc import Collection, Iterable
from random import Random
from typing import Literal

import pytest
import rustworkx
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.matching import plan_round
from bot.domain.pairs import (
    History,
    Pair,
    Participant,
    Partner,
    Plan,
    Prefers,
    Reason,
    SoftRule,
    Why,
    pair,
    pairs_of,
)
from bot.domain.season import Odd, SeasonPlan, begin

ANA, BEN, CHLOE, DAN, EVA = 1, 2, 3, 4, 5


def people(ids: Iterable[int]) -> list[Participant]:
    return [Participant(each) for each in ids]


def members(plan: Plan) -> list[tuple[int, ...]]:
    return [group.members for group in plan.groups]


def reason(plan: Plan, member: int) -> Reason:
    given = {each: why for group in plan.groups for each, why in group.reasons.items()}
    return (given | {bye.member: bye.reason for bye in plan.byes})[member]


def most_pairs(ids: Collection[int], allowed: Collection[Pair]) -> int:
    graph: rustworkx.PyGraph[int, None] = rustworkx.PyGraph()
    at = {each: graph.add_node(each) for each in ids}
    graph.add_edges_from([(at[a], at[b], None) for a, b in allowed])
    return len(rustworkx.max_weight_matching(graph, max_cardinality=True))


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Participant], History, frozenset[Pair], SeasonPlan | None, int]:
    """People with turns and preferences, a past, avoidances and perhaps a season that others began."""
    seed = draw(st.integers(0, 10**6))
    rng = Random(seed)
    n = draw(st.integers(0, 12))
    everyone = list(range(n + 2))
    share = draw(st.sampled_from([0, 0.2, 0.6]))
    avoid = frozenset(each for each in pairs_of(everyone) if rng.random() < share)
    rounds = []
    for _ in range(draw(st.integers(0, 6))):
        rng.shuffle(everyone)
        rounds.append([everyone[at : at + 2] for at in range(0, n // 2 * 2, 2)])
    past = [each for groups in rounds for each in groups]
    owed = [pair(*each) for each in past if rng.random() < 0.1]
    history = History.of(rounds, owed=owed)
    present = [
        Participant(
            each, rng.choice(("trio", "bye", "either")), byes=rng.randrange(3), trios=rng.randrange(3)
        )
        for each in sorted(rng.sample(everyone, n))
    ]
    odd: Odd = rng.choice(("trio", "bye"))
    season = (
        begin(rng.sample(everyone, n), odd=odd, began=rng.randrange(3), rng=rng)
        if rng.random() < 0.7
        else None
    )
    return present, history, avoid, season, seed


SITUATIONS = situations()
ODD: st.SearchStrategy[Odd] = st.sampled_from(["trio", "bye"])


@settings(max_examples=60, deadline=None)
@given(SITUATIONS, ODD, st.integers(2, 8))
def test_everyone_present_is_in_one_group_or_has_one_bye_and_nobody_meets_whom_they_avoid(
    situation: tuple[list[Participant], History, frozenset[Pair], SeasonPlan | None, int], odd: Odd, size: int
) -> None:
    present, history, avoid, season, seed = situation
    plan = plan_round(
        present, history=history, avoid=avoid, group_size=size, odd=odd, season=season, rng=Random(seed)
    )
    placed = [each for group in members(plan) for each in group] + [bye.member for bye in plan.byes]
    assert sorted(placed) == [each.id for each in present]
    assert all(2 <= len(group) <= 8 for group in members(plan))
    assert avoid.isdisjoint(each for group in members(plan) for each in pairs_of(group))
    if size == 2:
        assert sum(len(group) == 3 for group in members(plan)) <= (odd == "trio" and len(present) % 2)
        assert all(len(group) <= 3 for group in members(plan))
    assert all(set(group.reasons) == set(group.members) for group in plan.groups)
    again = plan_round(
        present[::-1], history=history, avoid=avoid, group_size=size, odd=odd, season=season, rng=Random(seed)
    )
    assert again == plan


@settings(max_examples=60, deadline=None)
@given(SITUATIONS, ODD)
def test_in_pairs_nobody_is_left_out_whom_another_plan_could_place(
    situation: tuple[list[Participant], History, frozenset[Pair], SeasonPlan | None, int], odd: Odd
) -> None:
    present, history, avoid, season, seed = situation
    plan = plan_round(present, history=history, avoid=avoid, odd=odd, season=season, rng=Random(seed))
    ids = [each.id for each in present]
    most = most_pairs(ids, [each for each in pairs_of(ids) if each not in avoid])
    assert len(plan.byes) <= len(ids) - 2 * most


@settings(max_examples=60, deadline=None)
@given(SITUATIONS, ODD)
def test_no_pair_repeats_while_both_could_have_met_somebody_new_who_is_free(
    situation: tuple[list[Participant], History, frozenset[Pair], SeasonPlan | None, int], odd: Odd
) -> None:
    present, history, avoid, season, seed = situation
    plan = plan_round(present, history=history, avoid=avoid, odd=odd, season=season, rng=Random(seed))
    repeated = [each for each in members(plan) if len(each) == 2 and each in history.last]

    def new(a: int, b: int) -> bool:
        return pair(a, b) not in history.last and pair(a, b) not in avoid

    for number, (a, b) in enumerate(repeated):
        for c, d in repeated[number + 1 :]:
            assert not (new(a, c) and new(b, d))
            assert not (new(a, d) and new(b, c))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 10), st.integers(0, 10**6))
def test_with_an_even_number_the_fewest_pairs_repeat_that_can(half: int, seed: int) -> None:
    rng = Random(seed)
    ids = list(range(2 * half if half < 6 else half * 2))
    met = [each for each in pairs_of(ids) if rng.random() < 0.7]
    plan = plan_round(people(ids), history=History.of([met]), rng=rng)
    assert len(members(plan)) == half
    assert sum(each not in met for each in members(plan)) == most_pairs(ids, set(pairs_of(ids)) - set(met))


@pytest.mark.parametrize(
    ("n", "odd", "rounds"), [(4, "trio", 3), (9, "bye", 9), (9, "trio", 6), (10, "bye", 9)]
)
def test_a_season_introduces_everyone_to_everyone_once(n: int, odd: Odd, rounds: int) -> None:
    for seed in range(10):
        rng = Random(seed)
        season, history = begin(range(n), odd=odd, began=0, rng=rng), History()
        byes, trios = dict.fromkeys(range(n), 0), dict.fromkeys(range(n), 0)
        for _ in range(rounds):
            present = [Participant(each, byes=byes[each], trios=trios[each]) for each in range(n)]
            plan = plan_round(present, history=history, odd=odd, season=season, rng=rng)
            history = history.after(members(plan))
            for bye in plan.byes:
                assert bye.kind == "turn"
                byes[bye.member] += 1
            for each in (each for group in members(plan) if len(group) == 3 for each in group):
                trios[each] += 1
        assert sorted(history.last) == pairs_of(range(n))
        assert set(history.times.values()) == {1}
        assert max(byes.values()) == min(byes.values())
        assert max(trios.values()) == min(trios.values())


def test_never_introduced_comes_before_owed_again_and_that_before_longest_since() -> None:
    history = History.of([[(ANA, BEN), (CHLOE, DAN)], [(ANA, CHLOE), (BEN, DAN)], [(ANA, DAN)]])
    four = people([ANA, BEN, CHLOE, DAN])
    assert members(plan_round(four, history=history, rng=Random(1))) == [(ANA, DAN), (BEN, CHLOE)]
    history = history.after([(BEN, CHLOE)])
    assert members(plan_round(four, history=history, rng=Random(1))) == [(ANA, BEN), (CHLOE, DAN)]
    owed = History(history.times, history.last, frozenset({(BEN, DAN)}), history.round)
    assert members(plan_round(four, history=owed, rng=Random(1))) == [(ANA, CHLOE), (BEN, DAN)]


def test_working_hours_in_common_come_before_the_mix_of_groups_and_both_after_who_has_not_met() -> None:
    design, platform = frozenset({"design"}), frozenset({"platform"})
    four = [
        Participant(ANA, groups=design),
        Participant(BEN, groups=design),
        Participant(CHLOE, groups=platform),
        Participant(DAN, groups=platform),
    ]
    hours = {(ANA, BEN): 1.0, (CHLOE, DAN): 1.0}
    for seed in range(8):
        mixed = plan_round(four, history=History(), rng=Random(seed))
        assert (ANA, BEN) not in members(mixed)
        overlapping = plan_round(
            four, history=History(), overlap=lambda a, b: hours.get(pair(a, b), 0.3), rng=Random(seed)
        )
        assert members(overlapping) == [(ANA, BEN), (CHLOE, DAN)]
        met = History.of([[(ANA, BEN)]])
        new = plan_round(four, history=met, overlap=lambda a, b: hours.get(pair(a, b), 0.3), rng=Random(seed))
        assert (ANA, BEN) not in members(new)


def test_two_people_meet_again_and_again_and_one_alone_sits_out() -> None:
    history = History.of([[(ANA, BEN)]] * 5)
    assert members(plan_round(people([ANA, BEN]), history=history, rng=Random(1))) == [(ANA, BEN)]
    assert plan_round([], history=history, rng=Random(1)) == Plan()
    for odd in ("trio", "bye"):
        plan = plan_round(people([ANA]), history=history, odd=odd, rng=Random(1))
        assert [(bye.member, bye.kind, bye.reason.why) for bye in plan.byes] == [
            (ANA, "no_match", Why.NO_MATCH_LEFT)
        ]


@pytest.mark.parametrize("odd", ["trio", "bye"])
@pytest.mark.parametrize(("n", "size"), [(1, 2), (2, 5), (6, 8), (9, 2), (10, 4)])
def test_who_avoids_everybody_or_is_alone_is_told_the_same_and_the_round_runs_for_the_others(
    n: int, size: int, odd: Odd
) -> None:
    avoid = frozenset((0, each) for each in range(1, n))
    plan = plan_round(
        people(range(n)), history=History(), avoid=avoid, group_size=size, odd=odd, rng=Random(1)
    )
    assert sum(len(group) for group in members(plan)) >= n - 2 if n > 2 else not members(plan)
    [mine] = [bye for bye in plan.byes if bye.member == 0]
    assert mine.reason in (Reason(Why.NO_MATCH_LEFT), Reason(Why.BYE_TURN))
    without = plan_round(
        people(range(1, n)), history=History(), avoid=avoid, group_size=size, odd=odd, rng=Random(1)
    )
    for member in {each for group in members(plan) for each in group}:
        assert reason(plan, member).gave_way == reason(without, member).gave_way == ()


def test_where_three_cannot_be_together_the_trio_gives_way_to_a_bye() -> None:
    plan = plan_round(
        people([ANA, BEN, CHLOE]), history=History(), avoid=frozenset({(ANA, BEN)}), odd="trio", rng=Random(1)
    )
    assert [len(each) for each in members(plan)] == [2]
    assert len(plan.byes) == 1


def test_a_bye_goes_to_whoever_sat_out_least_and_a_preference_decides_between_equals_only() -> None:
    def out(*present: Participant) -> int:
        return plan_round(present, history=History(), odd="bye", rng=Random(1)).byes[0].member

    likes: Prefers = "bye"
    assert out(Participant(ANA, byes=2), Participant(BEN, byes=1), Participant(CHLOE, byes=2)) == BEN
    assert out(Participant(ANA), Participant(BEN), Participant(CHLOE, likes)) == CHLOE
    assert out(Participant(ANA), Participant(BEN, "trio"), Participant(CHLOE, likes, byes=1)) == ANA
    assert (
        out(Participant(ANA, last_bye=4), Participant(BEN, last_bye=2), Participant(CHLOE, last_bye=3)) == BEN
    )


def test_a_trio_is_of_those_with_fewest_turns_and_then_of_those_who_like_it() -> None:
    def trio(**given: dict[int, float]) -> tuple[int, ...]:
        likes: dict[int, Prefers] = {3: "trio", 4: "trio", 5: "trio"}
        present = [
            Participant(each, likes.get(each, "either"), trios=given["turns"].get(each, 0.0))
            for each in range(7)
        ]
        plan = plan_round(present, history=History(), odd="trio", rng=Random(1))
        return next(group for group in members(plan) if len(group) == 3)

    assert trio(turns={}) == (3, 4, 5)
    assert trio(turns={3: 1, 4: 1, 5: 1, 6: 1}) == (0, 1, 2)


@pytest.mark.parametrize(
    ("n", "size", "sizes"),
    [
        (9, 3, [3, 3, 3]),
        (10, 3, [3, 3, 4]),
        (5, 3, [2, 3]),
        (7, 4, [3, 4]),
        (2, 5, [2]),
        (8, 8, [8]),
        (9, 8, [4, 5]),
        (17, 8, [5, 6, 6]),
        (30, 4, [4] * 5 + [5] * 2),
    ],
)
def test_larger_groups_have_the_size_asked_for_or_one_more_or_fewer(
    n: int, size: int, sizes: list[int]
) -> None:
    plan = plan_round(people(range(n)), history=History(), group_size=size, rng=Random(1))
    assert sorted(map(len, members(plan))) == sizes
    assert plan.byes == ()


def test_larger_groups_rarely_repeat_a_pair() -> None:
    rng, history = Random(1), History()
    for _ in range(4):
        plan = plan_round(people(range(16)), history=history, group_size=3, rng=rng)
        history = history.after(members(plan))
    assert max(history.times.values()) == 1


@pytest.mark.parametrize("size", [1, 9])
def test_a_group_size_that_cannot_be_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="2 to 8"):
        plan_round(people([ANA, BEN]), history=History(), group_size=size, rng=Random(1))


def test_nobody_is_present_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        plan_round(people([ANA, ANA]), history=History(), rng=Random(1))


def test_each_is_told_why_this_partner_and_which_rule_gave_way() -> None:
    history = History.of([[(ANA, BEN)], [(CHLOE, DAN)], [(ANA, CHLOE)]])
    two = plan_round(people([ANA, BEN]), history=history, rng=Random(1))
    assert reason(two, ANA) == Reason(Why.LONGEST_SINCE, (Partner(BEN, Why.LONGEST_SINCE, 0),))
    new = plan_round(people([ANA, DAN]), history=history, rng=Random(1))
    assert reason(new, DAN) == Reason(Why.NEVER_INTRODUCED, (Partner(ANA, Why.NEVER_INTRODUCED, None),))
    owed = History.of([[(ANA, BEN)]], owed=[(BEN, ANA)])
    assert reason(plan_round(people([ANA, BEN]), history=owed, rng=Random(1)), BEN).why is Why.OWED_AGAIN
    # Eva has met only Ana, and everybody else has met: whoever is not with Eva may not be with somebody new.
    met = History.of([[each] for each in pairs_of([ANA, BEN, CHLOE])])
    plan = plan_round(people([ANA, BEN, CHLOE, EVA]), history=met, rng=Random(1))
    with_eva = next(group for group in members(plan) if EVA in group)
    for member in {ANA, BEN, CHLOE} - set(with_eva):
        assert reason(plan, member).gave_way[0] is SoftRule.NEVER_INTRODUCED
    assert reason(plan, EVA).gave_way == ()
    apart = plan_round(people([ANA, BEN]), history=History(), overlap=lambda a, b: 0.0, rng=Random(1))
    assert reason(apart, ANA).gave_way == ()


def test_in_a_trio_each_is_told_of_the_odd_number_and_of_both_partners() -> None:
    plan = plan_round(
        people([ANA, BEN, CHLOE]), history=History.of([[(ANA, BEN)]]), odd="trio", rng=Random(1)
    )
    assert reason(plan, ANA).why is Why.TRIO_BECAUSE_ODD
    assert [(each.member, each.why) for each in reason(plan, ANA).partners] == [
        (BEN, Why.LONGEST_SINCE),
        (CHLOE, Why.NEVER_INTRODUCED),
    ]


def test_two_who_avoid_each_other_are_told_what_one_alone_is_told() -> None:
    alone = plan_round(people([ANA]), history=History(), rng=Random(1))
    both = plan_round(people([ANA, BEN]), history=History(), avoid=frozenset({(ANA, BEN)}), rng=Random(1))
    assert reason(both, ANA) == reason(both, BEN) == reason(alone, ANA)
    assert {bye.kind for bye in both.byes} == {bye.kind for bye in alone.byes}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([4, 6, 8]))
def test_no_reason_tells_an_avoided_member_from_one_who_is_away(seed: int, n: int) -> None:
    rng = Random(seed)
    history = History.of([[each] for each in pairs_of(range(n)) if rng.random() < 0.6])
    avoid = frozenset({(0, n - 1)})
    plan = plan_round(people(range(n)), history=history, avoid=avoid, rng=rng)
    told = reason(plan, 0)
    assert n - 1 not in {each.member for each in told.partners}
    others = [each for each in range(1, n - 1) if each not in {partner.member for partner in told.partners}]
    could_be_new = any(pair(0, each) not in history.last for each in others)
    if told.why is Why.LONGEST_SINCE:
        assert (SoftRule.NEVER_INTRODUCED in told.gave_way) == could_be_new
        since = told.partners[0].last
        assert since is not None
        earlier = any(history.last.get((0, each), since) < since for each in others)
        assert (SoftRule.LONGEST_SINCE in told.gave_way) == earlier


def test_a_thousand_people_are_all_paired_without_a_repeat() -> None:
    rng = Random(1)
    season, history = begin(range(1000), odd="bye", began=0, rng=rng), History()
    kinds: set[Literal["turn", "no_match"]] = set()
    for number in range(4):
        present = people(each for each in range(1000) if rng.random() < 0.9 or number == 0)
        avoid = frozenset(pair(*rng.sample(range(1000), 2)) for _ in range(500))
        plan = plan_round(present, history=history, avoid=avoid, odd="bye", season=season, rng=rng)
        assert len(plan.byes) == len(present) % 2
        assert avoid.isdisjoint(members(plan))
        kinds |= {bye.kind for bye in plan.byes}
        history = history.after(members(plan))
    assert set(history.times.values()) == {1}
    assert kinds <= {"turn"}


def test_in_a_later_season_a_pair_never_introduced_still_comes_before_two_not_yet_met_this_season() -> None:
    season = SeasonPlan((ANA, BEN, CHLOE, DAN), 1, began=3)
    met = [(ANA, BEN), (ANA, CHLOE), (BEN, DAN), (ANA, DAN), (BEN, CHLOE)]
    history = History.of([[met[0]], met[1:3], met[3:], [(ANA, BEN)]])
    plan = plan_round(
        people([ANA, BEN, CHLOE, DAN]), history=history, odd="bye", season=season, rng=Random(1)
    )
    assert members(plan) == [(ANA, BEN), (CHLOE, DAN)]


def test_a_pair_that_has_not_met_this_season_comes_before_pairs_that_have_rested() -> None:
    mixed, rest = [(0, 1), (2, 3), (4, 6), (5, 7)], [(0, 2), (1, 3), (4, 6), (5, 7)]
    others = [each for each in pairs_of(range(8)) if each not in mixed and each not in rest]
    rounds = [[(0, 1)], [], [*rest], [], [], [(2, 3)], [], [], others]
    for began, expected in [(1, mixed), (0, rest)]:  # 0+1 have met before the season, or in it
        season = SeasonPlan((), 1, began=began)
        plan = plan_round(people(range(8)), history=History.of(rounds), season=season, rng=Random(1))
        assert members(plan) == expected


def test_nobody_is_with_whom_they_were_with_just_before_for_the_sake_of_the_season() -> None:
    rounds = [
        [(ANA, BEN)],
        [],
        [],
        [(ANA, CHLOE), (BEN, DAN)],
        [(ANA, DAN), (BEN, CHLOE)],
        [],
        [(CHLOE, DAN)],
    ]
    plan = plan_round(
        people([ANA, BEN, CHLOE, DAN]),
        history=History.of(rounds),
        season=SeasonPlan((), 1, began=1),
        rng=Random(1),
    )
    assert members(plan) == [(ANA, CHLOE), (BEN, DAN)]


def test_each_partner_is_named_with_when_they_met_last_and_whether_that_is_longest_ago() -> None:
    history = History.of([[(ANA, DAN)], [(ANA, BEN)], [(ANA, CHLOE)]])
    plan = plan_round(people([ANA, BEN, CHLOE]), history=history, rng=Random(1))
    assert [each.last for each in reason(plan, ANA).partners] == [1, 2]
    assert [each.last for each in reason(plan, CHLOE).partners] == [2, None]
    assert SoftRule.LONGEST_SINCE not in reason(plan, ANA).gave_way
    avoid = frozenset({(BEN, DAN), (CHLOE, DAN), (BEN, CHLOE)})
    forced = plan_round(
        [Participant(ANA), Participant(CHLOE, byes=5), Participant(DAN), Participant(BEN)],
        history=history,
        avoid=avoid,
        rng=Random(1),
    )
    assert members(forced) == [(ANA, CHLOE)]
    assert reason(forced, ANA).gave_way == (SoftRule.LONGEST_SINCE,)


def test_where_several_must_sit_out_it_is_those_who_did_so_least() -> None:
    avoid = frozenset(pairs_of([BEN, CHLOE, DAN]))  # all of them can only meet Ana
    for often in (BEN, CHLOE, DAN):
        present = [Participant(each, byes=3.0 if each == often else 1.0) for each in (ANA, BEN, CHLOE, DAN)]
        history = History.of([[(ANA, often)]])  # turns come first, even so
        assert members(plan_round(present, history=history, avoid=avoid, rng=Random(1))) == [(ANA, often)]


def test_of_several_who_sit_out_in_an_odd_round_one_has_a_turn_and_the_others_no_match() -> None:
    three = people([ANA, BEN, CHLOE])
    avoid = frozenset(pairs_of([ANA, BEN, CHLOE]))
    plan = plan_round(three, history=History(), avoid=avoid, odd="bye", rng=Random(1))
    assert sorted(bye.kind for bye in plan.byes) == ["no_match", "no_match", "turn"]


def test_nobody_is_left_over_for_want_of_a_trio_among_those_whose_turn_it_is() -> None:
    avoid = frozenset(pairs_of(range(14)))
    present = [Participant(each, trios=0.0 if each < 14 else 1.0) for each in range(31)]
    plan = plan_round(present, history=History(), avoid=avoid, odd="trio", rng=Random(1))
    assert plan.byes == ()


def test_in_a_large_round_nobody_is_left_out_who_could_meet_only_one_other() -> None:
    avoid = frozenset((0, each) for each in range(1, 299))
    plan = plan_round(people(range(300)), history=History(), avoid=avoid, rng=Random(1))
    assert plan.byes == ()
    assert (0, 299) in members(plan)
