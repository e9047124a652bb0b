"""Slack over HTTP: what people do is posted to the app's address, signed.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.records import Json
from tests.fakes.slack.sockets import Unacknowledged

SECRET = "the-signing-secret-of-kinkeeper"
FORM = "application/x-www-form-urlencoded"


class Requests:
    """Posts to one address. `age` is how old a request pretends to be (seconds), `secret` what it is signed with."""

    def __init__(self, url: str, *, secret: str = SECRET) -> None:
        self.url = url
        self.secret = secret
        self.age = 0.0
        self.patience = 3.0
        self.answers: list[int] = []  # the status of each answer

    async def deliver(
        self, kind: str, payload: Json, *, retry: int = 0, reason: str = "", times: int = 1
    ) -> Json:
        """Post it, `times` over; what the first answer says. Unacknowledged unless that is a 200 within 3 s."""
        body, content_type = encode(kind, payload)
        first: Json | None = None
        for _ in range(times):
            status, text = await self.post(body, content_type, retry=retry, reason=reason)
            if status != 200:
                raise Unacknowledged(f"{kind} was answered with {status}: {text}")
            first = first if first is not None else _read(text)
        return first or {}

    async def post(
        self, body: str, content_type: str = FORM, *, retry: int = 0, reason: str = "", forged: bool = False
    ) -> tuple[int, str]:
        """One request, and what it was answered."""
        stamp = str(int(time.time() - self.age))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(body, stamp, secret="somebody-else" if forged else self.secret),
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason or "http_timeout"}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.patience)) as session,
                session.post(self.url, data=body.encode(), headers=headers) as response,
            ):
                self.answers.append(response.status)
                return response.status, await response.text()
        except (TimeoutError, aiohttp.ClientError) as problem:
            raise Unacknowledged(f"{self.url} did not answer: {problem!r}") from problem


def sign(body: str, stamp: str, *, secret: str) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()


def encode(kind: str, payload: Json) -> tuple[str, str]:
    """A payload as Slack posts it, and its content type."""
    match kind:
        case "slash_commands":
            return urlencode(payload), FORM
        case "interactive":
            return urlencode({"payload": json.dumps(payload)}), FORM
    return json.dumps(payload), "application/json"


def _read(text: str) -> Json:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {"text": text}
    return found if isinstance(found, dict) else {"text": text}
