"""The shapes in which Slack tells about things.

https://docs.slack.dev/reference/objects
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.fakes.slack.records import Conversation, Json, Person, Post, View
from tests.fakes.slack.workspace import APP, BOT, BOT_USER, DOMAIN, TEAM, Workspace

CREATED = 1_700_000_000


def user(there: Workspace, person: Person, *, with_locale: bool = False) -> Json:
    """Of somebody deactivated less is told. https://docs.slack.dev/reference/objects/user-object"""
    until = person.status_until
    document: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": "",
            "display_name_normalized": "",
            "status_text": person.status_text,
            "status_emoji": person.status_emoji,
            "status_expiration": int(until.timestamp()) if until else 0,
            "team": person.team_id,
        },
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": CREATED,
    }
    if person.is_bot:
        document["profile"] |= {"bot_id": BOT, "api_app_id": APP}
    if person.deleted:
        return document
    document |= {
        "real_name": person.real_name,
        "color": "9f69e7",
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_email_confirmed": True,
    }
    if person.is_stranger:
        document["is_stranger"] = True
    if person.tz is not None:
        offset = there.clock.now().astimezone(ZoneInfo(person.tz)).utcoffset() or timedelta(0)
        document |= {"tz": person.tz, "tz_label": person.tz, "tz_offset": int(offset.total_seconds())}
    if with_locale:
        document["locale"] = person.locale
    return document


def conversation(of: Conversation) -> Json:
    """https://docs.slack.dev/reference/objects/conversation-object"""
    document: Json = {
        "id": of.id,
        "created": CREATED,
        "is_archived": of.archived,
        "is_channel": of.kind == "public",
        "is_group": of.kind == "private",
        "is_im": of.kind == "im",
        "is_mpim": of.kind == "mpim",
        "is_private": of.kind != "public",
        "is_org_shared": False,
        "context_team_id": TEAM,
    }
    if of.kind == "im":
        return document | {"user": next(m for m in of.members if m != BOT_USER), "is_user_deleted": False}
    return document | {
        "name": of.name,
        "name_normalized": of.name,
        "is_general": of.name == "general",
        "is_shared": of.shared,
        "is_ext_shared": of.shared,
        "is_member": BOT_USER in of.members,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def message(post: Post, *, with_metadata: bool = True) -> Json:
    """https://docs.slack.dev/reference/events/message"""
    document: Json = {
        "type": "message",
        "user": post.user,
        "ts": post.ts,
        "text": post.text,
        "team": TEAM,
    }
    if post.by_bot:
        document |= {
            "bot_id": BOT,
            "app_id": APP,
            "bot_profile": {"id": BOT, "app_id": APP, "name": "Kinkeeper"},
        }
    if post.blocks:
        document["blocks"] = post.blocks
    if post.edited:
        document["edited"] = {"user": post.user, "ts": post.ts}
    if post.thread_ts:
        document["thread_ts"] = post.thread_ts
    if post.files:
        document["files"] = [{"id": f.id, "name": f.name, "title": f.title or f.name} for f in post.files]
    if post.metadata and with_metadata:
        document["metadata"] = post.metadata
    return document


def view(of: View, values: Json | None = None) -> Json:
    """https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload"""
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "title": None,
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
        **of.content,
        "id": of.id,
        "team_id": TEAM,
        "state": {"values": values or {}},
        "hash": of.hash,
        "previous_view_id": of.previous,
        "root_view_id": of.root,
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT,
    }


def who(person: Person) -> Json:
    """Somebody in an interaction."""
    return {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id}


def team() -> Json:
    return {"id": TEAM, "domain": DOMAIN}


def event(of: Json, *, number: int, now: datetime) -> Json:
    """An event in its envelope. https://docs.slack.dev/apis/events-api#callback-field"""
    bot = {
        "enterprise_id": None,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "verification-token",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": of,
        "type": "event_callback",
        "event_id": f"Ev{number:08d}",
        "event_time": int(now.astimezone(UTC).timestamp()),
        "authorizations": [bot],
        "is_ext_shared_channel": False,
        "event_context": f"4-event-{number}",
    }
