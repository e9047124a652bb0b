"""The types of the config's keys: how each is read, checked, described for editors and written back."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    PlainValidator,
    Tag,
    WithJsonSchema,
)

from bot.config import reading, references
from bot.config.references import ChannelRef, PersonRef
from bot.config.spelling import expected, quoted
from bot.domain.hours import DailySpan

TEXT_LIMIT = 1000  # characters; leaves room around a prompt in the 2,000 of a Discord message


class Table(BaseModel):
    """A table of the config: nothing unknown, nothing converted in silence, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, serialize_by_alias=True)

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The keys as they are written in the file."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    def written_keys(self) -> frozenset[str]:
        """The keys that were given, as they are written in the file."""
        return frozenset(type(self).model_fields[name].alias or name for name in self.model_fields_set)


def _text_schema(example: str, *, pattern: str | None = None) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": "string", "examples": [example]}
    return WithJsonSchema(schema | ({"pattern": pattern} if pattern else {}))


def unique(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse what is listed twice."""
    seen = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{quoted(str(value))} is there twice. Once is enough.")
        seen.add(value)
    return values


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str | ChannelRef) else value


def _words(text: str) -> str:
    if not text.strip():
        raise expected("some words", "")
    if len(text) > TEXT_LIMIT:
        raise ValueError(f"This text has {len(text):,} characters. Expected at most {TEXT_LIMIT:,}.")
    return text


def _team_value(text: str) -> str:
    if not re.fullmatch(r"[^\s#@<>]{1,40}", text):
        raise expected('one word of at most 40 characters, so that people can write it as "#care"', text)
    return text


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/{}]+\S*", text) or len(text) > 500:
        raise expected('an address such as "https://meet.example.org/{match}"', text)
    if re.search(r"[{}]", text.replace("{match}", "")):
        raise ValueError("Only {match} may stand in braces here: it becomes the number of the match.")
    return text


def _everyone_or_list(value: object) -> str:
    return "everyone" if isinstance(value, str) else "list"


def _everyone(value: object) -> str:
    if value != "everyone":
        raise expected('"everyone", or a list of people such as ["slack:U024BE7LH"]', value)
    return "everyone"


def _hours_text(hours: DailySpan) -> str:
    start, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in (hours.start, hours.end))
    return f"{start}-{end}"


_AsText = PlainSerializer(str, return_type=str)
_SpanText = PlainSerializer(reading.span_text, return_type=str)
_span_schema = _text_schema("3 days", pattern=r"^\s*(\d{1,9}\s*)?[A-Za-z]+\s*$")

Words = Annotated[str, AfterValidator(_words)]
Text = Annotated[tuple[Words, ...], Field(strict=False, max_length=500)]
TeamName = Annotated[str, AfterValidator(_words), Field(max_length=80)]
TeamValues = Annotated[
    # a menu on Discord holds 25 options, and one is for thanks without a value
    tuple[Annotated[str, AfterValidator(_team_value)], ...],
    Field(strict=False, max_length=24),
    AfterValidator(unique),
]
Name = Annotated[
    str,
    PlainValidator(references.read_name, json_schema_input_type=str),
    _text_schema("monday-coffee", pattern="^[a-z0-9]+(-[a-z0-9]+)*$"),
]
Span = Annotated[
    timedelta, PlainValidator(reading.read_span, json_schema_input_type=str), _SpanText, _span_schema
]
SomeSpan = Annotated[
    timedelta,
    PlainValidator(reading.read_span, json_schema_input_type=str),
    AfterValidator(reading.more_than_nothing),
    _SpanText,
    _span_schema,
]
At = Annotated[
    time,
    PlainValidator(reading.read_time, json_schema_input_type=str),
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str),
    _text_schema("10:00", pattern=r"^\s*([01]?\d|2[0-3]):[0-5]\d\s*$"),
]
Day = Annotated[
    date,
    PlainValidator(reading.read_date, json_schema_input_type=date),
    _AsText,
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-30"]}),
]
Zone = Annotated[str, PlainValidator(reading.read_zone), _text_schema("Europe/Berlin")]
Country = Annotated[str, PlainValidator(reading.read_country), _text_schema("DE-BE")]
Weekday = Annotated[
    Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    PlainValidator(reading.read_weekday),
    WithJsonSchema({"enum": [*reading.DAYS, *reading.LONG_DAYS]}),
]
Every = Annotated[str, PlainValidator(reading.read_every), _text_schema("2 weeks")]
On = Annotated[
    str | int | tuple[str, ...],
    PlainValidator(reading.read_on),
    PlainSerializer(lambda on: list(on) if isinstance(on, tuple) else on, return_type=Any),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "integer", "minimum": 1, "maximum": 31},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ],
            "examples": ["monday", "first monday", 15, ["tuesday", "thursday"]],
        }
    ),
]
WorkingHours = Annotated[
    DailySpan,
    PlainValidator(reading.read_hours),
    PlainSerializer(_hours_text, return_type=str),
    _text_schema("09:00-17:30"),
]
Url = Annotated[str, AfterValidator(_url)]
Channels = Annotated[
    tuple[Annotated[ChannelRef, PlainValidator(references.read_channel), _AsText], ...],
    Field(strict=False, min_length=1),
    BeforeValidator(_one_or_more),
    AfterValidator(unique),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
            "examples": ["slack:#coffee", ["slack:#coffee", "discord:#coffee"]],
        }
    ),
]
Admins = Annotated[
    Annotated[
        Literal["everyone"], PlainValidator(_everyone), WithJsonSchema({"const": "everyone"}), Tag("everyone")
    ]
    | Annotated[
        tuple[
            Annotated[
                PersonRef, PlainValidator(references.read_admin), _AsText, _text_schema("slack:U024BE7LH")
            ],
            ...,
        ],
        Field(strict=False),
        AfterValidator(unique),
        Tag("list"),
    ],
    Discriminator(_everyone_or_list),
]
Group = Annotated[
    tuple[Annotated[PersonRef, PlainValidator(references.read_person), _AsText, _text_schema("@ana")], ...],
    Field(strict=False, min_length=1),
    AfterValidator(unique),
]
