"""The make-believe chat service: people, conversations and messages, in a small SQLite file of its own.

It stands where Slack's or Discord's servers stand: it knows nothing of the bot but what that posts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from adapters.playground.records import BOT, SCHEMA, Conversation, Parts, Post, Resident
from adapters.playground.records import conversation as read_conversation
from adapters.playground.records import person as read_person
from adapters.playground.records import post as read_post
from bot.ports import Profile


class ChatService:
    """One open playground file; `changed` is called after every write that a page could show."""

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.changed: Callable[[], None] = lambda: None
        self._database: sqlite3.Connection | None = None
        self.open()

    def open(self) -> None:
        """Open the file and make what is missing in it; nothing if it is open."""
        if self._database is None:
            self._database = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)

    def close(self) -> None:
        """Close the file. Idempotent."""
        if self._database is not None:
            self._database.close()
            self._database = None

    @property
    def database(self) -> sqlite3.Connection:
        if self._database is None:
            raise RuntimeError("the playground's file is closed")
        return self._database

    @contextmanager
    def together(self) -> Iterator[sqlite3.Connection]:
        """Several writes as one transaction."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield self.database
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")

    def setting(self, name: str, default: str = "") -> str:
        row = self.database.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return row[0] if row else default

    def set_setting(self, name: str, value: str) -> None:
        self.database.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))
        self.changed()

    def settle(self, people: Sequence[Profile]) -> None:
        """Exactly these people live here from now on; switches set for those who stay are kept."""
        with self.together() as database:
            database.execute("UPDATE person SET here = 0")
            for position, p in enumerate(people):
                database.execute(
                    "INSERT INTO person (id, position, name, timezone, locale, is_bot, is_guest, is_admin, away)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET here = 1,"
                    " position = excluded.position, name = excluded.name,"
                    " timezone = excluded.timezone, is_admin = excluded.is_admin",
                    (
                        p.id,
                        position,
                        p.name,
                        p.timezone,
                        p.locale,
                        p.is_bot,
                        p.is_guest,
                        p.is_admin,
                        bool(p.away),
                    ),
                )
                self._add(Conversation(f"direct-{p.id}", "direct", p.name, (p.id,), False))

    def people(self) -> list[Resident]:
        """Everybody who is here, in order."""
        rows = self.database.execute(
            "SELECT id, name, timezone, locale, is_bot, is_guest, is_admin, away, closed FROM person"
            " WHERE here ORDER BY position"
        )
        return [read_person(row) for row in rows]

    def person(self, id: str) -> Resident | None:  # noqa: A002 - the service's own word
        row = self.database.execute(
            "SELECT id, name, timezone, locale, is_bot, is_guest, is_admin, away, closed FROM person"
            " WHERE here AND id = ?",
            (id,),
        ).fetchone()
        return read_person(row) if row else None

    def set_away(self, person: str, away: bool) -> None:
        self.database.execute("UPDATE person SET away = ? WHERE id = ?", (away, person))
        self.changed()

    def set_closed(self, person: str, closed: bool) -> None:
        self.database.execute("UPDATE person SET closed = ? WHERE id = ?", (closed, person))
        self.changed()

    def channel(self, name: str) -> Conversation:
        """The channel of this name, which comes into being if it is new."""
        return self._add(Conversation(f"channel-{name}", "channel", name, (), False))

    def group(self, people: Sequence[str], *, key: str) -> Conversation:
        """The group conversation of this key, which comes into being if it is new."""
        made = f"group-{sha256(key.encode()).hexdigest()[:16]}"
        return self._add(Conversation(made, "group", "", tuple(dict.fromkeys(people)), False))

    def close_conversation(self, id: str) -> None:  # noqa: A002
        self.database.execute("UPDATE conversation SET closed = 1 WHERE id = ?", (id,))
        self.changed()

    def conversation(self, id: str) -> Conversation | None:  # noqa: A002
        row = self.database.execute(
            "SELECT id, kind, name, people, closed FROM conversation WHERE id = ?", (id,)
        ).fetchone()
        return read_conversation(row) if row else None

    def conversations_of(self, person: str) -> list[Conversation]:
        """What this person can see: channels, their direct conversation, their groups (newest first)."""
        rows = self.database.execute(
            "SELECT id, kind, name, people, closed FROM conversation"
            " ORDER BY kind, CASE kind WHEN 'group' THEN -rowid END, name"
        )
        return [c for c in map(read_conversation, rows) if c.has(person)]

    def _add(self, new: Conversation) -> Conversation:
        added = self.database.execute(
            "INSERT OR IGNORE INTO conversation (id, kind, name, people) VALUES (?, ?, ?, ?)",
            (new.id, new.kind, new.name, json.dumps(new.people)),
        ).rowcount
        if added:
            self.changed()
            return new
        return self.conversation(new.id) or new

    def post(
        self,
        conversation: str,
        parts: Parts,
        *,
        at: datetime,
        author: str = BOT,
        key: str | None = None,
        only_for: str | None = None,
        context: str = "",
    ) -> tuple[Post, bool]:
        """The message, and whether it is new: nothing is posted twice with the same `key`."""
        made = self.database.execute(
            "INSERT OR IGNORE INTO message"
            " (conversation, author, only_for, context, parts, key, at, revision) VALUES"
            " (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(revision), 0) + 1 FROM message)) RETURNING id",
            (conversation, author, only_for, context, json.dumps(parts), key, at.astimezone(UTC).isoformat()),
        ).fetchone()
        post = self.message(made[0]) if made else self.find(key or "")
        if post is None:
            raise RuntimeError("a message that was neither written nor there already")
        if made:
            if author != BOT:
                self.mark_read(author, conversation, post.id)
            self.changed()
        return post, made is not None

    def replace(self, message: int, parts: Parts) -> None:
        """Put other content in a message; nothing if it is the same."""
        self.database.execute(
            "UPDATE message SET parts = ?1, edited = 1, revision = (SELECT max(revision) + 1 FROM message)"
            " WHERE id = ?2 AND parts <> ?1",
            (json.dumps(parts), message),
        )
        self.changed()

    def remove(self, message: int, conversation: str) -> None:
        """Take a message away: nothing is left of it but that there was one, which nobody is shown. Idempotent."""
        self.database.execute(
            "UPDATE message SET parts = '[]', edited = 1, revision = (SELECT max(revision) + 1 FROM message)"
            " WHERE id = ? AND conversation = ? AND parts <> '[]'",
            (message, conversation),
        )
        self.changed()

    def message(self, id: int) -> Post | None:  # noqa: A002
        return self._one("SELECT * FROM message WHERE id = ?", id)

    def find(self, key: str) -> Post | None:
        """The message that was posted with this key."""
        return self._one("SELECT * FROM message WHERE key = ?", key)

    def messages(
        self, conversation: str, *, reader: str, after: int = 0, before: int | None = None, limit: int = 2**31
    ) -> list[Post]:
        """The last `limit` that `reader` sees, of a revision over `after` and an id under `before`.

        One that was taken away is told only as a change, to who has seen what came before.
        """
        rows = self.database.execute(
            "SELECT * FROM message WHERE conversation = ?1 AND revision > ?2 AND id < ?3"
            " AND (only_for IS NULL OR only_for = ?4) AND (parts <> '[]' OR ?2 > 0) ORDER BY id DESC LIMIT ?5",
            (conversation, after, before or 2**62, reader, limit),
        ).fetchall()
        return [read_post(row) for row in reversed(rows)]

    def revision(self) -> int:
        """The number of the newest change to any message."""
        found: int = self.database.execute("SELECT coalesce(max(revision), 0) FROM message").fetchone()[0]
        return found

    def mark_read(self, person: str, conversation: str, message: int) -> None:
        self.database.execute(
            "INSERT INTO seen VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET message = max(message, ?3)",
            (person, conversation, message),
        )

    def unread(self, person: str) -> dict[str, int]:
        """How many messages of others this person has not seen, by conversation."""
        return dict(
            self.database.execute(
                "SELECT m.conversation, count(*) FROM message m LEFT JOIN seen s"
                " ON s.person = ?1 AND s.conversation = m.conversation"
                " WHERE m.id > coalesce(s.message, 0) AND (m.only_for IS NULL OR m.only_for = ?1)"
                " AND m.parts <> '[]'"
                " GROUP BY m.conversation",
                (person,),
            ).fetchall()
        )

    def began(self) -> dict[str, datetime]:
        """When the first message that all can see was posted, by group conversation."""
        rows = self.database.execute(
            "SELECT conversation, min(at) FROM message WHERE only_for IS NULL AND conversation LIKE 'group-%'"
            " GROUP BY conversation"
        )
        return {conversation: datetime.fromisoformat(at) for conversation, at in rows}

    def keep_file(self, name: str, media_type: str, content: bytes) -> int:
        """Store a file and tell its id."""
        made = self.database.execute(
            "INSERT INTO file (name, media_type, content) VALUES (?, ?, ?) RETURNING id",
            (name, media_type, content),
        ).fetchone()
        return int(made[0])

    def file(self, id: int) -> tuple[str, str, bytes] | None:  # noqa: A002
        """A file's name, media type and content."""
        row: tuple[str, str, bytes] | None = self.database.execute(
            "SELECT name, media_type, content FROM file WHERE id = ?", (id,)
        ).fetchone()
        return row

    def _one(self, query: str, value: object) -> Post | None:
        row = self.database.execute(query, (value,)).fetchone()
        return read_post(row) if row else None
