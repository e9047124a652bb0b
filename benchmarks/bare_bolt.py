"""`python -m benchmarks.bare_bolt`: a Bolt app that acknowledges every command and does nothing else."""

from __future__ import annotations

import asyncio
import os
import re
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    """Runs until it is killed."""
    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client)

    @app.command(re.compile(".*"))
    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    handler: Any = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
    await handler.start_async()


if __name__ == "__main__":
    asyncio.run(main())
