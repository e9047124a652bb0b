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
