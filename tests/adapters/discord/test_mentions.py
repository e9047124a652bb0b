"""What somebody typed on Discord comes out of Discord's syntax letter for letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.mentions import from_discord
from bot.domain.commands import MENTION


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("avoid <@12>", "avoid <@12>"),
        ("avoid <@!12> please", "avoid <@12> please"),
        ("in <#34>", "in <#34>"),
        ("thanks <@&56> and <@&57>", "thanks @makers and @57"),
        ("try </coffee why:99>", "try /coffee why"),
        ("<:tea:12345678901234567> at <t:1700000000:F>", "<:tea:12345678901234567> at <t:1700000000:F>"),
        ("a < b > c & **d** @everyone", "a < b > c & **d** @everyone"),
        ("", ""),
    ],
)
def test_what_discord_sends_is_what_was_typed(sent: str, typed: str) -> None:
    assert from_discord(sent, roles={"56": "makers"}) == typed


def test_a_role_is_never_taken_for_a_person() -> None:
    read = from_discord("<@&56> <@!12> <@&57>", roles={"57": "<@34>"})
    assert MENTION.findall(read) == ["12"]


@given(st.text("abc <>:!&#t*_\n", max_size=40))
def test_text_without_mentions_stays_as_it_is(text: str) -> None:
    assert from_discord(text) == text
