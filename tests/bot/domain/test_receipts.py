"""A receipt is read however it is typed, nobody guesses it, and what is kept of it has nothing in common."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.receipts import EXAMPLE, LENGTH, LETTERS, fresh, hashed, read, written

CODES = st.integers().map(lambda seed: fresh(Random(seed)))
SLIPS = {"0": "oO0", "1": "iIlL1"}


@given(code=CODES, data=st.data())
def test_a_code_is_read_in_any_case_with_any_dashes_and_letters_that_look_alike(
    code: str, data: st.DataObject
) -> None:
    typed = ""
    for letter in code:
        alike = SLIPS.get(letter, letter.upper() + letter.lower())
        typed += data.draw(st.sampled_from(alike)) + data.draw(
            st.sampled_from(["", "", "-", " ", "–", " - "])
        )
    assert read(typed) == code
    assert read(written(code)) == code


@given(code=CODES)
def test_a_code_is_four_groups_of_four(code: str) -> None:
    assert [len(group) for group in written(code).split("-")] == [4, 4, 4, 4]
    assert set(code) <= set(LETTERS)
    assert not set(LETTERS) & set("ILOU")


@given(text=st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_none_and_never_fails(text: str) -> None:
    code = read(text)
    assert code is None or (len(code) == LENGTH and set(code) <= set(LETTERS))


@given(one=CODES, other=CODES)
def test_hashes_of_codes_and_questions_are_all_different(one: str, other: str) -> None:
    kept = [hashed(code, question) for code in {one, other} for question in range(5)]
    assert len(set(kept)) == len(kept)
    assert not any(one in each or other in each for each in kept)


@pytest.mark.parametrize("typed", ["", "K7QD", EXAMPLE + "0", EXAMPLE.replace("K", "U"), "👋" * LENGTH])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read(typed) is None


def test_the_example_looks_like_a_receipt_and_codes_differ() -> None:
    assert read(EXAMPLE) is not None
    rng = Random(1)
    assert len({fresh(rng) for _ in range(1000)}) == 1000
