"""What the tests of the make-believe Slack share: a small team, an app made with Bolt, a few blocks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.workspace import Clock

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
ANA, BEN, CHLOE = "U0ANA", "U0BEN", "U0CHLOE"
COFFEE = "C0COFFEE"
BUTTONS: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Did you *meet* <@U0BEN>?"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "met:42",
                "value": "met:42",
                "text": {"type": "plain_text", "text": "We met"},
            }
        ],
    },
]
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Thanks"},
    "submit": {"type": "plain_text", "text": "Say it"},
    "blocks": [
        {
            "type": "input",
            "block_id": "to",
            "label": {"type": "plain_text", "text": "To whom"},
            "element": {"type": "multi_users_select", "action_id": "typed"},
        },
        {
            "type": "input",
            "block_id": "words",
            "label": {"type": "plain_text", "text": "Your words"},
            "element": {"type": "plain_text_input", "action_id": "typed", "multiline": True},
        },
    ],
}


@asynccontextmanager
async def small_team(clock: Clock) -> AsyncIterator[FakeSlack]:
    """Ana, Ben and Chloe in #coffee, where the bot is too."""
    async with FakeSlack(clock=clock) as slack:
        for name in ("ana", "ben", "chloe"):
            slack.workspace.add_person(name)
        slack.workspace.add_channel("coffee", members=[ANA, BEN, CHLOE])
        yield slack


@asynccontextmanager
async def web_client(slack: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    """Slack's own client, which tries nothing twice."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(slack.bot_token, base_url=slack.url, session=session, retry_handlers=[])


@asynccontextmanager
async def connected(bolt: AsyncApp, *, ping: float = 0.2) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(bolt, FakeSlack.app_token, ping_interval=ping)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield handler
    finally:
        running = handler.client
        tasks = [running.message_processor, running.current_session_monitor, running.message_receiver]
        await handler.close_async()  # type: ignore[no-untyped-call]
        await asyncio.gather(*(t for t in tasks if t is not None), return_exceptions=True)


async def refused(call: Awaitable[object]) -> Mapping[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        await call
    data: Mapping[str, Any] = caught.value.response.data
    return data
