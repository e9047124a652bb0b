"""The forms for thanks that open at once: made from memory, since some platforms wait for nothing before a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.commands import storable
from bot.domain.interactions import Actor
from bot.domain.messages import Form
from bot.domain.thanks import read_line, tokens
from bot.rituals.thanks import PRIVATE, TO, WHERE, WORTH, thanks_form
from bot.runtime import Known
from bot.services.asking import number


def of_line(text: str, known: Known) -> Form | None:
    """The form for a line without words, filled with what it says; None if there is something to read in it."""
    offered = _offered(known)
    line = read_line(storable(text), [value for _, values in offered.values() for value in values])
    if line.words or line.misnamed is not None or line.unsure is not None:
        return None
    typed = {TO: tokens(line.people)}
    if line.worth is not None:
        typed[WORTH] = f"#{line.worth}"
    if line.privately:
        typed[WHERE] = PRIVATE
    return thanks_form(offered, typed=typed)


def of_button(about: Sequence[str], known: Known) -> Form | None:
    """The form for a ritual, or with a choice of all; None for one that is not known, or is over."""
    offered = _offered(known)
    if not about or not about[0]:
        return thanks_form(offered)
    id_ = number(about)
    return thanks_form(offered, about=id_) if id_ in offered else None


def of_menu(actor: Actor, person: str, known: Known) -> Form | None:
    """The form with the author of a message filled in; None for one's own message, to be told why not."""
    if person == actor.account:
        return None
    return thanks_form(_offered(known), typed={TO: tokens([person])})


def _offered(known: Known) -> Mapping[int, tuple[str, Sequence[str]]]:
    return {id_: (one.name, one.values) for id_, one in known.gratitude.items()}
