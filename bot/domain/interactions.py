"""What people do to the bot, and what it answers at once; every adapter translates its platform's events into these.

In every text a mention of a person stands as `<@id>` and of a channel as `<#id>`, whatever the platform's syntax.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.messages import Form, Message, Say


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: an account in one workspace of one platform."""

    platform: str
    workspace: str  # the platform's id of the workspace
    account: str  # the platform's id of the person there
    name: str
    is_admin: bool = False  # by the platform's own rules; the config may name more
    locale: str = ""  # BCP 47, of what the person reads the platform in; "" where it does not tell


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; `text` is all that follows its name ("pause 2026-12-24 monday-coffee").

    Where a platform has a place of its own for somebody's words they are `own_words`, letter for letter, and not in
    `text`: nothing in them is read as anything else.
    """

    actor: Actor
    event_id: str  # unique in the workspace: the same id twice has one effect
    name: str  # without the slash
    text: str = ""
    own_words: str | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A button; `action` is what the button carries ("met:42")."""

    actor: Actor
    event_id: str
    action: str


@dataclass(frozen=True, slots=True)
class Submit:
    """A form that was sent, with what was typed by field name."""

    actor: Actor
    event_id: str
    action: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """Free text to the bot in a direct conversation."""

    actor: Actor
    event_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of a message's or a person's menu: `name` says which ("thanks"), `person` whose it is (their account).

    Slack's message shortcut and Discord's context menu on messages and people are one thing here.
    """

    actor: Actor
    event_id: str
    name: str
    person: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at the page of their own that a platform may have (Slack's App Home); the reply is the page."""

    actor: Actor
    event_id: str


@dataclass(frozen=True, slots=True)
class RosterChanged:
    """Somebody joined, left or changed: the workspace's people are to be read again."""

    platform: str
    workspace: str
    event_id: str


Interaction = Command | Press | Submit | Said | Shortcut | HomeOpened


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that only the actor sees; without a message there is nothing to say."""

    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A form was not accepted: a sentence for each field that is wrong, under "" what no field is to blame for.

    What was typed stays.
    """

    errors: Mapping[str, Say] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """A form to show."""

    form: Form


Answer = Reply | Refused | Ask


def action(verb: str, *about: int | str) -> str:
    """A button's id: a verb and what it is about, with colons between ("met:42"); at most 100 characters (Discord).

    https://discord.com/developers/docs/components/reference#anatomy-of-a-component-custom-id
    """
    made = ":".join([verb, *map(str, about)])
    if len(made) > 100:
        raise ValueError(f"a button's id has at most 100 characters: {made!r}")
    return made


def read_action(text: str) -> tuple[str, list[str]]:
    """The verb of a button's id, and what it is about."""
    verb, *about = text.split(":")
    return verb, about
