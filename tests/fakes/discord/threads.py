"""Threads: making them, who is in them, archiving them.

https://docs.discord.com/developers/topics/threads
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.fakes.discord import documents
from tests.fakes.discord.asking import Asked
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Channel, Json, Kind, Threading
from tests.fakes.discord.refusals import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    THREAD_ARCHIVED,
    TOO_MANY_THREADS,
    UNKNOWN_MEMBER,
    UNKNOWN_USER,
    WRONG_CHANNEL_TYPE,
    Problems,
    refuse,
)
from tests.fakes.discord.world import MOST_ACTIVE_THREADS, World

_MADE_BY = {
    Kind.PRIVATE_THREAD: Permission.CREATE_PRIVATE_THREADS,
    Kind.PUBLIC_THREAD: Permission.CREATE_PUBLIC_THREADS,
}


def create_thread(there: World, asked: Asked) -> Json:
    """A private one unless the type says otherwise."""
    parent = there.visible(asked.names["channel_id"])
    if parent.kind != Kind.TEXT or parent.server is None:
        raise refuse(WRONG_CHANNEL_TYPE)
    said = asked.form
    _check(said)
    kind = Kind(said.get("type") or Kind.PRIVATE_THREAD)
    if not there.may(parent) & _MADE_BY[kind]:
        raise refuse(MISSING_PERMISSIONS)
    if len(there.threads_of(parent.server)) >= MOST_ACTIVE_THREADS:
        raise refuse(TOO_MANY_THREADS)
    made = there.add_thread(parent.id, said["name"], owner=there.bot, kind=kind)
    thread = of(made)
    thread.auto_archive = said.get("auto_archive_duration") or thread.auto_archive
    if said.get("invitable") is not None:
        thread.invitable = said["invitable"]
    there.tell("THREAD_CREATE", documents.channel(there, made) | {"newly_created": True}, made.server)
    return documents.channel(there, made)


def change(there: World, what: Channel, said: Json) -> None:
    """Archive, lock, rename: by who made it or who manages threads; only the latter lock and unlock.

    https://docs.discord.com/developers/resources/channel#modify-channel-json-params-thread
    """
    thread = of(what)
    manages = bool(there.may(what) & Permission.MANAGE_THREADS)
    _check(said, of_old=True)
    only_opens = said.keys() <= {"archived"} and said.get("archived") is False
    if not manages:
        needs_more = {"locked", "rate_limit_per_user"} & said.keys() or (thread.locked and only_opens)
        if needs_more or (thread.owner != there.bot and not only_opens):
            raise refuse(MISSING_PERMISSIONS)
    stays_archived = said.get("archived", thread.archived)
    if thread.archived and stays_archived and said.keys() - {"archived", "locked"}:
        raise refuse(THREAD_ARCHIVED)
    if said.get("archived") is not None and said["archived"] != thread.archived:
        thread.archived, thread.changed_at = said["archived"], there.clock.now()
    thread.locked = said.get("locked", thread.locked)
    thread.auto_archive = said.get("auto_archive_duration") or thread.auto_archive
    thread.invitable = said.get("invitable", thread.invitable)
    what.name = said.get("name") or what.name
    there.tell("THREAD_UPDATE", documents.channel(there, what), what.server)


def list_active(there: World, asked: Asked) -> Json:
    server = there.server(asked.names["guild_id"])
    return _list(there, [c for c in there.threads_of(server.id) if there.may(c)])


def list_archived_private(there: World, asked: Asked) -> Json:
    """Needs Manage Threads, since it shows threads that the bot is not in."""
    parent = there.visible(asked.names["channel_id"])
    needed = Permission.MANAGE_THREADS | Permission.READ_MESSAGE_HISTORY
    if needed & ~there.may(parent):
        raise refuse(MISSING_ACCESS)
    return _archived(there, asked, parent, kind=Kind.PRIVATE_THREAD)


def list_archived_public(there: World, asked: Asked) -> Json:
    parent = there.visible(asked.names["channel_id"])
    if not there.may(parent) & Permission.READ_MESSAGE_HISTORY:
        raise refuse(MISSING_PERMISSIONS)
    return _archived(there, asked, parent, kind=Kind.PUBLIC_THREAD)


def list_archived_joined(there: World, asked: Asked) -> Json:
    """The archived private threads that the bot is in, by their ids."""
    parent = there.visible(asked.names["channel_id"])
    if not there.may(parent) & Permission.READ_MESSAGE_HISTORY:
        raise refuse(MISSING_PERMISSIONS)
    found = [c for c in _of_parent(there, parent, Kind.PRIVATE_THREAD) if there.bot in of(c).members]
    if before := asked.query.get("before"):
        found = [c for c in found if int(c.id) < int(before)]
    found.sort(key=lambda c: int(c.id), reverse=True)
    return _list(there, found, limit=asked.number("limit", otherwise=50, most=100))


def list_members(there: World, asked: Asked) -> list[Json]:
    """Needs the intent for members."""
    where = _thread(there, asked)
    if not there.members_intent:
        raise refuse(MISSING_ACCESS)
    with_member = asked.query.get("with_member") in {"1", "true", "True"}
    return [documents.thread_member(there, where, p, with_member=with_member) for p in of(where).members]


def get_member(there: World, asked: Asked) -> Json:
    where = _thread(there, asked)
    person = _person(there, asked)
    if person not in of(where).members:
        raise refuse(UNKNOWN_MEMBER)
    return documents.thread_member(there, where, person)


def add_member(there: World, asked: Asked) -> None:
    """Of somebody who may not view the channel Discord says nothing in its documentation; here they have no access."""
    where = _thread(there, asked)
    person = _person(there, asked)
    if of(where).archived:
        raise refuse(THREAD_ARCHIVED)
    if not there.may(where) & Permission.SEND_MESSAGES_IN_THREADS and person != there.bot:
        raise refuse(MISSING_PERMISSIONS)
    if person not in there.servers[where.server or ""].members:
        raise refuse(UNKNOWN_MEMBER)
    if not there.may(there.channels[where.parent or ""], person):
        raise refuse(MISSING_ACCESS)
    take_in(there, where, [person])


def remove_member(there: World, asked: Asked) -> None:
    """By who manages threads, or who made the private thread; anybody may go themselves."""
    where = _thread(there, asked)
    person = _person(there, asked)
    thread = of(where)
    if thread.archived:
        raise refuse(THREAD_ARCHIVED)
    made_it = where.kind == Kind.PRIVATE_THREAD and thread.owner == there.bot
    if person != there.bot and not made_it and not there.may(where) & Permission.MANAGE_THREADS:
        raise refuse(MISSING_PERMISSIONS)
    if thread.members.pop(person, None):
        _tell_members(there, where, {"removed_member_ids": [person]})


def take_in(there: World, where: Channel, people: Iterable[str]) -> None:
    """Add those who are not in the thread yet, and tell of it."""
    thread = of(where)
    new = [p for p in people if p not in thread.members]
    for person in new:
        thread.members[person] = there.clock.now()
    if new:
        added = [documents.thread_member(there, where, p, with_member=True) for p in new]
        _tell_members(there, where, {"added_members": added})


def open_again(there: World, where: Channel) -> None:
    """Writing into an archived thread opens it, unless it is locked."""
    check_open(there, where, only_locked=True)
    if where.thread and where.thread.archived:
        where.thread.archived, where.thread.changed_at = False, there.clock.now()
        there.tell("THREAD_UPDATE", documents.channel(there, where), where.server)


def check_open(there: World, where: Channel, *, only_locked: bool = False) -> None:
    """Refuse what cannot be done in an archived thread; with `only_locked`, in one that is locked too."""
    thread = where.thread
    if thread and thread.archived and (not only_locked or _is_shut(there, where)):
        raise refuse(THREAD_ARCHIVED)


def of(what: Channel) -> Threading:
    if what.thread is None:
        raise refuse(WRONG_CHANNEL_TYPE)
    return what.thread


def _is_shut(there: World, where: Channel) -> bool:
    return bool(where.thread and where.thread.locked) and not there.may(where) & Permission.MANAGE_THREADS


def _tell_members(there: World, where: Channel, about: Json) -> None:
    count = min(len(of(where).members), 50)
    said: Json = {"id": where.id, "guild_id": where.server, "member_count": count, **about}
    there.tell("THREAD_MEMBERS_UPDATE", said, where.server)


def _thread(there: World, asked: Asked) -> Channel:
    found = there.visible(asked.names["channel_id"])
    of(found)
    return found


def _person(there: World, asked: Asked) -> str:
    id_ = asked.names.get("user_id", there.bot)
    if id_ not in there.users:
        raise refuse(UNKNOWN_USER)
    return id_


def _archived(there: World, asked: Asked, parent: Channel, *, kind: Kind) -> Json:
    found = _of_parent(there, parent, kind)
    if before := asked.query.get("before"):
        found = [c for c in found if documents.at(of(c).changed_at) < before]
    found.sort(key=lambda c: of(c).changed_at, reverse=True)
    return _list(there, found, limit=asked.number("limit", otherwise=50, most=100))


def _of_parent(there: World, parent: Channel, kind: Kind) -> list[Channel]:
    found = there.threads_of(parent.server or "", archived=True)
    return [c for c in found if c.parent == parent.id and c.kind == kind]


def _list(there: World, found: list[Channel], *, limit: int = MOST_ACTIVE_THREADS) -> Json:
    page = found[:limit]
    mine = [c for c in page if there.bot in of(c).members]
    return {
        "threads": [documents.channel(there, c) for c in page],
        "members": [documents.thread_member(there, c, there.bot) for c in mine],
        "has_more": len(found) > limit,
    }


def _check(said: Json, *, of_old: bool = False) -> None:
    problems = Problems()
    name: Any = said.get("name")
    if not of_old or name is not None:
        problems.length("name", name or "", 100, least=1)
    if said.get("auto_archive_duration") not in (None, 60, 1440, 4320, 10080):
        problems.add("auto_archive_duration", "BASE_TYPE_CHOICES", "Must be 60, 1440, 4320 or 10080.")
    problems.complain()
