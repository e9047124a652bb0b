"""How Discord writes down what there is, in answers and in events.

https://docs.discord.com/developers/resources/user and the pages beside it
"""

from __future__ import annotations

from datetime import datetime

from tests.fakes.discord.records import (
    Channel,
    Interaction,
    Json,
    Kind,
    Member,
    Message,
    Modal,
    Role,
    Server,
    User,
)
from tests.fakes.discord.world import World

APPLICATION = "1000000000000000001"
MEMBERS_LIMITED = 1 << 15
LARGEST_FILE = 10 * 1024 * 1024


def at(moment: datetime) -> str:
    return moment.isoformat()


def user(who: User) -> Json:
    return {
        "id": who.id,
        "username": who.name,
        "global_name": who.global_name,
        "discriminator": "0000" if who.is_bot else "0",
        "avatar": None,
        "bot": who.is_bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def member(there: World, who: Member, *, with_user: bool = True) -> Json:
    about: Json = {
        "nick": who.nick,
        "avatar": None,
        "banner": None,
        "roles": list(who.roles),
        "joined_at": at(who.joined_at),
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }
    return about | ({"user": user(there.users[who.user])} if with_user else {})


def role(what: Role) -> Json:
    return {
        "id": what.id,
        "name": what.name,
        "permissions": str(what.permissions),
        "position": what.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": what.managed,
        "mentionable": what.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def channel(there: World, what: Channel) -> Json:
    """Any channel: of a server, a thread, or a direct one."""
    if what.recipient is not None:
        return {
            "id": what.id,
            "type": int(Kind.DM),
            "flags": 0,
            "last_message_id": what.last_message,
            "recipients": [user(there.users[what.recipient])],
        }
    about: Json = {
        "id": what.id,
        "type": int(what.kind),
        "guild_id": what.server,
        "name": what.name,
        "parent_id": what.parent,
        "flags": 0,
        "last_message_id": what.last_message,
    }
    if what.thread:
        return about | _thread(there, what)
    about |= {
        "position": what.position,
        "topic": what.topic,
        "nsfw": False,
        "permission_overwrites": [
            {"id": o.id, "type": int(o.is_member), "allow": str(o.allow), "deny": str(o.deny)}
            for o in what.overwrites.values()
        ],
    }
    if what.kind == Kind.VOICE:
        about |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    return about


def _thread(there: World, what: Channel) -> Json:
    thread = what.thread
    if thread is None:
        raise LookupError(f"{what.name} is no thread")
    about: Json = {
        "owner_id": thread.owner,
        "message_count": len(there.within(what.id)),
        "member_count": min(len(thread.members), 50),
        "total_message_sent": thread.written,
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": at(thread.changed_at),
            "auto_archive_duration": thread.auto_archive,
            "locked": thread.locked,
            "create_timestamp": at(thread.made_at),
        },
    }
    if what.kind == Kind.PRIVATE_THREAD:
        about["thread_metadata"]["invitable"] = thread.invitable
    if there.bot in thread.members:
        about["member"] = thread_member(there, what, there.bot)
    return about


def thread_member(there: World, what: Channel, person: str, *, with_member: bool = False) -> Json:
    joined_at = what.thread.members[person] if what.thread else there.clock.now()
    about: Json = {"id": what.id, "user_id": person, "join_timestamp": at(joined_at), "flags": 0}
    if with_member and (found := there.servers[what.server or ""].members.get(person)):
        about["member"] = member(there, found)
    return about


def server(there: World, what: Server, *, with_counts: bool = False) -> Json:
    """A server as REST tells of it."""
    nothing = (
        "icon description home_header splash discovery_splash banner application_id afk_channel_id system_channel_id "
        "widget_channel_id vanity_url_code rules_channel_id safety_alerts_channel_id public_updates_channel_id "
        "max_presences incidents_data"
    )
    about: Json = dict.fromkeys(nothing.split()) | {
        "id": what.id,
        "name": what.name,
        "owner_id": what.owner,
        "features": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 0,
        "roles": [role(r) for r in what.roles.values()],
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
    }
    counts = {"approximate_member_count": len(what.members), "approximate_presence_count": 1}
    return about | (counts if with_counts else {})


def message(there: World, what: Message) -> Json:
    about: Json = {
        "id": what.id,
        "channel_id": what.channel,
        "type": what.kind,
        "author": user(there.users[what.author]),
        "content": what.content,
        "timestamp": at(what.at),
        "edited_timestamp": at(what.edited_at) if what.edited_at else None,
        "tts": False,
        "pinned": False,
        "mention_everyone": "everybody" in what.pings,
        "mentions": [user(there.users[p]) for p in sorted(what.pings) if p in there.users],
        "mention_roles": [],
        "attachments": [
            {
                "id": a.id,
                "filename": a.name,
                "size": len(a.content),
                "url": f"https://cdn.invalid/attachments/{what.channel}/{a.id}/{a.name}",
                "proxy_url": f"https://media.invalid/attachments/{what.channel}/{a.id}/{a.name}",
                "content_type": a.media_type,
                **({"description": a.description} if a.description else {}),
            }
            for a in what.attachments
        ],
        "embeds": [{"type": "rich", **embed} for embed in what.embeds],
        "components": what.components,
        "flags": what.flags,
    }
    if what.nonce is not None:
        about["nonce"] = what.nonce
    if what.interaction is not None or there.users[what.author].is_bot:
        about["application_id"] = APPLICATION
    if asked := there.interactions.get(what.interaction or ""):
        about["webhook_id"] = APPLICATION
        about["interaction_metadata"] = _metadata(there, asked)
    return about


def _metadata(there: World, asked: Interaction) -> Json:
    owners = {"0": there.channels[asked.channel].server or "0"}
    about: Json = {
        "id": asked.id,
        "type": asked.kind,
        "user": user(there.users[asked.person]),
        "authorizing_integration_owners": owners,
    }
    if asked.kind == 3 and asked.message:
        about["interacted_message_id"] = asked.message.id
    if asked.kind == 5:
        about["triggering_interaction_metadata"] = {**about, "type": 2}
    return about


def modal(what: Modal) -> Json:
    return {"custom_id": what.custom_id, "title": what.title, "components": what.components}


def application(there: World) -> Json:
    return {
        "id": APPLICATION,
        "name": "Kinkeeper",
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(there.users[there.bot]),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags(there),
        "flags_new": str(flags(there)),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(there.users[there.owner]),
        "approximate_guild_count": len(there.servers),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }


def flags(there: World) -> int:
    """Of the application; which privileged intents are switched on stands here too.

    https://docs.discord.com/developers/resources/application#application-object-application-flags
    """
    return MEMBERS_LIMITED if there.members_intent else 0
