"""How an app answers what people do: the first answer within three seconds, more with the token for fifteen minutes.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from __future__ import annotations

from datetime import timedelta

from tests.fakes.discord import documents, messages, threads
from tests.fakes.discord.asking import Asked
from tests.fakes.discord.components import check_modal
from tests.fakes.discord.contents import check_message
from tests.fakes.discord.mentions import pings
from tests.fakes.discord.offering import check_choices
from tests.fakes.discord.records import EPHEMERAL, LOADING, Interaction, Json, Message, Modal
from tests.fakes.discord.refusals import (
    ALREADY_ACKNOWLEDGED,
    EXPIRED_TOKEN,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    Problems,
    refuse,
)
from tests.fakes.discord.world import World

FIRST_ANSWER = timedelta(seconds=3)
TOKEN_LASTS = timedelta(minutes=15)
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
COMMAND, COMPONENT, COMPLETION, SUBMISSION = 2, 3, 4, 5
_TAKES = {
    COMMAND: {MESSAGE, DEFERRED, MODAL},
    COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    COMPLETION: {CHOICES},
    SUBMISSION: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}


def answer(there: World, asked: Asked) -> Json | None:
    """The first answer, once. A modal cannot be answered with a modal."""
    found = there.interactions.get(asked.names["interaction_id"])
    if found is None or found.token != asked.names["interaction_token"]:
        raise refuse(UNKNOWN_INTERACTION)
    if found.answered.done() and not found.answered.cancelled():
        raise refuse(ALREADY_ACKNOWLEDGED)
    if found.answered.cancelled() or there.clock.now() - found.at > FIRST_ANSWER:
        raise refuse(UNKNOWN_INTERACTION)
    kind, said = int(asked.form.get("type") or 0), asked.form.get("data") or {}
    takes = _TAKES[found.kind] - (set() if found.message else {DEFERRED_UPDATE, UPDATE})
    if kind not in takes:
        problems = Problems()
        problems.add("type", "BASE_TYPE_CHOICES", f"Value must be one of {sorted(takes)}.")
        problems.complain()
    _do(there, found, asked, kind, said)
    found.answered.set_result(kind)
    if asked.query.get("with_response") not in {"1", "true", "True"}:
        return None
    return _told(there, found, kind)


def _do(there: World, found: Interaction, asked: Asked, kind: int, said: Json) -> None:
    match kind:
        case 4:
            threads.open_again(there, there.channels[found.channel])
            found.original = _write(there, found, asked, said)
        case 5:
            flags = (said.get("flags") or 0) & EPHEMERAL
            only_for = found.person if flags else None
            found.original = there.write(
                found.channel,
                there.bot,
                flags=flags | LOADING,
                only_for=only_for,
                interaction=found.id,
                kind=20,
            )
            messages.tell(there, "MESSAGE_CREATE", found.original)
        case 6:
            found.original = found.message
        case 7 if found.message:
            found.original = found.message
            messages.change(there, found.message, asked, said)
        case 8:
            problems = Problems()
            check_choices(problems, "data.choices", said.get("choices") or [])
            problems.complain()
            found.choices = said.get("choices") or []
        case 9:
            check_modal(said)
            there.modals[found.person] = Modal(
                found.person,
                found.channel,
                said["custom_id"],
                said["title"],
                said["components"],
                found.message,
            )


def _told(there: World, found: Interaction, kind: int) -> Json:
    about: Json = {"id": found.id, "type": found.kind}
    if found.original and kind in (MESSAGE, DEFERRED):
        about |= {
            "response_message_id": found.original.id,
            "response_message_loading": found.original.is_loading,
            "response_message_ephemeral": found.original.only_for is not None,
        }
    said: Json = {"interaction": about}
    if found.original and kind in (MESSAGE, UPDATE):
        said["resource"] = {"type": kind, "message": documents.message(there, found.original)}
    return said


def follow_up(there: World, asked: Asked) -> Json:
    """One more message; the first one after a deferred answer takes its place, and is as private as that was."""
    found = _by_token(there, asked)
    said = asked.form
    threads.open_again(there, there.channels[found.channel])
    if found.original and found.original.is_loading:
        _fill(there, found.original, asked, said)
        return documents.message(there, found.original)
    return documents.message(there, _write(there, found, asked, said))


def get_original(there: World, asked: Asked) -> Json:
    return documents.message(there, _original(there, asked))


def edit_original(there: World, asked: Asked) -> Json:
    return _edited(there, _original(there, asked), asked)


def delete_original(there: World, asked: Asked) -> None:
    messages.take_away(there, _original(there, asked))


def get_answer(there: World, asked: Asked) -> Json:
    return documents.message(there, _one(there, asked))


def edit_answer(there: World, asked: Asked) -> Json:
    return _edited(there, _one(there, asked), asked)


def delete_answer(there: World, asked: Asked) -> None:
    messages.take_away(there, _one(there, asked))


def _edited(there: World, what: Message, asked: Asked) -> Json:
    if what.is_loading:
        _fill(there, what, asked, asked.form)
    else:
        messages.change(there, what, asked, asked.form)
    return documents.message(there, what)


def _write(there: World, found: Interaction, asked: Asked, said: Json) -> Message:
    check_message(said, files=[f.name for f in asked.files.values()])
    flags = said.get("flags") or 0
    where = there.channels[found.channel]
    content = messages.words(said)
    only_for = found.person if flags & EPHEMERAL else None
    called = pings(there, where, content, said.get("allowed_mentions"), as_answer=True)
    made = there.write(
        where.id,
        there.bot,
        content,
        embeds=said.get("embeds") or [],
        components=said.get("components") or [],
        attachments=asked.attachments(there, said),
        flags=flags,
        pings=called if only_for is None else set(),
        only_for=only_for,
        interaction=found.id,
        kind=20 if found.kind == COMMAND and not found.answered.done() else 0,
    )
    messages.written(there, made)
    return made


def _fill(there: World, what: Message, asked: Asked, said: Json) -> None:
    """Put words where the app was thinking."""
    check_message(said, files=[f.name for f in asked.files.values()])
    what.flags &= ~LOADING
    where = there.channels[what.channel]
    messages.change(there, what, asked, said)
    what.edited_at = None
    if what.only_for is None:
        what.pings = pings(there, where, what.content, said.get("allowed_mentions"), as_answer=True)


def _by_token(there: World, asked: Asked) -> Interaction:
    """The interaction whose token this is; it must have been answered, and not long ago."""
    if asked.names["webhook_id"] != documents.APPLICATION:
        raise refuse(UNKNOWN_WEBHOOK)
    for found in there.interactions.values():
        if found.token == asked.names["webhook_token"]:
            if there.clock.now() - found.at > TOKEN_LASTS:
                raise refuse(EXPIRED_TOKEN)
            if not found.answered.done() or found.answered.cancelled():
                raise refuse(UNKNOWN_WEBHOOK)
            return found
    raise refuse(UNKNOWN_WEBHOOK)


def _original(there: World, asked: Asked) -> Message:
    found = _by_token(there, asked).original
    if found is None or found not in there.messages:
        raise refuse(UNKNOWN_MESSAGE)
    return found


def _one(there: World, asked: Asked) -> Message:
    """A message of this interaction's, or the one that it was about."""
    found = _by_token(there, asked)
    wanted = there.find(found.channel, asked.names["message_id"])
    if wanted is None or (wanted.interaction != found.id and wanted is not found.message):
        raise refuse(UNKNOWN_MESSAGE)
    return wanted
