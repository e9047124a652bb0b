"""What Slack tells: each command, press, form, menu and event is acknowledged, translated, and handed to the inbox."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.forms import IN_TIME, Forms
from adapters.slack.hearing import Hearing, Here
from adapters.slack.mentions import from_slack
from adapters.slack.people import SLACKBOT
from adapters.slack.replying import HOME, OPEN, Spot
from bot.domain.commands import COMMANDS
from bot.domain.interactions import Actor, Command, Interaction, Press, Said, Shortcut, read_action

ANY = re.compile(r".*", re.DOTALL)
NAMES = re.compile(rf"^/(?:[\w-]+-)?({'|'.join(COMMANDS)})$")

Body = dict[str, Any]


class Told(Here, Protocol):
    """What listening needs of the platform."""

    def cut_off(self, why: str) -> None:
        """Slack says that the bot was thrown out."""

    def changed(self, event: Mapping[str, Any], event_id: str) -> None:
        """Something about people or channels is another than before."""


class Listeners:
    """Slack's events on their way in."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._hearing = Hearing(told)
        self._forms = Forms(self._hearing)
        self.quiet = self._hearing.quiet

    def attach(self, app: AsyncApp) -> None:
        """Listen to everything the manifest subscribes to, and acknowledge the rest."""
        app.command(ANY, middleware=[self._at_once(self.command)])(self.handled)
        app.action(ANY, middleware=[self._at_once(self.press)])(self.handled)
        app.shortcut(ANY, middleware=[self._at_once(self.shortcut)])(self.handled)
        app.view_submission(ANY)(self.submit)
        app.view_closed(ANY)(self.nothing)
        app.event("app_home_opened")(self.home)
        app.event("message", middleware=[self.said])(self.handled)
        app.event({"type": "message", "subtype": [ANY]})(self.handled)
        app.event("tokens_revoked")(self.revoked)
        app.event("app_uninstalled")(self.revoked)
        app.event(ANY)(self.happened)

    async def nothing(self, ack: AsyncAck) -> None:
        await ack()

    async def handled(self) -> None:
        """It was done before, and is acknowledged; nothing is left to do."""

    def _at_once(self, doing: Callable[[Body], Awaitable[None]]) -> Callable[..., Awaitable[BoltResponse]]:
        """Acknowledge before anything is done: for a listener's own `ack()` Bolt looks every ten milliseconds only."""

        async def acknowledge(ack: AsyncAck, body: Body) -> BoltResponse:
            self._hearing.task(doing(body))
            return await ack()

        return acknowledge

    async def command(self, body: Body) -> None:
        typed = str(body["command"])
        found = NAMES.match(typed)
        name, text = found[1] if found else typed.lstrip("/"), from_slack(str(body.get("text") or ""))
        spot = Spot(
            str(body["user_id"]),
            trigger=str(body.get("trigger_id") or ""),
            response_url=str(body.get("response_url") or ""),
            channel=str(body.get("channel_id") or ""),
        )

        def as_command(actor: Actor) -> Interaction:
            return Command(actor, f"command:{spot.trigger}", name, text)

        hearing = self._hearing.hear(spot, as_command, name=str(body.get("user_name") or ""))
        await self._hearing.recorded(hearing, spot)

    async def press(self, body: Body) -> None:
        spot = _spot(body)
        for pressed in body.get("actions") or ():
            if pressed.get("type") == "button":
                await self._pressed(body, pressed, spot)

    async def _pressed(self, body: Body, pressed: Mapping[str, Any], spot: Spot) -> None:
        action = str(pressed.get("value") or pressed.get("action_id") or "")
        verb, about = read_action(action)
        if verb == OPEN:
            waiting = self._told.replies.show_waiting(spot, "".join(about))
            await self._hearing.recorded(waiting, spot)
            return
        event = f"press:{body.get('trigger_id') or pressed.get('action_ts')}"

        def as_press(actor: Actor) -> Interaction:
            return Press(actor, event, action)

        await self._hearing.recorded(self._hearing.hear(spot, as_press, team=_team(body)), spot)

    async def shortcut(self, body: Body) -> None:
        spot = _spot(body)
        name, author = str(body.get("callback_id") or ""), str((body.get("message") or {}).get("user") or "")

        def as_shortcut(actor: Actor) -> Interaction:
            return Shortcut(actor, f"menu:{spot.trigger}", name, author)

        await self._hearing.recorded(self._hearing.hear(spot, as_shortcut, team=_team(body)), spot)

    async def submit(self, ack: AsyncAck, body: Body) -> None:
        view: Mapping[str, Any] = body["view"]
        event = str(body.get("trigger_id") or f"{view.get('id')}:{view.get('hash')}")
        account = str(body["user"]["id"])
        await self._forms.submitted(ack, view, account=account, team=_team(body), event=event)

    async def home(self, event: Body, body: Body) -> None:
        if event.get("tab", "home") == "home":
            spot = Spot(str(event["user"]), channel=HOME)
            shown = self._hearing.show_home(spot, str(body.get("event_id") or ""))
            await self._hearing.recorded(shown, spot)

    async def said(
        self,
        req: AsyncBoltRequest,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's own word
    ) -> BoltResponse:
        """Words to the bot. They are handled before Slack is told so: if the process dies, they come again."""
        event: Body = req.body.get("event") or {}
        is_a_persons = event.get("user") not in (None, "", SLACKBOT) and not event.get("bot_id")
        if event.get("channel_type") == "im" and is_a_persons:
            spot, text = Spot(str(event["user"])), from_slack(str(event.get("text") or ""))

            def as_said(actor: Actor) -> Interaction:
                return Said(actor, f"message:{event.get('channel')}:{event.get('ts')}", text)

            heard = self._hearing.recorded(self._hearing.hear(spot, as_said), spot)
            await asyncio.wait({self._hearing.task(heard)}, timeout=IN_TIME)
        return await next()

    async def revoked(self, event: Body, body: Body) -> None:
        """The app was removed, or its token revoked."""
        bots = (event.get("tokens") or {}).get("bot")
        if event.get("type") == "tokens_revoked" and not bots:
            return  # somebody's own token, of which this app has none
        self._told.cut_off("The app was removed from the workspace, or its token revoked.")
        self._told.changed(event, str(body.get("event_id") or ""))

    async def happened(self, event: Body, body: Body) -> None:
        self._told.changed(event, str(body.get("event_id") or ""))


def _team(body: Body) -> str | None:
    user = body.get("user")
    return str(user["team_id"]) if isinstance(user, dict) and user.get("team_id") else None


def _spot(body: Body) -> Spot:
    """Where a press or a menu was."""
    container: Mapping[str, Any] = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    return Spot(
        str(body["user"]["id"]),
        trigger=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
        channel=str(channel),
        view=body.get("view"),
    )
