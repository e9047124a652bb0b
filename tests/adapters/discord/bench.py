"""Discord seen with people's eyes and used with their hands, in front of the make-believe one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.platform import Discord
from bot.clock import SystemClock
from bot.domain.messages import Form
from bot.ports import ChatPlatform, Sent
from tests.adapters.platform_bench import Arrived, Shown
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.filling import BOOLEAN, USER, Given
from tests.fakes.discord.offering import ON_MESSAGE, SUBCOMMAND
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Json, Message, Modal
from tests.fakes.discord.world import every_component
from tests.fakes.inbox import ScriptedInbox

COFFEE = "#coffee"
PEOPLE = ("ana", "ben", "chloe")
_STEP = re.compile(r"^\d+/\d+ ")


def inhabited(discord: FakeDiscord) -> FakeDiscord:
    """A server of Ana (who manages it), Ben and Chloe, with #coffee, where the bot is too."""
    world = discord.world
    ana, *others = (world.add_user(name).id for name in PEOPLE)
    server = world.add_server("Knowledge Lab", people=[ana, *others])
    world.add_role(server.id, "organisers", holders=[ana], permissions=int(Permission.MANAGE_SERVER))
    rooms = Permission.MANAGE_CHANNELS | Permission.CONNECT
    world.add_role(server.id, "kinkeeper", holders=[world.bot], permissions=int(rooms))
    world.add_channel(server.id, "coffee")
    return discord


class DiscordBench:
    channel = COFFEE
    unknown_channel = "#nowhere"
    platform: ChatPlatform

    def __init__(self, platform: Discord, inbox: ScriptedInbox, discord: FakeDiscord) -> None:
        self.platform = self._platform = platform
        self.inbox = inbox
        self.discord = discord
        self.workspace = next(iter(discord.world.servers))
        self.people: Sequence[str] = [
            user.id for name in PEOPLE for user in discord.world.users.values() if user.name == name
        ]

    async def arrived(self, sent: Sent) -> Arrived:
        """Where a long text was torn there was a space, which Discord takes away from a message's end."""
        posts = self.posts(sent)
        eyes = self.discord.eyes
        return Arrived(
            text=" ".join(map(eyes.text, posts)),
            actions=tuple(action for post in posts for action in eyes.actions(post)),
            files={name: content for post in posts for name, content in eyes.files(post).items()} or None,
        )

    def posts(self, sent: Sent) -> list[Message]:
        """The pieces of a message."""
        found = [self.discord.world.find(sent.conversation, piece) for piece in sent.message.split(",")]
        assert all(found), f"{sent} is not there"
        return [post for post in found if post is not None]

    async def count(self, conversation: str) -> int:
        world = self.discord.world
        return len([post for post in world.within(conversation) if post.author == world.bot])

    def gone(self, sent: Sent) -> Sent:
        return replace(sent, message=self.discord.world.snowflake())

    async def pinged(self, sent: Sent) -> set[str]:
        return {account for post in self.posts(sent) for account in self.discord.eyes.pinged(post)}

    async def close_door(self, account: str) -> None:
        self.discord.world.close_door(account)

    async def command(self, account: str, name: str, text: str) -> None:
        path, given = self._filled_in(name, text)
        await self.discord.hands.command(account, " ".join(path), given, channel=self._channel())
        await self.quiet()

    async def press(self, account: str, sent: Sent, action: str, *, times: int = 1) -> None:
        (post,) = [p for p in self.posts(sent) if action in self.discord.eyes.actions(p)]
        await self.discord.hands.press(account, post, action, times=times)
        await self.quiet()

    async def shortcut(self, account: str, name: str, person: str) -> None:
        """Discord calls the entry as people read it: the one that there is for messages is meant."""
        (entry,) = [c for c in self.discord.world.commands[None] if c["type"] == ON_MESSAGE]
        post = self.discord.world.write(self._channel(), person, "Good morning, all.")
        await self.discord.hands.menu_on_message(account, entry["name"], post)
        await self.quiet()

    async def submit(self, account: str, form: Form, values: Mapping[str, str]) -> None:
        """Step by step, where one modal does not hold the form."""
        self.inbox.forms["/thanks"] = form
        await self.command(account, "thanks", "")
        del self.inbox.forms["/thanks"]
        left = dict(values)
        while left:
            if (modal := await self._modal(account)) is None:
                raise LookupError(f"no modal asks for {sorted(left)}")
            here = {custom_id: name for custom_id, name in self._fields(modal).items() if name in left}
            await self.discord.hands.submit(account, {id_: left.pop(name) for id_, name in here.items()})
            await self.quiet()

    async def shown(self, account: str) -> Shown | None:
        """Also one that waits behind a button, since Discord shows a form as a first response only."""
        if (modal := await self._modal(account)) is None:
            return None
        fields = list(self._fields(modal).values())
        return Shown(modal.custom_id, self.discord.eyes.modal_text(modal), fields)

    async def replies(self, account: str) -> Sequence[str]:
        return self.discord.eyes.privately(account)

    async def quiet(self) -> None:
        """Returns when the platform has heard everything, and has done all that it was told to do."""
        await self.discord.gateway.settled()
        await self._platform._listeners.quiet()

    async def _modal(self, account: str) -> Modal | None:
        """The modal that somebody sees, or comes to by the only button of the last thing that they were told."""
        if self.discord.eyes.modal(account) is None:
            for post in self.discord.eyes.private_messages(account)[-1:]:
                for action in self.discord.eyes.actions(post):
                    await self.discord.hands.press(account, post, action)
                    await self.quiet()
        return self.discord.eyes.modal(account)

    def _fields(self, modal: Modal) -> dict[str, str]:
        """The names of a modal's fields, by their ids: in a form of several steps those begin with which it is."""
        ids = [c["custom_id"] for c in every_component(modal.components) if "custom_id" in c]
        return {custom_id: _STEP.sub("", custom_id) for custom_id in ids}

    def _filled_in(self, name: str, text: str) -> tuple[list[str], Given]:
        """A command line as somebody fills it in: the subcommand, and the options in their order."""
        part: Json = next(c for c in self.discord.world.commands[None] if c["name"] == name)
        path, words = [name], text.split()
        while inner := [o for o in part.get("options") or () if o["type"] <= SUBCOMMAND + 1]:
            part = next(o for o in inner if o["name"] == words[0])
            path.append(words.pop(0))
        given: dict[str, str | int | float | bool] = {}
        options = list(part.get("options") or ())
        for option in options:
            if option["type"] == BOOLEAN and option["name"] in words:
                words.remove(option["name"])
                given[option["name"]] = True
            elif option["type"] == USER:
                if words and words[0].startswith("<@"):
                    given[option["name"]] = words.pop(0)
            elif words:
                is_last = option is options[-1]
                given[option["name"]] = " ".join(words) if is_last else words.pop(0)
                words = [] if is_last else words
        if words:
            raise LookupError(f"there is no option for {words} in /{' '.join(path)}")
        return path, given

    def _channel(self) -> str:
        return self.discord.world.channel_named(self.channel).id


@asynccontextmanager
async def over_gateway(
    discord: FakeDiscord, *, shard_ids: Sequence[int] | None = None, shard_count: int | None = None
) -> AsyncIterator[DiscordBench]:
    """A started platform; the library, which keeps for the whole process where Discord is, forgets it afterwards."""
    platform = Discord(
        clock=SystemClock(),
        token=discord.token,
        api_url=discord.api_url,
        gateway_url=discord.gateway_url,
        shard_ids=shard_ids,
        shard_count=shard_count,
        settling=0.01,
        between_identifies=0,
    )
    inbox = ScriptedInbox()
    old: tuple[str, yarl.URL] = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    await platform.start(inbox)
    try:
        yield DiscordBench(platform, inbox, discord)
    finally:
        await platform.stop()
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = old
