"""Slack seen with people's eyes and used with their hands, in front of the make-believe one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.platform import Slack
from bot.clock import SystemClock
from bot.domain.messages import Form
from bot.ports import ChatPlatform, Sent
from tests.adapters.platform_bench import Arrived, Shown
from tests.fakes.inbox import ScriptedInbox
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.records import Post, View
from tests.fakes.slack.workspace import BOT_USER, TEAM

COFFEE = "#coffee"


def inhabited(slack: FakeSlack) -> FakeSlack:
    """A small team: Ana (an admin), Ben and Chloe in #coffee, where the bot is too."""
    ana = slack.workspace.add_person("ana", is_admin=True)
    others = [slack.workspace.add_person(name) for name in ("ben", "chloe")]
    slack.workspace.add_channel("coffee", members=[p.id for p in (ana, *others)])
    return slack


class SlackBench:
    workspace = TEAM
    channel = COFFEE
    unknown_channel = "#nowhere"
    people: Sequence[str] = ("U0ANA", "U0BEN", "U0CHLOE")
    platform: ChatPlatform

    def __init__(self, platform: Slack, inbox: ScriptedInbox, slack: FakeSlack) -> None:
        self.platform = self._platform = platform
        self.inbox = inbox
        self.slack = slack

    async def arrived(self, sent: Sent) -> Arrived:
        posts = self.posts(sent)
        files = {f.name: f.content or b"" for post in posts for f in post.files}
        return Arrived(
            text="\n".join(self.slack.eyes.text(post) for post in posts),
            actions=tuple(action for post in posts for action in self.slack.eyes.actions(post.blocks)),
            files=files or None,
        )

    def posts(self, sent: Sent) -> list[Post]:
        """The pieces of a message, and the files that came right behind them."""
        pieces = sent.message.split(",")
        there = self.slack.workspace.within(sent.conversation)
        found = [post for post in there if post.ts in pieces]
        assert len(found) == len(pieces), f"{sent} is not there"
        behind = there[there.index(found[-1]) + 1 :]
        for post in behind:
            if not post.files or post.text or post.blocks:
                break
            found.append(post)
        return found

    async def count(self, conversation: str) -> int:
        return len([post for post in self.slack.workspace.within(conversation) if post.user == BOT_USER])

    def gone(self, sent: Sent) -> Sent:
        return replace(sent, message="1000000000.000001")

    async def pinged(self, sent: Sent) -> set[str]:
        return {account for post in self.posts(sent) for account in self.slack.eyes.called(post)}

    async def close_door(self, account: str) -> None:
        self.slack.workspace.close_door(account)

    async def command(self, account: str, name: str, text: str) -> None:
        await self.slack.hands.command(account, f"/{name}", text)
        await self.quiet()

    async def press(self, account: str, sent: Sent, action: str, *, times: int = 1) -> None:
        (post,) = [p for p in self.posts(sent) if action in self.slack.eyes.actions(p.blocks)]
        await self.slack.hands.press(account, post, action, times=times)
        await self.quiet()

    async def shortcut(self, account: str, name: str, person: str) -> None:
        channel = self.slack.workspace.channel(self.channel).id
        post = self.slack.workspace.post(channel, person, text="Good morning, all.")
        await self.slack.hands.shortcut(account, name, post)
        await self.quiet()

    async def submit(self, account: str, form: Form, values: Mapping[str, str]) -> None:
        self.inbox.forms["/kinkeeper"] = form
        await self.command(account, "kinkeeper", "")
        del self.inbox.forms["/kinkeeper"]
        await self.slack.hands.submit(account, values)
        await self.quiet()

    async def shown(self, account: str) -> Shown | None:
        view = self.slack.hands.view_of(account)
        if view is None or view.content.get("callback_id") != "form":
            return None
        fields = [block["block_id"] for block in view.inputs()]
        action = json.loads(view.content["private_metadata"])["action"]
        return Shown(action, self.slack.eyes.view(view), fields)

    async def replies(self, account: str) -> Sequence[str]:
        return [*self.slack.eyes.privately(account), *map(self.slack.eyes.body, self._results(account))]

    async def quiet(self) -> None:
        """Returns when the platform has done all that it was told to do."""
        await self._platform._listeners.quiet()

    def _results(self, account: str) -> list[View]:
        return [v for v in self.slack.workspace.modals.get(account, []) if not v.inputs()]


@asynccontextmanager
async def over_sockets(slack: FakeSlack, *, ping: float = 5.0) -> AsyncIterator[SlackBench]:
    """A started platform in Socket Mode; a lost socket is noticed within `ping` seconds."""
    platform = Slack(
        clock=SystemClock(),
        bot_token=slack.bot_token,
        app_token=slack.app_token,
        api_url=slack.url,
        ping=ping,
    )
    inbox = ScriptedInbox()
    await platform.start(inbox)
    try:
        yield SlackBench(platform, inbox, slack)
    finally:
        await platform.stop()


@asynccontextmanager
async def over_http(slack: FakeSlack) -> AsyncIterator[SlackBench]:
    """A started platform that Slack posts to."""
    platform = Slack(
        clock=SystemClock(),
        bot_token=slack.bot_token,
        signing_secret=slack.signing_secret,
        api_url=slack.url,
    )
    inbox = ScriptedInbox()
    app = web.Application()
    platform.routes(app)
    async with TestServer(app) as server:
        slack.over_http(str(server.make_url("/slack/events")))
        await platform.start(inbox)
        try:
            yield SlackBench(platform, inbox, slack)
        finally:
            await platform.stop()
