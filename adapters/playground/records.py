"""What the make-believe chat service keeps: people, conversations, messages, and their tables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

BOT = "kinkeeper"
Kind = Literal["channel", "direct", "group"]
Parts = list[dict[str, Any]]

SCHEMA = """
CREATE TABLE IF NOT EXISTS person (
    id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, timezone TEXT, locale TEXT NOT NULL,
    is_bot INTEGER NOT NULL, is_guest INTEGER NOT NULL, is_admin INTEGER NOT NULL,
    away INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0, here INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, people TEXT NOT NULL,
    closed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL, author TEXT NOT NULL, only_for TEXT,
    context TEXT NOT NULL, parts TEXT NOT NULL, key TEXT UNIQUE, at TEXT NOT NULL,
    edited INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS message_by_conversation ON message (conversation, id);
CREATE INDEX IF NOT EXISTS message_by_revision ON message (revision);
CREATE TABLE IF NOT EXISTS file (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, media_type TEXT NOT NULL,
    content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS seen (
    person TEXT NOT NULL, conversation TEXT NOT NULL, message INTEGER NOT NULL,
    PRIMARY KEY (person, conversation));
CREATE TABLE IF NOT EXISTS reaction (
    message INTEGER NOT NULL, person TEXT NOT NULL, action TEXT NOT NULL, family TEXT NOT NULL,
    about TEXT NOT NULL, due_at TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (message, person, family, about));
CREATE INDEX IF NOT EXISTS reaction_by_due ON reaction (state, due_at);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Resident:
    """A person of the playground; `closed`: no private message can reach them."""

    id: str
    name: str
    timezone: str | None
    locale: str
    is_bot: bool
    is_guest: bool
    is_admin: bool
    away: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """A channel (of everybody), a direct one of one person with the bot, or a group with it."""

    id: str
    kind: Kind
    name: str
    people: tuple[str, ...]  # empty for a channel: everybody
    closed: bool

    def has(self, person: str) -> bool:
        return self.kind == "channel" or person in self.people


@dataclass(frozen=True, slots=True)
class Post:
    """A message as it is now; `only_for`: seen by them alone; `context`: what they had typed to get it."""

    id: int
    conversation: str
    author: str
    only_for: str | None
    context: str
    parts: Parts
    key: str | None
    at: datetime
    edited: bool
    revision: int

    def actions(self) -> list[tuple[str, str]]:
        """The action and style of every button in it, in order."""
        return [
            (button["action"], button["style"])
            for part in self.parts
            if part["kind"] == "buttons"
            for button in part["buttons"]
        ]

    def names(self, person: str) -> bool:
        """Whether a sentence in it names this person."""
        sentences = (
            sentence
            for part in self.parts
            for sentence in (part["items"] if part["kind"] == "list" else [part.get("runs", [])])
            if part["kind"] in {"say", "list"}
        )
        return any(run.get("person") == person for sentence in sentences for run in sentence)

    @property
    def removed(self) -> bool:
        """Whether it was taken away again."""
        return not self.parts


def post(row: tuple[Any, ...]) -> Post:
    """A row of `message`."""
    number, conversation, author, only_for, context, written, key, at, edited, revision = row
    return Post(
        id=number,
        conversation=conversation,
        author=author,
        only_for=only_for,
        context=context,
        parts=json.loads(written),
        key=key,
        at=datetime.fromisoformat(at),
        edited=bool(edited),
        revision=revision,
    )


def person(row: tuple[Any, ...]) -> Resident:
    """A row of `person`, without its position."""
    return Resident(*row[:4], *map(bool, row[4:]))


def conversation(row: tuple[Any, ...]) -> Conversation:
    """A row of `conversation`."""
    made, kind, name, people, closed = row
    return Conversation(made, kind, name, tuple(json.loads(people)), bool(closed))
