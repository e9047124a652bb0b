"""Channels, group conversations and direct ones: `conversations.*`.

https://docs.slack.dev/reference/methods/conversations.list
"""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.slack import payloads
from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.records import Conversation, Json, Kind, Refusal
from tests.fakes.slack.workspace import BOT_USER, Workspace

MOST_IN_A_GROUP = 8  # people besides the bot: https://docs.slack.dev/reference/methods/conversations.open
TYPES: dict[str, Kind] = {
    "public_channel": "public",
    "private_channel": "private",
    "mpim": "mpim",
    "im": "im",
}


def kinds(given: Arguments) -> list[Kind]:
    """Which kinds of conversation are asked for."""
    asked = given.texts("types") or ["public_channel"]
    if not TYPES.keys() >= {*asked}:
        raise Refusal("invalid_types")
    return [TYPES[a] for a in asked]


def list_all(there: Workspace, given: Arguments) -> Json:
    return _listed(there, given, lambda c: c.kind == "public" or BOT_USER in c.members)


def list_own(there: Workspace, given: Arguments) -> Json:
    """`users.conversations`: those that the bot is in."""
    return _listed(there, given, lambda c: BOT_USER in c.members)


def info(there: Workspace, given: Arguments) -> Json:
    conversation = there.visible(given.text("channel"))
    document = payloads.conversation(conversation)
    if given.flag("include_num_members"):
        document["num_members"] = len(conversation.members)
    if given.flag("include_locale"):
        document["locale"] = "en-US"
    return {"channel": document}


def members(there: Workspace, given: Arguments) -> Json:
    conversation = there.visible(given.text("channel"))
    page, cursor = given.page(conversation.members, most=there.page_size)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def history(there: Workspace, given: Arguments) -> Json:
    """Newest first, without what was answered in threads and what only one person sees."""
    conversation = there.visible(given.text("channel"))
    if BOT_USER not in conversation.members:
        raise Refusal("not_in_channel")
    oldest, latest = _ts(given.text("oldest")), _ts(given.text("latest"))
    inclusive = given.flag("inclusive")

    def asked(ts: str) -> bool:
        at = _ts(ts)
        late_enough = oldest is None or at is None or at > oldest or (inclusive and at == oldest)
        early_enough = latest is None or at is None or at < latest or (inclusive and at == latest)
        return late_enough and early_enough

    found = [p for p in there.within(conversation.id) if p.thread_ts in {None, p.ts} and asked(p.ts)]
    page, cursor = given.page(found[::-1], most=there.page_size)
    with_metadata = given.flag("include_all_metadata")
    return {
        "messages": [payloads.message(p, with_metadata=with_metadata) for p in page],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def open_(there: Workspace, given: Arguments) -> Json:
    """A direct conversation with one person, or a group one with several: always the same for the same people."""
    if channel := given.text("channel"):
        conversation = there.visible(channel)
        if conversation.kind not in {"im", "mpim"}:
            raise Refusal("method_not_supported_for_channel_type")
        return _opened(conversation, given, is_new=False)
    people = [p for p in dict.fromkeys(given.texts("users")) if p != BOT_USER]
    if not people:
        raise Refusal("users_list_not_supplied")
    if len(people) > MOST_IN_A_GROUP:
        raise Refusal("too_many_users")
    for person in map(there.person, people):
        if person.deleted:
            raise Refusal("user_disabled")
        if person.closed:
            raise Refusal(person.closed)
        if person.is_bot or person.id == "USLACKBOT":
            raise Refusal("cannot_dm_bot")
        if person.is_stranger and len(people) > 1:
            raise Refusal("invalid_user_combination")
    if len(people) == 1:
        is_new = f"D0{people[0][1:]}" not in there.conversations
        return _opened(there.open_im(people[0]), given, is_new=is_new)
    conversation, is_new = there.open_mpim(people)
    return _opened(conversation, given, is_new=is_new)


def close(there: Workspace, given: Arguments) -> Json:
    conversation = there.visible(given.text("channel"))
    if conversation.kind not in {"im", "mpim"}:
        raise Refusal("method_not_supported_for_channel_type")
    return {"no_op": True, "already_closed": True}


def _listed(there: Workspace, given: Arguments, visible: Callable[[Conversation], bool]) -> Json:
    wanted = kinds(given)
    archived_too = not given.flag("exclude_archived")
    found = [c for c in there.conversations.values() if c.kind in wanted and visible(c)]
    page, cursor = given.page(found, most=there.page_size, keep=lambda c: archived_too or not c.archived)
    return {
        "channels": [payloads.conversation(c) | {"num_members": len(c.members)} for c in page],
        "response_metadata": {"next_cursor": cursor},
    }


def _opened(conversation: Conversation, given: Arguments, *, is_new: bool) -> Json:
    whole = payloads.conversation(conversation) if given.flag("return_im") else {"id": conversation.id}
    return {"channel": whole} | ({} if is_new else {"no_op": True, "already_open": True})


def _ts(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    seconds, _, part = text.partition(".")
    try:
        return int(seconds), int(part.ljust(6, "0")[:6] or 0)
    except ValueError:
        raise Refusal("invalid_ts_oldest") from None
