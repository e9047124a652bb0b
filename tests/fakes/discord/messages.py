"""Messages: reading, writing, changing and taking them away.

https://docs.discord.com/developers/resources/message
"""

from __future__ import annotations

from datetime import timedelta

from tests.fakes.discord import documents, threads
from tests.fakes.discord.asking import Asked
from tests.fakes.discord.contents import check_message
from tests.fakes.discord.mentions import pings
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import POSTS, Channel, Json, Kind, Message
from tests.fakes.discord.refusals import (
    MISSING_PERMISSIONS,
    NO_SHARED_SERVER,
    NOT_THE_AUTHOR,
    UNKNOWN_MESSAGE,
    WRONG_CHANNEL_TYPE,
    refuse,
)
from tests.fakes.discord.world import World, number_components

NONCE_LASTS = timedelta(minutes=3)


def list_messages(there: World, asked: Asked) -> list[Json]:
    """The newest first; nothing without the permission to read what was. With `after`, the first ones after it."""
    where = there.visible(asked.names["channel_id"])
    if not there.may(where) & Permission.READ_MESSAGE_HISTORY:
        return []
    limit = asked.number("limit", otherwise=50, most=100)
    found = there.within(where.id)
    if "after" in asked.query:
        found = [m for m in found if int(m.id) > int(asked.query["after"])][:limit]
    elif "before" in asked.query:
        found = [m for m in found if int(m.id) < int(asked.query["before"])][-limit:]
    elif "around" in asked.query:
        middle = int(asked.query["around"])
        before = [m for m in found if int(m.id) < middle][-(limit // 2) :]
        found = before + [m for m in found if int(m.id) >= middle][: limit - len(before)]
    else:
        found = found[-limit:]
    return [documents.message(there, m) for m in reversed(found)]


def get_message(there: World, asked: Asked) -> Json:
    where = there.visible(asked.names["channel_id"])
    if not there.may(where) & Permission.READ_MESSAGE_HISTORY:
        raise refuse(MISSING_PERMISSIONS)
    return documents.message(there, _found(there, where, asked))


def create_message(there: World, asked: Asked) -> Json:
    """The same nonce within a few minutes is the same message, where `enforce_nonce` asks for it."""
    where = there.visible(asked.names["channel_id"])
    _may_write(there, where, with_files=bool(asked.files), with_embeds=bool(asked.form.get("embeds")))
    said = asked.form
    check_message(said, files=[f.name for f in asked.files.values()])
    nonce = said.get("nonce")
    if nonce is not None and said.get("enforce_nonce"):
        since = there.clock.now() - NONCE_LASTS
        for old in there.within(where.id):
            if old.nonce == nonce and old.author == there.bot and old.at >= since:
                return documents.message(there, old)
    threads.open_again(there, where)
    content = words(said)
    made = there.write(
        where.id,
        there.bot,
        content,
        embeds=said.get("embeds") or [],
        components=said.get("components") or [],
        attachments=asked.attachments(there, said),
        flags=said.get("flags") or 0,
        nonce=nonce,
        pings=pings(there, where, content, said.get("allowed_mentions")),
    )
    written(there, made)
    return documents.message(there, made)


def edit_message(there: World, asked: Asked) -> Json:
    """What is not given stays as it was; an edit calls nobody."""
    where = there.visible(asked.names["channel_id"])
    found = _found(there, where, asked)
    if found.author != there.bot:
        raise refuse(NOT_THE_AUTHOR)
    threads.check_open(there, where)
    change(there, found, asked, asked.form)
    return documents.message(there, found)


def delete_message(there: World, asked: Asked) -> None:
    where = there.visible(asked.names["channel_id"])
    found = _found(there, where, asked)
    if found.author != there.bot and not there.may(where) & Permission.MANAGE_MESSAGES:
        raise refuse(MISSING_PERMISSIONS)
    take_away(there, found)


def change(there: World, found: Message, asked: Asked, said: Json) -> None:
    """Replace what `said` has of a message; attachments that it does not name go."""
    old = {
        "content": found.content,
        "embeds": found.embeds,
        "components": found.components,
        "flags": found.flags,
        "attachments": found.attachments if said.get("attachments") is None else (),
    }
    check_message(said, files=[f.name for f in asked.files.values()], of_old=old)
    if "content" in said:
        found.content = words(said)
    if "embeds" in said:
        found.embeds = said["embeds"] or []
    if "components" in said:
        found.components = said["components"] or []
        number_components(found.components)
    if said.get("attachments") is not None:
        kept = {str(a["id"]) for a in said["attachments"]}
        found.attachments = [a for a in found.attachments if a.id in kept]
    found.attachments += asked.attachments(there, said)
    found.edited_at = there.clock.now()
    tell(there, "MESSAGE_UPDATE", found)


def words(said: Json) -> str:
    """The content as it is kept: without the space around it."""
    return (said.get("content") or "").strip()


def take_away(there: World, found: Message) -> None:
    there.messages.remove(found)
    if found.only_for is None:
        where = there.channels[found.channel]
        about = {"id": found.id, "channel_id": where.id}
        if where.server:
            about["guild_id"] = where.server
        there.tell("MESSAGE_DELETE", about, where.server)


def written(there: World, made: Message) -> None:
    """Tell of a new message; whom it calls in a private thread is in it from then on, if they may view the channel."""
    tell(there, "MESSAGE_CREATE", made)
    where = there.channels[made.channel]
    if where.thread and where.kind == Kind.PRIVATE_THREAD:
        parent = there.channels[where.parent or ""]
        called = [p for p in made.pings if p in there.users and there.may(parent, p)]
        threads.take_in(there, where, called)


def tell(there: World, event: str, what: Message) -> None:
    """Tell of a message that everybody in the channel can see; of others Discord says nothing."""
    if what.only_for is not None:
        return
    where = there.channels[what.channel]
    about = documents.message(there, what) | {"channel_type": int(where.kind)}
    if where.server:
        about["guild_id"] = where.server
        if who := there.servers[where.server].members.get(what.author):
            about["member"] = documents.member(there, who, with_user=False)
    there.tell(event, about, where.server)


def _found(there: World, where: Channel, asked: Asked) -> Message:
    found = there.find(where.id, asked.names["message_id"])
    if found is None or found.only_for is not None:
        raise refuse(UNKNOWN_MESSAGE)
    return found


def _may_write(there: World, where: Channel, *, with_files: bool, with_embeds: bool) -> None:
    if where.recipient is not None:
        if not there.shares_a_server(where.recipient):
            raise refuse(NO_SHARED_SERVER)
        if code := there.users[where.recipient].closed:
            raise refuse(code)
        return
    if where.kind in POSTS:
        raise refuse(WRONG_CHANNEL_TYPE)
    needed = Permission.SEND_MESSAGES_IN_THREADS if where.thread else Permission.SEND_MESSAGES
    if with_files:
        needed |= Permission.ATTACH_FILES
    if with_embeds:
        needed |= Permission.EMBED_LINKS
    if needed & ~there.may(where):
        raise refuse(MISSING_PERMISSIONS)
