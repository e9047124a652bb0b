"""Discord keeps the platforms' contract, with the privileged intent and without it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.adapters.contract import ChatPlatformContract
from tests.adapters.discord.bench import DiscordBench, inhabited, over_gateway
from tests.adapters.platform_bench import Bench
from tests.fakes.discord import FakeDiscord


class TestDiscord(ChatPlatformContract):
    """Passes what every platform passes."""

    @pytest.fixture
    async def bench(self) -> AsyncIterator[DiscordBench]:
        async with FakeDiscord(members_intent=True) as discord, over_gateway(inhabited(discord)) as bench:
            yield bench

    def test_the_bench_is_a_bench(self, bench: DiscordBench) -> None:
        as_bench: Bench = bench
        assert as_bench.platform.name == "discord"


class TestDiscordWithoutTheIntent(ChatPlatformContract):
    """The same where nobody can be listed."""

    @pytest.fixture
    async def bench(self) -> AsyncIterator[DiscordBench]:
        async with FakeDiscord(members_intent=False) as discord, over_gateway(inhabited(discord)) as bench:
            yield bench
