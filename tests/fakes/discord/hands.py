"""What people do to the app: commands, buttons, menus, modals. Each waits until the app answered it.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from tests.fakes.discord import documents, filling
from tests.fakes.discord.eyes import Eyes
from tests.fakes.discord.filling import CannotDo
from tests.fakes.discord.offering import CHAT, ON_MESSAGE, ON_PERSON
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Channel, Interaction, Json, Kind, Message
from tests.fakes.discord.world import World

COMMAND, COMPONENT, COMPLETION, SUBMISSION = 2, 3, 4, 5


class DidNotRespond(Exception):
    """Nobody answered what a person did in time; Discord shows them "The application did not respond"."""


class Hearing(Protocol):
    """Who can be told of what happens."""

    def tell(self, name: str, said: Json, server: str | None) -> None: ...

    def hears(self, server: str | None) -> bool: ...


class Hands:
    """The people's hands. `patience` is how many seconds a person waits, by the computer's clock."""

    def __init__(self, there: World, eyes: Eyes, hearing: Hearing) -> None:
        self.there = there
        self.patience = 3.0
        self._eyes = eyes
        self._hearing = hearing
        self._last: tuple[Json, str | None] = ({}, None)

    async def command(
        self,
        person: str,
        command: str,
        given: filling.Given | None = None,
        *,
        channel: str | None = None,
        times: int = 1,
    ) -> Interaction:
        """A slash command ("coffee pause"), in a channel or in the conversation with the bot.

        People and channels are given as ids or as they are mentioned.
        """
        where = self._place(person, channel)
        name, *path = command.removeprefix("/").split()
        offered = self._offered(name, CHAT, person, where)
        chosen = filling.options(offered, path, given or {})
        data = self._data(offered, where, filling.mentioned(chosen))
        if chosen:
            data["options"] = chosen
        return await self._do(COMMAND, person, where, data, times=times)

    async def complete(
        self,
        person: str,
        command: str,
        option: str,
        typed: str,
        given: filling.Given | None = None,
        *,
        channel: str | None = None,
    ) -> list[str | int | float]:
        """Type into an option of a command; the values that are offered to go on with."""
        where = self._place(person, channel)
        name, *path = command.removeprefix("/").split()
        offered = self._offered(name, CHAT, person, where)
        so_far = {**(given or {}), option: typed}
        data = self._data(offered, where, [])
        data["options"] = filling.options(offered, path, so_far, typing=option)
        done = await self._do(COMPLETION, person, where, data)
        return [choice["value"] for choice in done.choices or ()]

    async def press(self, person: str, message: Message, action: str, *, times: int = 1) -> Interaction:
        """A button of a message that they can see; `times` is how often Discord hands over the same click."""
        found = self._component(person, message, action)
        if found["type"] != 2:
            raise CannotDo(f"{action} is a menu")
        return await self._use(person, message, {"custom_id": action, "component_type": 2}, times)

    async def pick(
        self, person: str, message: Message, action: str, values: Iterable[str], *, times: int = 1
    ) -> Interaction:
        """Pick in a menu of a message: options by their values, people as ids."""
        found = self._component(person, message, action)
        chosen = filling.picked(found, values)
        where = self.there.channels[message.channel]
        data: Json = {"custom_id": action, "component_type": found["type"], "values": chosen}
        if found["type"] != 3:
            data["resolved"] = filling.resolved(self.there, where, chosen)
        return await self._use(person, message, data, times)

    async def menu_on_person(
        self, person: str, name: str, target: str, *, channel: str, times: int = 1
    ) -> Interaction:
        """An entry of somebody's menu."""
        where = self._place(person, channel)
        data = self._data(self._offered(name, ON_PERSON, person, where), where, [target])
        return await self._do(COMMAND, person, where, data | {"target_id": target}, times=times)

    async def menu_on_message(
        self, person: str, name: str, message: Message, *, times: int = 1
    ) -> Interaction:
        """An entry of a message's menu."""
        where = self._place(person, message.channel)
        data = self._data(self._offered(name, ON_MESSAGE, person, where), where, [])
        said = documents.message(self.there, message)
        about = {"target_id": message.id, "resolved": {"messages": {message.id: said}}}
        return await self._do(COMMAND, person, where, data | about, times=times)

    async def submit(self, person: str, typed: Mapping[str, str], *, times: int = 1) -> Interaction:
        """Send the modal that somebody sees; it is gone then."""
        seen = self.there.modals.get(person)
        if seen is None:
            raise CannotDo(f"{self._eyes.name(person)} sees no modal")
        components = filling.modal(seen.components, typed)
        where = self.there.channels[seen.channel]
        people = [
            v
            for c in components
            for v in (c.get("component") or {}).get("values", ())
            if v in self.there.users
        ]
        data: Json = {"custom_id": seen.custom_id, "components": components}
        data["resolved"] = filling.resolved(self.there, where, people)
        del self.there.modals[person]
        return await self._do(SUBMISSION, person, where, data, message=seen.message, times=times)

    async def dismiss(self, person: str) -> None:
        """Close the modal; Discord tells nobody."""
        self.there.modals.pop(person, None)

    def again(self) -> None:
        """Hand the last thing over once more, as it was."""
        self._hearing.tell("INTERACTION_CREATE", *self._last)

    async def _use(self, person: str, message: Message, data: Json, times: int) -> Interaction:
        where = self.there.channels[message.channel]
        about = {"id": self._eyes.actions(message)[data["custom_id"]]["id"]}
        return await self._do(COMPONENT, person, where, data | about, message=message, times=times)

    async def _do(
        self,
        kind: int,
        person: str,
        where: Channel,
        data: Json,
        *,
        message: Message | None = None,
        times: int = 1,
    ) -> Interaction:
        id_ = self.there.snowflake()
        made = Interaction(
            id=id_,
            token=f"interaction-token-{id_}",
            kind=kind,
            person=person,
            channel=where.id,
            at=self.there.clock.now(),
            data=data,
            answered=asyncio.get_running_loop().create_future(),
            message=message,
        )
        self.there.interactions[id_] = made
        self._last = (self._document(made), where.server)
        if not self._hearing.hears(where.server):
            raise DidNotRespond("The application did not respond: nobody is connected")
        for _ in range(times):
            self._hearing.tell("INTERACTION_CREATE", *self._last)
        try:
            await asyncio.wait_for(made.answered, self.patience)
        except TimeoutError:
            raise DidNotRespond(f"The application did not respond within {self.patience} seconds") from None
        return made

    def _document(self, what: Interaction) -> Json:
        """https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object"""
        there, where = self.there, self.there.channels[what.channel]
        who = there.users[what.person]
        about: Json = {
            "id": what.id,
            "application_id": documents.APPLICATION,
            "type": what.kind,
            "token": what.token,
            "version": 1,
            "data": what.data,
            "channel_id": where.id,
            "channel": documents.channel(there, where) | {"permissions": str(there.may(where, what.person))},
            "app_permissions": str(there.may(where)),
            "locale": who.locale,
            "entitlements": [],
            "authorizing_integration_owners": {"0": where.server or "0"},
            "context": 0 if where.server else 1,
            "attachment_size_limit": documents.LARGEST_FILE,
        }
        if what.message:
            about["message"] = documents.message(there, what.message)
        if where.server is None:
            return about | {"user": documents.user(who)}
        member = documents.member(there, there.servers[where.server].members[who.id])
        return about | {
            "guild_id": where.server,
            "guild": {"id": where.server, "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": member | {"permissions": str(there.may(where, who.id))},
        }

    def _data(self, command: Json, where: Channel, ids: list[str]) -> Json:
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        if "guild_id" in command:
            data["guild_id"] = where.server
        return data | ({"resolved": filling.resolved(self.there, where, ids)} if ids else {})

    def _offered(self, name: str, kind: int, person: str, where: Channel) -> Json:
        """A command that the app offers to this person there, the server's own before the general one."""
        scopes = [where.server, None] if where.server else [None]
        found: list[Any] = [c for s in scopes for c in self.there.commands.get(s, ())]
        of_kind = {c["name"]: c for c in reversed(found) if c["type"] == kind}
        if name not in of_kind:
            raise CannotDo(f"the app offers no {name!r} there; it offers {sorted(of_kind)}")
        command: Json = of_kind[name]
        context = 0 if where.server else 1
        if command.get("contexts") is not None and context not in command["contexts"]:
            raise CannotDo(f"{name} is not offered there")
        may = self.there.may(where, person)
        if where.server and not may & Permission.USE_APPLICATION_COMMANDS:
            raise CannotDo(f"{self._eyes.name(person)} may not use commands there")
        needed = int(command.get("default_member_permissions") or 0)
        if where.server and needed & ~may:
            raise CannotDo(f"{name} is hidden from {self._eyes.name(person)}")
        if where.thread and where.thread.archived:
            raise CannotDo("commands cannot be used in an archived thread")
        return command

    def _component(self, person: str, message: Message, action: str) -> Json:
        sees = message.only_for in (None, person) and self._eyes.can_read(person, message.channel)
        if not sees or message not in self.there.messages:
            raise CannotDo(f"{self._eyes.name(person)} does not see this message")
        found = self._eyes.actions(message)
        if action not in found:
            raise CannotDo(f"there is no {action!r}; there are {sorted(found)}")
        return found[action]

    def _place(self, person: str, channel: str | None) -> Channel:
        where = self.there.channels[channel] if channel else self.there.direct(person)
        if not self.there.may(where, person):
            raise CannotDo(f"{self._eyes.name(person)} cannot view {where.name or where.kind.name}")
        if where.kind == Kind.CATEGORY:
            raise CannotDo("nothing can be typed in a category")
        return where
