"""Forms that were sent: each is answered in the form itself, by its fields or with what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck

from adapters.slack import views
from adapters.slack.hearing import Hearing
from adapters.slack.replying import Spot
from bot.domain.interactions import Actor, Answer, Ask, Interaction, Refused, Reply, Submit
from bot.domain.messages import Buttons, Message, Say

IN_TIME = 2.0
"""Seconds in which a form is answered in the form itself. Slack waits three.

https://docs.slack.dev/surfaces/modals#responding_to_view_submissions
"""

SHOWN = 0.5
"""Seconds in which Slack shows the form that says "one moment": what comes sooner would be overwritten by it."""

log = structlog.get_logger(__name__)

View = Mapping[str, Any]

Handled = Reply | Ask | dict[str, str]
"""What becomes of a form that was sent: an answer, or what is wrong with it, as it is shown at its fields."""


class Forms:
    """What becomes of the forms of one workspace."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing

    async def submitted(
        self, ack: AsyncAck, view: View, *, account: str, team: str | None, event: str
    ) -> None:
        """Hand it in, and answer in time; an answer that comes later changes the form that says so."""
        typed = views.typed(view)
        spot = Spot(account, channel=typed.channel or "")

        def as_submit(actor: Actor) -> Interaction:
            return Submit(actor, f"submit:{event}", typed.action, dict(typed.values))

        handing_in = self._hearing.handed_in(spot, as_submit, team=team)
        working = self._hearing.task(self._handled(handing_in, view))
        done, _ = await asyncio.wait({working}, timeout=IN_TIME)
        if done:
            await self._hearing.recorded(self._in_time(ack, view, working.result(), spot), spot)
            return
        await ack(response_action="update", view=views.waiting(view))
        await self._hearing.recorded(self._late(view, working, spot), spot)

    async def _handled(self, handing_in: Awaitable[tuple[Interaction | None, Answer]], view: View) -> Handled:
        """Where it could not be handed in, the form stays, with what was typed."""
        try:
            _, answer = await handing_in
        except Exception:  # recorded; whoever sent it can send it again
            log.exception("form_not_handed_in")
            answer = Refused({"": Say("error.unexpected")})
        if isinstance(answer, Refused):
            return await self._hearing.here.replies.errors(answer.errors, view)
        return answer

    async def _in_time(self, ack: AsyncAck, view: View, handled: Handled, spot: Spot) -> None:
        """The form shows what became of it; what has buttons outlives it, so that they can be pressed later."""
        replies = self._hearing.here.replies
        match handled:
            case dict():
                await ack(response_action="errors", errors=handled)
                return
            case Ask(form):
                await ack(response_action="update", view=replies.form(form, spot))
                return
            case Reply(message) if message is not None and not _outlives(message):
                await ack(response_action="update", view=await replies.result(message))
            case Reply(message):
                await ack(response_action="clear")
                if message is not None and not spot.is_home:
                    await replies.say(spot, message)
        await self._home_again(view, handled, spot)

    async def _late(self, view: View, working: Awaitable[Handled], spot: Spot) -> None:
        """The form that says "one moment" is changed into what became of it; whoever closed it is told elsewhere."""
        handled, _ = await asyncio.gather(working, asyncio.sleep(SHOWN))
        replies, open_ = self._hearing.here.replies, str(view["id"])
        match handled:
            case dict():
                shown = views.refused(view, views.typed(view).values, handled)
                if not await replies.change(open_, shown):
                    await replies.show_later(spot, shown, why=Say("slack.form_refused"))
            case Ask(form):
                shown = replies.form(form, spot)
                if not await replies.change(open_, shown):
                    await replies.show_later(spot, shown, why=Say("slack.form_waits"))
            case Reply(message):
                said = message or Message((Say("slack.done"),))
                if not await replies.change(open_, await replies.result(said)):
                    await replies.say(spot, said)
        await self._home_again(view, handled, spot)

    async def _home_again(self, view: View, handled: Handled, spot: Spot) -> None:
        """The home page below the form shows what holds now."""
        if spot.is_home and isinstance(handled, Reply):
            message = handled.message
            notice = message if message is not None and _outlives(message) else None
            await self._hearing.show_home(spot, f"{view.get('id')}:{view.get('hash')}:home", notice=notice)


def _outlives(message: Message) -> bool:
    return any(isinstance(part, Buttons) for part in message.parts)
