"""Naming channels, people and rituals in the config: `slack:#coffee`, `@ana`, `monday-coffee`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.config.spelling import did_you_mean, expected, one_of, quoted, setting

PLATFORMS = ("slack", "discord", "playground")
NAME_LIMIT = 40  # characters of a ritual's name: it has to fit into the ids of buttons

FORMS: dict[str, tuple[str, str, str]] = {  # what ids look like: of channels, of people, and an example
    "slack": (r"[A-Z][A-Z0-9_]*", r"[A-Z][A-Z0-9_]*", "C024BE91L"),
    "discord": (r"\d+", r"\d+", "381870553235193857"),
    "playground": (r"[A-Za-z0-9_-]+", r"[A-Za-z0-9_-]+", "coffee"),
}


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel of a platform: `#name`, or the platform's own id."""

    platform: str
    reference: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.reference}"


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person: `@name` or the platform's own id; without a platform, that name on any of them."""

    platform: str | None
    reference: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.reference}" if self.platform else self.reference


def read_platform(name: str) -> str:
    """A platform that Kinkeeper speaks."""
    if name not in PLATFORMS:
        meant = did_you_mean(name, PLATFORMS)
        raise ValueError(f"There is no platform {quoted(name)}.{meant} Expected {one_of(PLATFORMS)}.")
    return name


def read_channel(value: object) -> ChannelRef:
    """A channel from `platform:#name` or `platform:id`."""
    if isinstance(value, ChannelRef):
        return value
    text = setting(value, 'a channel such as "slack:#coffee"')
    platform, colon, reference = text.partition(":")
    if not colon:
        raise ValueError(
            f"{quoted(text)} does not say where. Expected a platform too, such as {_at('slack', text)}."
        )
    read_platform(platform)
    if reference.startswith("#"):
        if not re.fullmatch(r"[^\s#@:,<>]+", reference[1:]):
            raise ValueError(f"{quoted(text)} has no channel name. Expected one without spaces after the #.")
    elif not re.fullmatch(FORMS[platform][0], reference, re.ASCII):
        example = f"{platform}:{FORMS[platform][2]}"
        raise ValueError(
            f"{quoted(reference)} is not a channel id. Expected a name, such as {_at(platform, reference)}, "
            f"or an id, such as {quoted(example)}."
        )
    return ChannelRef(platform, reference)


def _at(platform: str, name: str) -> str:
    plain = re.sub(r"[\s#@:,<>]+", "-", name).strip("-")
    return quoted(f"{platform}:#{plain or 'coffee'}")


def read_person(value: object) -> PersonRef:
    """A person from `@name`, `platform:@name` or `platform:id`."""
    if isinstance(value, PersonRef):
        return value
    what = 'a person such as "@ana" or "slack:U024BE7LH"'
    text = setting(value, what)
    platform, colon, reference = text.rpartition(":")
    if colon:
        read_platform(platform)
        if not reference.startswith("@") and re.fullmatch(FORMS[platform][1], reference, re.ASCII):
            return PersonRef(platform, reference)
    if not re.fullmatch(r"@[^\s#@:,<>]+", reference):
        raise expected(what, value)
    return PersonRef(platform or None, reference)


def read_admin(value: object) -> PersonRef:
    """A person by the platform's id: names can be changed, and taken by others."""
    person = read_person(value)
    if person.platform is None or person.reference.startswith("@"):
        raise ValueError(
            f"{quoted(str(person))} is a name, and names can be taken over. "
            'Expected the platform\'s id of the person, such as "slack:U024BE7LH".'
        )
    return person


def read_name(value: object) -> str:
    """A ritual's name."""
    what = 'a name of lower-case letters, digits and hyphens, such as "monday-coffee"'
    if not isinstance(value, str):
        raise expected(what, value)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        plain = re.sub(r"[^a-z0-9]+", "-", value[:40].lower()).strip("-")
        raise ValueError(
            f"Expected {what}, got {quoted(value)}." + (f" Perhaps {quoted(plain)}?" if plain else "")
        )
    if len(value) > NAME_LIMIT:
        raise ValueError(f"This name is too long. Expected at most {NAME_LIMIT} characters.")
    return value
