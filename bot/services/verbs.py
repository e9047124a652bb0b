"""Which service answers which command, button and form: one line each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.commands import COMMANDS, Typed, read
from bot.domain.interactions import Command, Interaction, Press, Said, Submit, read_action
from bot.domain.messages import Code, Form, Message
from bot.runtime import Known
from bot.services import administration, explaining, helping, membership, preferences, reloading, responses
from bot.services.asking import Asker
from bot.services.sorry import Sorry

Answering = Callable[[Asker, Typed], Awaitable[Message]]

VERBS: dict[tuple[str, str], Answering] = {
    ("coffee", "join"): membership.join,
    ("coffee", "leave"): membership.leave,
    ("coffee", "pause"): membership.pause,
    ("coffee", "resume"): membership.resume,
    ("coffee", "skip"): membership.skip,
    ("coffee", "why"): explaining.why,
    ("coffee", "history"): explaining.history,
    ("coffee", "plan"): explaining.plan,
    ("coffee", "avoid"): preferences.avoid,
    ("coffee", "prefer"): preferences.prefer,
    ("kinkeeper", "help"): helping.show,
    ("kinkeeper", "status"): administration.status,
    ("kinkeeper", "plan"): administration.plan,
    ("kinkeeper", "run"): administration.run,
    ("kinkeeper", "pause"): administration.pause,
    ("kinkeeper", "resume"): administration.resume,
    ("kinkeeper", "reload"): reloading.command,
}


def form_for(asked: Interaction, known: Known) -> Form | None:
    """The form that answers this, made from memory; None if the answer is no form."""
    match asked:
        case Command(name=name, text=text) if name.lower() in ("coffee", "kinkeeper"):
            words = text.lower().split()
            if name.lower() == "kinkeeper":
                if words[:1] != ["coffee"]:
                    return None
                words = words[1:]
            rituals = known.rituals.get("coffee", [])
            if words == ["pause"] and rituals:
                return membership.pause_form(rituals)
    return None


def may_change_names(asked: Interaction) -> bool:
    """Whether rituals, channels and people may be others afterwards than those kept in memory."""
    return (
        isinstance(asked, Command) and asked.name.lower() == "kinkeeper" and read(asked.text).verb == "reload"
    )


async def answer(asker: Asker, asked: Interaction) -> Message:
    """Do what was asked, and say so. Sorry or Wrong where it cannot be done."""
    match asked:
        case Command(name=name, text=text):
            return await _command(asker, name.lower(), text)
        case Press(action=action):
            verb, about = read_action(action)
            if verb in responses.OUTCOMES:
                return await responses.outcome(asker, verb, about)
            if verb == "time":
                return await responses.time(asker, about)
            if verb == "join":
                return await membership.join_by_button(asker, about)
            if verb in ("in", "out"):
                return await responses.sign_up(asker, about, takes_part=verb == "in")
            raise Sorry("coffee.gone_match")
        case Submit(action="pause", values=values):
            return await membership.submit_pause(asker, dict(values))
        case Submit():
            raise Sorry("coffee.gone_match")
        case Said():
            return helping.pointer()


async def _command(asker: Asker, name: str, text: str) -> Message:
    typed = read(text)
    if name == "kinkeeper" and typed.verb in COMMANDS and typed.verb != name:
        # `/kinkeeper coffee why`, for workspaces in which another app owns `/coffee`
        return await _command(asker, typed.verb, text.strip()[len(typed.verb) :])
    if name in COMMANDS and typed.verb in ("", "help") and name != "kinkeeper":
        return helping.of_commands((name,), with_admin=asker.is_admin())
    if name == "kinkeeper" and not typed.verb:
        return await helping.show(asker, typed)
    service = VERBS.get((name, typed.verb))
    if service is None:
        raise helping.unknown(name, typed.verb)
    if any(v.for_admins and v.name == typed.verb for v in COMMANDS[name]) and not asker.is_admin():
        raise Sorry("error.only_admins", help=Code("/kinkeeper help"))
    return await service(asker, typed)
