"""What an app says in answer to an action: to its response_url, or with the acknowledgement of a command.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

from datetime import timedelta

from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.chat import content
from tests.fakes.slack.records import Json, Post, Refusal, ResponseUrl
from tests.fakes.slack.workspace import BOT_USER, Workspace

LASTS = timedelta(minutes=30)
MOST_USES = 5
_KNOWN = {
    "text",
    "blocks",
    "attachments",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "metadata",
    "unfurl_links",
    "unfurl_media",
    "mrkdwn",
    "parse",
    "link_names",
}


def answer(there: Workspace, code: str, said: Json) -> None:
    """Something was sent to a response_url: a message for the person alone, a change, or a removal."""
    url = there.response_urls.get(code)
    if url is None:
        raise Refusal("no_such_url")
    if there.clock.now() - url.issued_at > LASTS:
        raise Refusal("expired_url")
    if url.uses >= MOST_USES:
        raise Refusal("used_url")
    if unknown := said.keys() - _KNOWN:
        raise Refusal("invalid_payload", errors=sorted(unknown))
    url.uses += 1
    if said.get("delete_original"):
        if post := _original(there, url):
            there.posts.remove(post)
        return
    text, blocks = content(Arguments(said, ""))
    if said.get("replace_original") and (post := _original(there, url)):
        post.text, post.blocks, post.edited = text, blocks, True
        return
    privately = said.get("response_type", "ephemeral") != "in_channel"
    there.post(url.channel, BOT_USER, text=text, blocks=blocks, only_for=url.person if privately else None)


def answer_at_once(there: Workspace, person: str, channel: str, said: Json) -> None:
    """A command was acknowledged with words."""
    if said.get("text") or said.get("blocks"):
        text, blocks = content(Arguments(said, ""))
        privately = said.get("response_type", "ephemeral") != "in_channel"
        there.post(channel, BOT_USER, text=text, blocks=blocks, only_for=person if privately else None)


def _original(there: Workspace, url: ResponseUrl) -> Post | None:
    return there.find(url.channel, url.original) if url.original else None
