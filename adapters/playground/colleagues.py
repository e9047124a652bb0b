"""The make-believe colleagues: what each will press is noted when a message arrives, done when due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256

from adapters.playground.filling import fill
from adapters.playground.habits import awake, family_of, intents, is_away_this_week, is_theirs
from adapters.playground.records import Conversation, Post, Resident
from adapters.playground.service import ChatService
from bot.domain.interactions import Actor, Interaction, Press, Refused, Submit
from bot.domain.messages import Form

Hear = Callable[[Interaction, str], Awaitable[Form | Refused | None]]
"""Hands in what somebody did in a conversation; a form if one is to be filled in, Refused if it is."""


class Colleagues:
    """Everybody of a playground but the person at its page, answering by themselves."""

    def __init__(
        self, service: ChatService, *, seed: int, away: float, actor: Callable[[Resident], Actor]
    ) -> None:
        self._service = service
        self._seed = seed
        self._away = away
        self._actor = actor

    @property
    def answering(self) -> bool:
        """Whether they answer by themselves; switched on the page."""
        return self._service.setting("colleagues", "on") == "on"

    def is_away(self, person: Resident, *, at: datetime) -> bool:
        """Whether they are away: by the switch on the page, or (not the person at it) this whole week."""
        if person.away:
            return True
        if person.id == self._service.setting("you"):
            return False
        return is_away_this_week(person.id, at=at, chance=self._away, seed=self._seed)

    def noticed(self, post: Post, conversation: Conversation) -> None:
        """A message of the bot arrived: decide what each person there will do about it, and when."""
        buttons = post.actions()
        if not buttons:
            return
        reminder = family_of(buttons[0][0])[1] != "" and self._asked_before(post, buttons[0][0])
        place = self._place(post, conversation)
        noted = []
        for person in self._service.people():
            if person.is_bot or not conversation.has(person.id):
                continue
            label = f"{self._seed}/{person.id}/{place}/{buttons}"
            for intent in intents(buttons, reminder=reminder, label=label):
                if intent.about and self._has_reacted(person.id, intent.family, intent.about):
                    continue
                due = awake(post.at + intent.after, zone=person.timezone, label=label)
                noted.append((post.id, person.id, intent.action, intent.family, intent.about, _stored(due)))
        with self._service.together() as database:
            database.executemany("INSERT OR IGNORE INTO reaction VALUES (?, ?, ?, ?, ?, ?, 'pending')", noted)

    def pressed_by_hand(self, post: Post, person: str, action: str, *, at: datetime) -> None:
        """The person at the page pressed a button: by themselves they press none of that family any more."""
        family, about = family_of(action)
        with self._service.together() as database:
            database.execute(
                "UPDATE reaction SET state = 'by hand' WHERE state = 'pending' AND person = ? AND family = ?"
                " AND about = ? AND (about <> '' OR message = ?)",
                (person, family, about, post.id),
            )
            database.execute(
                "INSERT OR REPLACE INTO reaction VALUES (?, ?, ?, ?, ?, ?, 'by hand')",
                (post.id, person, action, family, about, _stored(at)),
            )

    def hand_over(self, to: str, *, at: datetime) -> None:
        """Somebody else is played by hand from now on; what fell due for the one before stays undone."""
        before = self._service.setting("you")
        if before == to:
            return
        self._service.database.execute(
            "UPDATE reaction SET state = 'dropped' WHERE state = 'pending' AND person = ? AND due_at <= ?",
            (before, _stored(at)),
        )
        self._service.set_setting("you", to)

    def next_at(self) -> datetime | None:
        """When the next of them does something (UTC); None if nobody will, or they are switched off."""
        if not self.answering:
            return None
        row = self._service.database.execute(
            "SELECT min(due_at) FROM reaction WHERE state = 'pending' AND person <> ?",
            (self._service.setting("you"),),
        ).fetchone()
        return datetime.fromisoformat(row[0]) if row[0] else None

    async def act(self, now: datetime, *, hear: Hear) -> int:
        """Do all that is due at or before `now`, in order of time; how many reactions that were.

        One that comes late (the program stood still meanwhile), when the person does not work, waits until they do.
        One that cannot be handed in is not tried again, and its exception is raised.
        """
        done = 0
        while self.answering:
            row = self._service.database.execute(
                "SELECT message, person, action, family, about, due_at FROM reaction"
                " WHERE state = 'pending' AND person <> ? AND due_at <= ?"
                " ORDER BY due_at, person, family LIMIT 1",
                (self._service.setting("you"), _stored(now)),
            ).fetchone()
            if row is None:
                break
            message, person, action, family, about, _ = row
            reaction = (message, person, family, about)
            if (later := self._when_awake(person, now)) > now:
                self._postpone(reaction, to=later)
                continue
            try:
                state = await self._react(
                    message, person, action, family=family, about=about, now=now, hear=hear
                )
            except Exception:
                self._settle(reaction, "failed")
                raise
            self._settle(reaction, state)
            done += state == "done"
        return done

    async def _react(
        self, message: int, person_id: str, action: str, *, family: str, about: str, now: datetime, hear: Hear
    ) -> str:
        """Press the button, fill in the form it opens once: "done", or "refused" if the form was not taken.

        "skipped" if a person would not press it.
        """
        person = self._service.person(person_id)
        post = self._service.message(message)
        conversation = self._service.conversation(post.conversation) if post else None
        if person is None or post is None or conversation is None or action not in dict(post.actions()):
            return "skipped"
        if conversation.kind == "channel" and not is_theirs(action, named=post.names(person_id)):
            return "skipped"
        if self.is_away(person, at=now) or (about and self._has_reacted(person_id, family, about)):
            return "skipped"
        event = f"colleague-{sha256(f'{message}/{person_id}/{action}'.encode()).hexdigest()[:24]}"
        answer = await hear(Press(self._actor(person), event, action), post.conversation)
        if isinstance(answer, Form):
            others = [p.id for p in self._service.people() if p.id != person_id and not p.is_bot]
            label = f"{self._seed}/{person_id}/{self._place(post, conversation)}/{family}"
            typed = fill(answer, others=others, today=now, label=label)
            sent = Submit(self._actor(person), f"{event}-form", answer.action, typed)
            answer = await hear(sent, post.conversation)
        return "refused" if isinstance(answer, Refused) else "done"

    def _when_awake(self, person_id: str, now: datetime) -> datetime:
        person = self._service.person(person_id)
        return awake(now, zone=person.timezone, label=f"{self._seed}/{person_id}") if person else now

    def _postpone(self, reaction: tuple[int, str, str, str], *, to: datetime) -> None:
        self._service.database.execute(
            "UPDATE reaction SET due_at = ? WHERE message = ? AND person = ? AND family = ? AND about = ?",
            (_stored(to), *reaction),
        )

    def _settle(self, reaction: tuple[int, str, str, str], state: str) -> None:
        self._service.database.execute(
            "UPDATE reaction SET state = ? WHERE message = ? AND person = ? AND family = ? AND about = ?",
            (state, *reaction),
        )

    def _has_reacted(self, person: str, family: str, about: str) -> bool:
        row = self._service.database.execute(
            "SELECT 1 FROM reaction WHERE state IN ('done', 'by hand') AND person = ? AND family = ? AND about = ?",
            (person, family, about),
        ).fetchone()
        return row is not None

    def _asked_before(self, post: Post, action: str) -> bool:
        """Whether an earlier message in the same conversation carried the same button."""
        row = self._service.database.execute(
            "SELECT 1 FROM message"
            " WHERE conversation = ? AND id < ? AND only_for IS NULL AND instr(parts, ?)",
            (post.conversation, post.id, f'"action": "{action}"'),
        ).fetchone()
        return row is not None

    def _place(self, post: Post, conversation: Conversation) -> str:
        """A name for the message, the same in every run: whose conversation, how many came before."""
        row = self._service.database.execute(
            "SELECT count(*) FROM message"
            " WHERE conversation = ? AND id < ? AND author = ? AND only_for IS NULL",
            (post.conversation, post.id, post.author),
        ).fetchone()
        return f"{conversation.kind}:{conversation.name}:{'+'.join(sorted(conversation.people))}:{row[0]}"


def _stored(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
