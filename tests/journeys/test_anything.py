"""Whatever is typed, pressed or sent, somebody gets a sentence, and nothing breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.db.models import Ritual
from bot.domain.commands import COMMANDS
from bot.domain.interactions import Answer, Ask, Refused, Reply
from bot.domain.messages import Form
from bot.domain.phrasing import plain, plain_message
from bot.domain.states import RitualState
from tests.world import MONDAY, World, open_database, world

NAMED = ["monday-coffee", "<@ben>", "<@nobody>", "<@>", "@ana"]
VERBS = [verb.name for verbs in COMMANDS.values() for verb in verbs]
WORDS = st.one_of(
    st.sampled_from([*VERBS, *NAMED, "tomorrow", "2026-12-24", "9" * 30]),
    st.text(max_size=12),
    st.text(alphabet="\x00\ud800 <@>#'\";%_\\{}²İ", max_size=8),
)
TYPED = st.lists(WORDS, max_size=5).map(" ".join)
NAMES = st.one_of(st.sampled_from([*COMMANDS, "Coffee", "cofee", "thanks"]), st.text(max_size=10))
ACTIONS = st.one_of(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["met", "not", "rescheduled", "time", "in", "out", "pause", "1", "2", "0", "-1", ""]
            ),
            st.integers().map(str),
            st.text(max_size=6),
        ),
        max_size=4,
    ).map(":".join),
    st.text(max_size=40),
)


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@asynccontextmanager
async def acme_on(url: str, tmp_path: Path) -> AsyncIterator[World]:
    sessions = open_database(url)
    async with world(sessions, tmp_path) as acme:
        await acme.until(MONDAY + timedelta(hours=1))
        yield acme
    await sessions.dispose()


def is_a_sentence(answer: Answer | Form) -> bool:
    match answer:
        case Reply(message):
            said = plain_message(message) if message else ""
            return bool(said.strip()) and "went wrong on my side" not in said
        case Refused(errors):
            return bool(errors) and all(plain(say) for say in errors.values())
        case Ask() | Form():
            return True


def test_any_command_any_button_and_any_form_gets_a_sentence(
    loop: asyncio.Runner, database_url: str, tmp_path: Path
) -> None:
    opened = acme_on(database_url, tmp_path)
    acme = loop.run(opened.__aenter__())

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        name=NAMES,
        typed=TYPED,
        action=ACTIONS,
        until=st.text(max_size=20),
        who=st.sampled_from(["ana", "ben"]),
    )
    @example(name="coffee", typed="avoid <@\x00>", action="met:99999999999", until="", who="ana")
    @example(name="coffee", typed="avoid <@\ud800>", action="time:1:²", until="99999999999", who="ana")
    def whatever(name: str, typed: str, action: str, until: str, who: str) -> None:
        async def go() -> list[Answer | Form]:
            platform = acme.platform
            return [
                await platform.command(who, name, typed),
                await platform.command(who, "coffee", typed),
                await platform.command(who, "kinkeeper", typed),
                await platform.press(who, action),
                await platform.submit(who, "pause", {"until": until, "ritual": typed}),
                await platform.submit(who, action, {"until": until}),
            ]

        for answer in loop.run(go()):
            assert is_a_sentence(answer), answer

    try:
        whatever()
        assert loop.run(acme.count(Ritual, Ritual.state == RitualState.ARCHIVED)) == 0
    finally:
        loop.run(opened.__aexit__(None, None, None))
