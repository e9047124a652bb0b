"""The form of a member's own settings: time zone, quiet hours, and what they prefer when the number is odd."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.db.models import Ritual
from bot.domain.commands import storable
from bot.domain.interactions import action
from bot.domain.messages import (
    ChoiceField,
    Code,
    Form,
    FormField,
    Given,
    Line,
    Message,
    Option,
    Say,
    TextField,
)
from bot.services import settings
from bot.services.asking import Asker
from bot.services.coffee.preferences import PREFERENCES
from bot.services.presence.own_rituals import Mine, rituals_of
from bot.services.presence.own_settings import OFF, set_hours, span_meant, working, written, zone_meant
from bot.services.sorry import Sorry, Wrong

VERB = "settings"
ZONE, QUIET = "timezone", "quiet"  # the names of fields; a coffee's is `_field_of`
COFFEES = 3  # beside the two others: a form has at most five fields
LONGEST = 60  # characters typed into a field

_CARRIED_HOURS = re.compile(r"(\d\d)(\d\d)-(\d\d)(\d\d)")
_CARRIED_PREFERENCE = re.compile(r"(\d{1,9})([a-z])")


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the form when it opens; the form carries it, so that only what was changed there changes."""

    zone: str  # the one that holds, whoever set it
    quiet: str  # "" where they have none of their own
    prefers: Mapping[int, str]  # by ritual id

    def carried(self) -> str:
        """The form's action, in at most 100 characters."""
        preferences = [f"{ritual_id}{word[0]}" for ritual_id, word in self.prefers.items()]
        return action(VERB, self.zone, self.quiet.replace(":", ""), *preferences)

    @classmethod
    def read(cls, about: Sequence[str]) -> Shown | None:
        """What a form's action carries; None if it carries nothing."""
        if len(about) < 2:
            return None
        zone, hours, *rest = about
        words = {word[0]: word for word in PREFERENCES}
        found = [carried.groups() for each in rest if (carried := _CARRIED_PREFERENCE.fullmatch(each))]
        return cls(
            zone,
            _CARRIED_HOURS.sub(r"\1:\2-\3:\4", hours),
            {int(ritual_id): words.get(letter, "") for ritual_id, letter in found},
        )


async def by_button(asker: Asker, _about: Sequence[str]) -> Form:
    """The form, with what holds now."""
    coffees = coffees_of((await rituals_of(asker))[0])
    shown = _now(asker, coffees)
    fields: list[FormField] = [
        TextField(
            ZONE,
            Say("settings.zone_field"),
            hint=Say("settings.zone_hint"),
            value=shown.zone,
            required=False,
            max_length=LONGEST,
        ),
        TextField(
            QUIET,
            Say("settings.quiet_field"),
            hint=Say("settings.quiet_hint", {"working": Code(working(asker))}),
            value=shown.quiet,
            required=False,
            max_length=LONGEST,
        ),
    ]
    options = tuple(Option(word, Say(f"settings.{word}")) for word in PREFERENCES)
    for each in coffees:
        label = Say("settings.odd_field", {"ritual": Given(each.ritual.name)})
        fields.append(ChoiceField(_field_of(each.ritual), label, options, value=each.enrolment.prefers))
    return Form(shown.carried(), Say("settings.form_title"), Say("settings.form_send"), tuple(fields))


async def submit(asker: Asker, about: Sequence[str], values: Mapping[str, str]) -> Message:
    """The form's answer. What is wrong is said at its field, and then nothing changes."""
    coffees = coffees_of((await rituals_of(asker))[0])
    before = _now(asker, coffees)
    shown = Shown.read(about) or before
    typed = {name: storable(value).strip() for name, value in values.items()}
    wrong: dict[str, Say] = {}
    member = asker.member
    zone, quiet = member.timezone, member.quiet_hours
    try:
        if (text := typed.get(ZONE, shown.zone)) != shown.zone:
            zone = None if _is_off(text) else zone_meant("_".join(text.split()), example="Europe/Berlin")
    except Sorry as sorry:
        wrong[ZONE] = sorry.say
    try:
        if (text := typed.get(QUIET, shown.quiet)) != shown.quiet:
            hours = None if _is_off(text) else span_meant("".join(text.split()), example="18:00-09:00")
            quiet = written(hours) if hours is not None else None
    except Sorry as sorry:
        wrong[QUIET] = sorry.say
    prefers: dict[int, str] = {}
    for ritual in (each.ritual for each in coffees):
        word = typed.get(_field_of(ritual)) or shown.prefers.get(ritual.id, "")
        if word == shown.prefers.get(ritual.id, ""):
            continue
        if word not in PREFERENCES:
            wrong[_field_of(ritual)] = Say("prefer.unknown", {each: Code(each) for each in PREFERENCES})
        prefers[ritual.id] = word
    if wrong:
        raise Wrong(wrong)
    changed = (zone, quiet) != (member.timezone, member.quiet_hours)
    if changed:
        await set_hours(asker, zone=zone, quiet=quiet)
    for each in coffees:
        each.enrolment.prefers = prefers.get(each.ritual.id, each.enrolment.prefers)
    changed = changed or _now(asker, coffees) != before
    return Message((Say("settings.kept" if changed else "settings.as_before"), *lines(asker, coffees)))


def coffees_of(mine: Sequence[Mine]) -> list[Mine]:
    """The rituals in which an odd number makes a trio or a bye, as many as the form has room for."""
    pairs = [
        each
        for each in mine
        if each.ritual.kind == "coffee" and settings.coffee_rules(each.ritual).group_size == 2
    ]
    return pairs[:COFFEES]


def lines(asker: Asker, coffees: Sequence[Mine]) -> list[Line]:
    """What holds now, a line each."""
    zone, quiet = Code(asker.zone), asker.member.quiet_hours
    said = [Say("settings.zone" if asker.member.timezone else "settings.zone_given", {"zone": zone})]
    if quiet:
        said.append(Say("settings.quiet", {"hours": Code(quiet)}))
    else:
        said.append(Say("settings.quiet_none", {"working": Code(working(asker))}))
    said += [
        Say(
            "settings.odd",
            {"ritual": Given(each.ritual.name), "prefers": Say(f"settings.{each.enrolment.prefers}")},
        )
        for each in coffees
    ]
    return [Line(each) for each in said]


def _now(asker: Asker, coffees: Sequence[Mine]) -> Shown:
    prefers = {each.ritual.id: each.enrolment.prefers for each in coffees}
    return Shown(asker.zone, asker.member.quiet_hours or "", prefers)


def _field_of(ritual: Ritual) -> str:
    return f"odd{ritual.id}"


def _is_off(typed: str) -> bool:
    """Emptied, or told to be off as in the commands: what the platform or the team says holds again."""
    return not typed or typed.lower() in OFF
