"""How somebody on Slack is answered: for their eyes alone, where they acted, or else in their direct conversation."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from adapters.kept import Kept
from adapters.slack import render, views
from adapters.slack.calling import Api
from adapters.slack.failures import code_of
from adapters.slack.people import People
from adapters.slack.posting import Posting
from bot.domain.messages import Button, Buttons, Form, Message, Say
from bot.ports import NeedsAdmin, PermanentFailure, Unreachable

USES = (
    5  # of a response_url: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
)
KEPT, AN_HOUR = 200, 3600.0  # forms that wait for a button, and for how many seconds
OPEN = "slack-open"  # the verb of that button, which the core never sees
TOO_LATE = frozenset({"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "invalid_trigger_id"})
HOME = "home"  # stands where a form keeps the channel it was asked for in

log = structlog.get_logger(__name__)

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody acted, and so where they can be answered."""

    account: str
    trigger: str = ""  # opens a form, for three seconds
    response_url: str = ""
    channel: str = ""
    view: View | None = None  # the form or the home page that holds what was pressed

    @property
    def is_home(self) -> bool:
        """Whether it was on the home page."""
        return self.channel == HOME or (self.view is not None and self.view.get("type") == "home")


class Replies:
    """Answers what people do. What cannot be shown where they acted comes as a direct message."""

    def __init__(self, api: Api, people: People, posting: Posting, *, prefix: str) -> None:
        self._api = api
        self._people = people
        self._posting = posting
        self._prefix = prefix
        self._waiting: Kept[str, View] = Kept(most=KEPT, seconds=AN_HOUR)

    async def say(self, spot: Spot, message: Message) -> None:
        """Show a message to whoever acted."""
        files = render.files(message)
        text = message
        if files and not await self._posting.is_direct(spot.channel, spot.account):
            text = message + Message((Say("slack.file_is_direct"),))
        is_shown = _is_in_form(spot) and await self.change(
            str((spot.view or {})["id"]), await self.result(text)
        )
        if not is_shown and not await self._privately(spot, text):
            await self._posting.to_person(spot.account, text, key="")
            return
        if files:
            await self._posting.files_to_person(spot.account, files)

    async def show(self, spot: Spot, form: Form) -> None:
        """Open a form. If too much time has passed for that, a button that opens it, so that nothing is lost."""
        await self._open(spot, self.form(form, spot))

    async def show_waiting(self, spot: Spot, waiting: str) -> None:
        """Open a form that came too late before; it may be opened again."""
        if (view := self._waiting.get(waiting)) is not None:
            await self._open(spot, view)
        else:
            await self.say(spot, Message((Say("form.gone"),)))

    async def show_later(self, spot: Spot, view: View, *, why: Say) -> None:
        """A button that opens a form which cannot be opened now, or was closed too early."""
        waiting = secrets.token_urlsafe(8)
        self._waiting.put(waiting, view)
        button = Button(f"{OPEN}:{waiting}", Say("form.open"), "primary")
        await self.say(_elsewhere(spot), Message((why, Buttons((button,)))))

    async def _open(self, spot: Spot, view: View) -> None:
        try:
            await self._api.client.api_call(
                "views.push" if _is_in_form(spot) else "views.open",
                json={"trigger_id": spot.trigger, "view": view},
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            code = code_of(error) if isinstance(error, SlackApiError) else ""
            log.warning("form_not_opened", problem=code or type(error).__name__)
            why = Say("slack.form_waits" if code in TOO_LATE else "slack.form_failed")
            await self.show_later(spot, view, why=why)

    async def home(self, account: str, page: Message, *, notice: Message | None) -> None:
        """Show somebody their home page."""
        names = await self._posting.names(page + (notice or Message(())))
        view = views.home(page, notice=notice, names=names, prefix=self._prefix)
        await self._api.call("views.publish", user_id=account, view=view)

    def form(self, form: Form, spot: Spot) -> dict[str, Any]:
        """A form as it is shown to somebody there; it remembers where it was asked for."""
        return views.modal(form, channel=HOME if spot.is_home else spot.channel or None, prefix=self._prefix)

    async def result(self, message: Message) -> dict[str, Any]:
        """A form that asks nothing: it shows what became of the one before."""
        names = await self._posting.names(message)
        return views.result(message, names=names, prefix=self._prefix)

    async def errors(self, wrong: Mapping[str, Say], view: View) -> dict[str, str]:
        """What is wrong with a form that was sent, as it is shown at its fields."""
        names = await self._posting.names(Message(tuple(wrong.values())))
        return views.errors(wrong, view, names=names, prefix=self._prefix)

    async def change(self, view: str, shown: View) -> bool:
        """Show something else in a form that is open; whether it was not closed meanwhile."""
        try:
            await self._api.call("views.update", view_id=view, view=shown)
        except PermanentFailure as closed:
            log.info("form_closed_meanwhile", problem=str(closed))
            return False
        return True

    async def _privately(self, spot: Spot, message: Message) -> bool:
        """For their eyes alone where they acted; whether that worked."""
        payloads = await self._posting.payloads(message)
        if spot.response_url and len(payloads) <= USES:
            sent = [await self._respond(spot.response_url, each) for each in payloads]
            return all(sent)
        if not spot.channel or spot.channel == HOME:
            return False
        try:
            for each in payloads:
                await self._api.call(
                    "chat.postEphemeral",
                    channel=spot.channel,
                    user=spot.account,
                    text=each.whole,
                    blocks=each.blocks,
                )
        except (NeedsAdmin, PermanentFailure, Unreachable):
            return False  # the bot is not there, or they are not: their direct conversation is next
        return True

    async def _respond(self, address: str, payload: render.Payload) -> bool:
        """Whether Slack took it at the address it gave for answers."""
        session = self._api.client.session
        if session is None:
            return False
        body = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": payload.whole,
            "blocks": payload.blocks,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            async with session.post(address, json=body, proxy=self._api.client.proxy) as response:
                if response.status == 200:
                    return True
                log.warning("reply_not_taken", status=response.status, problem=(await response.text())[:80])
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("reply_not_taken", problem=type(error).__name__)
        return False


def _is_in_form(spot: Spot) -> bool:
    return spot.view is not None and spot.view.get("type") == "modal"


def _elsewhere(spot: Spot) -> Spot:
    """The same place without the form that is open there."""
    if not _is_in_form(spot):
        return spot
    return Spot(spot.account, response_url=spot.response_url, channel=spot.channel)
