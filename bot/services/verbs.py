"""Which service answers which command, button, form and menu: one line each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.domain.commands import COMMANDS, Typed, read
from bot.domain.interactions import (
    Command,
    Interaction,
    Press,
    Said,
    Shortcut,
    Submit,
    read_action,
)
from bot.domain.messages import Code, Form, Message
from bot.runtime import Known
from bot.services import administration, helping, membership, reloading, remembering, responses
from bot.services.asking import Asker, Unfinished, number
from bot.services.checkins import anonymous, answering, caring, doing, expecting, hosting, swapping
from bot.services.coffee import explaining, preferences
from bot.services.gratitude import thanking, thanks_changes, thanks_forms
from bot.services.presence import (
    forgetting,
    mine,
    own_data,
    own_settings,
    settings_form,
    team_view,
    zone_question,
)
from bot.services.sorry import Sorry

Deed = Command | Press | Submit | Said | Shortcut  # all but a look at one's page, which does nothing
Answering = Callable[[Asker, Typed], Awaitable[Message | Unfinished]]
Pressing = Callable[[Asker, Sequence[str]], Awaitable[Message | Form]]
Submitting = Callable[[Asker, Sequence[str], Mapping[str, str]], Awaitable[Message]]
Choosing = Callable[[Asker, str], Awaitable[Message | Form]]

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
    ("checkin", "join"): membership.join,
    ("checkin", "leave"): membership.leave,
    ("checkin", "pause"): membership.pause,
    ("checkin", "resume"): membership.resume,
    ("checkin", "hosts"): expecting.hosts,
    ("checkin", "pass"): hosting.pass_on,
    ("checkin", "swap"): swapping.by_command,
    ("checkin", "volunteer"): hosting.volunteer,
    ("checkin", "done"): doing.done,
    ("checkin", "someone-else"): caring.someone_else,
    ("checkin", "answer"): answering.command,
    ("checkin", "delete"): anonymous.delete_by_receipt,
    ("thanks", ""): thanking.command,
    ("presence", "me"): mine.me,
    ("presence", "team"): team_view.team,
    ("presence", "mydata"): own_data.mydata,
    ("presence", "export"): own_data.export,
    ("presence", "forget"): forgetting.ask,
    ("presence", "privacy"): own_settings.privacy,
    ("presence", "timezone"): own_settings.timezone,
    ("presence", "quiet"): own_settings.quiet,
    ("kinkeeper", "help"): helping.show,
    ("kinkeeper", "status"): administration.status,
    ("kinkeeper", "plan"): administration.plan,
    ("kinkeeper", "run"): administration.run,
    ("kinkeeper", "pause"): administration.pause,
    ("kinkeeper", "resume"): administration.resume,
    ("kinkeeper", "reload"): reloading.command,
}

PRESSES: dict[str, Pressing] = {
    "met": responses.met,
    "rescheduled": responses.rescheduled,
    "not": responses.not_this_time,
    "time": responses.time,
    "in": responses.signed_in,
    "out": responses.signed_out,
    "join": membership.join_by_button,
    "pause": membership.pause_by_button,
    "resume": membership.resume_by_button,
    "skip": membership.skip_by_button,
    "unskip": membership.unskip_by_button,
    "settings": settings_form.by_button,
    "zone": zone_question.by_button,
    "pass": hosting.pass_by_button,
    "volunteer": hosting.volunteer_by_button,
    "swap": swapping.by_button,
    "accept": swapping.accept,
    "decline": swapping.decline,
    "done": doing.done_by_button,
    "answer": answering.press,
    "forget": forgetting.by_button,
    "thanks": thanking.open_form,
    "thanks-edit": thanks_changes.edit,
    "thanks-delete": thanks_changes.delete,
    "thanks-out": thanks_changes.take_out,
}
"""What a button does, by the verb it carries; it is handed what the button is about."""

SUBMITS: dict[str, Submitting] = {
    "pause": membership.submit_pause,
    "settings": settings_form.submit,
    "swap": swapping.submit,
    "answer": answering.submit,
    "thanks": thanking.submit,
    "thanks-edit": thanks_changes.submit_edit,
}
"""What a form does, by the verb of its action; it is handed what the form is about, and what was typed."""

SHORTCUTS: dict[str, Choosing] = {
    "thanks": thanking.pick_author,
}
"""What an entry of a message's or a person's menu does; it is handed their account."""


def form_for(asked: Interaction, known: Known) -> Form | None:
    """The form that answers this, made from memory; None if the answer is no form, or must be looked up."""
    match asked:
        case Command(own_words=str(words)) if words.strip():
            return None
        case Command(name=name, text=text):
            name = name.lower()
            if name == "kinkeeper":
                first, _, rest = text.strip().partition(" ")
                if first.lower() not in COMMANDS or first.lower() == name:
                    return None
                name, text = first.lower(), rest
            if name == "thanks":
                return thanks_forms.of_line(text, known)
            if name == "checkin" and text.lower().split()[:1] == ["answer"]:
                return remembering.answer_form_of(known, text.lower().split()[1:], asked.actor)
            return _form_of_command(name, text.split(), known)
        case Press(action=action, actor=actor):
            if action.startswith("answer:"):
                return remembering.answer_form(known, read_action(action)[1], actor)
            filled = known.filled.get((f"{actor.platform}:{actor.account}", action))
            return filled or _form_of_button(*read_action(action), known)
        case Shortcut(name="thanks", actor=actor, person=person):
            return thanks_forms.of_menu(actor, person, known)
    return None


def _form_of_command(name: str, words: Sequence[str], known: Known) -> Form | None:
    if name in ("coffee", "checkin") and [w.lower() for w in words] == ["pause"] and known.rituals.get(name):
        return membership.pause_form(name, known.rituals[name])
    return None


def _form_of_button(verb: str, about: Sequence[str], known: Known) -> Form | None:
    if verb == "thanks":
        return thanks_forms.of_button(about, known)
    if verb == "swap" and (round_id := number(about)) is not None:
        return swapping.swap_form(round_id)
    if verb == "pause" and (ritual := known.names.get(number(about) or 0)) is not None:
        return membership.pause_form_of(number(about) or 0, ritual)
    return None


def deletes_for_good(asked: Interaction) -> bool:
    """Whether what was deleted is to be gone from every file afterwards."""
    return isinstance(asked, Press) and read_action(asked.action)[0] == forgetting.FORGET


def may_change_names(asked: Interaction) -> bool:
    """Whether rituals, channels and people may be others afterwards than those kept in memory."""
    return (
        isinstance(asked, Command) and asked.name.lower() == "kinkeeper" and read(asked.text).verb == "reload"
    )


def may_open_a_round(asked: Interaction) -> bool:
    """Whether there may be questions or forms afterwards that are not kept in memory yet."""
    return isinstance(asked, Command) and asked.name.lower() == "kinkeeper" and read(asked.text).verb == "run"


async def answer(asker: Asker, asked: Deed) -> Message | Form | Unfinished:
    """Do what was asked, and say so. Sorry or Wrong where it cannot be done."""
    match asked:
        case Command(name=name, text=text, own_words=own_words):
            return await _command(asker, name.lower(), text, own_words)
        case Press(action=action):
            verb, about = read_action(action)
            if (pressed := PRESSES.get(verb)) is not None:
                return await pressed(asker, about)
            raise Sorry("error.gone")
        case Submit(action=action, values=values):
            verb, about = read_action(action)
            if (submitted := SUBMITS.get(verb)) is not None:
                return await submitted(asker, about, values)
            raise Sorry("error.gone")
        case Shortcut(name=name, person=person):
            if (chosen := SHORTCUTS.get(name)) is not None:
                return await chosen(asker, person)
            raise Sorry("error.gone")
        case Said():
            return helping.pointer()


async def _command(asker: Asker, name: str, text: str, own_words: str | None = None) -> Message | Unfinished:
    typed = read(text, command=name, own_words=own_words)
    if name == "kinkeeper" and typed.verb in COMMANDS and typed.verb != name:
        # `/kinkeeper coffee why`, for workspaces in which another app owns `/coffee`
        return await _command(asker, typed.verb, text.strip()[len(typed.verb) :])
    if name in COMMANDS and typed.verb in ("", "help") and name != "kinkeeper" and (name, "") not in VERBS:
        return helping.of_commands((name,), with_admin=asker.is_admin())
    if name == "kinkeeper" and not typed.verb:
        return await helping.show(asker, typed)
    service = VERBS.get((name, typed.verb)) or VERBS.get((name, ""))
    if service is None:
        raise helping.unknown(name, typed.verb)
    if any(v.for_admins and v.name == typed.verb for v in COMMANDS[name]) and not asker.is_admin():
        raise Sorry("error.only_admins", help=Code("/kinkeeper help"))
    return await service(asker, typed)
