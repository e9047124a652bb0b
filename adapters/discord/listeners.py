"""What Discord tells: each command, press, form and menu is acknowledged, translated, and handed to the inbox."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Protocol

import discord
import structlog

from adapters.discord import commands, completing, forms, people
from adapters.discord.places import Places
from adapters.discord.replying import OPEN, Replies
from adapters.discord.responding import CHOICES, Answered, Interaction, TooLate, defer, respond
from bot.domain.interactions import (
    Actor,
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
from bot.domain.messages import Message, Say
from bot.ports import Inbox

AT_ONCE = 1
"""What is handed in at a time: while one event is being handled, others are acknowledged all the sooner."""

MENUS = {discord.AppCommandType.message.value: "message", discord.AppCommandType.user.value: "user"}

log = structlog.get_logger(__name__)

Json = dict[str, Any]


class Here(Protocol):
    """What listening needs of the platform."""

    name: str
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
        if message.guild is None and not message.author.bot:
            await self._task(self._said(message))

    async def _complete(self, interaction: Interaction, data: Json) -> None:
        choices = completing.choices(data, self._here.inbox.complete)
        try:
            await respond(interaction, CHOICES, {"choices": choices})
        except (Answered, TooLate):
            return  # they have typed on meanwhile

    async def _command(self, interaction: Interaction, data: Json) -> None:
        event = str(interaction.id)
        if data.get("type", 1) in MENUS:
            target = str(data["target_id"])
            message = ((data.get("resolved") or {}).get("messages") or {}).get(target)
            person = str(message["author"]["id"]) if message else target
            await self._hear(interaction, lambda actor: Shortcut(actor, event, commands.THANKS_MENU, person))
            return
        name, text = commands.line_of(data, roles=_roles(interaction))
        await self._hear(interaction, lambda actor: Command(actor, event, name, text))

    async def _press(self, interaction: Interaction, data: Json) -> None:
        pressed, event = str(data["custom_id"]), str(interaction.id)
        verb, about = read_action(pressed)
        if verb == OPEN:
            if not await self._here.replies.show_waiting(interaction, "".join(about)):
                await defer(interaction)
                await self._here.replies.say(interaction, Message((Say("discord.form_gone"),)))
            return
        await self._hear(interaction, lambda actor: Press(actor, event, pressed))

    async def _submit(self, interaction: Interaction, data: Json) -> None:
        """What was typed is handed in even when Discord takes no answer any more: it must not be lost."""
        action, replies = str(data["custom_id"]), self._here.replies
        waiting = replies.typed(
            interaction, action, forms.typed(data["components"], roles=_roles(interaction))
        )
        try:
            await defer(interaction)
        except TooLate:
            log.warning("form_acknowledged_too_late")
        if not forms.step(data["components"]).is_last:
            await replies.next_step(interaction, waiting)
            return
        actor = await self._actor(interaction)
        if actor is None:
            await replies.say(interaction, Message((Say("discord.stranger"),)))
            return
        asked = Submit(actor, str(interaction.id), action, dict(waiting.values))
        async with self._one_by_one:
            answer = await self._here.inbox.receive(asked)
        match answer:
            case Refused(errors):
                await replies.refuse(interaction, action, errors)
            case Ask(form):
                await replies.offer(interaction, form)
            case Reply(message):
                replies.taken(interaction, action)
                await replies.say(interaction, message)

    async def _said(self, message: discord.Message) -> None:
        account = str(message.author.id)
        actor = await self._somebody(account, message.author.display_name, locale="")
        if actor is None:
            return
        async with self._one_by_one:
            answer = await self._here.inbox.receive(Said(actor, f"message:{message.id}", message.content))
        if isinstance(answer, Reply) and answer.message is not None:
            await self._here.replies.directly(account, answer.message)

    async def _hear(self, interaction: Interaction, made: Any) -> None:
        """Answer with the form that is known beforehand, which must be the first response; else acknowledge first."""
        inbox, replies = self._here.inbox, self._here.replies
        provisional = Actor(
            self._here.name,
            str(interaction.guild_id or ""),
            str(interaction.user.id),
            interaction.user.display_name,
        )
        if (form := inbox.form(made(provisional))) is not None:
            await replies.show(interaction, form)
            return
        await defer(interaction)
        actor = await self._actor(interaction)
        if actor is None:
            await replies.say(interaction, Message((Say("discord.stranger"),)))
            return
        async with self._one_by_one:
            answer = await inbox.receive(made(actor))
        match answer:
            case Ask(form):
                await replies.offer(interaction, form)
            case Reply(message):
                await replies.say(interaction, message)
            case Refused(errors):
                await replies.say(interaction, Message(tuple(errors.values())))

    async def _actor(self, interaction: Interaction) -> Actor | None:
        """Who acted, in a server that the bot serves; in a direct conversation, in the one they share with it."""
        locale = str(interaction.locale)
        if interaction.guild_id is None:
            return await self._somebody(
                str(interaction.user.id), interaction.user.display_name, locale=locale
            )
        if self._here.places.served and str(interaction.guild_id) not in self._here.places.served:
            return None
        may = interaction.permissions
        return Actor(
            self._here.name,
            str(interaction.guild_id),
            str(interaction.user.id),
            interaction.user.display_name,
            may.administrator or may.manage_guild,
            locale=locale,
        )

    async def _somebody(self, account: str, name: str, *, locale: str) -> Actor | None:
        for workspace in self._here.places.shared():
            found = await people.profile(self._here.places.guild(workspace), account)
            if found is not None:
                return Actor(self._here.name, workspace, account, found.name, found.is_admin, locale=locale)
        log.info("not_of_a_served_server", name=bool(name))
        return None

    async def _recorded(self, doing: Awaitable[None], interaction: Interaction) -> None:
        """Do it; what goes wrong is written down, and whoever acted is told."""
        try:
            await self._task(doing)
        except (Answered, TooLate) as over:
            log.info(
                "interaction_not_ours", problem=type(over).__name__
            )  # somebody else has it, or they press again
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
