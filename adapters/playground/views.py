"""The documents the page reads: who and what there is for the person at it, and single messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from adapters.playground import render
from adapters.playground.records import BOT, Conversation, Post, Resident

if TYPE_CHECKING:
    from adapters.playground.platform import Playground


def overview(playground: Playground, *, you: Resident) -> dict[str, Any]:
    """Everything but messages: people, conversations with how much is unread, switches, and the time."""
    service = playground.service
    people = service.people()
    now = playground.clock.now()
    unread = service.unread(you.id)
    zone = you.timezone or "UTC"
    began = service.began()
    return {
        "you": you.id,
        "zone": zone,
        "zone_name": now.astimezone(ZoneInfo(zone)).tzname(),
        "people": [
            {
                "id": p.id,
                "name": p.name,
                "timezone": p.timezone,
                "admin": p.is_admin,
                "away": p.away,
                "away_now": playground.colleagues.is_away(p, at=now),
                "closed": p.closed,
                "simulated": p.id != you.id and playground.colleagues.answering,
            }
            for p in people
        ],
        "conversations": [
            {
                **_conversation(c, you=you, people=people),
                "unread": unread.get(c.id, 0),
                "began": instant(began.get(c.id)),
            }
            for c in service.conversations_of(you.id)
        ],
        "colleagues": playground.colleagues.answering,
        "now": now.isoformat(),
        "revision": service.revision(),
    }


def message(post: Post, *, zone: str) -> dict[str, Any]:
    """One message for a reader in `zone`."""
    return {
        "id": post.id,
        "at": post.at.isoformat(),
        "author": None if post.author == BOT else post.author,
        "only_you": post.only_for is not None,
        "context": post.context,
        "edited": post.edited,
        "parts": render.for_reader(post.parts, zone),
    }


def instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _conversation(c: Conversation, *, you: Resident, people: Sequence[Resident]) -> dict[str, Any]:
    names = {p.id: p.name for p in people}
    others = [names.get(p, p) for p in c.people if p != you.id]
    title = {"channel": c.name, "direct": "Kinkeeper", "group": ", ".join(others)}[c.kind]
    return {"id": c.id, "kind": c.kind, "title": title, "people": list(c.people), "closed": c.closed}
