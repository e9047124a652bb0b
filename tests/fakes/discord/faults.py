"""What goes wrong at Discord, when a test says so."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.discord.records import Json

Lost = Literal["question", "answer"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What one request fails with: a status and a code of Discord's, or a connection that breaks.

    With `lost="answer"` the work was done and nobody hears of it; with "question" it was not. `meanwhile` is called
    before it fails.
    """

    status: int = 503
    code: int = 0
    message: str = ""
    retry_after: float | None = None  # seconds; with 429
    scope: Literal["user", "global", "shared"] = "user"
    lost: Lost | None = None
    meanwhile: Callable[[], None] | None = None

    @property
    def document(self) -> Json:
        if self.status == 429:
            said = self.message or "You are being rate limited."
            return {"message": said, "retry_after": self.retry_after, "global": self.scope == "global"}
        return {"message": self.message or f"{self.status}", "code": self.code}


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket: so many requests within so many seconds, for each channel, server or token.

    https://docs.discord.com/developers/topics/rate-limits
    """

    requests: int
    seconds: float


@dataclass(slots=True)
class Faults:
    """`calls` counts every request by its route ("POST /channels/{channel_id}/messages"); `limits` are by route too.

    The names in a route are those of Discord's own description of its API. Of statuses, discord.py itself tries 500,
    502, 504 and 524 again after seconds, and every one from 500 on for interactions; it tells of others at once.
    """

    calls: Counter[str] = field(default_factory=Counter)
    limits: dict[str, Limit] = field(default_factory=dict)
    revoked: bool = False
    _waiting: dict[str, deque[Fault]] = field(default_factory=dict)

    def fail_next(
        self,
        route: str,
        *,
        status: int = 503,
        code: int = 0,
        message: str = "",
        times: int = 1,
        retry_after: float | None = None,
        scope: Literal["user", "global", "shared"] = "user",
        lost: Lost | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """The next requests of a route ("*": of any) fail; with `retry_after`, in seconds, by a 429."""
        fault = Fault(
            status=429 if retry_after is not None else status,
            code=code,
            message=message,
            retry_after=retry_after,
            scope=scope,
            lost=lost,
            meanwhile=meanwhile,
        )
        self._waiting.setdefault(route, deque()).extend([fault] * times)

    def forgive(self) -> None:
        """No further request fails."""
        self._waiting.clear()
        self.limits.clear()
        self.revoked = False

    def next_for(self, route: str) -> Fault | None:
        """Count a request, and say what it fails with."""
        self.calls[route] += 1
        for key in (route, "*"):
            if self._waiting.get(key):
                return self._waiting[key].popleft()
        return None
