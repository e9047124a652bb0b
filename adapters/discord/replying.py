"""How somebody on Discord is answered: for their eyes alone where they acted, or else by a direct message."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import discord
import structlog

from adapters.discord import forms
from adapters.discord.once import FAILURES
from adapters.discord.posting import Posting
from adapters.discord.responding import (
    MODAL,
    Interaction,
    TooLate,
    add,
    replace_thinking,
    respond,
    take_thinking_away,
)
from adapters.kept import Kept
from bot.domain.interactions import action
from bot.domain.messages import Button, Buttons, Form, Message, Quote, Say

KEPT, AN_HOUR = 500, 3600.0  # forms that wait for a button or their next step, and for how many seconds
OPEN = "discord-open"  # the verb of that button, which the core never sees

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Waiting:
    """A form on its way: what was typed so far, and the step that comes next."""

    form: Form | None  # None where it was shown before a restart
    step: int = 0
    values: dict[str, str] = field(default_factory=dict)
    words: Sequence[str] = ()  # what was written into the step that was sent last

    def empty(self) -> None:
        """Nothing that was typed is of use any more, not even behind another button of the same form."""
        self.values.clear()
        self.step, self.words = 0, ()

    def has_gap(self) -> bool:
        """Whether a step before the one that was sent last is lost."""
        sent = [each.name in self.values for each in self.form.fields] if self.form is not None else []
        return any(later and not earlier for earlier, later in pairwise(sent))


class Replies:
    """Answers what people do. What cannot be shown where they acted comes as a direct message."""

    def __init__(self, posting: Posting) -> None:
        self._posting = posting
        self._waiting: Kept[tuple[str, str], Waiting] = Kept(most=KEPT, seconds=AN_HOUR)  # by person and key
        self._shown: Kept[tuple[str, str], Waiting] = Kept(most=KEPT, seconds=AN_HOUR)  # by person and action

    async def say(self, interaction: Interaction, message: Message | None) -> None:
        """Show a message to whoever acted; the interaction was deferred before."""
        thinks = interaction.type is not discord.InteractionType.component
        made = await self._posting.bodies(message) if message is not None else []
        try:
            if thinks and not made:
                await take_thinking_away(interaction)
                return
            for number, (body, files) in enumerate(made):
                if thinks and number == 0:
                    await replace_thinking(interaction, body, files)
                else:
                    await add(interaction, body, files)
        except (TooLate, *FAILURES) as late:
            log.warning("reply_not_taken", problem=str(late))
            if message is not None:
                await self.directly(str(interaction.user.id), message)

    async def directly(self, account: str, message: Message) -> None:
        """Say it in their direct conversation; who takes no messages is not reached, and that is written down."""
        try:
            await self._posting.post(await self._posting.direct(account), message, key="")
        except FAILURES as closed:
            log.warning("reply_not_delivered", problem=str(closed))

    async def show(self, interaction: Interaction, form: Form) -> None:
        """Open a form as the first response; of one that has several steps, the first."""
        await self._open(interaction, Waiting(form))

    async def offer(self, interaction: Interaction, form: Form) -> None:
        """A form that is not the first response any more: a button opens it."""
        await self.say(interaction, self._button(interaction, Waiting(form), Say("discord.form_ready")))

    async def refuse(self, interaction: Interaction, action: str, errors: Mapping[str, Say]) -> None:
        """What was typed was not accepted: what is wrong with it, and a button that opens it again, filled."""
        waiting = self._shown.get((str(interaction.user.id), action))
        said = forms.refusal(waiting.form if waiting else None, errors)
        if waiting is not None and waiting.form is not None:
            said += self._button(interaction, Waiting(waiting.form, values=waiting.values), None)
        elif waiting is not None:
            said += _given_back(waiting.words)
        await self.say(interaction, said)

    async def give_back(self, interaction: Interaction, waiting: Waiting, why: Say) -> None:
        """What was typed cannot be taken at all: why, and the words, for whoever wrote them to keep."""
        await self.say(interaction, Message((why,)) + _given_back(waiting.words))
        waiting.empty()

    async def begin_again(self, interaction: Interaction, waiting: Waiting) -> None:
        """Earlier steps of a form were lost in a restart: a button that opens the first, with all that is left."""
        whole = Waiting(waiting.form, values=waiting.values)
        await self.say(interaction, self._button(interaction, whole, Say("discord.form_in_part")))

    async def show_waiting(self, interaction: Interaction, key: str) -> bool:
        """Open a form that waits behind a button; whether it is still there."""
        waiting = self._waiting.get((str(interaction.user.id), key))
        if waiting is None:
            return False
        await self._open(interaction, waiting)
        return True

    def typed(
        self,
        interaction: Interaction,
        action: str,
        values: Mapping[str, str],
        *,
        words: Sequence[str],
        again: Callable[[], Form | None],
    ) -> Waiting:
        """The form that was sent, with all that was typed into it so far, over its steps.

        One that was shown before a restart is made `again`, where that can be done without waiting. `words` is what
        was written into this step.
        """
        key = str(interaction.user.id), action
        waiting = self._shown.get(key)
        if waiting is None:
            form = again()
            waiting = Waiting(replace(form, action=action) if form is not None else None)
            self._shown.put(key, waiting)
        waiting.values |= values
        waiting.words = words
        return waiting

    def taken(self, interaction: Interaction, action: str) -> None:
        """What was typed was accepted: it is kept here no longer, not even behind a button."""
        person = str(interaction.user.id)
        if (waiting := self._shown.get((person, action))) is not None:
            waiting.empty()
            self._shown.drop((person, action))

    async def next_step(self, interaction: Interaction, waiting: Waiting, sent: int) -> None:
        """A button that opens the step after the one that was `sent`: Discord shows no form after a form."""
        waiting.step = sent
        await self.say(interaction, self._button(interaction, waiting, Say("discord.form_goes_on")))

    async def _open(self, interaction: Interaction, waiting: Waiting) -> None:
        if waiting.form is None:
            raise ValueError("a form that is not known cannot be shown")
        filled = waiting.form.filled(waiting.values)
        modal = forms.modals(forms.by_name(filled, _channels(interaction, filled)))[waiting.step]
        self._shown.put((str(interaction.user.id), waiting.form.action), waiting)
        await respond(interaction, MODAL, modal)

    def _button(self, interaction: Interaction, waiting: Waiting, said: Say | None) -> Message:
        key = secrets.token_urlsafe(8)
        self._waiting.put((str(interaction.user.id), key), waiting)
        button = Buttons((Button(action(OPEN, key), Say("form.open"), "primary"),))
        return Message((said, button) if said else (button,))


def _given_back(words: Sequence[str]) -> Message:
    """What somebody wrote, for their own eyes; nothing where they wrote nothing."""
    return Message((Say("questions.typed"), *map(Quote, words)) if words else ())


def _channels(interaction: Interaction, form: Form) -> dict[str, str]:
    """The names of the channels that are mentioned in a form, by id, as far as the bot sees them."""
    numbers = [channel for channel in forms.channels_in(form) if channel.isdecimal()]
    found = {channel: interaction.client.get_channel(int(channel)) for channel in numbers}
    return {channel: str(there) for channel, there in found.items() if there is not None}
