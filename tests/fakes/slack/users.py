"""People: `users.*` and `dnd.*`.

https://docs.slack.dev/reference/methods/users.list and https://docs.slack.dev/reference/methods/dnd.teamInfo
"""

from __future__ import annotations

from tests.fakes.slack import payloads
from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.records import Json, Person, Refusal
from tests.fakes.slack.workspace import TEAM, Workspace

MOST_ASKED_FOR = 50


def info(there: Workspace, given: Arguments) -> Json:
    person = there.person(given.needed("user", error="user_not_found"))
    return {"user": payloads.user(there, person, with_locale=given.flag("include_locale"))}


def list_all(there: Workspace, given: Arguments) -> Json:
    """The workspace's own people, the deactivated too; who comes from elsewhere is not among them."""
    own = [p for p in there.people.values() if p.team_id == TEAM]
    page, cursor = given.page(own, most=there.page_size)
    with_locale = given.flag("include_locale")
    return {
        "members": [payloads.user(there, p, with_locale=with_locale) for p in page],
        "cache_ts": int(there.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def dnd_info(there: Workspace, given: Arguments) -> Json:
    return _dnd(there.person(given.needed("user", error="user_not_found")), whole=True)


def dnd_team_info(there: Workspace, given: Arguments) -> Json:
    asked = given.texts("users")
    if not asked:
        raise Refusal("no_users_provided")
    if len(asked) > MOST_ASKED_FOR:
        raise Refusal("too_many_users")
    return {"users": {id_: _dnd(there.people[id_]) for id_ in asked if id_ in there.people}}


def _dnd(person: Person, *, whole: bool = False) -> Json:
    start, end = (int(t.timestamp()) for t in person.dnd) if person.dnd else (1, 1)
    document: Json = {
        "dnd_enabled": person.dnd is not None,
        "next_dnd_start_ts": start,
        "next_dnd_end_ts": end,
    }
    if whole:
        document["snooze_enabled"] = person.snoozed_until is not None
        if person.snoozed_until is not None:
            document["snooze_endtime"] = int(person.snoozed_until.timestamp())
    return document


def dnd_status(person: Person) -> Json:
    """As an event tells it."""
    return _dnd(person)
