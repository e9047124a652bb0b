"""News about people and channels: what changes anything for the core makes it read them again, a little later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from adapters.slack.channels import Channels
from adapters.slack.people import People
from adapters.together import Together
from bot.domain.interactions import RosterChanged
from bot.ports import Inbox

TOGETHER = 1.0  # seconds in which further news goes with the first


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
        self._reading = Together(self._read, seconds=TOGETHER)

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

    def read_again(self, event_id: str = "connected") -> None:
        """Let the core read people and channels again, soon."""
        self._reading.ask(event_id)

    async def stop(self) -> None:
        """Begin no further reading; returns when none is under way."""
        await self._reading.stop()

    async def _read(self, event_id: str) -> None:
        await self._here.inbox.roster_changed(RosterChanged(self._here.name, self._here.team, event_id))
