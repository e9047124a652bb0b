"""The playground seen with the eyes of its people and used with their hands: through the page's own requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request

from adapters.playground.platform import WORKSPACE, Playground
from bot.domain.messages import Form
from bot.ports import ChatPlatform, Sent
from tests.adapters.platform_bench import Arrived, Shown
from tests.fakes.inbox import ScriptedInbox

Client = TestClient[Request, Application]


class PlaygroundBench:
    workspace = WORKSPACE
    channel = "#coffee"
    unknown_channel = "channel-nowhere"
    people: Sequence[str] = ("ana", "ben", "chloe")
    platform: ChatPlatform

    def __init__(self, playground: Playground, inbox: ScriptedInbox, client: Client) -> None:
        self.playground = playground
        self.platform = playground
        self.inbox = inbox
        self.client = client
        self._clicks = 0
        self._shown: dict[str, Shown] = {}

    async def post(self, path: str, **body: object) -> dict[str, Any]:
        async with self.client.post(f"/playground/{path}", json=body) as response:
            assert response.status in {200, 202}, await response.text()
            document: dict[str, Any] = await response.json()
            if "form" in document:
                self._shown[self.playground.service.setting("you")] = dialog(document["form"])
            return document

    async def state(self, **query: str) -> dict[str, Any]:
        async with self.client.get("/playground/state", params=query) as response:
            assert response.status == 200
            document: dict[str, Any] = await response.json()
            return document

    async def act_as(self, account: str) -> None:
        await self.post("you", person=account)

    def click(self) -> str:
        self._clicks += 1
        return f"click-{self._clicks}"

    async def arrived(self, sent: Sent) -> Arrived:
        post = self.playground.service.message(int(sent.message))
        assert post is not None
        files = [p["file"] for p in post.parts if "file" in p]
        kept = {}
        for number in files:
            async with self.client.get(f"/playground/file/{number}") as response:
                kept[response.headers["Content-Disposition"].split("''")[1]] = await response.read()
        return Arrived(
            text="\n".join(line for part in post.parts for line in read(part)),
            actions=tuple(action for action, _ in post.actions()),
            files=kept or None,
        )

    async def count(self, conversation: str) -> int:
        return len(self.playground.service.messages(conversation, reader=""))

    def gone(self, sent: Sent) -> Sent:
        return replace(sent, message="99999")

    async def pinged(self, sent: Sent) -> set[str]:
        post = self.playground.service.message(int(sent.message))
        assert post is not None
        return {person.id for person in self.playground.service.people() if post.names(person.id)}

    async def close_door(self, account: str) -> None:
        await self.post("person", person=account, closed=True)

    async def command(self, account: str, name: str, text: str) -> None:
        await self.act_as(account)
        where = f"direct-{account}"
        await self.post("command", event_id=self.click(), conversation=where, text=f"/{name} {text}")

    async def press(self, account: str, sent: Sent, action: str, *, times: int = 1) -> None:
        await self.act_as(account)
        click = self.click()
        for _ in range(times):
            await self.post("press", event_id=click, message=int(sent.message), action=action)

    async def shortcut(self, account: str, name: str, person: str) -> None:
        await self.act_as(account)
        where = f"direct-{account}"
        await self.post("shortcut", event_id=self.click(), conversation=where, name=name, person=person)

    async def submit(self, account: str, form: Form, values: Mapping[str, str]) -> None:
        await self.act_as(account)
        where = f"direct-{account}"
        await self.post(
            "submit", event_id=self.click(), conversation=where, action=form.action, values=dict(values)
        )

    async def shown(self, account: str) -> Shown | None:
        return self._shown.get(account)

    async def replies(self, account: str) -> Sequence[str]:
        await self.act_as(account)
        state = await self.state()
        found = []
        for conversation in state["conversations"]:
            shown = await self.state(conversation=conversation["id"])
            found += [m for m in shown["messages"] if m["only_you"]]
        return ["\n".join(line for part in m["parts"] for line in read(part)) for m in found]


def dialog(form: dict[str, Any]) -> Shown:
    """A form's document as one sees it."""
    intro = "".join(run["text"] for run in form["intro"])
    labels = [field["label"] for field in form["fields"]]
    text = "\n".join([form["title"], intro, *labels, form["submit"]])
    return Shown(form["action"], text, [field["name"] for field in form["fields"]])


def read(part: dict[str, Any]) -> list[str]:
    """What can be read of a part, as lines."""
    match part["kind"]:
        case "list":
            return ["".join(run["text"] for run in item) for item in part["items"]]
        case "buttons":
            return ["".join(run["text"] for run in b["label"]) for b in part["buttons"]]
        case "file" | "picture":
            return [part["name"], part["alt"]]
        case "asked":
            return [part["text"]]
        case _:
            return ["".join(run["text"] for run in part["runs"])]
