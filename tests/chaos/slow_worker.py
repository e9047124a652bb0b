"""`python -m tests.chaos.slow_worker FOLDER NOW`: everything in one process, with a platform that takes its time.

NOW is where the clock starts. It says "sending" before a message goes out and "sent" before that is reported back, with
a pause after each, so that there is time to kill it at either.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from adapters.playground.platform import Playground
from bot import log
from bot.app import read_config, running
from bot.clock import ShiftedClock
from bot.config.settings import Settings
from bot.console.serving import until_told
from bot.domain.messages import Message
from bot.ports import Address, Sent

PEOPLE = 12
PAUSE = 0.15  # seconds


class Slow(Playground):
    """A playground that is far away."""

    async def send(self, to: Address, message: Message, *, key: str) -> Sent:
        _say(f"sending {key}")
        await asyncio.sleep(PAUSE)
        sent = await super().send(to, message, key=key)
        _say(f"sent {key}")
        await asyncio.sleep(PAUSE)
        return sent


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(folder: Path, now: datetime) -> None:
    settings = Settings.from_environment({"KINKEEPER_CONFIG": str(folder / "kinkeeper.toml")})
    clock = ShiftedClock(now - datetime.now(UTC))
    config = read_config(settings.config_path)

    async def start(stack: AsyncExitStack) -> None:
        platform = Slow(path=folder / "playground.db", clock=clock, people=PEOPLE)
        await stack.enter_async_context(
            running(settings, config, clock=clock, platforms={"playground": platform})
        )

    until_told(start)


if __name__ == "__main__":
    log.configure("info")
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
