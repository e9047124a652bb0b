"""Slack's requests over HTTP: what Slack did not sign just now is refused before anybody reads it; Bolt gets the rest.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier

from bot.ports import Clock


class Requests:
    """Hands to a Bolt app what Slack signed with `secret` within the last five minutes by `clock`; without, nothing."""

    def __init__(self, app: AsyncApp, *, secret: str | None, clock: Clock) -> None:
        self._app = app
        self._verifier = SignatureVerifier(secret, clock=_Reading(clock)) if secret else None

    async def answer(self, request: web.Request, *, is_ready: Callable[[], bool]) -> web.Response:
        """401 where the signature is missing, wrong or old; 503 while the app is not ready: Slack comes again."""
        body = await request.read()
        if not self._is_signed(body, request.headers):
            return web.Response(status=401, text="This was not signed by Slack just now.")
        if not is_ready():  # now, not when the request began to come
            return web.Response(status=503, text="Kinkeeper is not connected to Slack.")
        try:
            asked = await to_bolt_request(request)
        except (
            ValueError,
            LookupError,
            AttributeError,
            TypeError,
        ):  # the library takes for granted what is sent
            return web.Response(status=400, text="This makes no sense.")
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    def _is_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        stamp, signature = headers.get("X-Slack-Request-Timestamp"), headers.get("X-Slack-Signature")
        if self._verifier is None or not stamp or not signature:
            return False
        try:
            return self._verifier.is_valid(body, stamp, signature)
        except (ValueError, TypeError):  # no number, no text
            return False


class _Reading(SignatureClock):
    """A clock as the library reads it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()
