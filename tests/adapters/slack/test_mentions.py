"""What somebody typed on Slack comes out of Slack's syntax letter for letter."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.slack.mentions import escape, from_slack


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("avoid <@U2>", "avoid <@U2>"),
        ("avoid <@U2|ben> please", "avoid <@U2> please"),
        ("<@W2|ben><@U3|c>", "<@W2><@U3>"),
        ("in <#C1|coffee> and <#C2|>", "in <#C1> and <#C2>"),
        ("see <https://example.org/?a=1&amp;b=2>", "see https://example.org/?a=1&b=2"),
        ("see <http://example.org|example.org>", "see example.org"),
        ("see <https://example.org/|example.org>", "see example.org"),
        ("see <https://example.org/a|this page>", "see https://example.org/a"),
        ("to <mailto:ana@example.org|ana@example.org>", "to ana@example.org"),
        ("to <mailto:ana@example.org>", "to ana@example.org"),
        ("call <tel:+4930123|+49 30 123>", "call +49 30 123"),
        ("<!channel> <!here> <!everyone>", "@channel @here @everyone"),
        ("<!here|here>", "@here"),
        ("<!subteam^S1|@makers> and <!subteam^S2>", "@makers and @S2"),
        ("<!date^1700000000^{date_long}|14 November>", "14 November"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt; is a smaller sign", "&lt; is a smaller sign"),
        ("it &copy; stays &amp;amp;", "it &copy; stays &amp;"),
        ("one > two, as Slack never sends it", "one > two, as Slack never sends it"),
        ("", ""),
    ],
)
def test_what_slack_sends_is_what_was_typed(sent: str, typed: str) -> None:
    assert from_slack(sent) == typed


@given(st.text())
@example("&lt;&amp;lt;")
@example("<@U2|ben> <!channel> <https://example.org|x>")
def test_what_is_escaped_is_read_back_letter_for_letter(text: str) -> None:
    assert from_slack(escape(text)) == text
    assert "<" not in escape(text)
    assert ">" not in escape(text)
