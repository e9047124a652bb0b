"""Discord seen with people's eyes: what they read, press and are called by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tests.fakes.discord.markdown import as_seen
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Attachment, Channel, Json, Message, Modal
from tests.fakes.discord.world import World, every_component

THINKING = "is thinking…"


class Eyes:
    """Reads what stands at Discord."""

    def __init__(self, there: World) -> None:
        self._there = there

    def text(self, message: Message) -> str:
        """A message as it is read: its words, embeds, files with the words for them, and its components."""
        server = self._there.channels[message.channel].server
        if message.is_loading:
            return THINKING
        lines = [self._seen(message.content, server)]
        for embed in message.embeds:
            lines += self._embed(embed, server)
        lines += [line for file in message.attachments for line in (file.name, file.description)]
        lines += self._components(message.components, server)
        return "\n".join(line for line in lines if line)

    def within(self, channel: str) -> list[str]:
        """What everybody there can read, oldest first."""
        return [self.text(message) for message in self._there.within(channel)]

    def to(self, person: str) -> list[str]:
        """What the bot wrote to somebody in their direct conversation."""
        there = self._there.direct(person)
        return [self.text(m) for m in self._there.within(there.id) if m.author == self._there.bot]

    def privately(self, person: str) -> list[str]:
        """The messages that this person alone can see, wherever they stand."""
        return [self.text(message) for message in self.private_messages(person)]

    def private_messages(self, person: str) -> list[Message]:
        return [m for m in self._there.messages if m.only_for == person]

    def files(self, message: Message) -> dict[str, bytes]:
        return {file.name: file.content for file in message.attachments}

    def file(self, message: Message, name: str) -> Attachment:
        return next(file for file in message.attachments if file.name == name)

    def actions(self, message: Message) -> dict[str, Json]:
        """The buttons and menus that can be used, by custom id."""
        return {
            c["custom_id"]: c
            for c in every_component(message.components)
            if c.get("custom_id") and not c.get("disabled")
        }

    def pinged(self, message: Message) -> set[str]:
        """Whom the message calls, by id; "everybody" for a whole channel."""
        return set(message.pings)

    def can_read(self, person: str, channel: str) -> bool:
        """Whether somebody can view a channel, thread or direct conversation and what was written there."""
        needed = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
        return self._there.may(self._there.channels[channel], person) & needed == needed

    def threads(self, server: str, *, archived: bool = False) -> list[Channel]:
        """Those of a server, the newest first."""
        return self._there.threads_of(server, archived=archived)

    def in_thread(self, channel: str) -> set[str]:
        """The people in a thread, without the bot."""
        thread = self._there.channels[channel].thread
        return set(thread.members if thread else ()) - {self._there.bot}

    def modal(self, person: str) -> Modal | None:
        """The modal that somebody sees."""
        return self._there.modals.get(person)

    def modal_text(self, modal: Modal) -> str:
        """A modal as it is read: its title, then what stands in it, in order."""
        server = self._there.channels[modal.channel].server
        return "\n".join([modal.title, *filter(None, self._components(modal.components, server))])

    def name(self, id_: str, server: str | None = None) -> str:
        """What a person, role or channel is called there."""
        found = self._there.servers.get(server or "")
        if found and (member := found.members.get(id_)) and member.nick:
            return member.nick
        if user := self._there.users.get(id_):
            return user.global_name or user.name
        if found and id_ in found.roles:
            return found.roles[id_].name
        channel = self._there.channels.get(id_)
        return channel.name if channel else "unknown"

    def _seen(self, text: str | None, server: str | None) -> str:
        return as_seen(text or "", name_of=lambda id_: self.name(id_, server))

    def _embed(self, embed: Json, server: str | None) -> Iterator[str]:
        yield str((embed.get("author") or {}).get("name") or "")
        yield self._seen(embed.get("title"), server)
        yield self._seen(embed.get("description"), server)
        for field in embed.get("fields") or ():
            yield self._seen(field["name"], server)
            yield self._seen(field["value"], server)
        yield str((embed.get("footer") or {}).get("text") or "")

    def _components(self, components: Iterable[Json], server: str | None) -> Iterator[str]:
        for component in components:
            yield from self._component(component, server)
            for inner in (component.get("component"), component.get("accessory")):
                if inner:
                    yield from self._components([inner], server)
            yield from self._components(component.get("components") or (), server)

    def _component(self, component: Json, server: str | None) -> Iterator[str]:
        match component["type"]:
            case 2:
                emoji: Any = component.get("emoji") or {}
                yield " ".join(filter(None, [emoji.get("name"), component.get("label")]))
            case 3 | 5 | 6 | 7 | 8 | 21 | 22:
                yield component.get("placeholder") or ""
            case 4:
                yield component.get("label") or ""
                yield component.get("placeholder") or ""
            case 10:
                yield self._seen(component.get("content"), server)
            case 12:
                yield from (item.get("description") or "" for item in component.get("items", ()))
            case 18:
                yield component["label"]
                yield component.get("description") or ""
            case 23:
                yield component.get("label") or ""
