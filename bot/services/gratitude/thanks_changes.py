"""Second thoughts about thanks: the sender edits or deletes them, whoever was thanked takes them out of the channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.db.models import Ritual, Thanks
from bot.domain.commands import storable
from bot.domain.interactions import action
from bot.domain.messages import Form, Message, Say
from bot.domain.thanks import CHANGEABLE_FOR, with_names
from bot.rituals.thanks import WITHOUT, WORDS, WORTH, edit_form, receipt
from bot.services.asking import Asker, number, say
from bot.services.gratitude import roundups, thanks_copies
from bot.services.gratitude.thankable import names_in, values_of, words_problem
from bot.services.gratitude.thanking import remember_edit
from bot.services.sorry import Sorry, Wrong


@dataclass(frozen=True, slots=True)
class _Found:
    """Thanks, ours alone until the transaction ends, and who was thanked."""

    thanks: Thanks
    recipients: tuple[int, ...]
    values: tuple[str, ...]


async def edit(asker: Asker, about: Sequence[str]) -> Form:
    """The form, filled with the words as they are."""
    found = await _mine(asker, about)
    return edit_form(found.thanks.id, found.thanks.words, found.thanks.worth, found.values)


async def submit_edit(asker: Asker, about: Sequence[str], values: Mapping[str, str]) -> Message:
    """Other words, and another value; whom they go to and where stays as it is."""
    try:
        found = await _mine(asker, about)
    except Sorry as sorry:
        raise Wrong({WORDS: sorry.say}) from sorry
    thanks = found.thanks
    typed = storable(values.get(WORDS, ""))
    words = with_names(typed, await names_in(asker, typed)).strip()
    if problem := words_problem(words):
        raise Wrong({WORDS: problem})
    chosen = values.get(WORTH)
    if chosen == WITHOUT:
        thanks.worth = None
    elif chosen is not None and chosen.removeprefix("#") in found.values:
        thanks.worth = chosen.removeprefix("#")
    thanks.words, thanks.edited_at = words, asker.now
    await _follow(asker, found)
    remember_edit(asker, thanks, found.values)
    return receipt(thanks_copies.view(thanks, found.recipients), Say("gratitude.edited"))


async def delete(asker: Asker, about: Sequence[str]) -> Message:
    """The words are gone, wherever they stood or were about to."""
    found = await _mine(asker, about)
    thanks = found.thanks
    thanks.words, thanks.worth, thanks.taken_back_at = "", None, asker.now
    await _follow(asker, found)
    asker.known.empty(asker.address, action("thanks-edit", thanks.id))
    return say("gratitude.deleted")


async def take_out(asker: Asker, about: Sequence[str]) -> Message:
    """Any one of those who were thanked; it stays in nobody's channel, and nobody is told who did it."""
    found = await _found(asker, about)
    thanks = found.thanks
    if asker.member.id not in found.recipients:
        raise Sorry("gratitude.not_for_you")
    if thanks.taken_back_at is not None:
        raise Sorry("gratitude.deleted_already")
    if not thanks.in_channel:
        raise Sorry("gratitude.private_already")
    if thanks.taken_out_at is None:
        thanks.taken_out_at = asker.now
        await _follow(asker, found)
    return say("gratitude.taken_out")


async def _follow(asker: Asker, found: _Found) -> None:
    await thanks_copies.follow(asker.session, found.thanks, found.recipients, now=asker.now)
    await roundups.follow(asker.session, found.thanks, now=asker.now)


async def _mine(asker: Asker, about: Sequence[str]) -> _Found:
    """Thanks of the asker's that can still be changed; Sorry otherwise."""
    found = await _found(asker, about)
    if found.thanks.sender_id != asker.member.id:
        raise Sorry("gratitude.not_yours")
    if found.thanks.taken_back_at is not None:
        raise Sorry("gratitude.deleted_already")
    if asker.now - found.thanks.said_at >= CHANGEABLE_FOR:
        raise Sorry("gratitude.too_late")
    return found


async def _found(asker: Asker, about: Sequence[str]) -> _Found:
    thanks = await asker.session.get(Thanks, number(about) or 0, with_for_update=thanks_copies.LOCK)
    if thanks is None or thanks.team_id != asker.team.id:
        raise Sorry("error.gone")
    recipients = await thanks_copies.recipients_of(asker.session, [thanks.id])
    ritual = await asker.session.get(Ritual, thanks.ritual_id) if thanks.ritual_id is not None else None
    return _Found(thanks, recipients.get(thanks.id, ()), values_of(ritual) if ritual is not None else ())
