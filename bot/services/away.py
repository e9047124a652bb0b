"""When somebody is away by what a platform shows of them: kept with their account, decided at the instant asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.db.models import Account
from bot.domain.hours import Hours
from bot.ports import Away


def as_kept(spans: Sequence[Away]) -> list[dict[str, str | None]]:
    """Spans as an account keeps them: instants as ISO 8601 in UTC."""
    return [{"by": each.by, "since": _written(each.since), "until": _written(each.until)} for each in spans]


def spans(account: Account) -> list[Away]:
    """The spans that an account keeps."""
    return [_read(each) for each in account.away]


def written(account: Account) -> str:
    """The spans in an export: "status 2026-01-05T09:00:00+00:00/..", where two dots are an open end."""
    return "; ".join(f"{e['by']} {e['since'] or '..'}/{e['until'] or '..'}" for e in account.away)


def is_away(account: Account, hours: Hours, *, at: datetime, counts: Collection[str]) -> bool:
    """Whether a span whose `by` is among `counts` holds at `at` (UTC).

    Do not disturb that is over before their next hour that is not quiet is their night, and no absence: platforms set
    it every evening by themselves, and in another zone that is somebody else's morning.
    """
    return any(
        span.by in counts and _holds(span, at) and not (span.by == "dnd" and _is_their_night(span, hours, at))
        for span in spans(account)
    )


def _holds(span: Away, at: datetime) -> bool:
    return (span.since is None or span.since <= at) and (span.until is None or at < span.until)


def _is_their_night(span: Away, hours: Hours, at: datetime) -> bool:
    return span.until is not None and span.until <= hours.next_welcome(at)


def _read(kept: Any) -> Away:
    return Away(kept["by"], _instant(kept["since"]), _instant(kept["until"]))


def _written(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at is not None else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
