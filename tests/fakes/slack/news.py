"""What happens in the workspace, and what the app hears of it.

https://docs.slack.dev/reference/events
"""

from __future__ import annotations

import uuid

from tests.fakes.slack import payloads
from tests.fakes.slack.escaping import as_sent
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.records import Conversation, Json, Person, Post
from tests.fakes.slack.users import dnd_status
from tests.fakes.slack.workspace import BOT_USER, TEAM, Workspace


class News:
    """Changes of the workspace that the app is told of. To change it untold, change the workspace itself."""

    def __init__(self, there: Workspace, hands: Hands) -> None:
        self.there = there
        self._hands = hands
        self._last: Json = {}

    async def tell(self, event: Json) -> str:
        """Any event, as it is; its event_id, or "" where the app did not subscribe to it. The time of it is added."""
        if not self.there.app.hears(event):
            return ""
        number = self.there.number()
        event.setdefault("event_ts", self.there.next_ts())
        self._last = payloads.event(event, number=number, now=self.there.clock.now())
        await self._hands._do("events_api", self._last)
        return str(self._last["event_id"])

    async def tell_again_under_another_id(self) -> None:
        """The last event once more, as if it were another one."""
        await self.tell(dict(self._last["event"]))

    async def opens_home(self, person: str, *, tab: str = "home") -> None:
        """Somebody looks at the app's page ("home"), or at their conversation with it ("messages")."""
        event: Json = {"type": "app_home_opened", "user": person, "tab": tab}
        event["channel"] = self.there.open_im(person).id
        if view := self.there.homes.get(person):
            event["view"] = payloads.view(view)
        await self.tell(event)

    async def says(self, person: str, text: str) -> Post:
        """Words to the bot, in their own conversation."""
        where = self.there.open_im(person)
        sent = as_sent(text, name_of=lambda id_: id_, with_names=False)
        post = self.there.post(where.id, person, text=sent)
        await self.tell(
            payloads.message(post)
            | {"client_msg_id": str(uuid.uuid4()), "channel": where.id, "channel_type": "im"}
        )
        return post

    async def echoes(self, post: Post, *, subtype: str = "") -> None:
        """What the bot itself wrote, or with "message_changed" changed, is told to it too, as Slack does."""
        about = {"channel": post.channel, "channel_type": "im"}
        message = payloads.message(post)
        if subtype:
            await self.tell(
                {"type": "message", "subtype": subtype, "message": message, "hidden": True, **about}
            )
        else:
            await self.tell(message | about)

    async def joins(self, person: str, channel: str) -> None:
        conversation = self.there.conversations[channel]
        if person not in conversation.members:
            conversation.members.append(person)
        await self.tell(_membership("member_joined_channel", person, conversation))

    async def leaves(self, person: str, channel: str) -> None:
        conversation = self.there.conversations[channel]
        conversation.members.remove(person)
        await self.tell(_membership("member_left_channel", person, conversation))

    async def arrives(self, person: Person) -> None:
        """Somebody joined the workspace."""
        await self.tell({"type": "team_join", "user": payloads.user(self.there, person, with_locale=True)})

    async def changes(self, person: Person) -> None:
        """Somebody's profile, status or standing changed."""
        await self.tell({"type": "user_change", "user": payloads.user(self.there, person, with_locale=True)})

    async def changes_dnd(self, person: Person) -> None:
        await self.tell({"type": "dnd_updated_user", "user": person.id, "dnd_status": dnd_status(person)})

    async def renames(self, channel: str, name: str) -> None:
        conversation = self.there.conversations[channel]
        conversation.name = name
        about = {"id": channel, "name": name, "name_normalized": name, "created": payloads.CREATED}
        await self.tell({"type": f"{_prefix(conversation)}_rename", "channel": about})

    async def archives(self, channel: str, *, by: str = "U0SOMEBODY") -> None:
        conversation = self.there.conversations[channel]
        conversation.archived = True
        await self.tell({"type": f"{_prefix(conversation)}_archive", "channel": channel, "user": by})

    async def unarchives(self, channel: str, *, by: str = "U0SOMEBODY") -> None:
        conversation = self.there.conversations[channel]
        conversation.archived = False
        await self.tell({"type": f"{_prefix(conversation)}_unarchive", "channel": channel, "user": by})

    async def removes_bot(self, channel: str) -> None:
        """The bot is taken out of a channel."""
        conversation = self.there.conversations[channel]
        conversation.members.remove(BOT_USER)
        await self.tell(
            {"type": f"{_prefix(conversation)}_left", "channel": channel, "actor_id": "U0SOMEBODY"}
        )

    async def revokes_tokens(self) -> None:
        await self.tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}})

    async def uninstalls(self) -> None:
        await self.tell({"type": "app_uninstalled"})


def _membership(kind: str, person: str, conversation: Conversation) -> Json:
    return {
        "type": kind,
        "user": person,
        "channel": conversation.id,
        "channel_type": "C" if conversation.kind == "public" else "G",
        "team": TEAM,
    }


def _prefix(conversation: Conversation) -> str:
    return "channel" if conversation.kind == "public" else "group"
