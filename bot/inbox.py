"""What people tell us: each event opens one transaction, reads the clock once, and has its effect once.

An anonymous answer alone is written ahead, in a transaction of its own, so that nothing in the database puts it beside
who gave it. If the event then has no effect, it is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Member, Team
from bot.domain import commands
from bot.domain.commands import storable
from bot.domain.contents import people_in, with_people
from bot.domain.interactions import (
    Actor,
    Answer,
    Ask,
    Command,
    HomeOpened,
    Interaction,
    Refused,
    Reply,
    RosterChanged,
    Submit,
)
from bot.domain.messages import Form, Message, Part, Quote, Say
from bot.runtime import Runtime
from bot.services import accounts, outbox, received, settings, unlisted, verbs
from bot.services.asking import Asker, Unfinished
from bot.services.checkins import anonymous
from bot.services.checkins.anonymous import Ahead
from bot.services.gathering import gather
from bot.services.presence import forgetting, home, zone_question
from bot.services.remembering import note_answers, remember
from bot.services.sorry import Sorry, Wrong

log = structlog.get_logger(__name__)


class TransactionalInbox:
    """The `Inbox` that platforms hand events to."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def form(self, asked: Interaction) -> Form | None:
        self.runtime.known.empty_old(now=self.runtime.clock.now())
        return verbs.form_for(asked, self.runtime.known)

    async def receive(self, happened: Interaction) -> Answer:
        """The answer for the actor. An event that was handled before has no second effect, and no second answer."""
        if isinstance(happened, HomeOpened):
            return await self._look(happened)
        runtime = self.runtime
        ahead: Ahead | None = None
        took_effect = False
        try:
            await unlisted.meet_named(runtime, happened)
            now = runtime.clock.now()
            ahead = await anonymous.write_ahead(runtime.sessions, runtime.team_id, happened, now=now)
            answer = await self._handle(happened, ahead, now=now)
            took_effect = answer is not None
            if isinstance(answer, Unfinished):
                answer = await answer.finish()
        except Sorry as sorry:
            return Reply(await self._named(Message((sorry.say,)), happened.actor))
        except Wrong as wrong:
            return await self._refused(wrong.errors, happened.actor)
        except Exception:  # recorded; the transaction is undone, so the same event may be handed in again
            known_as = received.mark_of(happened.actor, happened.event_id)
            log.exception("interaction_failed", happened=type(happened).__name__, known_as=known_as)
            failed = Say("error.unexpected")
            if isinstance(happened, Submit):  # the form stays, with what was typed
                return Refused({"": failed})
            return Reply(Message((failed, *_given_back(happened))))
        finally:
            if ahead is not None and not took_effect:
                await self._take_back(ahead)
        if answer is None:
            return Reply()
        if verbs.deletes_for_good(happened):
            await forgetting.for_good(runtime)
        if verbs.may_change_names(happened):
            await gather(runtime)
        if verbs.may_open_a_round(happened):
            await remember(runtime)  # before anybody reads of it and presses
            runtime.owed.set()
        await note_answers(runtime, happened)
        if isinstance(answer, Form):
            await remember(runtime)  # the memory lacked it, or it would have been shown at once
            return Ask(answer)
        return Reply(await self._named(answer, happened.actor))

    async def _look(self, happened: HomeOpened) -> Answer:
        """A page that is only looked at: nothing is written, so the same event may well be handed in again."""
        runtime, actor = self.runtime, happened.actor
        try:
            async with runtime.sessions.read() as session:
                known = await accounts.known_account(session, runtime.team_id, actor)
                team = await settings.team_row(session, runtime.team_id)
                if known is None:
                    page = await home.page_of_nobody(session, team)
                else:
                    page = await home.page(self._asker(session, team, known, actor, now=runtime.clock.now()))
            return Reply(await self._named(page, actor))
        except Exception:
            log.exception("page_failed", known_as=received.mark_of(actor, happened.event_id))
            return Reply(Message((Say("error.unexpected"),)))

    async def _handle(
        self, happened: verbs.Deed, ahead: Ahead | None, *, now: datetime
    ) -> Message | Form | Unfinished | None:
        """Do it in one transaction; None if it was done before."""
        runtime, actor = self.runtime, happened.actor
        async with runtime.sessions.begin() as session:
            if not await received.enter(session, runtime.team_id, actor, happened.event_id, now=now):
                return None
            known = await accounts.recognise(session, runtime.team_id, actor, now=now)
            team = await settings.team_row(session, runtime.team_id)
            asker = self._asker(session, team, known, actor, now=now)
            done = await (anonymous.mark(asker, ahead) if ahead else verbs.answer(asker, happened))
            if isinstance(done, Message) and not ahead and not verbs.deletes_for_good(happened):
                done = await zone_question.beside(asker, done)
        if outbox.owes(session) and not verbs.may_open_a_round(happened):
            runtime.owed.set()
        return done

    def _asker(
        self, session: AsyncSession, team: Team, known: tuple[Member, Account], actor: Actor, *, now: datetime
    ) -> Asker:
        member, account = known
        return Asker(
            session=session,
            team=team,
            member=member,
            account=account,
            platform=actor.platform,
            now=now,
            config_path=self.runtime.config_path,
            known=self.runtime.known,
        )

    async def _refused(self, errors: Mapping[str, Say], actor: Actor) -> Refused:
        """What is wrong, by field, with people's names as the actor knows them."""
        named = await self._named(Message(tuple(errors.values())), actor)
        said = zip(errors, named.parts, strict=True)
        return Refused({name: part for name, part in said if isinstance(part, Say)})

    async def _take_back(self, ahead: Ahead) -> None:
        try:
            await anonymous.take_back(self.runtime.sessions, self.runtime.team_id, ahead)
        except Exception:  # recorded; handed in again, the same form still counts once
            log.exception("answer_not_taken_back", round=ahead.round_id)

    async def roster_changed(self, happened: RosterChanged) -> None:
        """Read the people again; how often one event comes makes no difference."""
        await gather(self.runtime)

    def complete(self, typed: str, *, limit: int = 10) -> Sequence[str]:
        known = self.runtime.known
        command = typed.lstrip().removeprefix("/").partition(" ")[0].lower()
        rituals = known.rituals.get(command, [])
        if command == "kinkeeper":
            rituals = [name for names in known.rituals.values() for name in names]
        people = [f"@{name}" for name in known.people]
        values = dict.fromkeys(value for each in known.gratitude.values() for value in each.values)
        zones = [known.zone] if known.zone else []
        return commands.complete(typed, rituals=rituals, people=people, values=list(values), zones=zones)[
            :limit
        ]

    async def _named(self, message: Message, actor: Actor) -> Message:
        """The message with people's names and handles in the actor's workspace."""
        wanted = people_in(message)
        if not wanted:
            return message
        async with self.runtime.sessions.read() as session:
            return with_people(message, await accounts.named(session, self.runtime.team_id, actor, wanted))


def _given_back(happened: Interaction) -> tuple[Part, ...]:
    """The words of a line of thanks, for whoever typed them: the platform keeps no line that it has sent."""
    match happened:
        case Command(name=name, text=text, own_words=words) if name.lower() == "thanks" and (words or text):
            return Say("gratitude.kept"), Quote(storable(words or text))
        case _:
            return ()
