"""The platform in memory that core tests use keeps the contract too, and fails as it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

import pytest

from bot.domain.contents import people_in
from bot.domain.messages import Buttons, File, Form, Line, Message, Say
from bot.domain.phrasing import plain, plain_message
from bot.ports import CannotTell, ChatPlatform, Sent, TemporaryFailure, ToChannel
from tests.adapters.contract import ChatPlatformContract
from tests.adapters.platform_bench import LONG_AGO, PLAIN, Arrived, Bench, Shown
from tests.fakes.inbox import ScriptedInbox
from tests.fakes.platform import FakePlatform


class FakeBench:
    workspace = "W1"
    channel = "#coffee"
    unknown_channel = "#nowhere"
    people: Sequence[str] = ("ana", "ben", "chloe")
    platform: ChatPlatform

    def __init__(self, platform: FakePlatform, inbox: ScriptedInbox) -> None:
        self.fake = platform
        self.platform = platform
        self.inbox = inbox

    async def arrived(self, sent: Sent) -> Arrived:
        (found,) = [d.message for d in self.fake.delivered if d.sent == sent]
        files = [part for part in found.parts if isinstance(part, File)]
        rows = [part for part in found.parts if isinstance(part, Buttons)]
        return Arrived(
            text=plain_message(found),
            actions=tuple(b.action for row in rows for b in row.buttons),
            files={f.name: f.content for f in files} if files else None,
        )

    async def count(self, conversation: str) -> int:
        return len(self.fake.within(conversation))

    def gone(self, sent: Sent) -> Sent:
        return replace(sent, message="m999")

    async def pinged(self, sent: Sent) -> set[str]:
        (found,) = [d.message for d in self.fake.delivered if d.sent == sent]
        said = Message(tuple(part for part in found.parts if isinstance(part, Say | Line)))
        called = people_in(said)
        return {p for n, p in enumerate(self.people, start=1) if n in called}

    async def close_door(self, account: str) -> None:
        self.fake.closed.add(account)

    async def command(self, account: str, name: str, text: str) -> None:
        await self.fake.command(account, name, text)

    async def press(self, account: str, sent: Sent, action: str, *, times: int = 1) -> None:
        for _ in range(times):
            await self.fake.press(account, action, event_id="one click")

    async def shortcut(self, account: str, name: str, person: str) -> None:
        await self.fake.shortcut(account, name, person)

    async def submit(self, account: str, form: Form, values: Mapping[str, str]) -> None:
        await self.fake.submit(account, form.action, dict(values))

    async def shown(self, account: str) -> Shown | None:
        forms = [form for who, form in self.fake.forms if who == account]
        if not forms:
            return None
        form = forms[-1]
        sentences = [form.title, form.intro, *(field.label for field in form.fields), form.submit]
        text = "\n".join(plain(say) for say in sentences if say)
        return Shown(form.action, text, [field.name for field in form.fields])

    async def replies(self, account: str) -> Sequence[str]:
        return [plain(part) for who, m in self.fake.replies if who == account for part in m.parts]  # type: ignore[arg-type]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    inbox = ScriptedInbox()
    platform = FakePlatform()
    await platform.start(inbox)
    yield FakeBench(platform, inbox)
    await platform.stop()


class TestFakePlatform(ChatPlatformContract):
    """Passes what every platform passes."""


async def test_a_failure_it_was_told_happens_once_and_nothing_arrives() -> None:
    platform = FakePlatform()
    platform.fail_next(TemporaryFailure("busy", retry_after=3))
    with pytest.raises(TemporaryFailure, match="busy"):
        await platform.send(ToChannel("C-coffee"), PLAIN, key="d1")
    assert platform.delivered == []
    await platform.send(ToChannel("C-coffee"), PLAIN, key="d1")
    assert platform.within("C-coffee") == ["Good morning."]


async def test_a_crash_after_sending_leaves_a_message_that_can_be_found() -> None:
    platform = FakePlatform()
    platform.crash_next()
    with pytest.raises(RuntimeError):
        await platform.send(ToChannel("C-coffee"), PLAIN, key="d1")
    assert await platform.find_sent(ToChannel("C-coffee"), PLAIN, key="d1", since=LONG_AGO) is not None
    assert len(platform.attempts) == 1


async def test_it_can_be_one_that_cannot_tell() -> None:
    platform = FakePlatform(can_tell=False)
    found = await platform.find_sent(ToChannel("C-coffee"), PLAIN, key="d1", since=LONG_AGO)
    assert isinstance(found, CannotTell)
