"""What somebody typed into a form waits in memory only until it is accepted."""

from __future__ import annotations

from adapters.discord.replying import OPEN
from bot.domain.interactions import Ask, Refused
from bot.domain.messages import Say
from bot.ports import ToPerson
from tests.adapters.discord.bench import DiscordBench, inhabited, over_gateway
from tests.adapters.platform_bench import CHOICE, SMALL_FORM
from tests.fakes.discord import FakeDiscord


async def reopened(bench: DiscordBench, account: str, *, button: int = 0) -> str:
    """What stands in the form behind one of the buttons that were offered."""
    posts = bench.discord.eyes.private_messages(account)
    there = [(p, a) for p in posts for a in bench.discord.eyes.actions(p) if a.startswith(OPEN)]
    post, action = there[button]
    await bench.discord.hands.press(account, post, action)
    await bench.quiet()
    modal = bench.discord.eyes.modal(account)
    assert modal is not None
    return str(modal.components)


async def test_a_refused_form_opens_with_what_was_typed_and_an_accepted_one_without() -> None:
    async with FakeDiscord() as discord, over_gateway(inhabited(discord)) as bench:
        ana = bench.people[0]
        sent = await bench.platform.send(ToPerson(ana, "direct"), CHOICE, key="d1")
        bench.inbox.answers["met:42"] = Ask(SMALL_FORM)
        await bench.press(ana, sent, "met:42")
        assert "between us" not in await reopened(bench, ana)

        bench.inbox.answers["sample:1"] = Refused({"words": Say("sample.plain")})
        await discord.hands.submit(ana, {"words": "between us"})
        await bench.quiet()
        assert "between us" in await reopened(bench, ana)

        del bench.inbox.answers["sample:1"]
        await discord.hands.submit(ana, {"words": "between us"})
        await bench.quiet()
        assert "between us" not in await reopened(bench, ana, button=0)
        assert "between us" not in await reopened(bench, ana, button=-1)
