"""What Kinkeeper says before it takes any platform's shape: catalogue sentences, people's own words, buttons, forms.

A message holds no text of the bot's own, only *keys* into the catalogue (`bot/wording/`) and the values that
go into them. So every sentence can be found in one place, and a person's words can never be mixed into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Base64Bytes, Field, TypeAdapter


@dataclass(frozen=True, slots=True)
class Person:
    """A member who is named in a message; a platform shows them as a mention where `handle` is theirs there.

    Who is not `called` is only spoken of: naming them must not notify them.
    """

    member: int
    name: str = ""  # filled in when the message is sent; never stored
    handle: str = ""  # their id in the workspace it is sent to; "" where they have none there
    called: bool = True
    type: Literal["person"] = "person"


@dataclass(frozen=True, slots=True)
class People:
    """Several members, listed in the reader's language ("Ana, Ben and Chloe")."""

    people: tuple[Person, ...]
    type: Literal["people"] = "people"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Somebody who was mentioned and whom the core does not know; shown by the name that the platform knows, if any."""

    account: str  # the platform's id of them, where they were mentioned
    type: Literal["unknown"] = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel; shown as a link to it where the platform has one."""

    channel: str  # its id on its platform
    name: str
    type: Literal["place"] = "place"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (UTC), shown as date and time in the reader's zone, or in `zone` where the platform cannot know it."""

    at: AwareDatetime
    zone: str = "UTC"
    type: Literal["moment"] = "moment"


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, shown as "Monday, 30 November"."""

    on: date
    type: Literal["day"] = "day"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in seconds, shown in words ("3 days")."""

    seconds: int
    type: Literal["span"] = "span"


@dataclass(frozen=True, slots=True)
class Given:
    """Words the team wrote itself (its config, a ritual's name, what was typed), shown letter for letter."""

    text: str
    type: Literal["given"] = "given"


@dataclass(frozen=True, slots=True)
class Code:
    """Something to be typed exactly so, such as a command; shown in the platform's code style."""

    text: str
    type: Literal["code"] = "code"


Tagged = Annotated[
    Person | People | Unknown | Place | Moment | Day | Span | Given | Code, Field(discriminator="type")
]
Value = Tagged | int


@dataclass(frozen=True, slots=True)
class Say:
    """One sentence (or a few that belong together) of the catalogue: `key`, and the values its `{names}` stand for.

    A sentence with a `count` value picks its plural form by it.
    """

    key: str
    values: Mapping[str, Value | Say] = field(default_factory=dict)
    type: Literal["say"] = "say"


Values = dict[str, Value | Say]


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a list; lines that follow one another make one list."""

    say: Say
    type: Literal["line"] = "line"


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person wrote, letter for letter, marked as theirs."""

    words: str
    by: Person | None = None
    type: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question or starter from the team's config, set apart from the bot's own sentences."""

    text: str
    type: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True)
class Button:
    """`action` carries the whole meaning (`met:42`, at most 100 characters); the press says whose it is."""

    action: str
    label: Say
    style: Literal["plain", "primary", "danger"] = "plain"
    type: Literal["button"] = "button"


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of at most five buttons."""

    buttons: tuple[Button, ...]
    type: Literal["buttons"] = "buttons"


@dataclass(frozen=True, slots=True)
class File:
    """A small file, with words for those who cannot open or see it."""

    name: str
    media_type: str
    content: Base64Bytes  # base64 in the stored document, bytes in the program
    alt: Say
    type: Literal["file"] = "file"


Part = Annotated[Say | Line | Quote | Asked | Buttons | File, Field(discriminator="type")]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent as one message; the first part is also the notification's text."""

    parts: tuple[Part, ...]

    def __add__(self, other: Message) -> Message:
        """Both messages as one, in order: how waiting messages are merged."""
        return Message(self.parts + other.parts)


@dataclass(frozen=True, slots=True)
class TextField:
    name: str
    label: Say
    hint: Say | None = None
    value: str = ""
    long: bool = False
    required: bool = True
    max_length: int = 3000


@dataclass(frozen=True, slots=True)
class DateField:
    """A calendar day, submitted as `YYYY-MM-DD`."""

    name: str
    label: Say
    hint: Say | None = None
    value: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Say


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of at most 25 options (Discord's limit); submitted as the option's value."""

    name: str
    label: Say
    options: tuple[Option, ...]
    value: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class PeopleField:
    """People of the workspace; submitted as `<@id>` tokens separated by spaces."""

    name: str
    label: Say
    many: bool = False
    value: str = ""
    required: bool = True


FormField = TextField | DateField | ChoiceField | PeopleField


@dataclass(frozen=True, slots=True)
class Form:
    """A dialog of at most five fields; `action` comes back with what was typed.

    `intro` is what has to be read before anything is typed; it stands above the fields.
    """

    action: str
    title: Say
    submit: Say
    fields: tuple[FormField, ...]
    intro: Say | None = None

    def filled(self, values: Mapping[str, str]) -> Form:
        """The same form with `values` typed in, so that nothing is lost when it has to be shown again."""
        return replace(self, fields=tuple(replace(f, value=values.get(f.name, f.value)) for f in self.fields))


_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


def to_json(message: Message) -> object:
    """The message as a JSON document for the outbox; people by member id only, never by name."""
    return _MESSAGE.dump_python(message, mode="json", exclude_defaults=False)


def from_json(document: object) -> Message:
    """The message that `to_json` wrote."""
    return _MESSAGE.validate_python(document)
