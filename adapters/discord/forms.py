"""Forms as Discord's modals: in several steps where one modal cannot hold them, since none may follow another.

https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.discord.fields import LABEL, TEXT_INPUT, components, text, typed_in
from adapters.discord.pieces import Json
from adapters.discord.sentences import sentence
from adapters.discord.texts import label
from adapters.discord.words import BREAK, Atom
from adapters.names import with_names
from adapters.texts import cut
from bot.domain.contents import channels_named
from bot.domain.messages import (
    Form,
    FormField,
    Given,
    Line,
    Message,
    Part,
    Quote,
    Say,
    TextField,
    Values,
)
from bot.domain.phrasing import plain

Modal = Json

MOST_COMPONENTS = 5  # of a modal: labels with their inputs, and texts
LONGEST_TITLE = 45

_STEP = re.compile(r"(?P<number>\d+)/(?P<steps>\d+) (?P<name>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """Which of a form's modals, from 1 on."""

    number: int
    steps: int

    @property
    def is_last(self) -> bool:
        return self.number == self.steps


def channels_in(form: Form) -> set[str]:
    """The channels that are mentioned in a form or in what stands in it, by id."""
    said = [form.title, *([form.intro] if form.intro else []), *(field.label for field in form.fields)]
    return channels_named(Message((*said, *(Quote(field.value) for field in form.fields))))


def by_name(form: Form, names: Mapping[str, str]) -> Form:
    """The same form with channels called "#name", for a modal shows their tokens as they are."""
    return replace(
        form,
        title=_by_name(form.title, names),
        intro=_by_name(form.intro, names) if form.intro is not None else None,
        fields=tuple(_field_by_name(field, names) for field in form.fields),
    )


def modals(form: Form) -> list[Modal]:
    """The form's modals, one after another; their `custom_id` is the form's action.

    Which step it is stands in the ids of the inputs, where there is room whatever the action, and comes back with what
    was typed (see `step`). What has to be read first, and a title too long for one, stand at the top of the first.
    """
    steps = list(_steps(form))
    return [
        {
            "custom_id": form.action,
            "title": _title(form, Step(number, len(steps))),
            "components": [*_intro(form, number), *_inputs(form, fields, Step(number, len(steps)))],
        }
        for number, fields in enumerate(steps, start=1)
    ]


def typed(sent: Sequence[Mapping[str, Any]], *, roles: Mapping[str, str] | None = None) -> dict[str, str]:
    """What was typed into a modal that was sent, by field name: people as `<@id>` tokens, "" where nothing was.
    `roles` are the names of roles by id.

    https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-modal-submit-data-structure
    """
    return {
        _name(component["custom_id"]): typed_in(component, roles=roles) for component in _sent_inputs(sent)
    }


def words(sent: Sequence[Mapping[str, Any]]) -> list[str]:
    """What somebody wrote into a modal that was sent, as against what they chose; nothing for empty inputs."""
    written = (each for each in _sent_inputs(sent) if each.get("type") == TEXT_INPUT)
    return [text for text in map(typed_in, written) if text.strip()]


def step(sent: Sequence[Mapping[str, Any]]) -> Step:
    """Which step of its form a modal is that was sent."""
    for component in _sent_inputs(sent):
        if found := _STEP.fullmatch(component["custom_id"]):
            return Step(int(found["number"]), int(found["steps"]))
    return Step(1, 1)


def merged(steps: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What was typed in all steps of a form."""
    return {name: value for values in steps for name, value in values.items()}


def refusal(form: Form | None, errors: Mapping[str, Say]) -> Message:
    """What is wrong with what was typed, field by field in the form's order; what is about no field comes first.

    Where the form is not known any more, its fields are not named.
    """
    labels = {field.name: field.label for field in form.fields} if form is not None else {}
    parts: list[Part] = [Say("discord.form_refused")]
    parts += [said for name, said in errors.items() if name not in labels]
    for name, said in errors.items():
        if name in labels:
            field = Given(label(plain(labels[name]), LONGEST_FIELD))
            parts.append(Line(Say("discord.wrong_field", {"field": field, "wrong": said})))
    return Message(tuple(parts))


LONGEST_FIELD = 150  # characters of a field's label where it only says which is meant


def _by_name(say: Say, names: Mapping[str, str]) -> Say:
    values: Values = dict(say.values)
    for key, value in say.values.items():
        match value:
            case Given(text):
                values[key] = Given(with_names(text, names))
            case Say():
                values[key] = _by_name(value, names)
    return Say(say.key, values)


def _field_by_name(field: FormField, names: Mapping[str, str]) -> FormField:
    field = replace(field, label=_by_name(field.label, names))
    if isinstance(field, TextField) and len(value := with_names(field.value, names)) <= field.max_length:
        return replace(field, value=value)
    return field


def _steps(form: Form) -> Iterator[list[int]]:
    """The fields by index, of each step."""
    step: list[int] = []
    room = MOST_COMPONENTS - len(_intro(form, 1))
    for index, field in enumerate(form.fields):
        size = len(components(field, custom_id=field.name))
        if size > room and step:
            yield step
            step, room = [], MOST_COMPONENTS
        step.append(index)
        room -= size
    yield step


def _inputs(form: Form, fields: Sequence[int], of: Step) -> list[Json]:
    mark = f"{of.number}/{of.steps} " if of.steps > 1 else ""
    chosen = [form.fields[index] for index in fields]
    return [made for field in chosen for made in components(field, custom_id=mark + field.name)]


def _title(form: Form, of: Step) -> str:
    title = " ".join(plain(form.title).split())
    if of.steps == 1:
        return label(title, LONGEST_TITLE)
    which = plain(Say("discord.step", {"number": of.number, "steps": of.steps}))
    return label(f"{cut(title, LONGEST_TITLE - len(which) - 1)} {which}", LONGEST_TITLE)


def _intro(form: Form, number: int) -> list[Json]:
    """What stands above the fields of a step."""
    if number > 1:
        return []
    said: list[list[Atom]] = []
    if len(" ".join(plain(form.title).split())) > LONGEST_TITLE:
        said.append(sentence(form.title, names={}))
    if form.intro is not None:
        said.append(sentence(form.intro, names={}))
    return [text([atom for each in said for atom in (*each, BREAK)])] if said else []


def _sent_inputs(sent: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The inputs of a modal that was sent; texts among them say nothing."""
    for component in sent:
        inner = (
            [component["component"]] if component.get("type") == LABEL else component.get("components") or ()
        )
        yield from (each for each in inner if "custom_id" in each)


def _name(custom_id: str) -> str:
    found = _STEP.fullmatch(custom_id)
    return found["name"] if found else custom_id
