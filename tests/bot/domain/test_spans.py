from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.spans import parse_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3 days", timedelta(days=3)),
        ("1 day", timedelta(days=1)),
        ("day", timedelta(days=1)),
        ("90 minutes", timedelta(minutes=90)),
        ("1 minute", timedelta(minutes=1)),
        ("12 hours", timedelta(hours=12)),
        ("2 weeks", timedelta(weeks=2)),
        (" 2  Weeks ", timedelta(weeks=2)),
        ("3days", timedelta(days=3)),
        ("0 hours", timedelta(0)),
    ],
)
def test_a_span_is_a_number_and_a_unit(text: str, span: timedelta) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text",
    ["", "3", "-3 days", "1.5 hours", "3 days 2 hours", "3 months", "9999999 weeks", "999999999999 weeks"],
)
def test_anything_else_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match=r'Expected a whole number .* such as "3 days"'):
        parse_span(text)


def test_a_misspelt_unit_gets_the_nearest_one() -> None:
    with pytest.raises(ValueError, match="Did you mean 'hours'"):
        parse_span("3 huors")
