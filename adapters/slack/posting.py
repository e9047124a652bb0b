"""Messages on their way into a conversation: in as many pieces as Slack's limits ask for, with their files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from adapters.slack import render
from adapters.slack.calling import Api
from adapters.slack.channels import Channels
from adapters.slack.people import People
from bot.domain.contents import accounts_named, channels_named
from bot.domain.messages import File, Message
from bot.ports import PerhapsDone, PermanentFailure, Sent, TemporaryFailure, Unreachable

EVENT = "kinkeeper_delivery"
"""Under what name a message carries the id of its delivery. https://docs.slack.dev/messaging/message-metadata"""

SKEW = timedelta(minutes=2)  # by which Slack's clock may be behind ours
PATIENCE = 20.0  # seconds that a further piece waits if Slack asks it to; a claim in the outbox is short
JOINT = ","  # between the ids of a message's pieces

NameOf = Callable[[str], Awaitable[str]]

FAILURES = (TemporaryFailure, PermanentFailure, Unreachable, PerhapsDone)

log = structlog.get_logger(__name__)


class Posting:
    """Posts, changes, removes and finds messages of one workspace."""

    def __init__(self, api: Api, people: People, channels: Channels, *, prefix: str) -> None:
        self._api = api
        self._people = people
        self._channels = channels
        self._prefix = prefix
        self._direct: dict[str, str] = {}  # the direct conversation with each person, once it is known

    async def payloads(self, message: Message) -> list[render.Payload]:
        """The message as Slack takes it; people whom somebody mentioned in their words are named."""
        return render.payloads(message, names=await self.names(message), prefix=self._prefix)

    async def names(self, message: Message) -> dict[str, str]:
        """By id, the names of all whom it shows by name, and of channels; who cannot be asked for now is left out."""
        asked: dict[str, NameOf] = dict.fromkeys(sorted(channels_named(message)), self._channel_name)
        asked |= dict.fromkeys(sorted(accounts_named(message)), self._person_name)
        names: dict[str, str] = {}
        for mentioned, name_of in asked.items():
            try:
                names[mentioned] = await name_of(mentioned)
            except FAILURES as failure:  # words must not wait
                log.info("name_not_found", problem=str(failure))
        return {mentioned: name for mentioned, name in names.items() if name}

    async def _channel_name(self, channel: str) -> str:
        return self._channels.name(channel) or (await self._channels.of_id(channel)).name

    async def _person_name(self, account: str) -> str:
        person = self._people.known(account) or await self._people.profile(account)
        return person.name if person else ""

    async def direct(self, account: str) -> str:
        """The direct conversation with somebody. Of one who was deactivated Slack says so only when it is opened."""
        if account not in self._direct or self._people.is_gone(account):
            try:
                answer = await self._api.call("conversations.open", users=account)
            except Unreachable:
                self._people.forget(account)  # they may have left, and no event told
                raise
            self._direct[account] = str(answer["channel"]["id"])
        return self._direct[account]

    async def is_direct(self, channel: str, account: str) -> bool:
        """Whether a conversation is the bot's own with this person."""
        return channel.startswith("D") and channel == await self.direct(account)

    async def to_person(self, account: str, message: Message, *, key: str) -> Sent:
        """Send to a person's direct conversation; without a `key` it is not marked."""
        return await self.post(await self.direct(account), message, key=key)

    async def files_to_person(self, account: str, files: Sequence[File]) -> None:
        """Put files into a person's direct conversation."""
        uploaded = [await self._upload(each) for each in files]
        await self._share(await self.direct(account), uploaded)

    async def post(self, channel: str, message: Message, *, key: str) -> Sent:
        """Send to a conversation: the whole message, or nothing of it and a failure."""
        uploaded = [await self._upload(each) for each in render.files(message)]
        payloads = await self.payloads(message)
        sent: list[str] = []
        try:
            for number, payload in enumerate(payloads, start=1):
                mark = {"key": key, "piece": number, "pieces": len(payloads)}
                marked = {"metadata": {"event_type": EVENT, "event_payload": mark}} if key else {}
                body = {"channel": channel, **_body(payload), **marked}
                answer = await (
                    self._api.read("chat.postMessage", patience=PATIENCE, **body)  # it is begun already
                    if sent
                    else self._api.call("chat.postMessage", **body)
                )
                channel, ts = str(answer["channel"]), str(answer["ts"])
                sent.append(ts)
            await self._share(channel, uploaded)
        except Exception as failure:
            if sent and not await self._take_back(channel, sent) and isinstance(failure, TemporaryFailure):
                raise PerhapsDone(f"A part of it stands there already. {failure}") from failure
            raise
        return Sent(conversation=channel, message=JOINT.join(sent))

    async def edit(self, sent: Sent, message: Message) -> None:
        """Replace a message, piece by piece; pieces that are not needed any more are taken away."""
        pieces = sent.message.split(JOINT)
        payloads = await self.payloads(message)
        if len(payloads) > len(pieces):
            raise PermanentFailure("The new version is longer than Slack lets a message become.")
        for ts, payload in zip(pieces, payloads, strict=False):
            await self._api.call(
                "chat.update", channel=sent.conversation, ts=ts, text=payload.text, blocks=payload.blocks
            )
        for ts in pieces[len(payloads) :]:
            await self._delete(sent.conversation, ts)

    async def remove(self, sent: Sent) -> None:
        """Take all pieces of a message away."""
        for ts in sent.message.split(JOINT):
            await self._delete(sent.conversation, ts)

    async def find(self, channel: str, *, key: str, since: datetime) -> Sent | None:
        """The message marked with `key`, if all of it is there; what is there of one that is not whole is taken away.

        https://docs.slack.dev/reference/methods/conversations.history
        """
        found: dict[int, str] = {}
        pieces = 0
        history = self._api.pages(
            "conversations.history",
            "messages",
            channel=channel,
            oldest=f"{(since - SKEW).timestamp():.6f}",
            include_all_metadata=True,
        )
        async for each in history:
            metadata = each.get("metadata") or {}
            mark = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT and mark.get("key") == key:
                found[int(mark.get("piece", 1))] = str(each["ts"])
                pieces = int(mark.get("pieces", 1))
        if not found:
            return None
        in_order = [found[number] for number in sorted(found)]
        if len(found) < pieces:
            for ts in in_order:
                await self._delete(channel, ts)
            return None
        return Sent(conversation=channel, message=JOINT.join(in_order))

    async def _delete(self, channel: str, ts: str) -> None:
        try:
            await self._api.call("chat.delete", channel=channel, ts=ts)
        except PermanentFailure as failure:
            if "message_not_found" not in str(failure) and "channel_not_found" not in str(failure):
                raise

    async def _take_back(self, channel: str, sent: Sequence[str]) -> bool:
        """Delete what was sent of a message that cannot be sent whole; whether nothing of it is left."""
        left = False
        for ts in sent:
            try:
                await self._delete(channel, ts)
            except (TemporaryFailure, PermanentFailure, PerhapsDone) as failure:
                log.warning("piece_not_taken_back", problem=str(failure))
                left = True
        return not left

    async def _upload(self, file: File) -> dict[str, str]:
        """Bring a file to Slack without showing it to anybody yet.

        https://docs.slack.dev/messaging/working-with-files#uploading_files
        """
        answer = await self._api.call(
            "files.getUploadURLExternal",
            filename=file.name,
            length=len(file.content),
            alt_txt=render.alt(file),
        )
        await self._api.upload(str(answer["upload_url"]), file.content)
        return {"id": str(answer["file_id"]), "title": file.name}

    async def _share(self, channel: str, uploaded: Sequence[Mapping[str, str]]) -> None:
        if uploaded:
            await self._api.call(
                "files.completeUploadExternal", files=render.as_json(list(uploaded)), channel_id=channel
            )


def _body(payload: render.Payload) -> dict[str, object]:
    """A message as `chat.postMessage` takes it."""
    return {
        "text": payload.whole,
        "blocks": payload.blocks,
        "mrkdwn": False,  # nothing typed becomes markup in a notification
        "unfurl_links": False,
        "unfurl_media": False,
    }
