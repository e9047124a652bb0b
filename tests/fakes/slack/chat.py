"""Messages: `chat.*`, checked as Slack checks them.

https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

from typing import Any

from tests.fakes.slack import payloads
from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.checking import block_problems
from tests.fakes.slack.records import Conversation, Json, Post, Refusal
from tests.fakes.slack.workspace import BOT_USER, Workspace

LONGEST_TEXT = 40_000


def post_message(there: Workspace, given: Arguments) -> Json:
    conversation = where(there, given.needed("channel", error="channel_not_found"))
    may_post(there, conversation)
    text, blocks = content(given)
    post = there.post(
        conversation.id,
        BOT_USER,
        text=text,
        blocks=blocks,
        metadata=_metadata(given),
        thread_ts=given.text("thread_ts") or None,
        links_names=given.flag("link_names") or given.text("parse") == "full",
        unfurls=not (_denied(given, "unfurl_links") and _denied(given, "unfurl_media")),
    )
    return {"channel": conversation.id, "ts": post.ts, "message": payloads.message(post)}


def update(there: Workspace, given: Arguments) -> Json:
    """What is not given stays as it was. https://docs.slack.dev/reference/methods/chat.update"""
    conversation = there.visible(given.needed("channel", error="channel_not_found"))
    post = _own(there, conversation, given, error="cant_update_message")
    if conversation.archived:
        raise Refusal("is_inactive")
    text, blocks = content(given)
    post.text, post.edited = text, True
    if "blocks" in given.given:
        for block in blocks:
            block.setdefault("block_id", f"b{there.number()}")
        post.blocks = blocks
    if "metadata" in given.given:
        post.metadata = _metadata(given)
    return {"channel": conversation.id, "ts": post.ts, "text": text, "message": payloads.message(post)}


def delete(there: Workspace, given: Arguments) -> Json:
    conversation = there.visible(given.needed("channel", error="channel_not_found"))
    post = _own(there, conversation, given, error="cant_delete_message")
    there.posts.remove(post)
    return {"channel": conversation.id, "ts": post.ts}


def post_ephemeral(there: Workspace, given: Arguments) -> Json:
    conversation = there.visible(given.needed("channel", error="channel_not_found"))
    may_post(there, conversation)
    person = given.needed("user", error="user_not_in_channel")
    if person not in conversation.members:
        raise Refusal("user_not_in_channel")
    text, blocks = content(given)
    post = there.post(conversation.id, BOT_USER, text=text, blocks=blocks, only_for=person)
    return {"message_ts": post.ts}


def where(there: Workspace, channel: str) -> Conversation:
    """A conversation by its id, or by its `#name`; by a person's id the direct one with them."""
    if channel.startswith("#"):
        channel = next((c.id for c in there.conversations.values() if c.name == channel[1:]), channel)
    if person := there.people.get(channel):
        return there.open_im(person.id)
    return there.visible(channel)


def may_post(there: Workspace, conversation: Conversation) -> None:
    """Refuses where the bot is not in, or nobody is any more; to somebody deactivated, Slack goes on delivering.

    https://github.com/slackapi/python-slack-sdk/issues/1156
    """
    if BOT_USER not in conversation.members:
        raise Refusal("not_in_channel")
    if conversation.archived:
        raise Refusal("is_archived")
    if conversation.kind == "im":
        if not there.app.takes_messages:
            raise Refusal("messages_tab_disabled")
        if unheard := there.person(next(m for m in conversation.members if m != BOT_USER)).unheard:
            raise Refusal(unheard)


def content(given: Arguments) -> tuple[str, list[Json]]:
    """The text and the blocks, checked."""
    text = given.given.get("text") or ""
    if not isinstance(text, str):
        raise Refusal("invalid_arguments")
    blocks = given.document("blocks", error="invalid_blocks_format")
    if not text and not blocks and not given.text("attachments"):
        raise Refusal("no_text")
    if len(text) > LONGEST_TEXT:
        raise Refusal("msg_too_long")
    return text, checked(blocks)


def checked(blocks: Any) -> list[Json]:
    """Blocks that Slack takes in a message."""
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    if problems := block_problems(blocks):
        raise Refusal("invalid_blocks", errors=problems, response_metadata={"messages": problems})
    return blocks


def _own(there: Workspace, conversation: Conversation, given: Arguments, *, error: str) -> Post:
    post = there.find(conversation.id, given.text("ts"))
    if post is None or post.only_for is not None:
        raise Refusal("message_not_found")
    if not post.by_bot:
        raise Refusal(error)
    return post


def _metadata(given: Arguments) -> Json | None:
    """https://docs.slack.dev/messaging/message-metadata"""
    found = given.document("metadata", error="invalid_metadata_format")
    if not found:
        return None
    match found:
        case {"event_type": str(name), "event_payload": dict()} if name and found.keys() <= {
            "event_type",
            "event_payload",
        }:
            return dict(found)
    raise Refusal("invalid_metadata_format")


def _denied(given: Arguments, name: str) -> bool:
    return name in given.given and not given.flag(name)
