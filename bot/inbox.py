"""What people tell us: each event opens one transaction, reads the clock once, and has its effect once."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Received
from bot.domain import commands
from bot.domain.interactions import Actor, Answer, Interaction, Refused, Reply, RosterChanged
from bot.domain.messages import Form, Message, Say, people_in, with_people
from bot.runtime import Runtime
from bot.services import reloading, roster, settings, verbs
from bot.services.asking import Asker
from bot.services.sorry import Sorry, Wrong

log = structlog.get_logger(__name__)


class TransactionalInbox:
    """The `Inbox` that platforms hand events to."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def form(self, asked: Interaction) -> Form | None:
        return verbs.form_for(asked, self.runtime.known)

    async def receive(self, happened: Interaction) -> Answer:
        """The answer for the actor. An event that was handled before has no second effect, and no second answer."""
        runtime = self.runtime
        now = runtime.clock.now()
        try:
            async with runtime.sessions.begin() as session:
                if not await self._is_new(session, happened.actor, happened.event_id):
                    return Reply()
                member, account = await roster.recognise(session, runtime.team_id, happened.actor, now=now)
                asker = Asker(
                    session=session,
                    team=await settings.team_row(session, runtime.team_id),
                    member=member,
                    account=account,
                    platform=happened.actor.platform,
                    now=now,
                    config_path=runtime.config_path,
                )
                answer = await verbs.answer(asker, happened)
        except Sorry as sorry:
            return Reply(await self._named(Message((sorry.say,)), happened.actor))
        except Wrong as wrong:
            return Refused(dict(wrong.errors))
        except Exception:  # recorded; the transaction is undone, so the same event may be handed in again
            log.exception("interaction_failed", happened=type(happened).__name__, event=happened.event_id)
            return Reply(Message((Say("error.unexpected"),)))
        if verbs.may_change_names(happened):
            await reloading.settle(runtime)
        runtime.owed.set()
        return Reply(await self._named(answer, happened.actor))

    async def roster_changed(self, happened: RosterChanged) -> None:
        """Read the people again; how often one event comes makes no difference."""
        await roster.sync(self.runtime)
        await reloading.remember_names(self.runtime)

    def complete(self, typed: str, *, limit: int = 10) -> Sequence[str]:
        known = self.runtime.known
        rituals = known.rituals.get("coffee", [])
        if typed.lstrip().lower().startswith("/kinkeeper"):
            rituals = [name for names in known.rituals.values() for name in names]
        people = [f"@{name}" for name in known.people]
        return commands.complete(typed, rituals=rituals, people=people)[:limit]

    async def _is_new(self, session: AsyncSession, actor: Actor, event_id: str) -> bool:
        """Enter the event into the inbox; the database says if it is there already."""
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        entered = await session.scalar(
            insert(Received)
            .values(
                team_id=self.runtime.team_id,
                source=f"{actor.platform}:{actor.workspace}",
                event_id=event_id,
                received_at=self.runtime.clock.now(),
            )
            .on_conflict_do_nothing(index_elements=["team_id", "source", "event_id"])
            .returning(Received.id)
        )
        return entered is not None

    async def _named(self, message: Message, actor: Actor) -> Message:
        """The message with people's names and handles in the actor's workspace."""
        wanted = people_in(message)
        if not wanted:
            return message
        async with self.runtime.sessions.read() as session:
            return with_people(message, await roster.named(session, self.runtime.team_id, actor, wanted))
