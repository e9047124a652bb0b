"""The turn ledger: what each member stands at."""

from bot.domain.turns import load, standings

ANA, BEN, CHLOE = 1, 2, 3


def test_turns_of_different_weight_add_up() -> None:
    rows = [(ANA, "host"), (ANA, "bye"), (BEN, "bye")]
    assert load(rows, {"host": 2, "bye": 1}) == {ANA: 3, BEN: 1}


def test_a_newcomer_stands_at_what_the_fewest_of_the_others_stood_at() -> None:
    joined = {ANA: 0.0, BEN: 0.0, CHLOE: 10.0}
    taken = [(ANA, 1.0), (BEN, 2.0), (ANA, 3.0), (ANA, 11.0)]
    assert standings(joined, taken) == {ANA: 3, BEN: 1, CHLOE: 1}


def test_who_comes_back_starts_again_from_there_and_who_left_does_not_count() -> None:
    assert standings({ANA: 0.0, BEN: 9.0}, [(BEN, 1.0), (ANA, 2.0), (ANA, 3.0), (CHLOE, 4.0)]) == {
        ANA: 2,
        BEN: 2,
    }


def test_turns_of_different_weight_count_as_much_as_they_weigh() -> None:
    assert standings({ANA: 0.0, BEN: 0.0}, [(ANA, 1.0, 2.0), (BEN, 2.0, 0.5), (BEN, 3.0)]) == {
        ANA: 2,
        BEN: 1.5,
    }


def test_who_was_away_for_long_has_nothing_to_make_up_for() -> None:
    joined = {ANA: 0.0, BEN: 0.0, CHLOE: 0.0}
    taken = [(ANA, 3.0), (CHLOE, 4.0), (ANA, 5.0), (CHLOE, 6.0), (BEN, 11.0)]
    assert standings(joined, taken, absences=[(BEN, 2.0, 10.0)]) == {ANA: 2, BEN: 3, CHLOE: 2}


def test_who_had_more_turns_before_a_long_absence_keeps_them() -> None:
    taken = [(ANA, 1.0), (ANA, 2.0), (BEN, 3.0), (BEN, 4.0), (BEN, 5.0)]
    assert standings({ANA: 0.0, BEN: 0.0}, taken, absences=[(BEN, 6.0, 7.0)]) == {ANA: 2, BEN: 3}


def test_who_is_away_for_long_does_not_hold_the_minimum_down_for_newcomers() -> None:
    joined = {ANA: 0.0, BEN: 0.0, CHLOE: 9.0}
    taken = [(ANA, 3.0), (ANA, 4.0)]
    assert standings(joined, taken, absences=[(BEN, 2.0, None)]) == {ANA: 2, BEN: 0, CHLOE: 2}


def test_a_turn_taken_while_away_counts() -> None:
    joined = {ANA: 0.0, BEN: 0.0}
    assert standings(joined, [(BEN, 5.0)], absences=[(BEN, 2.0, None)]) == {ANA: 0, BEN: 1}
    assert standings(joined, [(BEN, 5.0)], absences=[(BEN, 2.0, 8.0)]) == {ANA: 0, BEN: 1}
