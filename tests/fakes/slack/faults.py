"""What goes wrong at Slack, when a test says so."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Lost = Literal["question", "answer"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What one call fails with: an error's name, an HTTP status, or a connection that breaks.

    With `lost="answer"` the work was done and nobody hears of it; with "question" it was not. `meanwhile` is called
    before it fails.
    """

    error: str = "internal_error"
    status: int = 200
    retry_after: int | None = None  # seconds
    lost: Lost | None = None
    meanwhile: Callable[[], None] | None = None


@dataclass(slots=True)
class Faults:
    """`calls` counts every call by method; "response_url" and "upload" are called so here."""

    calls: Counter[str] = field(default_factory=Counter)
    refused: str = ""  # what every call with the bot's token fails with
    _waiting: dict[str, deque[Fault]] = field(default_factory=dict)

    def fail_next(
        self,
        method: str,
        *,
        error: str = "internal_error",
        times: int = 1,
        retry_after: int | None = None,
        status: int = 200,
        lost: Lost | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """The next calls of a method ("*": of any) fail. "ratelimited" is a 429 with `Retry-After` in seconds.

        https://docs.slack.dev/apis/web-api/rate-limits
        """
        if error == "ratelimited":
            status, retry_after = 429, 1 if retry_after is None else retry_after
        fault = Fault(error, status, retry_after, lost, meanwhile)
        self._waiting.setdefault(method, deque()).extend([fault] * times)

    def forgive(self) -> None:
        """No further call fails."""
        self._waiting.clear()
        self.refused = ""

    def revoke(self, error: str = "token_revoked") -> None:
        """The bot's token is worth nothing any more ("token_revoked", "account_inactive")."""
        self.refused = error

    def next_for(self, method: str) -> Fault | None:
        """Count a call, and say what it fails with."""
        self.calls[method] += 1
        for key in (method, "*"):
            if self._waiting.get(key):
                return self._waiting[key].popleft()
        return None
