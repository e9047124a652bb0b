"""The Bolt app, which takes Slack's events apart. Who the bot is it is told, and asks nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

_log = logging.getLogger("kinkeeper.slack.bolt")
_log.setLevel(logging.ERROR)  # it warns of what is meant, and below that it logs what people write


def bolt_app(client: AsyncWebClient, *, identity: Callable[[], Mapping[str, Any]]) -> AsyncApp:
    """An app for one workspace; `identity` is what `auth.test` answered, known before the first event comes.

    By itself Bolt would ask Slack at the first event, and where that fails tell people to install the app again.
    """

    async def authorized() -> AuthorizeResult:
        who = identity()
        return AuthorizeResult(
            enterprise_id=who.get("enterprise_id"),
            team_id=who.get("team_id"),
            bot_user_id=who.get("user_id"),
            bot_id=who.get("bot_id"),
            bot_token=client.token,
        )

    return AsyncApp(
        name="kinkeeper",
        client=client,
        authorize=authorized,
        logger=_log,
        request_verification_enabled=False,  # before it reads anything: `Requests` sees to that
    )
