"""Slack keeps the platforms' contract, over sockets and over HTTP, with the manifest that people install."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.slack.manifest import manifest
from tests.adapters.contract import ChatPlatformContract
from tests.adapters.platform_bench import Bench
from tests.adapters.slack.bench import SlackBench, inhabited, over_http, over_sockets
from tests.fakes.slack import FakeSlack


class TestSlack(ChatPlatformContract):
    """Passes what every platform passes."""

    @pytest.fixture
    async def bench(self) -> AsyncIterator[SlackBench]:
        async with FakeSlack() as slack:
            slack.install(manifest())
            async with over_sockets(inhabited(slack)) as bench:
                yield bench

    def test_the_bench_is_a_bench(self, bench: SlackBench) -> None:
        as_bench: Bench = bench
        assert as_bench.platform.name == "slack"


class TestSlackThatMayReadHistory(ChatPlatformContract):
    """With the scopes that are a choice, what was sent can be found."""

    @pytest.fixture
    async def bench(self) -> AsyncIterator[SlackBench]:
        async with FakeSlack() as slack:
            slack.install(manifest(with_history=True))
            async with over_sockets(inhabited(slack)) as bench:
                yield bench


class TestSlackOverHttp(ChatPlatformContract):
    """Passes it without a socket too."""

    @pytest.fixture
    async def bench(self) -> AsyncIterator[SlackBench]:
        async with FakeSlack() as slack:
            slack.install(manifest(http="https://kinkeeper.example.org"))
            async with over_http(inhabited(slack)) as bench:
                yield bench
