"""The API over HTTP: every request's token, form and permissions are checked, and what a test says goes wrong.

https://docs.discord.com/developers/reference
"""

from __future__ import annotations

import asyncio
import json
import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.discord import asking, checking, routes
from tests.fakes.discord.asking import Asked
from tests.fakes.discord.faults import Fault, Faults, Limit
from tests.fakes.discord.records import Refusal
from tests.fakes.discord.routes import Route
from tests.fakes.discord.world import World

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAwMQ.kinkeeper.bot"
ROOT = "/api/v10"
_PLENTY = Limit(1000, 1.0)


@dataclass(slots=True)
class _Bucket:
    left: int
    opens_at: float


class WebApi:
    """`violations` are the requests that Discord's own description of its API does not allow, a line each.

    With `checks_itself` answers that it does not allow are there too.
    """

    def __init__(self, there: World, faults: Faults, *, gateway: Callable[[], Any]) -> None:
        self.there = there
        self.faults = faults
        self.violations: list[str] = []
        self.checks_itself = False
        self._gateway = gateway
        self._buckets: dict[str, _Bucket] = {}

    def mount(self, app: web.Application) -> None:
        app.router.add_route("*", ROOT + "/{path:.*}", self._request)

    async def _request(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(ROOT)
        if request.method == "GET" and path in {"/gateway", "/gateway/bot"}:
            found: tuple[Route, dict[str, str]] | None = (self._to_gateway(path), {})
        else:
            found = routes.find(request.method, path)
        if found is None:
            self.violations.append(f"{request.method} {path}: there is no such request here")
            return _json({"message": "404: Not Found", "code": 0}, 404)
        route, names = found
        fault = self.faults.next_for(route.name)
        if fault is not None and fault.lost != "answer":
            return self._failed(request, fault)
        headers, over = self._count(route, names)
        if over is not None:
            return self._failed(request, over, headers)
        try:
            status, said = await self._answered(request, route, names)
        except Refusal as refusal:
            status, said = refusal.status, refusal.document
        if fault is not None:
            return self._failed(request, fault)
        if said is None:
            return web.Response(status=204, headers=headers)
        return _json(said, status, headers)

    async def _answered(self, request: web.Request, route: Route, names: dict[str, str]) -> tuple[int, Any]:
        if not route.is_open and route.path != "/gateway":
            self._check_token(request)
        asked = await asking.read(request, names)
        self._check(route, asked)
        said = route.answer(self.there, asked)
        status = 204 if said is None else route.status
        if self.checks_itself:
            plain = json.loads(json.dumps(said))
            problems = checking.answer_problems(route.method, route.path, status, plain)
            self.violations += [f"own answer to {route.name}: {p}" for p in problems]
        return status, said

    def _check_token(self, request: web.Request) -> None:
        if self.faults.revoked or request.headers.get("Authorization") != f"Bot {TOKEN}":
            raise Refusal(401, 0, "401: Unauthorized")

    def _check(self, route: Route, asked: Asked) -> None:
        if not checking.is_documented(route.method, route.path):
            self.violations.append(f"{route.name}: not documented")
            return
        body = asked.body
        problems = checking.request_problems(route.method, route.path, asked.query, body)
        if problems:
            self.violations += [f"{route.name}: {p}" for p in problems]
            raise Refusal(400, 50035, "Invalid Form Body", checking.as_form_errors(problems))

    def _to_gateway(self, path: str) -> Route:
        whole = self._gateway()
        said = whole if path == "/gateway/bot" else {"url": whole["url"]}
        return Route(f"GET {path}", lambda there, asked: said)

    def _count(self, route: Route, names: dict[str, str]) -> tuple[dict[str, str], Fault | None]:
        """The headers about the route's bucket, and what the request fails with if that is empty.

        https://docs.discord.com/developers/topics/rate-limits#header-format-rate-limit-header-examples
        """
        limit = self.faults.limits.get(route.name, _PLENTY)
        major = [names.get(n, "") for n in ("channel_id", "guild_id", "webhook_id", "webhook_token")]
        key = f"{route.name}:{'+'.join(major)}"
        now = asyncio.get_running_loop().time()
        bucket = self._buckets.get(key)
        if bucket is None or now >= bucket.opens_at:
            bucket = self._buckets[key] = _Bucket(limit.requests, now + limit.seconds)
        bucket.left -= 1
        after = max(bucket.opens_at - now, 0.001)
        headers = {
            "X-RateLimit-Limit": str(limit.requests),
            "X-RateLimit-Remaining": str(max(bucket.left, 0)),
            "X-RateLimit-Reset": f"{self.there.clock.now().timestamp() + after:.3f}",
            "X-RateLimit-Reset-After": f"{math.ceil(after * 1000) / 1000:.3f}",
            "X-RateLimit-Bucket": f"{zlib.crc32(route.name.encode()):08x}",
        }
        return headers, Fault(status=429, retry_after=round(after, 3)) if bucket.left < 0 else None

    def _failed(
        self, request: web.Request, fault: Fault, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        if fault.meanwhile is not None:
            fault.meanwhile()
        if fault.lost is not None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.status != 429:
            return _json(fault.document, fault.status)
        about = {
            **(headers or {}),
            "Via": "1.1 google",
            "Retry-After": str(math.ceil(fault.retry_after or 0)),
            "X-RateLimit-Scope": fault.scope,
            **({"X-RateLimit-Global": "true"} if fault.scope == "global" else {}),
        }
        return _json(fault.document, 429, about)


def _json(said: Any, status: int, headers: dict[str, str] | None = None) -> web.Response:
    """JSON whose header is exactly `application/json`: with a charset behind it, discord.py does not read it."""
    return web.Response(
        body=json.dumps(said).encode(), status=status, content_type="application/json", headers=headers
    )
