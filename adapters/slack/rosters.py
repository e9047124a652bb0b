"""News about people and channels: what changes anything for the core makes it read them again, a little later."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

import structlog

from adapters.slack.channels import Channels
from adapters.slack.people import People
from bot.domain.interactions import RosterChanged
from bot.ports import Inbox

TOGETHER = 1.0  # seconds in which further news goes with the first

log = structlog.get_logger(__name__)


class Here(Protocol):
    """What news are about."""

    name: str
    team: str
    people: People
    channels: Channels

    @property
    def inbox(self) -> Inbox: ...


class RosterNews:
    """Many events in a short time are one reading. `bot` is our own account."""

    def __init__(self, here: Here, *, bot: str) -> None:
        self._here = here
        self._bot = bot
        self._reading: asyncio.Task[None] | None = None
        self._again = ""  # the event that asks for another reading

    def heard(self, event: Mapping[str, Any], event_id: str) -> None:
        """Take in an event, and tell the core if it concerns it."""
        people, channels = self._here.people, self._here.channels
        kind = str(event.get("type") or "")
        user = event.get("user")
        match kind:
            case "user_change" | "team_join" if isinstance(user, Mapping):
                if not people.learn(user) or not people.concerns(str(user.get("id"))):
                    return
            case "dnd_updated_user":
                account = str(user or "")
                if not people.learn_dnd(account, event.get("dnd_status") or {}) or not people.concerns(
                    account
                ):
                    return
            case "member_joined_channel" | "member_left_channel":
                if user == self._bot:
                    channels.doubt()
            case "tokens_revoked" | "app_uninstalled":
                pass
            case _ if kind.startswith(("channel_", "group_")):
                channels.doubt()
            case _:
                return
        self.read_again(event_id or kind)

    def read_again(self, event_id: str = "") -> None:
        """Let the core read people and channels again, soon."""
        self._again = event_id or "connected"
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read(), name="slack-roster")

    async def stop(self) -> None:
        """Begin no further reading; returns when none is under way."""
        if self._reading is None:
            return
        self._again = ""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        while self._again:
            await asyncio.sleep(TOGETHER)
            event_id, self._again = self._again, ""
            try:
                await self._here.inbox.roster_changed(
                    RosterChanged(self._here.name, self._here.team, event_id)
                )
            except Exception:  # recorded; the nightly reading comes in any case
                log.exception("roster_not_read")
