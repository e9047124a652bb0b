"""What Discord tells: each command, press, form and menu is acknowledged, translated, and handed to the inbox."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import discord
import structlog

from adapters.discord import commands, completing, forms
from adapters.discord.acting import Who
from adapters.discord.once import FAILURES, Came, Once, acknowledge
from adapters.discord.places import Places
from adapters.discord.replying import OPEN, Replies
from adapters.discord.responding import CHOICES, Answered, Interaction, TooLate, defer, respond
from bot.domain.interactions import (
    Actor,
    Answer,
    Ask,
    Command,
    Press,
    Refused,
    Reply,
    Said,
    Shortcut,
    Submit,
    read_action,
)
from bot.domain.messages import Form, Message, Say
from bot.domain.zone_guesses import zone_guesses
from bot.ports import Clock, Inbox

AT_ONCE = 1
"""What is handed in at a time: while one event is being handled, others are acknowledged all the sooner."""

WORDS = (discord.MessageType.default, discord.MessageType.reply)
"""What people write; the other kinds of messages tell of what they do, such as pinning one."""

MENUS = {discord.AppCommandType.message.value: "message", discord.AppCommandType.user.value: "user"}

log = structlog.get_logger(__name__)

Json = dict[str, Any]
Deed = Command | Press | Shortcut


class Here(Protocol):
    """What listening needs of the platform."""

    name: str
    clock: Clock
    places: Places
    replies: Replies

    @property
    def inbox(self) -> Inbox: ...


class Listeners:
    """Discord's events on their way in. `quiet()` returns when none is being handled."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._under_way: set[asyncio.Task[None]] = set()
        self._one_by_one = asyncio.Semaphore(AT_ONCE)
        self._once = Once()
        self._who = Who(here)

    async def quiet(self) -> None:
        """Returns when nothing is being handled."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def interaction(self, interaction: Interaction) -> None:
        """Somebody used a command, a button, a form or a menu, or is typing one."""
        data: Json = dict(interaction.data or {})
        match interaction.type:
            case discord.InteractionType.autocomplete:
                await self._task(self._complete(interaction, data))
            case _ if not self._once.is_new(interaction):
                pass
            case discord.InteractionType.application_command:
                await self._recorded(self._command(interaction, data), interaction)
            case discord.InteractionType.component:
                await self._recorded(self._press(interaction, data), interaction)
            case discord.InteractionType.modal_submit:
                await self._recorded(self._submit(interaction, data), interaction)
            case _:
                pass

    async def message(self, message: discord.Message) -> None:
        """Words to the bot in a direct conversation."""
        if message.guild is None and not message.author.bot and message.type in WORDS:
            await self._task(self._said(message))

    async def _complete(self, interaction: Interaction, data: Json) -> None:
        def guesses() -> Sequence[str]:
            return zone_guesses(str(interaction.locale), now=self._here.clock.now())

        choices = (
            []
            if self._who.is_elsewhere(interaction)
            else completing.choices(data, self._here.inbox.complete, guesses=guesses)
        )
        try:
            await respond(interaction, CHOICES, {"choices": choices})
        except (Answered, TooLate, *FAILURES):
            return  # they have typed on meanwhile

    async def _command(self, interaction: Interaction, data: Json) -> None:
        if data.get("type", 1) in MENUS:
            target = str(data["target_id"])
            message = ((data.get("resolved") or {}).get("messages") or {}).get(target)
            person = str(message["author"]["id"]) if message else target
            await self._hear(
                interaction, lambda actor, event: Shortcut(actor, event, commands.THANKS_MENU, person)
            )
            return
        used = commands.used(data, roles=_roles(interaction))
        await self._hear(
            interaction,
            lambda actor, event: Command(actor, event, used.name, used.line, used.own_words),
            said=used,
        )

    async def _press(self, interaction: Interaction, data: Json) -> None:
        pressed = str(data["custom_id"])
        verb, about = read_action(pressed)
        if verb != OPEN:
            await self._hear(interaction, lambda actor, event: Press(actor, event, pressed))
        elif not await self._here.replies.show_waiting(interaction, "".join(about)):
            await defer(interaction)
            await self._here.replies.say(interaction, Message((Say("form.gone"),)))

    async def _submit(self, interaction: Interaction, data: Json) -> None:
        """What was typed is handed in even when Discord takes no answer any more: it must not be lost."""
        replies, action, sent = self._here.replies, str(data["custom_id"]), data["components"]
        values, step = forms.typed(sent, roles=_roles(interaction)), forms.step(sent)

        def again() -> Form | None:
            return self._here.inbox.form(
                Press(self._who.provisional(interaction), str(interaction.id), action)
            )

        waiting = replies.typed(interaction, action, values, words=forms.words(sent), again=again)
        came = await acknowledge(interaction)
        if step.steps > 1 and waiting.form is None:
            await replies.give_back(interaction, waiting, Say("form.gone"))
            return
        if step.steps > 1 and waiting.has_gap():
            await replies.begin_again(interaction, waiting)
            return
        if not step.is_last:
            await replies.next_step(interaction, waiting, step.number)
            return
        try:
            actor = await self._who.acted(interaction)
            event = self._once.event(interaction, came, action, sorted(waiting.values.items()))
            if actor is None:
                await replies.give_back(interaction, waiting, Say("discord.stranger"))
                return
            async with self._one_by_one:
                answer = await self._here.inbox.receive(Submit(actor, event, action, dict(waiting.values)))
        except Exception:  # recorded; the form stays, with what was typed
            log.exception("form_not_handed_in")
            answer = Refused({"": Say("error.unexpected")})
        match answer:
            case Refused(errors):
                await replies.refuse(interaction, action, errors)
                return
            case Ask():
                pass
            case Reply():
                replies.taken(interaction, action)
        await self._tell(interaction, answer, came, is_again=event != str(interaction.id))

    async def _said(self, message: discord.Message) -> None:
        account = str(message.author.id)
        try:
            actor = await self._who.somebody(account)
            if actor is None:
                return
            async with self._one_by_one:
                answer = await self._here.inbox.receive(Said(actor, f"message:{message.id}", message.content))
            if isinstance(answer, Reply) and answer.message is not None:
                await self._here.replies.directly(account, answer.message)
        except Exception:  # recorded; they can write once more
            log.exception("words_not_heard")

    async def _hear(
        self, interaction: Interaction, made: Callable[[Actor, str], Deed], *, said: object = None
    ) -> None:
        """Answer with the form that is known beforehand, which must be the first response; else acknowledge first.

        `said`: what counts once when somebody sends it again in doubt; presses and menus may be done twice anyway.
        """
        inbox, replies, event = self._here.inbox, self._here.replies, str(interaction.id)
        if not self._who.is_elsewhere(interaction):
            form = inbox.form(made(self._who.provisional(interaction), event))
            if form is not None:
                await replies.show(interaction, form)
                return
        came = await acknowledge(interaction)
        actor = await self._who.acted(interaction)
        if actor is None:
            await replies.say(interaction, Message((Say("discord.stranger"),)))
            return
        if said is not None:
            event = self._once.event(interaction, came, said)
        async with self._one_by_one:
            answer = await inbox.receive(made(actor, event))
        await self._tell(interaction, answer, came, is_again=event != str(interaction.id))

    async def _tell(self, interaction: Interaction, answer: Answer, came: Came, *, is_again: bool) -> None:
        """What the inbox answered, to whoever acted."""
        match answer:
            case Ask(form):
                await self._here.replies.offer(interaction, form)
            case Refused(errors):
                await self._here.replies.say(interaction, Message(tuple(errors.values())))
            case Reply(None) if is_again:
                await self._here.replies.say(interaction, Message((Say("discord.came_late"),)))
            case Reply(None) if came is Came.KNOWN:
                pass  # another process answers it
            case Reply(message):
                await self._here.replies.say(interaction, message)

    async def _recorded(self, doing: Awaitable[None], interaction: Interaction) -> None:
        """Do it; what goes wrong is written down, and whoever acted is told."""
        try:
            await self._task(doing)
        except (Answered, TooLate) as over:
            log.info("form_not_shown", problem=type(over).__name__)  # nothing was typed: they press again
        except Exception:  # recorded; nobody is left without an answer
            log.exception("event_failed")
            try:
                await self._here.replies.say(interaction, Message((Say("error.unexpected"),)))
            except Exception:  # recorded; there is no way left to tell them
                log.exception("reply_failed")

    def _task(self, doing: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(doing)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task


def _roles(interaction: Interaction) -> dict[str, str]:
    """The names of the server's roles, by id: they stand in what people type as their ids alone."""
    roles = interaction.guild.roles if interaction.guild is not None else ()
    return {str(role.id): role.name.removeprefix("@") for role in roles}
