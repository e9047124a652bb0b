"""What is logged when Discord asks the bot to wait, or does not answer: never the token of anybody's interaction."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.adapters.discord.running import FOUR, answers, coffee, person, running, server, until
from tests.fakes.discord import FakeDiscord

ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
POSTING = "POST /channels/{channel_id}/messages"


async def test_neither_rate_limits_nor_broken_connections_bring_a_token_into_the_log(tmp_path: Path) -> None:
    async with (
        server() as discord,
        running(discord, tmp_path, env={"KINKEEPER_LOG": "debug"}) as program,
    ):
        await program.until_ready()
        people = {name: person(discord, name) for name in FOUR}
        discord.faults.fail_next(ORIGINAL, retry_after=0.01)
        discord.faults.fail_next(POSTING, retry_after=0.01)
        await _asks(discord, people["ana"])
        discord.faults.fail_next(ORIGINAL, lost="answer")
        await _asks(discord, people["ben"])
        discord.faults.fail_next(CALLBACK, lost="answer")
        await _asks(discord, people["chloe"])
        assert await program.stop() == 0
    tokens = [each.token for each in discord.world.interactions.values()]
    assert len(tokens) == 3
    log = program.process.output
    assert "is rate limited. Retrying" in log, "the operator learns of it all the same"
    assert discord.token not in log
    assert not any(token in log for token in tokens)


async def _asks(discord: FakeDiscord, account: str) -> None:
    """Somebody asks for help, and is answered in one way or another."""
    there = coffee(discord).id
    before = len(answers(discord, account)) + len(discord.eyes.to(account))
    await discord.hands.command(account, "kinkeeper help", channel=there)
    heard = partial(_heard, discord, account)
    await until(lambda: heard() > before, what="an answer")


def _heard(discord: FakeDiscord, account: str) -> int:
    return len(answers(discord, account)) + len(discord.eyes.to(account))
